"""What a reader wants of a ledger, as conditions on the things that it lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any

from xunfang.store.reading.sight import (
    ALWAYS,
    CASE,
    ENTITLEMENT,
    PERSON,
    as_it_is,
    cases_in_sight,
    one_by_one,
    people_in_sight,
)
from xunfang.store.reading.stretches import Stretch, lies_in, stretches_of
from xunfang.store.scope import Scope


class Told(StrEnum):
    """Columns of things by whose values a ledger may choose."""

    FLOW = "flow"
    STATE = "state"
    OUTCOME = "outcome"
    PROGRAMME = "programme"
    DUTY = "duty"
    KIND = "kind"


class Stands(StrEnum):
    """Which things are shown: all, those that go on, those that have ended."""

    ALL = "all"
    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which things to list; what is empty leaves nothing out.

    `among`: a column and the values it may have. `places`: divisions with all in them; `former`: besides, those that
    ended, each without what lay in it. `since`, `before`: moments, the same days as `first` and `last`, both included.
    `on`: the day on which an entitlement is held. `name` and `number` are exact; `indexes` are those of the number as
    one on somebody's paper. `oldest`: those first that others of a ledger come after.
    """

    among: tuple[tuple[Told, tuple[str, ...]], ...] = ()
    unended: bool = False
    places: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    since: datetime | None = None
    before: datetime | None = None
    first: str = ""
    last: str = ""
    on: str = ""
    stands: Stands = Stands.ALL
    name: str = ""
    number: str = ""
    indexes: tuple[str, ...] = ()
    oldest: bool = False


def among(model: Any, wanted: LedgerFilter) -> Any:
    """Return the condition that columns have values that are wanted, looked up by no index: see `as_it_is`."""
    condition = ALWAYS
    for column, values in wanted.among:
        condition = condition & as_it_is(getattr(model, column.value)).in_(list(values))
    return condition


def between(column: Any, since: Any, before: Any, *, included: bool = False) -> Any:
    """Return the condition that a moment, or a day, lies within a period."""
    condition = column.is_null(False)
    condition = condition & (column >= since) if since else condition
    if not before:
        return condition
    return condition & (column <= before if included else column < before)


def lives(column: Any, wanted: LedgerFilter) -> Any:
    """Return the condition that a place lies within the divisions that are looked at."""
    return reduce(or_, parts_of_places(column, wanted)) if wanted.places else column.is_null(False)


def parts_of_places(column: Any, wanted: LedgerFilter) -> Iterator[Any]:
    """Return the conditions of which one holds for what lies within the divisions looked at, each for an index."""
    return (lies_in(column, each) for each in stretches_wanted(wanted))


def stretches_wanted(wanted: LedgerFilter) -> Iterator[Stretch]:
    """Return the stretches of places that are looked at."""
    return stretches_of(wanted.places, wanted.former)


def namesakes(scope: Scope, wanted: LedgerFilter) -> Any:
    """Return the query of the people of a name."""
    people = PERSON.alias("namesake")
    return people.select(people.id).where((people.jurisdiction == scope.jurisdiction) & (people.name == wanted.name))


def found_people(scope: Scope, wanted: LedgerFilter) -> Any:
    """Return the query of the people in sight who have a number on a paper, or a case in sight of that number."""
    about = CASE.select(CASE.person).where((CASE.number == wanted.number) & cases_in_sight(scope))
    with_paper = PERSON.select(PERSON.id).where(PERSON.id_index.in_(wanted.indexes) & people_in_sight(scope))
    return about | with_paper


def _numbered(scope: Scope, wanted: LedgerFilter) -> Any:
    cases = CASE.alias("numbered")
    return cases.select(cases.id).where((cases.jurisdiction == scope.jurisdiction) & (cases.number == wanted.number))


def searched(scope: Scope, wanted: LedgerFilter, person: Any, case: Any) -> Any:
    """Return the condition that something is about somebody of a name, or of the case of a number."""
    condition = ALWAYS
    condition = condition & person.in_(namesakes(scope, wanted)) if wanted.name else condition
    return condition & case.in_(_numbered(scope, wanted)) if wanted.number else condition


def ended(column: Any, wanted: LedgerFilter) -> Any:
    """Return the condition that something goes on, or has ended."""
    if wanted.stands is Stands.ALL:
        return ALWAYS
    return column.is_null(wanted.stands is Stands.OPEN)


def of_case_sought(case: Any, scope: Scope, wanted: LedgerFilter) -> Any:
    """Return the condition that something is of a case of the place, the name and the number that are wanted."""
    cases = CASE.alias("sought")
    found = lives(cases.residence, wanted) & searched(scope, wanted, cases.person, cases.id)
    if wanted.name or wanted.number:
        return case.in_(cases.select(cases.id).where((cases.jurisdiction == scope.jurisdiction) & found))
    return one_by_one(cases, (cases.id == case) & found) if wanted.places else ALWAYS


def standing(wanted: LedgerFilter) -> Any:
    """Return the condition that something is held, or is no more, on the day that is asked about."""
    held = ENTITLEMENT.state.in_(["granted", "suspended"]) & (ENTITLEMENT.since <= wanted.on)
    held = held & (ENTITLEMENT.until.is_null() | (ENTITLEMENT.until >= wanted.on))
    return {Stands.ALL: ALWAYS, Stands.OPEN: held, Stands.ENDED: ~held}[wanted.stands]
