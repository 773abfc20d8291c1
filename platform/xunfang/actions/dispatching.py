"""confirm_dispatch: a leader confirms or changes who handles a case 批示, and the tasks go out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.case_facts import case_facts
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.entering import as_data, move_to_handling
from xunfang.errors import Conflict, FieldProblem, Invalid, NotAllowed
from xunfang.rulebook.model import Rulebook
from xunfang.rules.routing import Proposal
from xunfang.rules.units import exists
from xunfang.steps import reached
from xunfang.store import Dispatch

MOST_LEADS = 12


@dataclass(frozen=True, slots=True)
class Decided:
    """One lead 主办 and its assisting units 协办, as the leader decided."""

    lead: str
    assist: tuple[str, ...] = ()


def confirm_dispatch(
    deployment: Deployment, actor: Actor, case_id: str, version: int, decided: Sequence[Decided], at: datetime
) -> None:
    """Confirm or change the proposed dispatch of a case and send its tasks out; `version` is the dispatch's.

    Raises Conflict when somebody decided before, Invalid for units that do not exist, NotFound, NotAllowed.
    """
    with acting(deployment, actor, at, "confirm-dispatch", dated=True) as act:
        case = act.desk.case(case_id)
        rulebook = act.rules(case.release)
        dispatch = act.tx.first(Dispatch, case=case.id, status="proposed")
        if dispatch is None:
            raise Conflict(_said_before(act, case_id), "DISPATCH_DECIDED")
        table = rulebook.flows[case.flow].states[dispatch.state].routes_by
        _check_role(actor, rulebook, table)
        _check_units(rulebook, decided)
        proposals = [_with_basis(item, dispatch.proposed) for item in decided]
        change = {
            "status": "confirmed",
            "confirmed": as_data(proposals),
            "decided_at": at,
            "decided_by": actor.account,
        }
        if not act.tx.compare_and_set(Dispatch, dispatch.id, version, {"status": "proposed"}, change):
            raise Conflict("拟办意见刚刚有变动（有新的线索并入），请核对后重新批示。", "DISPATCH_CHANGED")
        _record(act, case_id, proposals, dispatch, table)
        move_to_handling(act, rulebook, case, dispatch.state, proposals, case_facts(act, case))
        reached("dispatch.written")
    reached("dispatch.committed")


def _said_before(act: Act, case_id: str) -> str:
    last = list(act.tx.every(Dispatch, case=case_id, status="confirmed"))
    who = last[-1].decided_by if last else ""
    name = act.desk.case_file(case_id).names.get(who, "") if who else ""
    return f"这件个案的拟办意见已由{name or '他人'}批示，无需重复办理。"


def _check_role(actor: Actor, rulebook: Rulebook, table: str) -> None:
    role = rulebook.routing[table].confirm
    if role == "nobody":
        return  # it was sent out unconfirmed and came back: whoever may confirm at all decides anew
    if role not in actor.roles:
        label = rulebook.roles[role].label if role in rulebook.roles else role
        raise NotAllowed(f"本辖区的分派须由{label}批示。")


def _check_units(rulebook: Rulebook, decided: Sequence[Decided]) -> None:
    problems = []
    if not decided:
        problems.append(FieldProblem("lead", "请至少指定一个主办单位。", "FIELD_MISSING"))
    if len(decided) > MOST_LEADS or len({item.lead for item in decided}) < len(decided):
        problems.append(FieldProblem("lead", "主办单位有重复，或数量过多。"))
    for unit in {unit for item in decided for unit in (item.lead, *item.assist)}:
        if not exists(rulebook, unit):
            problems.append(FieldProblem("lead", f"没有单位“{unit}”，请重新选择。"))
    if problems:
        raise Invalid(problems, "拟办意见有误，请修改后再批示。")


def _with_basis(item: Decided, proposed: Sequence[Mapping[str, Any]]) -> Proposal:
    """A lead that the table proposed keeps its rows and clauses; one that the leader chose rests on the decision."""
    same = next((row for row in proposed if row["lead"] == item.lead), None)
    if same is None:
        return Proposal(item.lead, item.assist, (), (), "领导批示")
    return Proposal(
        item.lead,
        item.assist,
        tuple(same["routes"]),
        tuple(same["cites"]),
        str(same.get("practice", "")),
        str(same.get("meeting", "")),
    )


def _record(act: Act, case: str, proposals: Sequence[Proposal], dispatch: Dispatch, table: str) -> None:
    leads = [item.lead for item in proposals]
    before = [row["lead"] for row in dispatch.proposed]
    name = "dispatch.confirmed" if sorted(leads) == sorted(before) else "dispatch.changed"
    rows = ",".join(row for item in proposals for row in item.routes)
    cites = tuple(dict.fromkeys(clause for item in proposals for clause in item.cites))
    act.event(name, case=case, data={"leads": leads, "proposed": before}, rule=table, row=rows, cites=cites)
