"""Visits owed 走访对象: by which forms people are visited, what is known of them, and on which day it is planned."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from xunfang.rulebook.conditions import facts_of
from xunfang.rulebook.model import CATEGORY, Duty, Rulebook
from xunfang.rules.rhythms import Made, counting
from xunfang.worktime import Period, WorkCalendar, period_of

ADDED = "person.category_added"
HELD, ENTITLED = f"person.{CATEGORY}", "person.entitled"
_GOLDEN = 0.6180339887498949
"""The share by which days are spread evenly, however many there come to be."""


@lru_cache(maxsize=64)
def visiting_forms(rulebook: Rulebook) -> tuple[str, ...]:
    """Return the forms that do what is owed about people, each once."""
    return tuple(dict.fromkeys(duty.satisfied_by for duty in rulebook.duties.values() if is_about_people(duty)))


def is_about_people(duty: Duty) -> bool:
    """Return whether a duty asks for visits to people, one by one, period by period."""
    recurs = bool(duty.every) or bool(duty.rhythms)
    return bool(duty.satisfied_by) and recurs and not duty.while_ and (duty.for_ is not None or bool(duty.rhythms))


@lru_cache(maxsize=64)
def asked_of_people(rulebook: Rulebook) -> frozenset[str]:
    """Return the facts, by their bare names, that visits to somebody may depend on."""
    asking = (duty for duty in rulebook.duties.values() if is_visiting(duty))
    conditions = (each for duty in asking for each in (duty.for_, *(rhythm.for_ for rhythm in duty.rhythms)))
    facts = (fact for condition in conditions if condition for fact in facts_of(condition))
    return frozenset(fact.removeprefix("answers.") for fact in facts)


def asks_at_once(duty: Duty) -> bool:
    """Return whether a duty asks for a visit to somebody who comes to be of a category."""
    return bool(duty.satisfied_by) and duty.on == ADDED


def is_visiting(duty: Duty) -> bool:
    """Return whether a duty is done by visits, whoever is visited: nothing is handed in under it."""
    return bool(duty.satisfied_by)


def facts_about(
    residence: str, registration: str, sex: str, held: Iterable[str], entitled: Iterable[str]
) -> dict[str, Any]:
    """Return what the registry tells of somebody as the facts that duties about people ask for."""
    categories = list(held)
    return {
        "residence": residence,
        "person.residence": residence,
        "registration": registration,
        "person.sex": sex,
        "categories": categories,
        HELD: categories,
        ENTITLED: list(entitled),
    }


def counted(duty: Duty, visits: Iterable[Made], period: Period) -> int:
    """Return how many of the visits to somebody count for a period: by their day, whenever they were told."""
    return counting(duty, visits).within(period)


@lru_cache(maxsize=64)
def counting_since(rulebook: Rulebook, day: date) -> Mapping[str, date]:
    """Return, by the form of visits, since when they may still count for what is owed on a day: the longest period."""
    found: dict[str, date] = {}
    for duty in filter(is_visiting, rulebook.duties.values()):
        each = (duty.every, *(rhythm.every for rhythm in duty.rhythms))
        begun = (period_of(every, day, duty.starting).first for every in each if every)
        found[duty.satisfied_by] = min((found.get(duty.satisfied_by, day), *begun))
    return found


def planned_day(calendar: WorkCalendar, period: Period, nth: int, since: date) -> date:
    """Return for which day the nth of a unit's visits is planned: spread over the workdays that are left of a period.

    A period that has none is spread over all its days. However many there come to be, none of the days is crowded.
    """
    first = max(period.first, min(since, period.last))
    days = _days(calendar, first, period.last)
    return days[int((nth * _GOLDEN) % 1 * len(days))]


@lru_cache(maxsize=256)
def _days(calendar: WorkCalendar, first: date, last: date) -> tuple[date, ...]:
    days = tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in days if calendar.day(day).is_workday) or days
