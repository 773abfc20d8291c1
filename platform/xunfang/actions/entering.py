"""States: entering one opens its tasks, its dispatch or its wait; leaving one enters the next or closes the case."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from xunfang.actions.acting import Act
from xunfang.actions.opening import case_deadline, end_task, number_for, open_task
from xunfang.actions.paperwork import ask_for_notice
from xunfang.clock import local, parse
from xunfang.rulebook.model import Rulebook, State, UnitRef
from xunfang.rules.deadlines import PlannedDeadline
from xunfang.rules.flow import after_dispatch, decides_case, enter
from xunfang.rules.intake import route
from xunfang.rules.routing import Proposal
from xunfang.rules.units import unit_id
from xunfang.store import Case, Dispatch, Task, cancel_jobs, new_id

WAIT = "end-wait"


def enter_state(
    act: Act,
    rulebook: Rulebook,
    case: Case,
    state_id: str,
    facts: Mapping[str, Any],
    proposals: Sequence[Proposal] = (),
) -> list[Task]:
    """Open what entering a state opens: tasks with their reminders, papers; returns the tasks."""
    flow = rulebook.flows[case.flow]
    known = {**facts, "residence": case.residence, "registration": case.registration}
    entered = enter(rulebook, flow, state_id, known, act.at, proposals)
    leads: dict[str, str] = {}
    tasks = []
    for planned in entered.tasks:
        task = open_task(act, rulebook, case, planned, leads.get(planned.lead, ""))
        if planned.role == "lead":
            leads[planned.unit] = task.id
            for kind in entered.notices:
                ask_for_notice(act, rulebook, case, kind, task)
        tasks.append(task)
    if entered.waits:
        _put_wait(act, case, state_id, entered.waits)
    return tasks


def _put_wait(act: Act, case: Case, state: str, waits: PlannedDeadline) -> None:
    until = local(waits.due.due_at).isoformat()
    act.event("case.waiting", case=case.id, data={"state": state, "until": until}, cites=waits.cites)
    put_wait_job(act, case.id, state, until)


def put_wait_job(act: Act, case: str, state: str, until: str) -> bool:
    """Put the job that ends a wait a second after `until` (ISO); returns whether it is new."""
    payload = {"case": case, "state": state, "until": until}
    over_at = parse(until) + timedelta(seconds=1)
    return act.job(WAIT, f"wait:{case}:{state}:{until}", payload, over_at, case=case)


def arrive(act: Act, rulebook: Rulebook, case: Case, state_id: str, facts: Mapping[str, Any]) -> None:
    """Enter a state as a case comes to it: where a table routes, who it proposes is laid before those who confirm."""
    routed = route(rulebook, rulebook.flows[case.flow], state_id, facts)
    if routed.table is None or not routed.proposals:
        enter_state(act, rulebook, case, state_id, facts)
    elif routed.needs_confirmation:
        propose_dispatch(act, rulebook, case, state_id, routed.proposals, facts)
    else:
        send_at_once(act, rulebook, case, state_id, routed.proposals, facts)


def as_data(proposals: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Return proposals as a dispatch keeps them."""
    return [
        {
            "lead": item.lead,
            "assist": list(item.assist),
            "routes": list(item.routes),
            "cites": list(item.cites),
            "practice": item.practice,
            "meeting": item.meeting,
        }
        for item in proposals
    ]


def propose_dispatch(
    act: Act, rulebook: Rulebook, case: Case, state_id: str, proposals: Sequence[Proposal], facts: Mapping[str, Any]
) -> None:
    """Lay proposals before the people who confirm: a dispatch, its task with its clock, a message to their unit."""
    state = rulebook.flows[case.flow].states[state_id]
    waiting = act.tx.first(Dispatch, case=case.id, status="proposed")
    if waiting:
        act.tx.update(Dispatch, {"id": waiting.id}, {"proposed": [*waiting.proposed, *as_data(proposals)]})
    else:
        act.tx.insert(
            Dispatch(
                id=new_id(),
                jurisdiction=case.jurisdiction,
                case=case.id,
                state=state.id,
                proposed=as_data(proposals),
                proposed_at=act.at,
            )
        )
        enter_state(act, rulebook, case, state.id, facts)
    rows = ",".join(row for item in proposals for row in item.routes)
    cites = tuple(dict.fromkeys(clause for item in proposals for clause in item.cites))
    data = {"leads": [item.lead for item in proposals]}
    act.event("dispatch.proposed", case=case.id, data=data, rule=state.routes_by, row=rows, cites=cites)


def send_at_once(
    act: Act, rulebook: Rulebook, case: Case, state_id: str, proposals: Sequence[Proposal], facts: Mapping[str, Any]
) -> None:
    """Send tasks out without anybody's confirmation, because the table says so, and tell those who would confirm."""
    state = rulebook.flows[case.flow].states[state_id]
    decided = as_data(proposals)
    act.tx.insert(
        Dispatch(
            id=new_id(),
            jurisdiction=case.jurisdiction,
            case=case.id,
            state=state.id,
            proposed=decided,
            proposed_at=act.at,
            status="confirmed",
            confirmed=decided,
            decided_at=act.at,
        )
    )
    cites = tuple(dict.fromkeys(clause for item in proposals for clause in item.cites))
    data = {"leads": [item.lead for item in proposals], "confirmed_by": "nobody"}
    act.event("dispatch.sent_at_once", case=case.id, data=data, rule=state.routes_by, cites=cites)
    act.tx.update(Case, {"id": case.id}, {"urgency": str(facts.get("urgency") or case.urgency)})
    move_to_handling(act, rulebook, case, state_id, proposals, facts)
    _tell_sent(act, rulebook, case, state)


def _tell_sent(act: Act, rulebook: Rulebook, case: Case, state: State) -> None:
    """Tell the unit of a routing state what went out past it: urgent when somebody there would have confirmed."""
    if not state.unit:
        return
    places = {"residence": case.residence, "registration": case.registration}
    unit = unit_id(rulebook, UnitRef(state.unit, state.unit_of), places)
    if rulebook.routing[state.routes_by].confirm == "nobody":
        kind, title = "sent", "已按规定直接转办"
        body = f"个案 {case.number} 按规定不需批示，已直接转办，请知悉。"
    else:
        kind, title = "sent-at-once", "急难线索已直接转办"
        body = f"个案 {case.number} 情况紧急，已不经批示直接转办，请知悉并跟进。"
    act.tell(unit, kind, title, body, key=f"at-once:{case.id}:{act.at.isoformat()}", case=case.id)


def move_to_handling(
    act: Act, rulebook: Rulebook, case: Case, state_id: str, proposals: Sequence[Proposal], facts: Mapping[str, Any]
) -> None:
    """Bring a case with a decided dispatch into the state its tasks stand in, back from a later one if need be.

    While another proposal still waits, the task of deciding it goes on.
    """
    flow = rulebook.flows[case.flow]
    to = after_dispatch(flow, state_id)
    waits = act.tx.first(Dispatch, case=case.id, status="proposed") is not None
    for task in act.tx.every(Task, case=case.id, ended_at=None):
        if task.state == state_id and not waits:
            in_time = task.due_at is None or act.at <= task.due_at
            outcome = next(iter(flow.states[state_id].outcomes))
            end_task(act, task, "done", outcome=outcome, completed_in_time=in_time)
        elif task.state not in (state_id, to):
            end_task(act, task, "withdrawn")
            act.event("task.withdrawn", case=case.id, task=task.id, data={"because": "有新的线索并入，个案重新办理"})
    act.tx.update(Case, {"id": case.id}, {"state": to})
    enter_state(act, rulebook, act.case(case.id), to, facts, proposals)


def leave_state(act: Act, rulebook: Rulebook, case: Case, state: State, outcome: str, facts: Mapping[str, Any]) -> None:
    """Move a case on from a state with an outcome: the next state is entered, or the case is closed."""
    to = state.outcomes[outcome].to
    following = rulebook.flows[case.flow].states[to]
    decided = outcome if decides_case(rulebook.flows[case.flow], state) or not case.outcome else case.outcome
    change: dict[str, Any] = {"state": to, "outcome": decided}
    if following.ends:
        change["closed_at"] = act.at
    act.tx.update(Case, {"id": case.id}, change)
    basis = state.outcomes[outcome].basis
    act.event("case.moved", case=case.id, data={"from": state.id, "to": to, "outcome": outcome}, cites=basis.cites)
    if following.ends:
        cancel_jobs(act.tx, act.at, case=case.id)
        act.event("case.closed", case=case.id, data={"outcome": decided})
    else:
        arrive(act, rulebook, act.case(case.id), to, facts)


def start_flow(act: Act, rulebook: Rulebook, parent: Case, flow_id: str, facts: Mapping[str, Any]) -> Case:
    """Open a flow of its own beside a case, for the same person, on the same release."""
    flow = rulebook.flows[flow_id]
    case = Case(
        id=new_id(),
        number=number_for(act, flow.number or f"{flow_id}-{{year}}-{{n}}"),
        jurisdiction=parent.jurisdiction,
        release=parent.release,
        flow=flow_id,
        state=flow.start,
        person=parent.person,
        residence=parent.residence,
        registration=parent.registration,
        urgency=parent.urgency,
        needs=parent.needs,
        opened_at=act.at,
        parent=parent.id,
    )
    case = case_deadline(act, rulebook, flow, case)
    act.tx.insert(case)
    act.event("case.opened", case=case.id, data={"flow": flow_id, "beside": parent.number})
    act.event("flow.started", case=parent.id, data={"flow": flow_id, "number": case.number})
    arrive(act, rulebook, case, flow.start, facts)
    return case
