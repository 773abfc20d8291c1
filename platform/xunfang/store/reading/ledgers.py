"""Which things a ledger 台账 lists: a page of their keys, newest first, within sight.

What of a ledger's `where` and of a reader's filter columns tell is decided here, by indexes; all else is decided on
the facts of the lines, page by page. What is rare is looked for in a WINDOW: a page may hold few, and still go on.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from peewee import JOIN, SQL, Join, fn

from xunfang.division import bounds
from xunfang.store.database import Reader
from xunfang.store.reading.paging import WINDOW, Cursor, Listing, Page, ask_page, ask_through
from xunfang.store.reading.sight import (
    CASE,
    CLUE,
    DUTY,
    ENTITLEMENT,
    IN_SIGHT,
    PERSON,
    TASK,
    VISIT,
    cases_in_sight,
    duties_in_sight,
    entitlements_in_sight,
    grounds_of_sight,
    is_county_wide,
    of_unit,
    parts_within,
    places_to_look,
    visits_in_sight,
    within,
)
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Holding, Notice, Publication

_NOTICE, _HOLDING, _POSTED = model_of(Notice), model_of(Holding), model_of(Publication)
_STAGES = ("open", "closed", "archived", "void", "shelved")


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

    `among`: a column and the values it may have. `place`: a division. `since`, `before`: moments, the same days as
    `first` and `last`, both included. `on`: the day on which an entitlement is held. `name` and `number` are exact.
    """

    among: tuple[tuple[Told, tuple[str, ...]], ...] = ()
    unended: bool = False
    place: str = ""
    since: datetime | None = None
    before: datetime | None = None
    first: str = ""
    last: str = ""
    on: str = ""
    stands: Stands = Stands.ALL
    name: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A thing of a page, and where a page begins that goes on after it."""

    key: str
    after: str


def ledger_page(
    reader: Reader, scope: Scope, of: str, wanted: LedgerFilter, after: str, most: int = WINDOW
) -> Page[Found]:
    """Return a page of the things of a kind that are in sight and wanted, looking through so many at most."""
    compose, narrow = _LISTS[of], not is_county_wide(scope) or (bool(wanted.place) and of == "case")
    if narrow or wanted.name or wanted.number:
        return ask_page(reader, _found, after, compose, scope, wanted, True)
    return ask_through(reader, _found, after, compose, scope, wanted, False, most=most)


def _found(row: Mapping[str, Any]) -> Found:
    return Found(str(row["key"]), str(Cursor.of(row["page_at"], str(row["page_id"]))))


# ----- what is wanted, as conditions


def _among(model: Any, wanted: LedgerFilter) -> Any:
    condition = model.id.is_null(False)
    for column, values in wanted.among:
        condition = condition & getattr(model, column.value).in_(list(values))
    return condition


def _between(column: Any, since: Any, before: Any, *, included: bool = False) -> Any:
    condition = column.is_null(False)
    condition = condition & (column >= since) if since else condition
    if not before:
        return condition
    return condition & (column <= before if included else column < before)


def _lives(column: Any, wanted: LedgerFilter) -> Any:
    """Return the condition that a place lies within the division that is looked at."""
    if not wanted.place:
        return column.is_null(False)
    low, high = bounds(wanted.place)
    return (column >= low) & (column < high)


def _namesakes(scope: Scope, wanted: LedgerFilter) -> Any:
    people = PERSON.alias("namesake")
    return people.select(people.id).where((people.jurisdiction == scope.jurisdiction) & (people.name == wanted.name))


def _numbered(scope: Scope, wanted: LedgerFilter) -> Any:
    cases = CASE.alias("numbered")
    return cases.select(cases.id).where((cases.jurisdiction == scope.jurisdiction) & (cases.number == wanted.number))


def _searched(scope: Scope, wanted: LedgerFilter, person: Any, case: Any) -> Any:
    """Return the condition that something is about somebody of a name, or of the case of a number."""
    condition = person.is_null(False)
    condition = condition & person.in_(_namesakes(scope, wanted)) if wanted.name else condition
    return condition & case.in_(_numbered(scope, wanted)) if wanted.number else condition


def _ended(column: Any, wanted: LedgerFilter) -> Any:
    if wanted.stands is Stands.ALL:
        return SQL("1 = 1")
    return column.is_null(wanted.stands is Stands.OPEN)


# ----- how the things of each kind are listed


def _listing(model: Any, at: Any, found: Any, through: Any, spans: Iterator[Listing] | None = None) -> Listing:
    """Return a listing, newest first: in its spans, or among all of the jurisdiction."""
    by, keys = (at, model.id), model.select(model.id.alias("key"))
    if spans is not None:
        return Listing(keys, by, newest_first=True, spans=tuple(spans), steady=True)
    return Listing(keys.where(found), by, newest_first=True, through=model.select().where(through))


def _cases(scope: Scope, wanted: LedgerFilter, narrow: bool) -> Listing:
    ours = CASE.jurisdiction == scope.jurisdiction
    sought = _among(CASE, wanted) & _between(CASE.opened_at, wanted.since, wanted.before)
    sought = sought & _ended(CASE.closed_at, wanted) & _lives(CASE.residence, wanted)
    sought = sought & _searched(scope, wanted, CASE.person, CASE.id)
    places = _places(scope, wanted)
    if not narrow or not places or wanted.name or wanted.number:
        return _listing(CASE, CASE.opened_at, cases_in_sight(scope) & sought, ours)
    grounds = sought if scope.is_system or is_county_wide(scope) else grounds_of_sight(scope) & sought
    return _listing(CASE, CASE.opened_at, None, ours, _spans_of_cases(scope, places, grounds, wanted))


def _places(scope: Scope, wanted: LedgerFilter) -> tuple[str, ...]:
    """Return under whom all cases that are looked for are written down."""
    return (wanted.place,) if wanted.place else places_to_look(scope)


def _spans_of_cases(scope: Scope, places: tuple[str, ...], found: Any, wanted: LedgerFilter) -> Iterator[Listing]:
    seen = IN_SIGHT.alias("seen")
    keys = seen.select(seen.case.alias("key")).from_(Join(seen, CASE, JOIN.CROSS)).where((CASE.id == seen.case) & found)
    period = _between(seen.at, wanted.since, wanted.before)
    for who in places:
        for stage in _STAGES:
            here = (seen.jurisdiction == scope.jurisdiction) & (seen.who == who) & (seen.stage == stage)
            yield Listing(keys.where(here & period), (seen.at, seen.case), newest_first=True)


def _of_seen_cases(model: Any, scope: Scope, found: Any, at: Any) -> Listing:
    """Return the span of what belongs to the cases that are in sight by the unit or the division."""
    seen = IN_SIGHT.alias("seen")
    here = (seen.jurisdiction == scope.jurisdiction) & seen.who.in_(places_to_look(scope)) & (CASE.id == seen.case)
    cases = CASE.select(CASE.id).from_(Join(seen, CASE, JOIN.CROSS)).where(here & grounds_of_sight(scope))
    query = model.select(model.id.alias("key")).where(model.case.in_(cases) & found)
    return Listing(query, (at, model.id), newest_first=True)


_PASSED_ON = ("transferred", "withdrawn")
"""How tasks ended that somebody else went on with, or nobody: no ledger lists them."""


def _tasks(scope: Scope, wanted: LedgerFilter, narrow: bool) -> Listing:
    ours = (TASK.jurisdiction == scope.jurisdiction) & (TASK.case != "")
    sought = _among(TASK, wanted) & (TASK.role == "lead") & TASK.status.not_in(_PASSED_ON) & (TASK.case != "")
    sought = sought & _between(TASK.opened_at, wanted.since, wanted.before) & _ended(TASK.ended_at, wanted)
    sought = sought & _lives(TASK.residence, wanted)
    if wanted.number or wanted.name:
        sought = sought & TASK.case.in_(_cases_sought(scope, wanted))
    mine = of_unit(TASK.unit, scope) | within(TASK.residence, scope)
    found = ours & sought if scope.is_system else ours & mine & sought
    spans = _spans_of_tasks(scope, sought) if narrow and not is_county_wide(scope) else None
    return _listing(TASK, TASK.jurisdiction, found, ours, spans)


def _cases_sought(scope: Scope, wanted: LedgerFilter) -> Any:
    cases = CASE.alias("sought")
    return cases.select(cases.id).where(
        (cases.jurisdiction == scope.jurisdiction) & _searched(scope, wanted, cases.person, cases.id)
    )


_OF_UNIT = (fn.COALESCE(TASK.jurisdiction, ""), TASK.id)
"""The order of tasks as no index is gone through by: those of a unit, or of a place, are found first."""


def _spans_of_tasks(scope: Scope, sought: Any) -> Iterator[Listing]:
    keys = TASK.select(TASK.id.alias("key")).where((TASK.jurisdiction == scope.jurisdiction) & sought)
    for unit in scope.units:
        yield Listing(keys.where(TASK.unit == unit), _OF_UNIT, newest_first=True)
    if scope.division:
        yield _of_seen_cases(TASK, scope, sought, _OF_UNIT[0])


def _clues(scope: Scope, wanted: LedgerFilter, narrow: bool) -> Listing:
    ours = CLUE.jurisdiction == scope.jurisdiction
    sought = _between(CLUE.entered_at, wanted.since, wanted.before) & CLUE.withdrawn_at.is_null()
    sought = sought & CLUE.case.in_(_cases_lying(scope, wanted))
    spans = iter([_of_seen_cases(CLUE, scope, sought, CLUE.jurisdiction)]) if _by_cases(scope, narrow) else None
    return _listing(CLUE, CLUE.jurisdiction, ours & sought, ours, spans)


def _by_cases(scope: Scope, narrow: bool) -> bool:
    return narrow and not is_county_wide(scope)


def _cases_lying(scope: Scope, wanted: LedgerFilter) -> Any:
    cases = CASE.alias("lying")
    ours = (cases.jurisdiction == scope.jurisdiction) & _lives(cases.residence, wanted)
    return cases.select(cases.id).where(ours & _searched(scope, wanted, cases.person, cases.id))


def _notices(scope: Scope, wanted: LedgerFilter, narrow: bool) -> Listing:
    ours = _NOTICE.jurisdiction == scope.jurisdiction
    sought = _among(_NOTICE, wanted) & _between(_NOTICE.wanted_at, wanted.since, wanted.before)
    sought = sought & _NOTICE.issued_at.is_null(False) & _NOTICE.case.in_(_cases_lying(scope, wanted))
    spans = iter([_of_seen_cases(_NOTICE, scope, sought, _NOTICE.wanted_at)]) if _by_cases(scope, narrow) else None
    return _listing(_NOTICE, _NOTICE.wanted_at, ours & sought, ours, spans)


def _publications(scope: Scope, wanted: LedgerFilter, narrow: bool) -> Listing:
    ours = _POSTED.jurisdiction == scope.jurisdiction
    sought = _between(_POSTED.posted_at, wanted.since, wanted.before) & _POSTED.case.in_(_cases_lying(scope, wanted))
    spans = iter([_of_seen_cases(_POSTED, scope, sought, _POSTED.posted_at)]) if _by_cases(scope, narrow) else None
    return _listing(_POSTED, _POSTED.posted_at, ours & sought, ours, spans)


def _entitlements(scope: Scope, wanted: LedgerFilter, narrow: bool) -> Listing:
    ours = ENTITLEMENT.jurisdiction == scope.jurisdiction
    sought = _among(ENTITLEMENT, wanted) & ENTITLEMENT.withdrawn_at.is_null() & _lives(ENTITLEMENT.residence, wanted)
    sought = sought & _between(ENTITLEMENT.since, wanted.first, wanted.last, included=True)
    sought = sought & _standing(wanted)
    sought = sought & ENTITLEMENT.until.is_null() if wanted.unended else sought
    sought = sought & _searched(scope, wanted, ENTITLEMENT.person, ENTITLEMENT.case)
    spans = _spans_of_entitlements(scope, sought) if narrow and not is_county_wide(scope) else None
    return _listing(ENTITLEMENT, ENTITLEMENT.jurisdiction, entitlements_in_sight(scope) & sought, ours, spans)


def _standing(wanted: LedgerFilter) -> Any:
    """Return the condition that something is held, or is no more, on the day that is asked about."""
    held = ENTITLEMENT.state.in_(["granted", "suspended"]) & (ENTITLEMENT.since <= wanted.on)
    held = held & (ENTITLEMENT.until.is_null() | (ENTITLEMENT.until >= wanted.on))
    return {Stands.ALL: SQL("1 = 1"), Stands.OPEN: held, Stands.ENDED: ~held}[wanted.stands]


def _spans_of_entitlements(scope: Scope, sought: Any) -> Iterator[Listing]:
    by = (ENTITLEMENT.jurisdiction, ENTITLEMENT.id)
    keys = ENTITLEMENT.select(ENTITLEMENT.id.alias("key"))
    for part in parts_within(ENTITLEMENT.residence, scope):
        yield Listing(keys.where((ENTITLEMENT.jurisdiction == scope.jurisdiction) & part & sought), by, True)
    yield _of_seen_cases(ENTITLEMENT, scope, sought, ENTITLEMENT.jurisdiction)


def _visits(scope: Scope, wanted: LedgerFilter, narrow: bool) -> Listing:
    ours = VISIT.jurisdiction == scope.jurisdiction
    sought = _between(VISIT.visited_on, wanted.first, wanted.last, included=True) & _lives(VISIT.residence, wanted)
    sought = sought & VISIT.person.in_(_namesakes(scope, wanted)) if wanted.name else sought
    spans = _spans_of_visits(scope, sought) if narrow and not is_county_wide(scope) else None
    return _listing(VISIT, VISIT.visited_on, visits_in_sight(scope) & sought, ours, spans)


def _spans_of_visits(scope: Scope, sought: Any) -> Iterator[Listing]:
    keys = VISIT.select(VISIT.id.alias("key")).where((VISIT.jurisdiction == scope.jurisdiction) & sought)
    for unit in scope.units:
        yield Listing(keys.where(VISIT.unit == unit), (VISIT.visited_on, VISIT.id), newest_first=True)
    for part in parts_within(VISIT.residence, scope):
        yield Listing(keys.where(part), (VISIT.visited_on, VISIT.id), newest_first=True)


def _duties(scope: Scope, wanted: LedgerFilter, narrow: bool) -> Listing:
    ours = DUTY.jurisdiction == scope.jurisdiction
    sought = _among(DUTY, wanted) & _between(DUTY.begins_on, wanted.first, wanted.last, included=True)
    sought = sought & _ended(DUTY.ended_at, wanted) & _lives(DUTY.residence, wanted)
    return _listing(DUTY, DUTY.opened_at, duties_in_sight(scope) & sought, ours)


def _people(scope: Scope, wanted: LedgerFilter, narrow: bool) -> Listing:
    """List people by where they live: those of the division, or for a unit without one those whom its cases are about.

    Whoever is held to be of no category is in no ledger of people.
    """
    ours = PERSON.jurisdiction == scope.jurisdiction
    held = _HOLDING.select(SQL("1")).where((_HOLDING.person == PERSON.id) & _HOLDING.until.is_null())
    sought = ours & _lives(PERSON.residence, wanted) & fn.EXISTS(held)
    sought = sought & (PERSON.name == wanted.name) if wanted.name else sought
    if not is_county_wide(scope):
        sought = sought & (within(PERSON.residence, scope) if scope.division else PERSON.id.in_(_seen_people(scope)))
    return Listing(
        PERSON.select(PERSON.id.alias("key")).where(sought),
        (PERSON.residence, PERSON.id),
        through=PERSON.select().where(ours),
    )


def _seen_people(scope: Scope) -> Any:
    seen = IN_SIGHT.alias("seen")
    here = (seen.jurisdiction == scope.jurisdiction) & seen.who.in_(places_to_look(scope)) & (CASE.id == seen.case)
    return CASE.select(CASE.person).from_(Join(seen, CASE, JOIN.CROSS)).where(here & grounds_of_sight(scope))


_LISTS: Mapping[str, Callable[..., Listing]] = {
    "case": _cases, "clue": _clues, "task": _tasks, "notice": _notices, "entitlement": _entitlements,
    "visit": _visits, "duty": _duties, "person": _people, "publication": _publications,
}  # fmt: skip
