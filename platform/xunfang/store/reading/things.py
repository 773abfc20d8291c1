"""The lists of what is owed about people 走访对象, one by one: of a unit, or of what a unit owes as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from peewee import fn

from xunfang.errors import NotFound
from xunfang.rules.overdue import overdue
from xunfang.store.composing import in_few_shapes
from xunfang.store.database import Reader
from xunfang.store.reading.case_file import person_view
from xunfang.store.reading.paging import Count, Listing, Page, ask_page, capped_count
from xunfang.store.reading.sight import CASE, DUTY, PERSON, duties_in_sight, of_unit, people_in_sight
from xunfang.store.reading.visits import counts_of
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Drawing, DutyPeriod, Holding, OwedThing, Person, Task, Visit

_THING, _VISIT, _HOLDING = model_of(OwedThing), model_of(Visit), model_of(Holding)
_MOST_WHOLES = 50


class Which(StrEnum):
    """Which of what is owed a list shows."""

    OWED = "owed"
    DONE = "done"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class ThingItem:
    """One line: what is owed about somebody, who that is, of which categories, and when they were visited last.

    `case` is the key and the number of the case that it is about, if it is about one.
    """

    thing: OwedThing
    name: str
    phones: tuple[str, ...]
    categories: tuple[str, ...]
    visited_on: date | None
    case: tuple[str, str]


def thing_page(reader: Reader, scope: Scope, which: Which, after: str, period: str = "") -> Page[ThingItem]:
    """Return a page of what is owed by the reader's unit, or as part of a whole that is in sight; planned first first.

    What is done is listed newest first.
    """
    page = ask_page(reader, lambda row: str(row["id"]), after, _listed, scope, which, period)
    return Page(tuple(thing_items(reader, page.items)), page.next)


def _listed(scope: Scope, which: Which, period: str) -> Listing:
    mine = _THING.period == period if period else of_unit(_THING.unit, scope)
    found = (_THING.jurisdiction == scope.jurisdiction) & mine & (_THING.status == which)
    query = _THING.select(_THING.id).where(found & _person_seen(scope))
    return Listing(query, (_THING.planned_at, _THING.id), newest_first=which is Which.DONE)


def _person_seen(scope: Scope) -> Any:
    return fn.EXISTS(PERSON.select(PERSON.id).where((PERSON.id == _THING.person) & people_in_sight(scope)))


def thing_counts(reader: Reader, scope: Scope, now: datetime, tonight: datetime) -> dict[str, Count]:
    """Return how many things the reader's unit owes: in all, planned up to tonight, and late."""
    return {
        "owed": capped_count(reader, _mine, scope),
        "today": capped_count(reader, _planned, scope, tonight),
        "late": capped_count(reader, _late, scope, now),
    }


def _mine(scope: Scope) -> Any:
    ours = (_THING.jurisdiction == scope.jurisdiction) & of_unit(_THING.unit, scope)
    return _THING.select(_THING.id).where(ours & (_THING.status == "owed"))


def _planned(scope: Scope, until: datetime) -> Any:
    return _mine(scope).where(_THING.planned_at <= until)


def _late(scope: Scope, now: datetime) -> Any:
    return _mine(scope).where(overdue(_THING.due_at, now))


def thing_items(reader: Reader, keys: Sequence[str]) -> list[ThingItem]:
    """Return lines of what is owed, in the order of these keys."""
    if not keys:
        return []
    wanted = in_few_shapes(keys)
    things = {row.id: row for row in reader.ask_rows(OwedThing, _with, OwedThing, wanted)}
    people = in_few_shapes(sorted({row.person for row in things.values()}))
    persons = {row.id: row for row in reader.ask_rows(Person, _with, Person, people)}
    held: dict[str, list[str]] = {}
    for row in reader.ask_rows(Holding, _held, people):
        held.setdefault(row.person, []).append(row.category)
    cases = in_few_shapes(sorted({row.about for row in things.values() if row.about != row.person}))
    numbers = {row["id"]: row["number"] for row in reader.ask(_numbers, cases)}
    last = {row["person"]: date.fromisoformat(str(row["last"])) for row in reader.ask(_last, people)}
    found = []
    for thing in (things[key] for key in keys):
        view = person_view(persons[thing.person], reader.database.keys)
        phones = tuple(phone for phone, _ in view.phones)
        kept = tuple(dict.fromkeys(held.get(thing.person, ())))
        found.append(ThingItem(thing, view.name, phones, kept, last.get(thing.person), _case(thing, numbers)))
    return found


def _with(row: type[Any], keys: tuple[str, ...]) -> Any:
    model = model_of(row)
    return model.select().where(model.id.in_(keys))


def _numbers(cases: tuple[str, ...]) -> Any:
    return CASE.select(CASE.id, CASE.number).where(CASE.id.in_(cases))


def _case(thing: OwedThing, numbers: Mapping[str, str]) -> tuple[str, str]:
    return (thing.about, numbers[thing.about]) if thing.about in numbers else ("", "")


def _held(people: tuple[str, ...]) -> Any:
    return _HOLDING.select().where(_HOLDING.person.in_(people) & _HOLDING.until.is_null())


def _last(people: tuple[str, ...]) -> Any:
    last = fn.MAX(_VISIT.visited_on.cast("TEXT")).alias("last")
    return _VISIT.select(_VISIT.person, last).where(_VISIT.person.in_(people)).group_by(_VISIT.person)


def thing_in_sight(reader: Reader, scope: Scope, key: str) -> OwedThing:
    """Return one thing that is owed, by the reader's unit or as part of a whole in sight; raises NotFound."""
    found = reader.ask_rows(OwedThing, _one, scope, key)
    if not found:
        raise NotFound()
    return found[0]


def _one(scope: Scope, key: str) -> Any:
    whole = fn.EXISTS(DUTY.select(DUTY.id).where((DUTY.id == _THING.period) & duties_in_sight(scope)))
    seen = (of_unit(_THING.unit, scope) | whole) & _person_seen(scope)
    return _THING.select().where((_THING.id == key) & (_THING.jurisdiction == scope.jurisdiction) & seen)


def wholes_open(reader: Reader, scope: Scope, duties: Sequence[str]) -> list[tuple[DutyPeriod, Task]]:
    """Return what the reader's unit still owes as a whole under these duties, what is due first first."""
    if not duties:
        return []
    ours = (DUTY.jurisdiction == scope.jurisdiction) & of_unit(DUTY.unit, scope)
    query = DUTY.select(DUTY.id).where(ours & DUTY.ended_at.is_null() & DUTY.duty.in_(list(duties)))
    keys = [row["id"] for row in reader.fetch(query.limit(_MOST_WHOLES))]
    wholes = [whole for key in keys if (whole := reader.find(DutyPeriod, key))]
    found = [(whole, task) for whole in wholes if (task := reader.first(Task, about=whole.id))]
    return sorted(found, key=lambda both: (both[1].due_at is None, both[1].due_at, both[0].id))


@dataclass(frozen=True, slots=True)
class ThingReader:
    """The readings of what is owed about people within a scope."""

    reader: Reader
    scope: Scope

    def page(self, which: Which, after: str = "", period: str = "") -> Page[ThingItem]:
        """Return a page of what the reader's unit owes about people, or of a whole that the caller found in sight."""
        return thing_page(self.reader, self.scope, which, after, period)

    def one(self, key: str) -> ThingItem:
        """Return what is owed about somebody, in sight; raises NotFound for any other."""
        return thing_items(self.reader, [thing_in_sight(self.reader, self.scope, key).id])[0]

    def counts(self, now: datetime, tonight: datetime) -> dict[str, Count]:
        """Return how many things the reader's unit owes: in all, planned up to tonight, and late."""
        return thing_counts(self.reader, self.scope, now, tonight)

    def wholes(self, duties: Sequence[str]) -> list[tuple[DutyPeriod, Task]]:
        """Return what the reader's unit still owes as a whole under these duties, what is due first first."""
        return wholes_open(self.reader, self.scope, duties)

    def drawing(self, period: str) -> Drawing | None:
        """Return the draw of what is owed as a whole and the caller found in sight, None where nothing was drawn."""
        return self.reader.first(Drawing, period=period)

    def of(self, periods: Sequence[str]) -> dict[str, dict[str, int]]:
        """Return, by what is owed as a whole and the caller found in sight, how many things stand how."""
        return counts_of(self.reader, periods)
