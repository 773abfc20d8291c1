"""The duty desk 值班: what is urgent while the office of its unit is closed is told to whoever is on duty as well."""

from xunfang.casework.draft import Draft
from xunfang.casework.holding import somebody
from xunfang.casework.rows import Case
from xunfang.rules.describe.off_hours import CLOSED
from xunfang.rules.off_hours import OnDuty, on_duty
from xunfang.rules.units import duty_phone, unit_label
from xunfang.rules.urgency import is_urgent


def tell_duty_desk(
    draft: Draft, case: Case, unit: str, kind: str, title: str, body: str, *, key: str, task: str = ""
) -> None:
    """Tell whoever is on duty what a unit was told of an urgent case off hours, and record why.

    Where nobody is at the desk it goes up like any message; a unit that is its own desk hears it once.
    """
    found = on_duty(draft.rulebook, unit, case.residence, draft.at) if is_urgent(draft.rulebook, case.urgency) else None
    if found is None or (found.unit == unit and not found.role):
        return
    to, skipped = somebody(draft, found.unit)
    whole = f"{body}{_why(draft, unit, found)}"
    draft.tell(to, kind, f"值班：{title}", whole, key=f"{key}:duty", case=case.id, task=task, role=found.role)
    data = {"to": to, "nobody_at": skipped, "closed": found.closed.value, "of": unit, "duty_role": found.role}
    draft.event("case.duty_told", case=case.id, task=task, data=data, rule=found.rule, cites=found.basis.cites)


def _why(draft: Draft, unit: str, found: OnDuty) -> str:
    phone = duty_phone(draft.rulebook, unit)
    call = f"（值班电话 {phone}）" if phone else ""
    return f"现在是{CLOSED[found.closed]}，请值班人员立即查看，联系{unit_label(draft.rulebook, unit)}{call}处置。"
