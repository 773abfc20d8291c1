"""States: entering one opens its tasks, its dispatch or its wait; leaving one enters the next or closes the case."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from xunfang.casework.clocks import enter_uncounted, leave_uncounted
from xunfang.casework.draft import Draft
from xunfang.casework.facts import places_of
from xunfang.casework.holding import has_it_already, held, tell_sent_up
from xunfang.casework.informing import inform_of_dispatch
from xunfang.casework.jobs import wait_job
from xunfang.casework.nesting import clock_of
from xunfang.casework.papers import another_notice, ask_for_notice
from xunfang.casework.proposals import as_data, cites_of, proposal_of, rows_of, worked_out
from xunfang.casework.publishing import interrupt, publish, take_down
from xunfang.casework.rows import Case, Dispatch, Task, Wait
from xunfang.casework.tasks import due_told, each_open, end_task, is_in_time, open_task, with_clock, withdraw_task
from xunfang.clock import local, parse
from xunfang.rulebook.model import Flow, State, UnitRef
from xunfang.rules.deadlines import PlannedDeadline
from xunfang.rules.flow import Entered, PlannedTask, after_dispatch, decides_case, dispatching_into, enter
from xunfang.rules.intake import route
from xunfang.rules.routing import Proposal
from xunfang.rules.units import unit_id

Facts = Mapping[str, Any]


def enter_state(
    draft: Draft, case: Case, state_id: str, facts: Facts, proposals: Sequence[Proposal] = (), *, papers: bool = True
) -> list[Task]:
    """Open what entering a state opens: tasks with their reminders, papers, a wait; returns the tasks.

    Without `papers` where they were made before all this was entered here.
    """
    flow = draft.rulebook.flows[case.flow]
    known, whole = {**facts, **places_of(case)}, clock_of(draft, case)
    entered = enter(draft.rulebook, flow, state_id, known, draft.at, proposals, whole)
    enter_uncounted(draft, case, flow.states[state_id])
    tasks = _open_tasks(draft, case, entered, papers=papers)
    if entered.waits:
        _begin_wait(draft, case, state_id, entered.waits)
        for kind in entered.notices if papers and not tasks else ():
            another_notice(draft, case, kind)
    if flow.states[state_id].publishes:
        publish(draft, case, flow.states[state_id], known, entered.waits.due.due_at if entered.waits else None)
    return tasks


def _open_tasks(draft: Draft, case: Case, entered: Entered, *, papers: bool) -> list[Task]:
    leads: dict[str, Task] = {}
    tasks = []
    for planned in entered.tasks:
        if planned.role == "lead":
            task = leads[planned.unit] = open_task(draft, case, planned)
            for kind in planned.prints if papers else ():
                ask_for_notice(draft, case, kind, task)
            tasks.append(task)
        else:
            tasks += _open_assisting(draft, case, planned, leads)
    return tasks


def _open_assisting(draft: Draft, case: Case, planned: PlannedTask, leads: Mapping[str, Task]) -> Iterator[Task]:
    """Open an assisting task, unless it would go up to a unit that has one already."""
    went = held(draft, case, planned)
    if went.planned.unit != planned.unit and has_it_already(draft, case, went.planned):
        tell_sent_up(draft, case, went)
        return
    task = open_task(draft, case, planned, leads.get(planned.lead))
    yield draft.change(task, helps=tuple(leads[unit].id for unit in planned.helps if unit in leads))


def _begin_wait(draft: Draft, case: Case, state: str, waits: PlannedDeadline) -> None:
    data = {"state": state, "until": local(waits.due.due_at).isoformat()}
    draft.event("case.waiting", case=case.id, data=data, cites=waits.cites)
    new = Wait(id=draft.new_id(), case=case.id, state=state, until=waits.due.due_at, began_at=draft.at)
    draft.jobs([wait_job(draft.put(new))])


def wait_of(draft: Draft, case: Case, state: str) -> Wait | None:
    """Return the wait that began last in a state of a case, or None when the state never waited."""
    waits = draft.select(Wait, case=case.id, state=state)
    return waits[-1] if waits else None


def arrive(draft: Draft, case: Case, state_id: str, facts: Facts) -> None:
    """Enter a state as a case comes to it: where a table routes, who it proposes is laid before those who confirm."""
    routed = route(draft.rulebook, draft.rulebook.flows[case.flow], state_id, facts)
    if routed.table is None or not routed.proposals:
        enter_state(draft, case, state_id, facts)
    elif routed.needs_confirmation:
        propose_dispatch(draft, case, state_id, routed.proposals, facts)
    else:
        send_at_once(draft, case, state_id, routed.proposals, facts)


def leave_state(draft: Draft, case: Case, state: State, outcome: str, facts: Facts) -> None:
    """Move a case on from a state with an outcome: the next state is entered, or the case is closed."""
    flow = draft.rulebook.flows[case.flow]
    to = state.outcomes[outcome].to
    leave_uncounted(draft, case)
    case = _decide_case(draft, case, state, outcome)
    moved = draft.change(
        case,
        state=to,
        entered={**case.entered, to: local(draft.at).isoformat()},
        closed_at=draft.at if flow.states[to].ends else None,
        closed_from=state.id if flow.states[to].ends else "",
    )
    basis = state.outcomes[outcome].basis
    data = {"from": state.id, "to": to, "outcome": outcome}
    draft.event("case.moved", case=case.id, data=data, cites=basis.cites)
    _note_interrupted(draft, case, state, outcome)
    end_waits(draft, moved)
    if flow.states[to].ends:
        draft.cancel(case=case.id)
        draft.event("case.closed", case=case.id, data={"outcome": moved.outcome, "decided": list(moved.decided)})
    else:
        arrive(draft, moved, to, facts)


def _decide_case(draft: Draft, case: Case, state: State, outcome: str) -> Case:
    """Return a case that tells what a state decided, of every unit that decided in it, besides what was before."""
    if not decides_case(draft.rulebook.flows[case.flow], state):
        return case if case.outcome else draft.change(case, outcome=outcome)
    done = draft.select(Task, case=case.id, state=state.id, role="lead", status="done")
    began = round_began(draft.rulebook.flows[case.flow], case, state)
    told = {task.unit: task.outcome for task in done if task.outcome and task.opened_at >= began} or {"": outcome}
    kept = [one for one in case.decided if one["state"] != state.id or one["unit"] not in told]
    now = [{"state": state.id, "unit": unit, "outcome": what} for unit, what in told.items()]
    return draft.change(case, outcome=outcome, decided=[*kept, *now])


def round_began(flow: Flow, case: Case, state: State) -> datetime:
    """Return when an outcome last led the case into a state, or to where it is dispatched into that from.

    What was decided in an earlier round decides nothing now; a return, or a new clue, dispatches within the same.
    """
    ways = (state.id, *dispatching_into(flow, state.id))
    return max((parse(str(case.entered[way])) for way in ways if way in case.entered), default=case.opened_at)


def _note_interrupted(draft: Draft, case: Case, state: State, outcome: str) -> None:
    """Record that a wait was cut short as its state allows 中止, and until when it would have lasted."""
    wait = wait_of(draft, case, state.id) if state.interrupted_by and outcome != next(iter(state.outcomes)) else None
    if wait and wait.ended_at is None and wait.until > draft.at:
        data = {"state": state.id, "because": "有异议", "until": local(wait.until).isoformat()}
        draft.event("case.wait_interrupted", case=case.id, data=data, cites=state.basis.cites)
        interrupt(draft, case)


def end_waits(draft: Draft, case: Case) -> None:
    """A case that stands in another state waits no longer, and what it published comes down."""
    take_down(draft, case)
    for wait in draft.select(Wait, case=case.id, ended_at=None):
        draft.change(wait, ended_at=draft.at)


def start_flow(draft: Draft, parent: Case, flow_id: str, facts: Facts) -> Case:
    """Open a flow of its own beside a case, for the same person, on the same release."""
    flow = draft.rulebook.flows[flow_id]
    case = with_clock(
        draft,
        flow,
        Case(
            id=draft.new_id(),
            number=draft.number(flow.number or f"{flow_id}-{{year}}-{{n}}"),
            jurisdiction=parent.jurisdiction,
            release=parent.release,
            flow=flow_id,
            state=flow.start,
            person=parent.person,
            residence=parent.residence,
            registration=parent.registration,
            urgency=parent.urgency,
            needs=parent.needs,
            opened_at=draft.at,
            parent=parent.id,
        ),
        facts,
    )
    draft.put(case)
    data = {"flow": flow_id, "beside": parent.number, "person": case.person, **due_told(case)}
    draft.event("case.opened", case=case.id, data=data)
    draft.event("flow.started", case=parent.id, data={"flow": flow_id, "number": case.number})
    arrive(draft, case, flow.start, facts)
    return case


# dispatch


def propose_dispatch(draft: Draft, case: Case, state_id: str, proposals: Sequence[Proposal], facts: Facts) -> None:
    """Lay proposals before the people who confirm: a dispatch, its task with its clock, a message to their unit."""
    waiting = draft.first(Dispatch, case=case.id, status="proposed")
    if waiting:
        draft.change(waiting, proposed=[*waiting.proposed, *as_data(proposals)])
    else:
        draft.put(_new_dispatch(draft, case, state_id, proposals))
        enter_state(draft, case, state_id, facts)
    rows = rows_of(row for item in proposals for row in item.routes)
    rule = draft.rulebook.flows[case.flow].states[state_id].routes_by
    sums = worked_out(draft.rulebook, draft.rulebook.routing[rule], ((item, facts) for item in proposals))
    data = {"leads": [item.lead for item in proposals], **sums}
    draft.event("dispatch.proposed", case=case.id, data=data, rule=rule, row=rows, cites=cites_of(proposals))


def _new_dispatch(draft: Draft, case: Case, state: str, proposals: Sequence[Proposal], **decided: Any) -> Dispatch:
    return Dispatch(
        id=draft.new_id(),
        jurisdiction=case.jurisdiction,
        case=case.id,
        state=state,
        proposed=as_data(proposals),
        proposed_at=draft.at,
        unit=confirming_unit(draft, case, state),
        **decided,
    )


def confirming_unit(draft: Draft, case: Case, state_id: str) -> str:
    """Return the unit in which a dispatch of a state is decided about, "" where the state names none."""
    state = draft.rulebook.flows[case.flow].states[state_id]
    return unit_id(draft.rulebook, UnitRef(state.unit, state.unit_of), places_of(case)) if state.unit else ""


def send_at_once(draft: Draft, case: Case, state_id: str, proposals: Sequence[Proposal], facts: Facts) -> None:
    """Send tasks out without anybody's confirmation, because the table says so, and tell those who would confirm."""
    state = draft.rulebook.flows[case.flow].states[state_id]
    decided = {"status": "confirmed", "confirmed": as_data(proposals), "decided_at": draft.at}
    draft.put(_new_dispatch(draft, case, state_id, proposals, **decided))
    table = draft.rulebook.routing[state.routes_by]
    sums = worked_out(draft.rulebook, table, ((item, facts) for item in proposals))
    data = {"leads": [item.lead for item in proposals], "confirmed_by": "nobody", **sums}
    draft.event("dispatch.sent_at_once", case=case.id, data=data, rule=state.routes_by, cites=cites_of(proposals))
    case = draft.change(case, urgency=str(facts.get("urgency") or case.urgency))
    move_to_handling(draft, case, state_id, proposals, facts)
    _tell_sent(draft, case, state)


def send_waiting(draft: Draft, case: Case, proposals: Sequence[Proposal], facts: Facts) -> None:
    """Send out at once what waits for confirmation, and what came besides: an emergency waits for nobody."""
    waiting = draft.first(Dispatch, case=case.id, status="proposed")
    assert waiting is not None
    everything = (*(proposal_of(item) for item in waiting.proposed), *proposals)
    draft.change(waiting, proposed=as_data(everything))
    draft.change(waiting, status="confirmed", confirmed=as_data(everything), decided_at=draft.at)
    state = draft.rulebook.flows[case.flow].states[waiting.state]
    data = {"leads": [item.lead for item in everything], "confirmed_by": "nobody"}
    draft.event("dispatch.sent_at_once", case=case.id, data=data, rule=state.routes_by, cites=cites_of(everything))
    move_to_handling(draft, case, waiting.state, everything, facts)
    _tell_sent(draft, case, state)


def _tell_sent(draft: Draft, case: Case, state: State) -> None:
    """Tell the unit of a routing state what went out past it: urgent when somebody there would have confirmed."""
    unit = confirming_unit(draft, case, state.id)
    if not unit:
        return
    if draft.rulebook.routing[state.routes_by].confirm == "nobody":
        kind, title = "sent", "已按规定直接转办"
        body = f"个案 {case.number} 按规定不需批示，已直接转办，请知悉。"
    else:
        kind, title = "sent-at-once", "急难线索已直接转办"
        body = f"个案 {case.number} 情况紧急，已不经批示直接转办，请知悉并跟进。"
    draft.tell(unit, kind, title, body, key=f"at-once:{case.id}:{draft.at.isoformat()}", case=case.id)


def move_to_handling(
    draft: Draft, case: Case, state_id: str, proposals: Sequence[Proposal], facts: Facts, *, papers: bool = True
) -> None:
    """Bring a case with a decided dispatch into the state its tasks stand in, back from a later one if need be.

    While another proposal still waits, the task of deciding it goes on. For `papers` see `enter_state`.
    """
    flow = draft.rulebook.flows[case.flow]
    to = after_dispatch(flow, state_id)
    waits = draft.first(Dispatch, case=case.id, status="proposed") is not None
    for task in each_open(draft, case):
        if task.state == state_id and not waits:
            outcome = next(iter(flow.states[state_id].outcomes))
            end_task(draft, task, "done", outcome=outcome, completed_in_time=is_in_time(task, draft))
        elif task.state not in (state_id, to):
            withdraw_task(draft, task, "有新的线索并入，个案重新办理")
    if to != case.state:
        end_waits(draft, case)
        leave_uncounted(draft, case)
    moved = draft.change(case, state=to)
    enter_state(draft, moved, to, facts, proposals, papers=papers)
    inform_of_dispatch(draft, moved, flow.states[state_id].routes_by, proposals)
