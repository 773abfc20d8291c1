"""Duties: the categories that no duty looks after, and what nobody can hand in."""

from datetime import date

from xunfang.rulebook.acts import HAPPENINGS, OF_EVERY_UNIT
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.finite import finite_columns, uncovered
from xunfang.rulebook.model import Duty
from xunfang.worktime import due_in_period, periods_between

_SORTING = 2
"""From so many duties on, a jurisdiction sorts people by a fact, and a category left out may be an oversight."""


def lint(draft: Draft) -> None:
    """Note categories that none of the duties about persons names, and duties of a period that nobody can hand in."""
    _categories_uncovered(draft)
    for duty in draft.rules.duties.values():
        _said_in_vain(draft, duty)
        _done_by_nothing(draft, duty)
        _no_time_to_collect(draft, duty)
    _duties_nobody_can_hand_in(draft)


def _said_in_vain(draft: Draft, duty: Duty) -> None:
    """Note what a duty says and nothing goes by, and one that waits for itself."""
    timed = bool(duty.on or duty.while_ or duty.collects)
    vain = {
        "due": (duty.due and not duty.every, "没有写 every，due 不起作用", "每期一次的补上 every；因事而起的写 limit"),
        "limit": (duty.limit and not timed, "每期一次的按 due 到期，limit 不起作用", "请删去 limit，或改写 due"),
        "on": (duty.on and duty.every, "既写 every 又写 on，说不清何时发生", "请分成两项定期任务"),
        "from": (duty.from_ and not timed, "没有写 on，from 不起作用", "请删去 from，或补上 on"),
        "at_least": (
            duty.at_least > 1 and not duty.satisfied_by, "没有写走访表单（satisfied_by），at_least 不起作用",
            "请补上 satisfied_by，或删去 at_least",
        ),
        "prefill": (
            duty.prefill and not _is_filled_in(duty), "不在填报页上报送，prefill 不起作用",
            "prefill 只用在写了 every、form 而不由走访完成的任务；请补上 form，或删去 prefill",
        ),
        "covers": (
            duty.covers and duty.covers.previous and duty.covers.every != duty.every,
            "报送的期间与 every 不相配，会漏报或者重复报", "写与 every 相同的一种，如每月一次的写 previous month",
        ),
        "collects": _collects_in_vain(draft, duty),
    }  # fmt: skip
    for key, (wrong, message, hint) in vain.items():
        if wrong:
            draft.error("duties", (duty.id, key), "DUTY_IN_VAIN", message, hint)


_NOTED, _ADDED = "event", "person.category_added"
_NOT_DRAWN = ("clue.submitted", "task.completed", "notice.issued")
_NEVER = "这项任务永远不会下达"


def _done_by_nothing(draft: Draft, duty: Duty) -> None:
    """Warn of a duty of a served layer that begins with something and that nobody can ever be given."""
    if duty.on not in HAPPENINGS or not draft.rules.info.serves:
        return
    wrong = {
        "form": (
            duty.on not in (_NOTED, _ADDED) and not (duty.form or duty.satisfied_by),
            f"个案里的事引起的任务，没有写填哪张表办，{_NEVER}", '请补上 form = "<表单>"',
        ),
        "satisfied_by": (
            duty.on == _ADDED and not duty.satisfied_by,
            f"认定新类别引起的任务由走访完成，没有写走访表单，{_NEVER}", '请补上 satisfied_by = "<走访表单>"',
        ),
        "on": (
            duty.on == _NOTED and bool(duty.sample or duty.satisfied_by),
            f"登记的事情一件一件报，不抽查，也不由走访完成，{_NEVER}", "请删去 sample、satisfied_by，写 form 或者 feed",
        ),
        "sample": (
            duty.on in _NOT_DRAWN and bool(duty.sample and not duty.sample.takes_all),
            f"不从这样的事里抽查，{_NEVER}", "请改 on，或者删去 sample，逐件办理",
        ),
    }  # fmt: skip
    for key, (is_wrong, message, hint) in wrong.items():
        if is_wrong:
            draft.findings.warning(draft.parts["duties"], (duty.id, key), "DUTY_NEVER_OPENS", message, hint)


def _is_filled_in(duty: Duty) -> bool:
    """Return whether a duty is handed in for its periods on a form, beside which a ledger can be opened."""
    visited = duty.satisfied_by or duty.sample
    return bool(duty.form and (duty.every or duty.collects) and not visited)


def _collects_in_vain(draft: Draft, duty: Duty) -> tuple[bool, str, str]:
    """Return whether nothing will ever be collected, and what to say of it: such a duty is never opened."""
    returns = draft.rules.duties.get(duty.collects)
    if duty.id in _collected(draft, duty):
        return True, "汇总的是它自己，永远不会下达", "请改 collects"
    if returns and (returns.every is None or returns.satisfied_by or returns.for_ or returns.sample):
        message = f"“{returns.label}”不是每期由各单位报送的，没有可汇总的，永远不会下达"
        return True, message, "请改 collects，或者给那一项写 every"
    if returns and returns.to and duty.of not in returns.to:
        message = f"“{returns.label}”不报给“{duty.of}”，它没有可汇总的，永远不会下达"
        return True, message, f'请把 of 改为收报的单位，或者在“{returns.label}”的 to 中加上 "{duty.of}"'
    return False, "", ""


def _collected(draft: Draft, duty: Duty) -> set[str]:
    """Return the duties that one waits for, through one another too."""
    found: set[str] = set()
    here: Duty | None = duty
    while here and here.collects and here.collects not in found:
        found.add(here.collects)
        here = draft.rules.duties.get(here.collects)
    return found


def _no_time_to_collect(draft: Draft, duty: Duty) -> None:
    """Note what collects returns and is due itself no later than they are, in some period of a year."""
    returns = draft.rules.duties.get(duty.collects)
    if returns is None or not (duty.every and returns.every):
        return
    calendar = draft.rules.calendar
    first, last = date(calendar.last_published, 1, 1), date(calendar.last_published, 12, 31)
    for period in periods_between(duty.every, first, last, duty.starting):
        wanted = periods_between(returns.every, period.first, period.last, returns.starting)
        by = due_in_period(duty.due, duty.by, duty.on_holiday, period, calendar).due_at
        dues = (due_in_period(returns.due, returns.by, returns.on_holiday, each, calendar).due_at for each in wanted)
        if late := next((each for each in dues if each >= by), None):
            message = f"{by:%-m月%-d日 %H:%M}到期，所汇总的“{returns.label}”{late:%-m月%-d日 %H:%M}才到期，等不到报齐"
            key = "due" if "due" in draft.entry("duties", duty.id) else "collects"
            hint = "请把汇总的到期日改到各项到期以后；仍这样写的，到期那一天就下达，未报来的写明"
            draft.findings.warning(draft.parts["duties"], (duty.id, key), "COLLECTED_TOO_EARLY", message, hint)
            return


_HANDING_IN = ("complete", "submit")
"""Acts of which one lets somebody hand in what their unit owes."""


def _duties_nobody_can_hand_in(draft: Draft) -> None:
    """Note what each unit owes for a period where no role has an act to hand it in, or the unit is given none."""
    given = {act for role in draft.rules.roles.values() for act in role.may}
    for duty in draft.rules.duties.values():
        unit = draft.rules.units.get(duty.of)
        here = given & {*unit.may, *OF_EVERY_UNIT} if unit and unit.may else given
        if duty.every and not duty.satisfied_by and here.isdisjoint(_HANDING_IN):
            message = f"定期任务“{duty.label}”谁也报送不了：没有任何角色有权限 complete 或 submit"
            hint = '请在 roles.toml 中给某个角色写上 "complete"'
            draft.findings.warning(draft.parts["duties"], (duty.id, "of"), "HOLDER_WITHOUT_VERB", message, hint)


def _categories_uncovered(draft: Draft) -> None:
    about_people = [
        duty for duty in draft.rules.duties.values() if duty.satisfied_by or duty.on == "person.category_added"
    ]
    if any(_is_for_all(duty) for duty in about_people):
        return
    conditions = [duty.for_ for duty in about_people if duty.for_ is not None]
    for path, covered in finite_columns(conditions, _SORTING):
        left = uncovered(draft, path, covered)
        if left:
            labels = "、".join(f"“{entry.label}”" for entry in left)
            message = f"{labels}没有任何走访、核查任务覆盖"
            hint = "请写入某项定期任务的 for，或确认如此"
            draft.findings.warning(draft.parts["duties"], (), "CATEGORY_UNCOVERED", message, hint)


def _is_for_all(duty: Duty) -> bool:
    return duty.for_ is None
