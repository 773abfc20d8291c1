"""confirm_dispatch: a leader confirms or changes who handles a case 批示, and the tasks go out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.handling import carry_out
from xunfang.casework import Asked, Decided
from xunfang.casework.dispatching import AlreadyDecided, as_proposed
from xunfang.errors import Conflict
from xunfang.store import Dispatch, Task


def confirm_dispatch(
    deployment: Deployment, actor: Actor, case_id: str, version: int, decided: Sequence[Decided], at: datetime
) -> None:
    """Confirm or change the proposed dispatch of a case and send its tasks out; `version` is the dispatch's.

    Raises Conflict when somebody decided before, Invalid for units that do not exist, NotFound, NotAllowed.
    """
    asked = Asked(verb="confirm-dispatch", actor=actor, case=case_id, version=version, decided=tuple(decided))
    with acting(deployment, actor, at, "confirm-dispatch", dated=True) as act:
        _decide(act, asked)


def confirm_as_proposed(deployment: Deployment, actor: Actor, case_id: str, version: int, at: datetime) -> None:
    """Confirm the proposed dispatch of a case as it is; `version` is the dispatch's.

    Raises Conflict when somebody decided before or has to choose, NotFound, NotAllowed.
    """
    asked = Asked(verb="confirm-dispatch", actor=actor, case=case_id, version=version)
    with acting(deployment, actor, at, "confirm-dispatch", dated=True) as act:
        case = act.scoped.case(case_id)
        waiting = act.tx.first(Dispatch, case=case.id, status="proposed")
        decided = as_proposed(waiting, list(act.tx.every(Task, case=case.id))) if waiting else ()
        _decide(act, replace(asked, decided=decided))


def _decide(act: Act, asked: Asked) -> None:
    case = act.scoped.case(asked.case)
    try:
        carry_out(act, asked, case)
    except AlreadyDecided as late:
        raise Conflict(_said_before(act, case.id), late.code) from None


def _said_before(act: Act, case_id: str) -> str:
    last = list(act.tx.every(Dispatch, case=case_id, status="confirmed"))
    who = last[-1].decided_by if last else ""
    name = act.scoped.case_file(case_id).names.get(who, "") if who else ""
    return f"这件个案的拟办意见已由{name or '他人'}批示，无需重复办理。"
