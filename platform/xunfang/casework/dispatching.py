"""A leader confirms or changes who handles a case 批示, and the tasks go out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.facts import case_facts
from xunfang.casework.proposals import as_data, cites_of, proposal_of
from xunfang.casework.rows import Case, Dispatch, Task
from xunfang.casework.states import move_to_handling
from xunfang.errors import Conflict, FieldProblem, Invalid, NotAllowed
from xunfang.rulebook.model import Rulebook
from xunfang.rules.routing import Proposal
from xunfang.rules.units import exists

MOST_LEADS = 12


@dataclass(frozen=True, slots=True)
class Decided:
    """One lead 主办 and its assisting units 协办, as the leader decided."""

    lead: str
    assist: tuple[str, ...] = ()


class AlreadyDecided(Conflict):
    """Nothing waits to be confirmed any more; whoever keeps the record can say who was faster."""

    def __init__(self) -> None:
        super().__init__("这件个案的拟办意见已由他人批示，无需重复办理。", "DISPATCH_DECIDED")


def confirm_dispatch(draft: Draft, case: Case, version: int, decided: Sequence[Decided]) -> None:
    """Confirm or change the proposed dispatch of a case and send its tasks out; `version` is the dispatch's.

    Raises Conflict when somebody decided before, Invalid for units that do not exist, NotAllowed.
    """
    dispatch = draft.first(Dispatch, case=case.id, status="proposed")
    if dispatch is None:
        raise AlreadyDecided
    table = draft.rulebook.flows[case.flow].states[dispatch.state].routes_by
    _check_role(draft, table)
    _check_units(draft.rulebook, decided)
    if dispatch.version != version:
        raise Conflict("拟办意见刚刚有变动（有新的线索并入），请核对后重新批示。", "DISPATCH_CHANGED")
    proposals = [_with_basis(item, dispatch.proposed) for item in decided]
    draft.change(
        dispatch,
        status="confirmed",
        confirmed=as_data(proposals),
        decided_at=draft.at,
        decided_by=draft.actor.account,
    )
    _record(draft, case, proposals, dispatch, table)
    move_to_handling(draft, case, dispatch.state, proposals, case_facts(draft, case))


def as_proposed(dispatch: Dispatch, tasks: Iterable[Task]) -> tuple[Decided, ...]:
    """Return a proposal as a decision that changes nothing of it; raises Conflict where somebody has to choose.

    That is where no lead is proposed, and where the proposed one has just given the case back.
    """
    returned = {task.unit for task in tasks if task.status == "returned" and _since(dispatch, task)}
    leads = [str(item["lead"]) for item in dispatch.proposed]
    if not all(leads) or returned & {*leads}:
        raise Conflict("这件个案没有拟定主办单位，或拟定的单位刚刚退回，请打开来逐件确定。", "NEEDS_CHOICE")
    return tuple(Decided(str(item["lead"]), tuple(item["assist"])) for item in dispatch.proposed)


def _since(dispatch: Dispatch, task: Task) -> bool:
    return task.ended_at is not None and task.ended_at >= dispatch.proposed_at


def _check_role(draft: Draft, table: str) -> None:
    rulebook, actor = draft.rulebook, draft.actor
    role = rulebook.routing[table].confirm
    if role == "nobody":
        return  # it was sent out unconfirmed and came back: whoever may confirm at all decides anew
    if lent := actor.with_role(role):
        draft.stead = lent.name
    elif role not in actor.roles:
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
    return proposal_of(same)._replace(assist=item.assist)


def _record(draft: Draft, case: Case, proposals: Sequence[Proposal], dispatch: Dispatch, table: str) -> None:
    leads = [item.lead for item in proposals]
    before = [row["lead"] for row in dispatch.proposed]
    name = "dispatch.confirmed" if sorted(leads) == sorted(before) else "dispatch.changed"
    rows = ",".join(row for item in proposals for row in item.routes)
    data = {"leads": leads, "proposed": before}
    draft.event(name, case=case.id, data=data, rule=table, row=rows, cites=cites_of(proposals))
