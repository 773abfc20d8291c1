"""Who takes a task in hand: the unit it is meant for, or the nearest above where somebody can act on it."""

from typing import NamedTuple

from xunfang.casework.draft import Draft
from xunfang.casework.facts import places_of
from xunfang.casework.rows import Case, Task
from xunfang.clock import local
from xunfang.rules.deadlines import plan_reminders
from xunfang.rules.flow import PlannedTask
from xunfang.rules.units import climb, works_outside

_NEEDED = {"lead": ("complete",), "assist": ("complete", "assist")}


class Held(NamedTuple):
    """Where a planned task goes, past which units that have nobody; `found` is False when nobody is anywhere."""

    planned: PlannedTask
    empty: tuple[str, ...] = ()
    found: bool = True


def held(draft: Draft, case: Case, planned: PlannedTask) -> Held:
    """Return where a task goes: a unit in which nobody can act on it is passed over, one that works on paper is not.

    With nobody all the way up it stays where it was meant; so does what asks one unit and no other.
    """
    if planned.role not in _NEEDED or works_outside(draft.rulebook, planned.unit):
        return Held(planned)
    empty: list[str] = []
    for place in climb(draft.rulebook, planned.unit, case.residence):
        if works_outside(draft.rulebook, place):
            continue
        if _can_act(draft, case, place, planned):
            return Held(_moved(draft, case, planned, place), tuple(empty))
        empty.append(place)
    return Held(planned, tuple(empty), found=False)


def _can_act(draft: Draft, case: Case, unit: str, planned: PlannedTask) -> bool:
    """Return whether somebody in a unit can act; on a dispatch decides whoever may, so that anybody there will do."""
    state = draft.rulebook.flows[case.flow].states[planned.state]
    if state.routes_by:
        return unit in draft.staffed
    if state.role and planned.role == "lead":
        return (unit, state.role) in draft.posts
    return any((unit, act) in draft.able for act in _NEEDED[planned.role])


def _moved(draft: Draft, case: Case, planned: PlannedTask, place: str) -> PlannedTask:
    """Return a task for another unit, whose superiors are others too."""
    if place == planned.unit or planned.deadline is None:
        return planned._replace(unit=place)
    deadline, due_at = draft.rulebook.deadlines[planned.deadline.id], local(planned.deadline.due.due_at)
    hours, places = planned.deadline.due.by_the_clock, places_of(case)
    reminders = plan_reminders(draft.rulebook, deadline, due_at, place, draft.at, places, by_hours=hours)
    return planned._replace(unit=place, reminders=reminders if planned.role == "lead" else ())


def has_it_already(draft: Draft, case: Case, planned: PlannedTask) -> bool:
    """Return whether the unit that a task would go to has a task in the same state of the case: one unit, one task."""
    theirs = draft.select(Task, case=case.id, state=planned.state, unit=planned.unit, ended_at=None)
    return any(task.role in _NEEDED for task in theirs)


def tell_sent_up(draft: Draft, case: Case, went: Held, task: str = "") -> None:
    """Record past whom a task went, or that nobody is anywhere."""
    if not went.empty:
        return
    name = "task.sent_up" if went.found else "task.unheld"
    data = {"to": went.planned.unit, "nobody_at": list(went.empty)}
    draft.event(name, case=case.id, task=task, data=data)


def somebody(draft: Draft, unit: str) -> tuple[str, list[str]]:
    """Return the nearest unit upward that has a member, and the empty ones passed over: never silently nobody.

    When there is nobody all the way up, the message stays with the unit it was meant for, whoever joins it later.
    """
    skipped: list[str] = []
    for place in climb(draft.rulebook, unit):
        if draft.rulebook.units[place.split(":", 1)[0]].external or place in draft.staffed:
            return place, skipped
        skipped.append(place)
    return unit, skipped
