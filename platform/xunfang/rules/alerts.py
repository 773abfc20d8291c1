"""Alerts 应急响应: at which level an event stands where, and what is owed while it is on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from xunfang.clock import local, parse
from xunfang.rulebook.model import AlertKind, Duty, Rulebook
from xunfang.rules.duties import PlannedDuty, duty_due, of_unit, owed_in_events, owing
from xunfang.rules.units import division_of, follow_unit, places_of
from xunfang.worktime import Due, Period, due, period_of


class Event(Protocol):
    """An event that was declared. `steps` are its levels one after another, each with the moment from which it held."""

    @property
    def id(self) -> str:
        """Its key."""
        ...

    @property
    def kind(self) -> str:
        """The kind of event."""
        ...

    @property
    def places(self) -> Sequence[str]:
        """The divisions it holds for."""
        ...

    @property
    def steps(self) -> Sequence[Mapping[str, Any]]:
        """Its levels: `level` and `at` of each."""
        ...

    @property
    def ended_at(self) -> datetime | None:
        """When it was closed."""
        ...


class Owed(Protocol):
    """What was opened of a duty of an event."""

    @property
    def duty(self) -> str:
        """The duty."""
        ...

    @property
    def unit(self) -> str:
        """The unit that owes it."""
        ...

    @property
    def begins_on(self) -> date:
        """The first day of its period, or the day from which it is owed once."""
        ...

    @property
    def alert(self) -> str:
        """The event."""
        ...

    @property
    def turn(self) -> int:
        """The step of the event by which it came to be owed."""
        ...

    @property
    def status(self) -> str:
        """How it stands."""
        ...


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which an event stood at a level or above: since which of its steps, from when, until when."""

    turn: int
    since: datetime
    until: datetime | None


def spells(kind: AlertKind, event: Event, from_level: str) -> tuple[Spell, ...]:
    """Return every time in which an event stood at a level or above it, earliest first; "" is any level."""
    needed, found = kind.rank(from_level) if from_level else 0, list[Spell]()
    begun: tuple[int, datetime] | None = None
    for turn, step in enumerate(event.steps):
        at, high = parse(str(step["at"])), kind.rank(str(step["level"])) >= needed
        if high and begun is None:
            begun = (turn, at)
        elif not high and begun:
            found.append(Spell(*begun, at))
            begun = None
    return (*found, Spell(*begun, event.ended_at)) if begun else tuple(found)


def is_on(event: Event, at: datetime) -> bool:
    """Return whether an event has begun at a moment and is not closed."""
    return event.ended_at is None and parse(str(event.steps[0]["at"])) <= at


def level_of(event: Event) -> str:
    """Return the level at which an event stands, or stood last."""
    return str(event.steps[-1]["level"])


def place_of(rulebook: Rulebook, unit: str) -> str:
    """Return the division that a unit works in: its own, or the whole jurisdiction."""
    return division_of(unit) or rulebook.code


def concerns(event: Event, place: str) -> bool:
    """Return whether an event holds in a division, in a part of it, or in one that it lies in."""
    return any(place.startswith(other) or other.startswith(place) for other in event.places)


def holds_in(rulebook: Rulebook, event: Event, place: str) -> bool:
    """Return whether an event concerns a division: its places are those that they are by now 区划调整."""
    return any(place.startswith(now) or now.startswith(place) for now in map(rulebook.divisions.follow, event.places))


def holds_for(rulebook: Rulebook, event: Event, unit: str) -> bool:
    """Return whether an event concerns a unit: somewhere that it works in."""
    return any(holds_in(rulebook, event, place) for place in places_of(rulebook, unit))


def missing(rulebook: Rulebook, events: Sequence[Event], rows: Iterable[Owed], at: datetime) -> Iterator[PlannedDuty]:
    """Yield what is owed at a moment while events are on, and not opened yet.

    `events`: all that are on, and those closed before by which any of the `rows` was opened.
    """
    opened: dict[tuple[str, str], list[Owed]] = {}
    for row in rows:
        if row.status != "withdrawn":
            opened.setdefault((row.duty, follow_unit(rulebook, row.unit)), []).append(row)
    for duty, unit, event, spell in _reached(rulebook, events, at):
        planned, before = _planned(rulebook, duty, unit, spell, at), opened.get((duty.id, unit), ())
        if planned is None:
            continue
        first = planned.period.first if planned.period else None
        if not any(_covers(rulebook, duty, events, row, first, spell) for row in before):
            yield replace(planned, alert=event.id, turn=spell.turn, since=local(spell.since).date())


def _covers(
    rulebook: Rulebook, duty: Duty, events: Sequence[Event], row: Owed, first: date | None, spell: Spell
) -> bool:
    """Return whether what was opened before is what is owed: for the same period, or in a time that still went on.

    So what is owed once is owed once, however many events are on in a place one over the other.
    """
    if first:
        return row.begins_on == first
    kind = rulebook.alerts[duty.while_]
    own = (each for event in events if event.id == row.alert for each in spells(kind, event, duty.from_level))
    return any(each.turn == row.turn and (each.until is None or each.until > spell.since) for each in own)


def surplus(rulebook: Rulebook, events: Sequence[Event], rows: Iterable[Owed], at: datetime) -> Iterator[Owed]:
    """Yield what was opened for an event and is owed no more: it was closed, or stands at a lower level by now."""
    still = {(duty.id, unit) for duty, unit, *_ in _reached(rulebook, events, at)}
    for row in rows:
        if (row.duty, follow_unit(rulebook, row.unit)) not in still:
            yield row


def _reached(rulebook: Rulebook, events: Sequence[Event], at: datetime) -> Iterator[tuple[Duty, str, Event, Spell]]:
    """Yield for each duty every unit that owes it at a moment, with the event that has made it owe it longest."""
    on = [event for event in events if is_on(event, at)]
    for duty in rulebook.duties.values():
        kind = rulebook.alerts.get(duty.while_) if owed_in_events(duty) else None
        running = sorted(_running(kind, duty, on), key=lambda each: (each[1].since, each[0].id)) if kind else []
        for unit in owing(rulebook, duty) if running else ():
            first = next((each for each in running if holds_for(rulebook, each[0], unit)), None)
            if first:
                yield (duty, unit, *first)


def _running(kind: AlertKind, duty: Duty, events: Iterable[Event]) -> Iterator[tuple[Event, Spell]]:
    """Yield the events that stand at the level of a duty or above, with the time since they do."""
    for event in events:
        last = spells(kind, event, duty.from_level)[-1:] if event.kind == kind.id else ()
        yield from ((event, spell) for spell in last if spell.until is None)


def _planned(rulebook: Rulebook, duty: Duty, unit: str, spell: Spell, at: datetime) -> PlannedDuty | None:
    """Return what is owed for the period of a moment, or once; None where it is too late for it.

    It is too late for a period that ends on the day on which the event began, when the office had closed by then.
    """
    if duty.every is None:
        return of_unit(rulebook, duty, unit, None, _due_once(rulebook, duty, spell))
    period, since = period_of(duty.every, local(at).date(), duty.starting), local(spell.since)
    when = duty_due(duty, period, rulebook.calendar)
    too_late = when.due_at.date() == since.date() and since.time() >= rulebook.info.office.closes_on(since.date())
    return None if too_late or when.due_at <= at else of_unit(rulebook, duty, unit, period, when)


def due_under(
    rulebook: Rulebook, duty: Duty, event: Event, turn: int, begins_on: date, at: datetime
) -> tuple[Period | None, Due | None] | None:
    """Return for which period (None: once) and by when a duty is owed by a step of an event, None when no more."""
    kind = rulebook.alerts[duty.while_]
    running = (spell for _, spell in _running(kind, duty, [event] if is_on(event, at) else []))
    spell = next((spell for spell in running if spell.turn == turn), None)
    if spell is None:
        return None
    if duty.every is None:
        return None, _due_once(rulebook, duty, spell)
    period = period_of(duty.every, begins_on, begins_on)
    return period, duty_due(duty, period, rulebook.calendar)


def _due_once(rulebook: Rulebook, duty: Duty, spell: Spell) -> Due | None:
    limit = duty.limit.counts if duty.limit else None
    return due(limit, local(spell.since), rulebook.calendar, rulebook.info.office) if limit else None
