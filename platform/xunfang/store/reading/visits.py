"""What planning visits 走访 reads, some people at a time; and the lists of what is owed about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from peewee import SQL, Tuple, fn

from xunfang.store.columns import to_seconds
from xunfang.store.composing import in_few_shapes
from xunfang.store.database import Reader
from xunfang.store.reading.alike import found_alike
from xunfang.store.rows import model_of
from xunfang.store.tables import (
    Amendment,
    Case,
    Clue,
    DutyPeriod,
    Entitlement,
    Holding,
    OwedThing,
    Person,
    Submission,
    Visit,
)

_PERSON, _THING, _VISIT = model_of(Person), model_of(OwedThing), model_of(Visit)
_DUTY, _CASE, _CLUE, _SUBMISSION = model_of(DutyPeriod), model_of(Case), model_of(Clue), model_of(Submission)
_SETTLED_ANEW = ("owed", "missed")
DIED = "died"
"""What is written down of somebody who is visited no more, whether they belonged to a household or not."""


@dataclass(slots=True)
class Resident:
    """Somebody as planning asks about them, with whatever is kept of them and may bind a visit."""

    id: str
    residence: str
    registration: str
    sex: str
    holdings: Sequence[Holding]
    entitlements: Sequence[Entitlement]
    things: Sequence[OwedThing]
    visits: Sequence[Visit]
    alive: bool
    stands_for: str
    """The record under which visits to this person are owed, where several are one person: the oldest of them."""


def people_after(reader: Reader, jurisdiction: str, after: tuple[str, str], most: int) -> list[dict[str, Any]]:
    """Return the next people of a jurisdiction in the order of where they live."""
    return reader.ask(_next, jurisdiction, after, most)


def _next(jurisdiction: str, after: tuple[str, str], most: int) -> Any:
    query = _PERSON.select(_PERSON.id, _PERSON.residence, _PERSON.registration, _PERSON.sex)
    query = query.where((_PERSON.jurisdiction == jurisdiction) & (Tuple(_PERSON.residence, _PERSON.id) > after))
    return query.order_by(_PERSON.residence, _PERSON.id).limit(most)


def people_with(reader: Reader, keys: Iterable[str]) -> list[dict[str, Any]]:
    """Return what planning asks of these people."""
    wanted = in_few_shapes(keys)
    return reader.ask(_these, wanted) if wanted else []


def _these(keys: tuple[str, ...]) -> Any:
    columns = (_PERSON.id, _PERSON.residence, _PERSON.registration, _PERSON.sex)
    return _PERSON.select(*columns).where(_PERSON.id.in_(keys))


def residents(
    reader: Reader, people: Sequence[Mapping[str, Any]], since: date, counting: Mapping[str, date]
) -> list[Resident]:
    """Return people with what may bind a visit to them: what was owed for periods that end since a day, or later.

    Of visits come those that may count for it: of each form since the day that `counting` tells, and since the first
    of what is open still, which earlier rules may have asked for.
    """
    if not people:
        return []
    alike = found_alike(reader, [each["id"] for each in people])
    every = sorted({*alike, *(each["id"] for each in people)})
    holdings = _by_person(reader.of_keys(Holding, "person", every))
    entitlements = _by_person(reader.of_keys(Entitlement, "person", every, withdrawn_at=None))
    things = _by_person(reader.of_keys(OwedThing, "person", every, ("ends_on", since.isoformat())))
    forms = _since(counting, (row for rows in things.values() for row in rows))
    visits = _by_person(reader.ask_rows(Visit, _visited, in_few_shapes(every), forms)) if forms else {}
    dead = {row.person for row in reader.of_keys(Amendment, "person", every, field=DIED)}
    found = []
    for each in people:
        group = alike.get(each["id"], (each["id"],))
        found.append(
            Resident(
                **{name: each[name] for name in ("id", "residence", "registration", "sex")},
                holdings=[row for key in group for row in holdings.get(key, ())],
                entitlements=[row for key in group for row in entitlements.get(key, ())],
                things=things.get(each["id"], ()),
                visits=[row for key in group for row in visits.get(key, ())],
                alive=dead.isdisjoint(group),
                stands_for=min(group),
            )
        )
    return found


def _by_person(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.person, []).append(row)
    return found


def _since(counting: Mapping[str, date], things: Iterable[OwedThing]) -> tuple[tuple[str, str], ...]:
    """Return from which day on the visits of each form are wanted."""
    found = dict(counting)
    for thing in things:
        about = thing.subject == "visit" and thing.status in _SETTLED_ANEW
        if about and thing.begins_on < found.get(thing.matter, date.max):
            found[thing.matter] = thing.begins_on
    return tuple((form, since.isoformat()) for form, since in sorted(found.items()))


def _visited(keys: tuple[str, ...], forms: tuple[tuple[str, str], ...]) -> Any:
    each = ((_VISIT.form == form) & (SQL('"visited_on"') >= since) for form, since in forms)
    return _VISIT.select().where(_VISIT.person.in_(keys) & reduce(or_, each))


def forms_about(reader: Reader, people: Sequence[Resident]) -> dict[str, set[str]]:
    """Return, by person, the key of every form that told something of them, however long ago."""
    keys: dict[str, set[str]] = {each.id: set() for each in people}
    every = in_few_shapes(keys)
    for row in (row for told in (_reported, _told_visiting) for row in reader.ask(told, every)):
        keys[row["person"]].add(row["submission"])
    for each in people:
        kept = (each.holdings, each.entitlements, each.visits)
        keys[each.id] |= {row.submission for rows in kept for row in rows if row.submission}
    return keys


def filled_in(reader: Reader, keys: Iterable[str]) -> list[Submission]:
    """Return the filled forms of these keys."""
    wanted = in_few_shapes(sorted(keys))
    return reader.ask_rows(Submission, _filled, wanted) if wanted else []


def _reported(people: tuple[str, ...]) -> Any:
    joined = _CASE.select(_CASE.person, _CLUE.submission).join(_CLUE, on=(_CLUE.case == _CASE.id))
    return joined.where(_CASE.person.in_(people) & _CLUE.withdrawn_at.is_null())


def _told_visiting(people: tuple[str, ...]) -> Any:
    return _VISIT.select(_VISIT.person, _VISIT.submission).where(_VISIT.person.in_(people))


def _filled(keys: tuple[str, ...]) -> Any:
    return _SUBMISSION.select().where(_SUBMISSION.id.in_(keys))


def wholes(reader: Reader, jurisdiction: str, duties: Sequence[str], since: date) -> list[DutyPeriod]:
    """Return what units owe as a whole under these duties, for periods begun since a day; the latest turn last."""
    query = _DUTY.select().where(
        (_DUTY.jurisdiction == jurisdiction) & (_DUTY.begins_on >= since) & _DUTY.duty.in_(list(duties))
    )
    found = [DutyPeriod(**row) for row in reader.fetch(query)]
    return sorted(found, key=lambda row: row.turn)


def counts_of(reader: Reader, periods: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return, by what a unit owes as a whole, how many things of it stand how."""
    if not periods:
        return {}
    found: dict[str, dict[str, int]] = {}
    for row in reader.ask(_counted, in_few_shapes(periods)):
        found.setdefault(row["period"], {})[row["status"]] = int(row["n"])
    return found


def _counted(periods: tuple[str, ...]) -> Any:
    counted = fn.COUNT(SQL("1")).alias("n")
    query = _THING.select(_THING.period, _THING.status, counted).where(_THING.period.in_(periods))
    return query.group_by(_THING.period, _THING.status)


def visits_made(
    reader: Reader, jurisdiction: str, form: str, place: tuple[str, str], days: tuple[date, date], most: int
) -> list[tuple[date, str]]:
    """Return the days and ways of visits by a form within a place (its bounds) and days, up to so many."""
    first, last = (day.isoformat() for day in days)
    rows = reader.ask(_made, jurisdiction, form, place, first, last, most)
    return [(row["visited_on"], row["way"]) for row in rows]


def _made(jurisdiction: str, form: str, place: tuple[str, str], first: str, last: str, most: int) -> Any:
    here = (_VISIT.residence >= place[0]) & (_VISIT.residence < place[1]) & (_VISIT.form == form)
    when = (SQL('"visited_on"') >= first) & (SQL('"visited_on"') <= last)
    query = _VISIT.select(_VISIT.visited_on, _VISIT.way).where((_VISIT.jurisdiction == jurisdiction) & here & when)
    return query.limit(most)


def open_wholes(reader: Reader, jurisdiction: str, duties: Sequence[str], after: str, most: int) -> list[DutyPeriod]:
    """Return the next of what units still owe under these duties, in the order of keys."""
    return reader.ask_rows(DutyPeriod, _open, jurisdiction, tuple(duties), after, most)


def _open(jurisdiction: str, duties: tuple[str, ...], after: str, most: int) -> Any:
    theirs = (_DUTY.jurisdiction == jurisdiction) & _DUTY.ended_at.is_null() & _DUTY.duty.in_(duties)
    return _DUTY.select().where(theirs & (_DUTY.id > after)).order_by(_DUTY.id).limit(most)


def visits_since(reader: Reader, people: Sequence[str], at: datetime) -> list[str]:
    """Return those of these people of whom a visit was told at a moment or later."""
    later = _VISIT.told_at >= to_seconds(at)
    found = reader.fetch(_VISIT.select(_VISIT.person).where(_VISIT.person.in_(list(people)) & later).distinct())
    return [row["person"] for row in found]


def overlooked(reader: Reader, jurisdiction: str, before: date, most: int) -> list[OwedThing]:
    """Return some of what is still owed for periods that were over before a day."""
    return reader.ask_rows(OwedThing, _stale, jurisdiction, "owed", before.isoformat(), most)


def _stale(jurisdiction: str, status: str, before: str, most: int) -> Any:
    owed = (_THING.jurisdiction == jurisdiction) & (_THING.status == status)
    return _THING.select().where(owed & (SQL('"ends_on"') < before)).limit(most)
