"""confirm_dispatch: a leader confirms or changes who handles a case 批示, and the tasks go out."""

from collections.abc import Sequence
from datetime import datetime

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.handling import carry_out
from xunfang.casework import Asked, Decided
from xunfang.casework.dispatching import AlreadyDecided
from xunfang.errors import Conflict
from xunfang.store import Dispatch


def confirm_dispatch(
    deployment: Deployment, actor: Actor, case_id: str, version: int, decided: Sequence[Decided], at: datetime
) -> None:
    """Confirm or change the proposed dispatch of a case and send its tasks out; `version` is the dispatch's.

    Raises Conflict when somebody decided before, Invalid for units that do not exist, NotFound, NotAllowed.
    """
    asked = Asked(verb="confirm-dispatch", actor=actor, case=case_id, version=version, decided=tuple(decided))
    with acting(deployment, actor, at, "confirm-dispatch", dated=True) as act:
        case = act.desk.case(case_id)
        try:
            carry_out(act, asked, case)
        except AlreadyDecided as late:
            raise Conflict(_said_before(act, case_id), late.code) from None


def _said_before(act: Act, case_id: str) -> str:
    last = list(act.tx.every(Dispatch, case=case_id, status="confirmed"))
    who = last[-1].decided_by if last else ""
    name = act.desk.case_file(case_id).names.get(who, "") if who else ""
    return f"这件个案的拟办意见已由{name or '他人'}批示，无需重复办理。"
