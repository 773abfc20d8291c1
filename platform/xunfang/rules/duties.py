"""Duties 定期任务: who owes what for which period by when; visits and collected returns included."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from xunfang.clock import SHANGHAI, parse
from xunfang.division import digits_of
from xunfang.rulebook.model import Deadline, Duty, Remind, Rulebook, UnitRef
from xunfang.rules.conditions import holds
from xunfang.rules.office import office_of
from xunfang.rules.units import division_of, instances, kind_of, superior_of, unit_id
from xunfang.worktime import (
    Due,
    Every,
    Period,
    WorkCalendar,
    due,
    due_in_period,
    period_of,
    periods_between,
    preceding,
)

_LATEST = timedelta(days=366 + 31 + 14)
"""From the first day of a year to its last, a day of the month after it, and rest days that this moves over."""


@dataclass(frozen=True, slots=True)
class PlannedDuty:
    """One thing one unit owes: for a period, about a person, or after an event."""

    duty: str
    unit: str
    to: tuple[str, ...]
    period: Period | None
    covers: Period | None
    due: Due | None
    at_least: int
    cites: tuple[str, ...]
    alert: str = ""  # the event 应急响应 during which it is owed, and the step of it since which it is
    turn: int = 0
    since: date | None = None

    @property
    def begins_on(self) -> date:
        """Return the first day of its period, or the day since which it is owed once."""
        first = self.period.first if self.period else self.since
        assert first is not None
        return first


def planned_duties(rulebook: Rulebook, first: date, last: date) -> tuple[PlannedDuty, ...]:
    """Return every calendar duty whose due day lies within two days, both included, for each unit that owes it."""
    found = [planned for duty in rulebook.duties.values() for planned in due_within(rulebook, duty, first, last)]
    return tuple(sorted(found, key=lambda item: (item.due.due_at if item.due else None, item.duty, item.unit)))


def due_within(rulebook: Rulebook, duty: Duty, first: date, last: date) -> Iterable[PlannedDuty]:
    """Yield what each unit owes under a recurring duty whose due day lies within two days, both included."""
    periods = (
        periods_between(duty.every, first - _LATEST, last, duty.starting) if duty.every and not duty.while_ else ()
    )
    for period in periods:
        when = duty_due(duty, period, rulebook.calendar)
        if first <= when.due_at.date() <= last:
            yield from _of_each_unit(rulebook, duty, period, when)


def _of_each_unit(rulebook: Rulebook, duty: Duty, period: Period, when: Due) -> Iterable[PlannedDuty]:
    for unit in owing(rulebook, duty):
        yield of_unit(rulebook, duty, unit, period, when)


def owing(rulebook: Rulebook, duty: Duty) -> tuple[str, ...]:
    """Return every unit that owes a duty: all of its kind, and where there is none the one that takes over."""
    first = instances(rulebook, duty.of)
    if not duty.or_else:
        return first
    digits = digits_of(rulebook.units[duty.or_else].per)
    there = {division_of(unit)[:digits] for unit in first}
    return (*first, *(unit for unit in instances(rulebook, duty.or_else) if division_of(unit) not in there))


def owing_at(rulebook: Rulebook, duty: Duty, facts: Mapping[str, Any]) -> str:
    """Return the unit that owes a duty about a place: of its kind there, else the one that takes over."""
    unit = unit_id(rulebook, UnitRef(duty.of), facts)
    return unit_id(rulebook, UnitRef(duty.or_else), facts) if duty.or_else and kind_of(unit) != duty.of else unit


def of_unit(rulebook: Rulebook, duty: Duty, unit: str, period: Period | None, when: Due | None) -> PlannedDuty:
    """Return what one unit owes under a duty for a period, or once."""
    covers, to = covered(duty, period) if period else None, receivers(rulebook, duty, unit)
    return PlannedDuty(duty.id, unit, to, period, covers, when, duty.at_least, duty.basis.cites)


def plan_period(rulebook: Rulebook, duty: Duty, period: Period) -> Iterator[PlannedDuty]:
    """Yield what each unit owes under a recurring duty for one period."""
    yield from _of_each_unit(rulebook, duty, period, duty_due(duty, period, rulebook.calendar))


def receivers(rulebook: Rulebook, duty: Duty, unit: str) -> tuple[str, ...]:
    """Return the units to which another reports under a duty, in one report; what takes over never to itself."""
    found = _receivers(rulebook, duty, {"residence": division_of(unit)})
    above = superior_of(rulebook, unit) if duty.or_else else unit
    return tuple(dict.fromkeys(above if to == unit else to for to in found if above or to != unit))


def _receivers(rulebook: Rulebook, duty: Duty, facts: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit_id(rulebook, UnitRef(name), facts) for name in duty.to))


def owed_as_it_stands(duty: Duty) -> bool:
    """Return whether a duty is owed for each period by every unit of its kind, whatever else happens meanwhile.

    Not so what concerns some persons only, and what begins with an event, returns or a sample. What visits do to
    anybody at all is owed so: it is done as soon as there are enough.
    """
    waits = duty.while_ or duty.rhythms or duty.collects or duty.sample
    return bool(duty.every) and duty.for_ is None and not waits


def owed_after_returns(duty: Duty) -> bool:
    """Return whether a duty is owed once those that it collects are in, or their time is up."""
    waits = duty.while_ or duty.satisfied_by or duty.sample
    return bool(duty.collects) and duty.for_ is None and not waits


def rhythm_of(rulebook: Rulebook, duty: Duty) -> Every | None:
    """Return how often a duty recurs: as it says, or as what it collects does; None for one that does not."""
    collected = rulebook.duties.get(duty.collects)
    return duty.every or (collected.every if collected else None)


def collecting_on(rulebook: Rulebook, day: date) -> Iterator[PlannedDuty]:
    """Yield what collects returns, by every unit, whether it may begin or not: for the periods that a day lies in.

    The periods before are among them as long as something is due for them, and the last one in any case: the time of
    returns may be up only when their period is over.
    """
    for duty in rulebook.duties.values():
        every = rhythm_of(rulebook, duty) if owed_after_returns(duty) else None
        period = period_of(every, day, duty.starting) if every else None
        while period:
            yield from plan_period(rulebook, duty, period)
            over = period.last < day
            period = preceding(period)
            if over and duty_due(duty, period, rulebook.calendar).due_at.date() < day:
                break


def collected_for(rulebook: Rulebook, planned: PlannedDuty) -> tuple[PlannedDuty, ...]:
    """Return every return that goes into what is planned: to its unit, for the periods that begin within its own."""
    collected = rulebook.duties[rulebook.duties[planned.duty].collects]
    if planned.period is None or collected.every is None:
        return ()
    periods = periods_between(collected.every, planned.period.first, planned.period.last, collected.starting)
    found = (one for period in periods for one in plan_period(rulebook, collected, period))
    return tuple(one for one in found if not one.to or planned.unit in one.to)


def owed_in_events(duty: Duty) -> bool:
    """Return whether a duty is owed while an event 应急响应 is on, once or for each period, by every unit there.

    What visits do, visits to anybody there do.
    """
    return bool(duty.while_)


def done_by_anybody(duty: Duty) -> bool:
    """Return whether visits to anybody do what a unit owes under a duty, for each period or while an event is on."""
    return bool(duty.satisfied_by) and (owed_as_it_stands(duty) or owed_in_events(duty))


@lru_cache(maxsize=2)
def owed_on(rulebook: Rulebook, day: date) -> tuple[PlannedDuty, ...]:
    """Return what is owed as it stands for the periods that a day lies in, by every unit.

    Planned once for all who ask in a row: it is opened piece by piece, and a county may owe thousands.
    """
    owed = (duty for duty in rulebook.duties.values() if owed_as_it_stands(duty))
    return tuple(
        planned
        for duty in owed
        if duty.every
        for planned in plan_period(rulebook, duty, period_of(duty.every, day, duty.starting))
    )


_REMINDS = (Remind("-3 workdays", -3, "workday"), Remind("at due", 0, "workday"), Remind("1 workday", 1, "workday"))
"""When whoever owes something is reminded, before it goes on as every deadline does."""
_HOUR_BEFORE = Remind("-1 hour", -1, "hour")


@lru_cache(maxsize=1024)
def reminded_as(duty: Duty) -> Deadline:
    """Return the deadline by whose reminders a duty is pressed for; it has no limit of its own.

    One that is due at a time of day is pressed for an hour before that as well.
    """
    reminds = (*_REMINDS, _HOUR_BEFORE) if duty.by else _REMINDS
    return Deadline(duty.id, duty.label, (), "", "", reminds, (), duty.basis)


def covered(duty: Duty, period: Period) -> Period:
    """Return the period that a duty reports on: this one, or the one before it."""
    if duty.covers is None:
        return period
    same = period_of(duty.covers.every, period.first, duty.starting)
    return preceding(same) if duty.covers.previous else same


def period_words(rulebook: Rulebook, duty_id: str, every: str, begins_on: date) -> str:
    """Return in words on which period a duty reports that is owed for one; the period itself for an unknown duty.

    Of what is owed once (`every` is ""), it is the day from which it is owed.
    """
    if not every:
        return f"{begins_on.year}年{begins_on.month}月{begins_on.day}日起"
    duty, period = rulebook.duties.get(duty_id), period_of(Every(every), begins_on, begins_on)
    return (covered(duty, period) if duty else period).label


def duty_due(duty: Duty, period: Period, calendar: WorkCalendar) -> Due:
    """Return when a recurring duty is due: on a day of its period, off a holiday as it says, at its time of day."""
    return due_in_period(duty.due, duty.by, duty.on_holiday, period, calendar)


def plan_event_duty(rulebook: Rulebook, duty: Duty, facts: Mapping[str, Any], at: datetime) -> PlannedDuty | None:
    """Return what an event makes a unit owe, or None when the duty does not concern these facts.

    It runs from the moment the duty names (an answer, such as the day of an accident) or else from the event itself.
    """
    if not holds(duty.for_, facts):
        return None
    start = at
    if duty.from_.startswith("answers.") and facts.get(duty.from_.removeprefix("answers.")):
        start = parse(str(facts[duty.from_.removeprefix("answers.")]))
    unit = owing_at(rulebook, duty, facts)
    when = due_since(rulebook, duty, unit, start)
    to = _receivers(rulebook, duty, facts)
    return PlannedDuty(duty.id, unit, to, None, None, when, duty.at_least, duty.basis.cites)


def due_since(rulebook: Rulebook, duty: Duty, unit: str, start: datetime) -> Due | None:
    """Return by when a unit does what an event makes it owe, None where the duty has no limit."""
    limit = duty.limit.counts if duty.limit else None
    return due(limit, start, rulebook.calendar, office_of(rulebook, unit)) if limit else None


def waits_for_returns(planned: PlannedDuty, wanted: Iterable[PlannedDuty]) -> datetime:
    """Return until when what collects returns waits for the last of them: until their time is up.

    What is due itself by then waits for the day on which it is, so that there is time left to hand it in.
    """
    last = max(one.due.due_at for one in wanted if one.due)
    own = planned.due.due_at if planned.due else None
    return last if own is None or last < own else datetime.combine(own.date(), time.min, SHANGHAI)


def collection_opens(returns: Mapping[str, datetime | None], until: datetime, now: datetime) -> bool:
    """Return whether the duty that collects returns may begin: all are in, or it has waited for them long enough."""
    return all(returns.values()) or now > until
