"""Figures: for whom and for which period an indicator 指标 counts a thing, and what the figures of a year come to.

A thing counts once, in the period in which it was settled: a task or duty in that of its end or of its due moment,
whichever came first (what is neither ended nor due yet says nothing about punctuality); a case when it was opened; a
visit, a paper, a report on its day. An entitlement counts in every period in which it held.

Figures of reports tell how things stood when their period was over, whenever they are counted: a stock 存量 is what was
there on its last day, and what became of a thing later is not told of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xunfang.division import Level, digits_of
from xunfang.rulebook.model import CATEGORY, Indicator, Rulebook
from xunfang.rules.conditions import holds
from xunfang.rules.indicators import Measured, points_for
from xunfang.rules.units import division_of
from xunfang.worktime import Every, Period, period_of, preceding

STANDING = "standing"
"""How a stock is counted: what is there when the period is over."""
COUNTY = ""
"""The owner of what is counted for the whole jurisdiction."""

_OWNERS = frozenset({"unit", CATEGORY, *map(str, Level)})
_PERIODS = tuple(Every)
_HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that indicators count: its key, what conditions read, where it lies, and which units answer for it.

    `days` are the first and the last on which it counts; the last is None for what still goes on. `person` is whom it
    is about, "" where nobody on record is.
    """

    key: str
    facts: Mapping[str, Any]
    residence: str
    units: tuple[str, ...]
    first: date
    last: date | None
    person: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of how many an owner has in a period; of what is added up, `part` is how much that is, in hundredths."""

    part: int = 0
    whole: int = 0

    def with_one(self, part: int) -> "Counted":
        """Return the same with one thing more, of which so much is as it should be."""
        return replace(self, part=self.part + part, whole=self.whole + 1)


def every_of(indicator: Indicator) -> Every:
    """Return how long its periods are: the shortest it names, a year where it names none."""
    return next((every for every in _PERIODS if every.value in indicator.per), Every.YEAR)


def owner_kind(indicator: Indicator) -> str:
    """Return whom it is counted for: "unit", a level of divisions, "category", or "" for the whole jurisdiction."""
    return next((each for each in indicator.per if each in _OWNERS), COUNTY)


def owners_of(rulebook: Rulebook, indicator: Indicator, thing: Thing) -> tuple[str, ...]:
    """Return for whom a thing counts: the units that answer for it, or the division it lies in; the whole as well."""
    kind = owner_kind(indicator)
    if kind == "unit":
        return (COUNTY, *dict.fromkeys(thing.units))
    if kind == CATEGORY:
        told = thing.facts.get(f"person.{CATEGORY}") or ()
        return (COUNTY, *dict.fromkeys(map(str, told if isinstance(told, (list, tuple)) else [told])))
    if kind == COUNTY:
        return (COUNTY,)
    digits = digits_of(kind)
    place = thing.residence or next((division_of(unit) for unit in thing.units if division_of(unit)), "")
    followed = rulebook.divisions.follow(place) if place else ""
    return (COUNTY, followed[:digits]) if len(followed) >= digits else (COUNTY,)


def end_of(period: Period, today: date) -> date:
    """Return the day as of which a report on a period is counted: its last, or today while it goes on."""
    return min(period.last, today)


def counts_in(thing: Thing, period: Period, by: str = "", today: date | None = None) -> bool:
    """Return whether a thing counts in a period: where it was then, or `by` the day on which it "begun" or "ended".

    One that is "standing" is there when the period is over, or today where that is still to come.
    """
    if by == STANDING:
        day = end_of(period, today or period.last)
        return thing.first <= day and (thing.last is None or thing.last >= day)
    if by == "begun":
        return period.first <= thing.first <= period.last
    if by == "ended":
        return thing.last is not None and period.first <= thing.last <= period.last
    return thing.first <= period.last and (thing.last is None or thing.last >= period.first)


def in_whole(indicator: Indicator, thing: Thing) -> bool:
    """Return whether an indicator counts a thing at all."""
    return holds(indicator.whole.where, thing.facts)


def in_part(indicator: Indicator, thing: Thing) -> bool:
    """Return whether a thing that is counted is as it should be."""
    return holds(indicator.part, thing.facts)


def count(
    rulebook: Rulebook,
    indicator: Indicator,
    period: Period,
    things: Iterable[Thing],
    before: Mapping[str, Counted],
    seen: set[tuple[str, str]] | None = None,
    today: date | None = None,
) -> dict[str, Counted]:
    """Return, by owner, how many of how many there are in a period with these things added to what was counted.

    `seen`: whom each owner was counted for before, where everybody counts once; they are added to it. `today`: the day
    of counting.
    """
    found, seen = dict(before), set() if seen is None else seen
    for thing in things:
        if not counts_in(thing, period, indicator.by, today) or not in_whole(indicator, thing):
            continue
        part = _part(indicator, thing)
        for owner in owners_of(rulebook, indicator, thing):
            if indicator.each and thing.person and (owner, thing.person) in seen:
                continue
            seen.add((owner, thing.person))
            found[owner] = found.get(owner, Counted()).with_one(part)
    return found


def _part(indicator: Indicator, thing: Thing) -> int:
    if indicator.sum:
        return round(amount_of(indicator, thing) * _HUNDREDTHS)
    return int(in_part(indicator, thing))


def amount_of(indicator: Indicator, thing: Thing) -> float:
    """Return how much a thing tells of what is added up; nothing told is nothing."""
    told = thing.facts.get(indicator.sum)
    numbers = told if isinstance(told, (list, tuple)) else (told,)
    return sum(each for each in numbers if isinstance(each, (int, float)) and not isinstance(each, bool))


def number_of(indicator: Indicator, counted: Counted) -> int | float:
    """Return the number that a figure of a report is: how many things, or what they add up to."""
    if not indicator.sum:
        return counted.whole
    whole, rest = divmod(counted.part, _HUNDREDTHS)
    return counted.part / _HUNDREDTHS if rest else whole


def shown(indicator: Indicator, counted: Counted) -> Measured:
    """Return what an indicator shows for what was counted: the ratio, and the points where it has any."""
    value = counted.part / counted.whole if counted.whole else None
    return Measured(counted.part, counted.whole, value, points_for(indicator, value))


@dataclass(frozen=True, slots=True)
class Total:
    """What the points of an owner come to: by indicator (the mean of its periods), and in all."""

    owner: str
    points: Mapping[str, float]

    @property
    def whole(self) -> float:
        """Return all of it together."""
        return round(sum(self.points.values()), 2)


def totals(
    rulebook: Rulebook, figures: Mapping[tuple[str, str], Sequence[Counted]], owners: Iterable[str]
) -> tuple[Total, ...]:
    """Return the points of every owner over a year, the best first, those of the same points by name.

    `figures`: of each indicator and owner, what was counted in each period of the year. The periods are counted
    together, part by part and whole by whole: a month with one thing weighs no more than that. An owner of whom an
    indicator counts nothing has no points of it, neither for nor against.
    """
    found = [_total(rulebook, figures, owner) for owner in owners]
    return tuple(sorted((each for each in found if each.points), key=lambda each: (-each.whole, each.owner)))


def _total(rulebook: Rulebook, figures: Mapping[tuple[str, str], Sequence[Counted]], owner: str) -> Total:
    return Total(owner, dict(_points(rulebook, figures, owner)))


def _points(
    rulebook: Rulebook, figures: Mapping[tuple[str, str], Sequence[Counted]], owner: str
) -> Iterator[tuple[str, float]]:
    for indicator in rulebook.indicators.values():
        counted = figures.get((indicator.id, owner), ())
        points = shown(indicator, together(counted)).points
        if points is not None:
            yield indicator.id, points


def together(counted: Iterable[Counted]) -> Counted:
    """Return what was counted in several periods as one."""
    found = tuple(counted)
    return Counted(sum(each.part for each in found), sum(each.whole for each in found))


def lately(indicator: Indicator, day: date, periods: int) -> tuple[Period, ...]:
    """Return the last periods of an indicator up to the one that a day lies in, oldest first."""
    found = [period_of(every_of(indicator), day)]
    while len(found) < periods:
        found.append(preceding(found[-1]))
    return tuple(reversed(found))
