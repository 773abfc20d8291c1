"""Rhythms of visits 走访频次: of all that asks for a visit to somebody the strictest binds, and which visits count."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xunfang.rulebook.model import Basis, Duty, Equivalent, Rhythm, Rulebook
from xunfang.rules.conditions import holds
from xunfang.rules.duties import duty_due, owing_at
from xunfang.worktime import Due, Every, Period, period_of

Facts = Mapping[str, Any]
Levels = Mapping[str, str]
"""Which kinds of event 应急响应 are on where somebody lives, and at which level each stands."""

PER_YEAR = {
    Every.DAY: 365,
    Every.WEEK: 52,
    Every.TEN_DAYS: 36,
    Every.TWO_WEEKS: 26,
    Every.HALF_MONTH: 24,
    Every.MONTH: 12,
    Every.QUARTER: 4,
    Every.HALF_YEAR: 2,
    Every.YEAR: 1,
}
"""How often each period comes within a year."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What asks for somebody to be visited: a duty by its own period, or the nth of its rhythms (from 1)."""

    duty: Duty
    every: Every
    at_least: int
    nth: int = 0

    @property
    def rhythm(self) -> Rhythm | None:
        """Return the rhythm of the duty, None for its own period."""
        return self.duty.rhythms[self.nth - 1] if self.nth else None

    @property
    def id(self) -> str:
        """Return the name under which the rules tell of it."""
        return f"{self.duty.id}.rhythms.{self.nth}" if self.nth else self.duty.id

    @property
    def basis(self) -> Basis:
        """Return what it rests on: its own clauses, or those of its duty."""
        own = self.rhythm.basis if self.rhythm else None
        return own if own and (own.cites or own.practice) else self.duty.basis

    @property
    def times_a_year(self) -> int:
        """Return how many visits it asks for within a year."""
        return self.at_least * PER_YEAR[self.every]


@dataclass(frozen=True, slots=True)
class Bound:
    """What binds for one person on a day: who owes it, for which period, by when. `others` count as done by it."""

    ask: Ask
    unit: str
    period: Period
    due: Due
    others: tuple[Ask, ...]


def binding(rulebook: Rulebook, form: str, facts: Facts, on: date, levels: Levels) -> Bound | None:
    """Return the strictest of what asks for a visit to somebody on a day, None when nothing does.

    Any such visit counts for all of it, so only what asks most often within a year need be watched; of several that
    ask equally often, the first in the file.
    """
    return strictest_of(rulebook, tuple(asks(rulebook, form, facts, on, levels)), facts, on)


def strictest_of(rulebook: Rulebook, asked: Sequence[Ask], facts: Facts, on: date) -> Bound | None:
    """Return which of everything that asks for a visit to somebody binds, None of nothing."""
    strictest = max(asked, key=lambda ask: ask.times_a_year, default=None)
    if strictest is None:
        return None
    duty = strictest.duty if not strictest.nth else replace(strictest.duty, due=None)
    period = period_of(strictest.every, on, duty.starting)
    others = tuple(ask for ask in asked if ask is not strictest)
    unit = owing_at(rulebook, duty, facts)
    return Bound(strictest, unit, period, duty_due(duty, period, rulebook.calendar), others)


def asks(rulebook: Rulebook, form: str, facts: Facts, on: date, levels: Levels) -> Iterator[Ask]:
    """Yield everything recurring that asks for a visit to somebody on a day, in the order of the files."""
    for duty in rulebook.duties.values():
        about_people = duty.satisfied_by == form and (duty.for_ is not None or duty.rhythms)
        if not about_people or not holds(duty.for_, facts):
            continue
        if duty.every:
            yield Ask(duty, duty.every, duty.at_least)
        for nth, rhythm in enumerate(duty.rhythms, 1):
            if _holds(rulebook, rhythm, facts, on, levels):
                yield Ask(duty, rhythm.every, rhythm.at_least, nth)


def _holds(rulebook: Rulebook, rhythm: Rhythm, facts: Facts, on: date, levels: Levels) -> bool:
    place = rulebook.divisions.follow(str(facts.get("residence") or ""))
    here = not rhythm.places or any(place.startswith(code) for code in rhythm.places)
    in_season = rhythm.season is None or rhythm.season.holds(on)
    return here and in_season and _stands(rulebook, rhythm, levels) and holds(rhythm.for_, facts)


def _stands(rulebook: Rulebook, rhythm: Rhythm, levels: Levels) -> bool:
    """Return whether the event that a rhythm waits for is on, at its level or above."""
    if not rhythm.while_:
        return True
    kind, level = rulebook.alerts.get(rhythm.while_), levels.get(rhythm.while_, "")
    if kind is None or not level:
        return False
    return not rhythm.from_level or kind.rank(level) >= kind.rank(rhythm.from_level)


@dataclass(frozen=True, slots=True)
class Made:
    """A visit that was made: on which day, and how, by an entry of the list of ways."""

    on: date
    way: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """A visit that does not count, and the equivalent whose share was used up; None: its way counts for nothing."""

    visit: Made
    used_up: Equivalent | None


@dataclass(frozen=True, slots=True)
class Count:
    """Which visits to somebody count, in order, and which do not."""

    counted: tuple[Made, ...]
    passed: tuple[Passed, ...]

    def within(self, period: Period) -> int:
        """Return how many that count lie in a period."""
        return sum(period.first <= visit.on <= period.last for visit in self.counted)


def counting(duty: Duty, visits: Iterable[Made]) -> Count:
    """Return which visits to somebody count under a duty, looked at from the first on.

    A visit by an equivalent way counts when with it no more than its share of the last visits that count were such.
    """
    counted: list[Made] = []
    passed: list[Passed] = []
    for visit in sorted(visits, key=lambda visit: visit.on):
        if not duty.way or visit.way in duty.in_full:
            counted.append(visit)
            continue
        equivalent = next((each for each in duty.equivalents if visit.way in each.by), None)
        if equivalent and _has_room(equivalent, counted):
            counted.append(visit)
        else:
            passed.append(Passed(visit, equivalent))
    return Count(tuple(counted), tuple(passed))


def _has_room(equivalent: Equivalent, counted: Sequence[Made]) -> bool:
    if not equivalent.of:
        return True
    last = counted[max(0, len(counted) - equivalent.of + 1) :]
    return sum(visit.way in equivalent.by for visit in last) < equivalent.at_most
