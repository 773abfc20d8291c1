"""Flows: what entering a state opens, which outcomes are open, and where a case goes when its tasks are done."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from xunfang.rulebook.model import Flow, Outcome, Row, Rulebook, State, UnitRef
from xunfang.rules.deadlines import PlannedDeadline, PlannedReminder, anchor, plan_deadline, plan_reminders
from xunfang.rules.nesting import Whole, kept_within
from xunfang.rules.routing import Proposal, rows_by_id
from xunfang.rules.units import unit_id
from xunfang.worktime import due

Facts = Mapping[str, Any]


class PlannedTask(NamedTuple):
    """A task to be opened: whose, in which state, for which rows, by when and why."""

    state: str
    unit: str
    role: str  # "lead" 主办 or "assist" 协办
    lead: str  # the unit that leads, for an assisting task
    routes: tuple[str, ...]
    cites: tuple[str, ...]
    deadline: PlannedDeadline | None
    reminders: tuple[PlannedReminder, ...]
    helps: tuple[str, ...] = ()  # for an assisting task, every lead that named its unit, in their order
    since: datetime | None = None  # when its clock began, where that was not when it was opened
    prints: tuple[str, ...] = ()


class Terms(NamedTuple):
    """What a task is done by: its form, its papers, and the deadlines of which the one that is over first binds it."""

    form: str
    prints: tuple[str, ...]
    deadlines: tuple[str, ...]


class Entered(NamedTuple):
    """What entering a state brings about."""

    state: State
    tasks: tuple[PlannedTask, ...]
    notices: tuple[str, ...]
    waits: PlannedDeadline | None = None  # when the case goes on by itself, unless something comes between


@lru_cache(maxsize=1024)
def flow_opened_by(rulebook: Rulebook, form: str) -> Flow | None:
    """Return the flow that a form opens, or None for a form that opens none."""
    return next((flow for flow in rulebook.flows.values() if form in flow.opens_on), None)


def home_of(rulebook: Rulebook, flow: Flow, places: Facts) -> str:
    """Return the unit with which a case of a flow begins, by where it lies; "" where that takes a dispatch."""
    start = flow.states[flow.start]
    return unit_id(rulebook, UnitRef(start.unit, start.unit_of), places) if start.unit else ""


def after_dispatch(flow: Flow, state_id: str = "") -> str:
    """Return the state a case enters once a dispatch in a state (the first, when none is named) is confirmed.

    A state that routes nobody is its own answer.
    """
    state = flow.states[state_id or flow.start]
    if not state.routes_by:
        return state.id
    return next(iter(state.outcomes.values())).to


def dispatched_from(flow: Flow, state_id: str) -> str:
    """Return the state whose dispatch leads into a state, or "" when none does."""
    return next(dispatching_into(flow, state_id), "")


def dispatching_into(flow: Flow, state_id: str) -> Iterator[str]:
    """Yield every state whose dispatch leads into a state, in the order of the file."""
    routing = (state.id for state in flow.states.values() if state.routes_by)
    return (each for each in routing if after_dispatch(flow, each) == state_id)


def terms_of(rulebook: Rulebook, flow: Flow, state: State, routes: tuple[str, ...]) -> Terms:
    """Return the terms of a task in a state that came of these rows: theirs where they name any, else the state's.

    Rows of one lead are united: the first form counts, every paper is printed.
    """
    if rulebook.flows.get(flow.id) is flow and flow.states.get(state.id) is state:
        return _known_terms(rulebook, flow.id, state.id, routes)
    return _terms_of(rulebook, flow, state, routes)


@lru_cache(maxsize=4096)
def _known_terms(rulebook: Rulebook, flow: str, state: str, routes: tuple[str, ...]) -> Terms:
    return _terms_of(rulebook, rulebook.flows[flow], rulebook.flows[flow].states[state], routes)


def _terms_of(rulebook: Rulebook, flow: Flow, state: State, routes: tuple[str, ...]) -> Terms:
    rows = list(_rows_behind(rulebook, flow, state, routes))
    if not rows:
        return Terms(state.form, state.prints, (state.deadline,) if state.deadline else ())
    return Terms(
        form=next((row.form for row in rows if row.form), state.form),
        prints=tuple(dict.fromkeys(k for row in rows for k in (state.prints if row.prints is None else row.prints))),
        deadlines=tuple(dict.fromkeys(id for row in rows if (id := row.deadline or state.deadline))),
    )


def _rows_behind(rulebook: Rulebook, flow: Flow, state: State, routes: tuple[str, ...]) -> Iterator[Row]:
    if not state.per_route:
        return
    for source in flow.states.values():
        if source.routes_by and after_dispatch(flow, source.id) == state.id:
            known = rows_by_id(rulebook.routing[source.routes_by])
            yield from (known[id] for id in routes if id in known)


def decides_case(flow: Flow, state: State) -> bool:
    """Return whether a state decides something about the case: one that can be left in a single way only carries on.

    Where units work on routes, their outcomes do; in a flow in which no state leaves a choice, every state's do.
    """
    return state.per_route or _leaves_a_choice(state) or not any(map(_leaves_a_choice, flow.states.values()))


def _leaves_a_choice(state: State) -> bool:
    return sum(not stays_open(state, outcome) for outcome in state.outcomes.values()) > 1


def enter(
    rulebook: Rulebook,
    flow: Flow,
    state_id: str,
    facts: Facts,
    at: datetime,
    proposals: Iterable[Proposal] = (),
    whole: Whole | None = None,
) -> Entered:
    """Return what a case entering a state at a moment brings about; `proposals` are the confirmed dispatch.

    `whole` is the clock of the case, within which limits may have to end; in a state whose time does not count for it,
    none does.
    """
    state = flow.states[state_id]
    whole = whole if state.counts else None
    owner = state.unit or (rulebook.meetings[state.meeting].convenes if state.meeting else "")
    if state.ends or not (state.per_route or owner):
        tasks: tuple[PlannedTask, ...] = ()
    elif state.per_route:
        tasks = _tasks_per_route(rulebook, flow, state, facts, at, tuple(proposals), whole)
    else:
        unit = unit_id(rulebook, UnitRef(owner, state.unit_of), facts)
        tasks = (_task(rulebook, flow, state, facts, at, Proposal(unit, (), (), state.basis.cites), whole),)
    return Entered(state, tasks, state.prints, plan_wait(rulebook, state, at))


def plan_wait(rulebook: Rulebook, state: State, at: datetime) -> PlannedDeadline | None:
    """Return until when a case waits that comes into a state at a moment, None in a state that does not wait."""
    if state.waits is None:
        return None
    until = due(state.waits, at, rulebook.calendar, rulebook.info.office)
    return PlannedDeadline(state.id, state.label, state.waits.text, "", until, state.basis.cites, state.basis.practice)


def _tasks_per_route(
    rulebook: Rulebook,
    flow: Flow,
    state: State,
    facts: Facts,
    at: datetime,
    proposals: tuple[Proposal, ...],
    whole: Whole | None,
) -> tuple[PlannedTask, ...]:
    leads = [_task(rulebook, flow, state, facts, at, proposal, whole) for proposal in proposals]
    busy = {task.unit for task in leads}
    assisting = []
    for lead, proposal in zip(leads, proposals, strict=True):
        for unit in proposal.assist:
            if unit not in busy:  # one unit, one task on a case
                busy.add(unit)
                helps = tuple(other.lead for other in proposals if unit in other.assist)
                assisting.append(
                    PlannedTask(state.id, unit, "assist", lead.unit, lead.routes, lead.cites, lead.deadline, (), helps)
                )
    return (*leads, *assisting)


def _task(
    rulebook: Rulebook,
    flow: Flow,
    state: State,
    facts: Facts,
    at: datetime,
    proposal: Proposal,
    whole: Whole | None,
) -> PlannedTask:
    terms, start = terms_of(rulebook, flow, state, proposal.routes), proposal.since or at
    planned, reminders = plan_task_deadline(rulebook, terms.deadlines, facts, start, proposal.lead, at, whole)
    cites = tuple(dict.fromkeys(proposal.cites + (planned.cites if planned else ())))
    lead, since = proposal.lead, begun_by(rulebook, planned, facts) or proposal.since
    return PlannedTask(
        state.id, lead, "lead", lead, proposal.routes, cites, planned, reminders, since=since, prints=terms.prints
    )


def plan_task_deadline(
    rulebook: Rulebook,
    deadlines: Iterable[str],
    facts: Facts,
    at: datetime,
    unit: str,
    opened_at: datetime | None = None,
    whole: Whole | None = None,
) -> tuple[PlannedDeadline | None, tuple[PlannedReminder, ...]]:
    """Return of several deadlines the one over first, from a moment, for a task that a unit gets, with its reminders.

    The task is opened then, or at `opened_at`; one whose deadline says so ends within the clock of the `whole` case.
    """
    opened, known = opened_at or at, [rulebook.deadlines[id] for id in deadlines]
    alone = [plan_deadline(rulebook, each, facts, (each.answer and anchor(each, facts)) or at, unit) for each in known]
    plans = [kept_within(p, each, whole, opened) if each.within else p for p, each in zip(alone, known, strict=True)]
    if not plans:
        return None, ()
    planned = plans[0] if len(plans) == 1 else min(plans, key=lambda each: each.due.due_at)
    deadline = rulebook.deadlines[planned.id]
    return planned, plan_reminders(
        rulebook, deadline, planned.due.due_at, unit, opened, facts, by_hours=planned.due.by_the_clock
    )


def begun_by(rulebook: Rulebook, planned: PlannedDeadline | None, facts: Facts) -> datetime | None:
    """Return when the clock of a planned deadline began, where an answer says so."""
    deadline = rulebook.deadlines[planned.id] if planned else None
    return anchor(deadline, facts) if deadline and deadline.answer else None


def following(tasks: Iterable[PlannedTask], ended: PlannedTask) -> list[PlannedTask]:
    """Return the tasks that remain once a lead has ended: who assisted it assists the next lead that named it."""
    remaining = []
    others = [task for task in tasks if (task.state, task.unit, task.role) != (ended.state, ended.unit, "lead")]
    leads = {task.unit for task in others if task.state == ended.state and task.role == "lead"}
    for task in others:
        if (task.state, task.lead) != (ended.state, ended.unit):
            remaining.append(task)
        elif lead := next((unit for unit in task.helps if unit in leads), ""):
            remaining.append(task._replace(lead=lead))
    return remaining


def stays_open(state: State, outcome: Outcome) -> bool:
    """Return whether an outcome is only recorded and the task goes on, as with help given in an emergency."""
    return outcome.to == state.id


def joined(state: State, decided: Iterable[str], still_open: int) -> Outcome | None:
    """Return the outcome with which a case leaves a state, or None while it must wait for other tasks.

    It waits for all leads, the first, or as many as `join` says; an outcome that decides nothing counts only when no
    lead is left who could decide. When tasks end differently, the one that stands first in the file speaks.
    """
    ended = [id for id in decided if id in state.outcomes and not stays_open(state, state.outcomes[id])]
    counting = [id for id in ended if id not in state.undecided]
    if not ended or (still_open and (state.join == "all" or len(counting) < _enough(state.join))):
        return None
    speaking = counting or ended
    return next(outcome for outcome in state.outcomes.values() if outcome.id in speaking)


def _enough(join: str) -> int:
    return int(join) if join.isdigit() else 1
