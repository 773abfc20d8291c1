"""What stands on a division now, in numbers: for whoever is about to change it in the rules."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from peewee import SQL, fn

from xunfang.division import bounds
from xunfang.store.database import Reader
from xunfang.store.reading.paging import Count
from xunfang.store.reading.sight import CASE, DUTY, PERSON, TASK
from xunfang.store.rows import model_of
from xunfang.store.tables import Account, Alert, Notice, NumberSeries, OwedThing

_ACCOUNT, _ALERT, _NOTICE = model_of(Account), model_of(Alert), model_of(Notice)
_OWED, _SERIES = model_of(OwedThing), model_of(NumberSeries)
MOST_COUNTED = 200
MOST_NAMED = 30
"""So many accounts are named, and so many series."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How much stands on a division and all within it; accounts by name and unit, series by pattern and last number."""

    people: Count
    cases: Count
    tasks: Count
    duties: Count
    visits: Count
    papers: Count
    alerts: Count
    accounts: tuple[tuple[str, str], ...]
    more_accounts: bool
    series: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A division of a jurisdiction, and the ids of the units that there is one of in each of its like or below."""

    jurisdiction: str
    code: str
    units: tuple[str, ...]


def standing_on(reader: Reader, place: Place, pending: Collection[str]) -> Standing:
    """Return how much stands on a division; `pending` says how a paper stands that has no number yet."""

    def count(model: Any, condition: Any) -> Count:
        return _capped(reader, model.select().where((model.jurisdiction == place.jurisdiction) & condition))

    lives = _within(CASE.residence, place.code)
    named = reader.fetch(_accounts(place))
    return Standing(
        people=count(PERSON, _within(PERSON.residence, place.code)),
        cases=count(CASE, CASE.closed_at.is_null() & lives),
        tasks=count(TASK, TASK.ended_at.is_null() & _of_units(TASK.unit, place)),
        duties=count(DUTY, DUTY.ended_at.is_null() & _of_units(DUTY.unit, place)),
        visits=count(_OWED, (_OWED.status == "owed") & _of_units(_OWED.unit, place)),
        papers=count(_NOTICE, _NOTICE.n.is_null() & _NOTICE.status.in_(list(pending)) & _of_units(_NOTICE.unit, place)),
        alerts=count(_ALERT, _ALERT.ended_at.is_null() & _of_units(_ALERT.unit, place)),
        accounts=tuple((str(row["name"]), str(row["unit"])) for row in named[:MOST_NAMED]),
        more_accounts=len(named) > MOST_NAMED,
        series=tuple((str(row["series"]), int(row["year"]), int(row["n"])) for row in reader.fetch(_series(place))),
    )


def series_of_year(reader: Reader, jurisdiction: str, series: Collection[str], year: int) -> dict[str, int]:
    """Return the last number given out this year in each of these series, as far as any was."""
    names = sorted(series)
    found: dict[str, int] = {}
    for begin in range(0, len(names), MOST_COUNTED):
        some = names[begin : begin + MOST_COUNTED]
        wanted = (_SERIES.jurisdiction == jurisdiction) & (_SERIES.year == year) & _SERIES.series.in_(some)
        found |= {str(row["series"]): int(row["n"]) for row in reader.fetch(_SERIES.select().where(wanted))}
    return found


def _capped(reader: Reader, query: Any) -> Count:
    some = query.select(SQL("1").alias("one")).limit(MOST_COUNTED)
    n = int(reader.fetch(some.select_from(fn.COUNT(SQL("1")).alias("n")))[0]["n"])
    return Count(n, more=n >= MOST_COUNTED)


def _within(column: Any, code: str) -> Any:
    low, high = bounds(code)
    return (column >= low) & (column < high)


def _of_units(column: Any, place: Place) -> Any:
    """Return the condition that something is of a unit there is one of in each division, within this one."""
    return reduce(or_, _unit_ranges(column, place), SQL("0 = 1"))


def _unit_ranges(column: Any, place: Place) -> Iterator[Any]:
    return (_within(column, f"{unit}:{place.code}") for unit in place.units)


def _accounts(place: Place) -> Any:
    there = _of_units(_ACCOUNT.unit, place) | _within(_ACCOUNT.division, place.code)
    wanted = (_ACCOUNT.jurisdiction == place.jurisdiction) & (_ACCOUNT.state == "active") & there
    return _ACCOUNT.select(_ACCOUNT.name, _ACCOUNT.unit).where(wanted).order_by(_ACCOUNT.id).limit(MOST_NAMED + 1)


def _series(place: Place) -> Any:
    wanted = (_SERIES.jurisdiction == place.jurisdiction) & _SERIES.series.contains(f"@{place.code}")
    kept = (_SERIES.series, _SERIES.year, _SERIES.n)
    return _SERIES.select(*kept).where(wanted).order_by(_SERIES.year.desc(), _SERIES.series).limit(MOST_NAMED)
