"""Duties of an event 应急响应 that stand in place of ordinary ones while it is on: 应急期间以日报代替半月报.

What is due while the event is on is not owed, for the whole of its period; what is due after it was closed is, for the
whole of its period too, whatever part of that the event was on for. So one moment decides: that at which it is due.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from xunfang.clock import local
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.alerts import Event, holds_for, spells
from xunfang.rules.duties import PlannedDuty, duty_due, of_unit, owing
from xunfang.rules.units import follow_unit
from xunfang.worktime import Period, period_of


@dataclass(frozen=True, slots=True)
class Ordinary:
    """What was opened of an ordinary duty that others stand in place of, with when it is due."""

    id: str
    duty: str
    unit: str
    every: str
    begins_on: date
    status: str
    due_at: datetime


def stand_ins(rulebook: Rulebook, ordinary: str) -> tuple[Duty, ...]:
    """Return the duties of events that stand in place of an ordinary one."""
    return tuple(duty for duty in rulebook.duties.values() if duty.instead_of == ordinary)


def stood_in_for(
    rulebook: Rulebook, events: Iterable[Event], duty: Duty, unit: str, due_at: datetime, at: datetime
) -> tuple[Duty, Event] | None:
    """Return what stands in place of what a unit owes, and by which event; None where it is owed.

    That is decided by the events that are on now, or were when it was due.
    """
    moment = min(at, due_at)
    here = [event for event in events if holds_for(rulebook, event, unit)]
    both = ((other, event) for other in stand_ins(rulebook, duty.id) for event in here if event.kind == other.while_)
    return next((found for found in both if _is_on(rulebook, found[1], found[0], moment)), None)


def _is_on(rulebook: Rulebook, event: Event, duty: Duty, moment: datetime) -> bool:
    """Return whether an event stood at the level of a duty, or above it, at a moment."""
    own = spells(rulebook.alerts[event.kind], event, duty.from_level)
    return any(each.since <= moment and (each.until is None or each.until > moment) for each in own)


def stood_aside(
    rulebook: Rulebook, events: Sequence[Event], rows: Sequence[Ordinary], at: datetime
) -> Iterator[PlannedDuty]:
    """Yield what is not owed at a moment because others stand in its place, and is still open or was not opened yet.

    `events`: those that are on, and those that were when any of the `rows` was due. `rows`: all that was opened for the
    periods of today, however it ended, and whatever is still open.
    """
    known = {(row.duty, follow_unit(rulebook, row.unit), row.begins_on): row for row in rows}
    for duty in rulebook.duties.values():
        if duty.every is None or not any(event.kind in _kinds(rulebook, duty) for event in events):
            continue
        now = period_of(duty.every, local(at).date(), duty.starting)
        begun = {row.begins_on for row in rows if row.duty == duty.id and row.status == "owed"}
        for period in sorted({now, *(period_of(duty.every, day, day) for day in begun)}):
            yield from _of_period(rulebook, events, duty, period, known, at)


def _of_period(
    rulebook: Rulebook,
    events: Sequence[Event],
    duty: Duty,
    period: Period,
    known: dict[tuple[str, str, date], Ordinary],
    at: datetime,
) -> Iterator[PlannedDuty]:
    when = duty_due(duty, period, rulebook.calendar)
    for unit in owing(rulebook, duty):
        row = known.get((duty.id, unit, period.first))
        open_ = row.status == "owed" if row else when.due_at > at
        due_at = row.due_at if row else when.due_at
        if open_ and (found := stood_in_for(rulebook, events, duty, unit, due_at, at)):
            yield replace(of_unit(rulebook, duty, unit, period, when), alert=found[1].id)


def _kinds(rulebook: Rulebook, duty: Duty) -> set[str]:
    return {other.while_ for other in stand_ins(rulebook, duty.id)}


def owed_again(
    rulebook: Rulebook, events: Sequence[Event], rows: Iterable[Ordinary], at: datetime
) -> Iterator[Ordinary]:
    """Yield what others stood in place of and do no more: the event was closed, or stands lower, before it was due."""
    for row in rows:
        duty = rulebook.duties.get(row.duty)
        if row.status != "replaced" or duty is None:
            continue
        if stood_in_for(rulebook, events, duty, follow_unit(rulebook, row.unit), row.due_at, at) is None:
            yield row
