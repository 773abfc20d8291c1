"""Which things a ledger 台账 lists: a page of their keys, newest first, within sight.

What of a ledger's `where` and of a reader's filter columns tell is decided here, by indexes; all else is decided on
the facts of the lines, page by page. What is rare is looked for in a WINDOW: a page may hold few, and still go on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from peewee import JOIN, Join

from xunfang.store.database import Reader
from xunfang.store.reading.belonging import STAGES, Show, lines_in_sight
from xunfang.store.reading.duties import spans_of_duties
from xunfang.store.reading.ledger_wanted import (
    LedgerFilter,
    among,
    between,
    ended,
    found_people,
    lives,
    namesakes,
    of_case_sought,
    searched,
    standing,
    stretches_wanted,
)
from xunfang.store.reading.paging import (
    FEW,
    PAGE_LENGTH,
    WINDOW,
    Cursor,
    Listing,
    Page,
    are_few,
    ask_page,
    ask_through,
    turned,
)
from xunfang.store.reading.seen_cases import among_seen
from xunfang.store.reading.sight import (
    CASE,
    CLUE,
    DUTY,
    ENTITLEMENT,
    PERSON,
    TASK,
    VISIT,
    as_it_is,
    cases_in_sight,
    duties_in_sight,
    entitlements_in_sight,
    grounds_of_sight,
    is_county_wide,
    likely_in_sight,
    of_unit,
    one_by_one,
    parts_within,
    places_to_look,
    stretches_within,
    visits_in_sight,
    within,
)
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Holding, Notice, Publication

_NOTICE, _HOLDING, _POSTED = model_of(Notice), model_of(Holding), model_of(Publication)


@dataclass(frozen=True, slots=True)
class Found:
    """A thing of a page, and where a page begins that goes on after it."""

    key: str
    after: str


class Reach(StrEnum):
    """How much of a jurisdiction is in sight, by which it is decided how to look: all, little, or a part of it."""

    ALL = "all"
    LITTLE = "little"
    PART = "part"


def ledger_page(
    reader: Reader,
    scope: Scope,
    of: str,
    wanted: LedgerFilter,
    after: str,
    most: int = WINDOW,
    length: int = PAGE_LENGTH,
) -> Page[Found]:
    """Return a page of the things of a kind that are in sight and wanted, looking through so many at most.

    Where little is in sight, that is found first and ordered then; otherwise things are gone through in their order.
    """
    reach = _reach(reader, scope, of)
    asked = (_composed, _LISTS[of], scope, wanted, reach)
    if reach is Reach.LITTLE or wanted.name or wanted.number:
        return ask_page(reader, _found, after, *asked, length=length)
    return ask_through(reader, _found, after, *asked, most=most, length=length)


def _composed(compose: Callable[..., Listing], scope: Scope, wanted: LedgerFilter, reach: Reach) -> Listing:
    listing = compose(scope, wanted, reach)
    return turned(listing) if wanted.oldest else listing


def _reach(reader: Reader, scope: Scope, of: str) -> Reach:
    if is_county_wide(scope):
        return Reach.ALL
    counted = _COUNTED.get(of, ())
    return Reach.LITTLE if counted and all(are_few(reader, FEW, each, scope) for each in counted) else Reach.PART


def _found(row: Mapping[str, Any]) -> Found:
    return Found(str(row["key"]), str(Cursor.of(row["page_at"], str(row["page_id"]))))


def _listing(model: Any, at: Any, found: Any, through: Any, spans: Iterable[Listing] = ()) -> Listing:
    """Return a listing, newest first: in its spans, or among all of the jurisdiction."""
    by, keys = (at, model.id), model.select(model.id.alias("key"))
    if spans := tuple(spans):
        return Listing(keys, by, newest_first=True, spans=spans, steady=True)
    all_, one_at = model.select().where(through), at is model.jurisdiction
    return Listing(keys.where(found), by, newest_first=True, through=all_, one_at=one_at)


def _cases(scope: Scope, wanted: LedgerFilter, reach: Reach) -> Listing:
    ours = CASE.jurisdiction == scope.jurisdiction
    sought = among(CASE, wanted) & between(CASE.opened_at, wanted.since, wanted.before)
    sought = sought & ended(CASE.closed_at, wanted) & lives(CASE.residence, wanted)
    sought = sought & searched(scope, wanted, CASE.person, CASE.id)
    if wanted.name or wanted.number or (reach is Reach.ALL and not wanted.places):
        return _listing(CASE, CASE.opened_at, cases_in_sight(scope) & sought, ours)
    places = (*wanted.places, *wanted.former) or places_to_look(scope)
    found = sought if reach is Reach.ALL else grounds_of_sight(scope) & sought
    keys, period = CASE.select(CASE.id.alias("key"), CASE.flow), (wanted.since, wanted.before)  # no index holds both
    return among_seen(keys, scope, places, STAGES[Show.ANY], found, period)


def _lines(scope: Scope) -> Any:
    return lines_in_sight(scope, places_to_look(scope))


def _few_cases(scope: Scope, beside: Any, model: Any) -> Any:
    """Return the query of a model's rows beside the cases in sight, where these are few and are found first."""
    few = _lines(scope).distinct().alias("few")
    joined = Join(few, CASE, JOIN.CROSS) if model is CASE else Join(Join(few, CASE, JOIN.CROSS), model, JOIN.CROSS)
    return model.select(beside).from_(joined).where((CASE.id == few.c.case) & grounds_of_sight(scope))


def _of_seen_cases(model: Any, scope: Scope, found: Any, at: Any) -> Listing:
    """Return the span of what belongs to the cases that are in sight by the unit or the division."""
    query = _few_cases(scope, model.id.alias("key"), model).where((model.case == CASE.id) & found)
    return Listing(query, (at, model.id), newest_first=True)


def _of_cases(model: Any, at: Any, scope: Scope, sought: Any, reach: Reach) -> Listing:
    """Return the listing of what belongs to cases in sight."""
    ours = model.jurisdiction == scope.jurisdiction
    if reach is Reach.LITTLE:
        return _listing(model, at, None, ours, (_of_seen_cases(model, scope, sought, at),))
    if reach is Reach.PART:
        seen = one_by_one(CASE, (CASE.id == model.case) & grounds_of_sight(scope))
        sought = likely_in_sight(model.case, places_to_look(scope)) & seen & sought
    return _listing(model, at, ours & sought, ours)


_PASSED_ON = ("transferred", "withdrawn")
"""How tasks ended that somebody else went on with, or nobody: no ledger lists them."""


def _tasks(scope: Scope, wanted: LedgerFilter, reach: Reach) -> Listing:
    ours = (TASK.jurisdiction == scope.jurisdiction) & (TASK.case != "")
    sought = among(TASK, wanted) & (TASK.role == "lead") & TASK.status.not_in(_PASSED_ON) & (TASK.case != "")
    sought = sought & between(TASK.opened_at, wanted.since, wanted.before) & ended(TASK.ended_at, wanted)
    sought = sought & lives(TASK.residence, wanted)
    sought = sought & of_case_sought(TASK.case, scope, replace(wanted, places=()))
    mine = of_unit(TASK.unit, scope) | within(TASK.residence, scope)
    found = ours & sought if scope.is_system else ours & mine & sought
    spans = _spans_of_tasks(scope, sought) if reach is Reach.LITTLE else ()
    return _listing(TASK, TASK.jurisdiction, found, ours, spans)


def _tasks_of_units(scope: Scope) -> Any:
    return TASK.select(TASK.id).where((TASK.jurisdiction == scope.jurisdiction) & TASK.unit.in_(scope.units))


_OF_UNIT = (as_it_is(TASK.jurisdiction), TASK.id)
"""The order of tasks as no index is gone through by: those of a unit, or of a place, are found first."""


def _spans_of_tasks(scope: Scope, sought: Any) -> Iterator[Listing]:
    keys = TASK.select(TASK.id.alias("key")).where((TASK.jurisdiction == scope.jurisdiction) & sought)
    for unit in scope.units:
        yield Listing(keys.where(TASK.unit == unit), _OF_UNIT, newest_first=True)
    if scope.division:
        yield _of_seen_cases(TASK, scope, sought & within(TASK.residence, scope), _OF_UNIT[0])


def _clues(scope: Scope, wanted: LedgerFilter, reach: Reach) -> Listing:
    sought = between(CLUE.entered_at, wanted.since, wanted.before) & CLUE.withdrawn_at.is_null()
    return _of_cases(CLUE, CLUE.entered_at, scope, sought & of_case_sought(CLUE.case, scope, wanted), reach)


def _notices(scope: Scope, wanted: LedgerFilter, reach: Reach) -> Listing:
    sought = among(_NOTICE, wanted) & between(_NOTICE.wanted_at, wanted.since, wanted.before)
    sought = sought & _NOTICE.issued_at.is_null(False) & of_case_sought(_NOTICE.case, scope, wanted)
    return _of_cases(_NOTICE, _NOTICE.wanted_at, scope, sought, reach)


def _publications(scope: Scope, wanted: LedgerFilter, reach: Reach) -> Listing:
    sought = between(_POSTED.posted_at, wanted.since, wanted.before) & of_case_sought(_POSTED.case, scope, wanted)
    return _of_cases(_POSTED, _POSTED.posted_at, scope, sought, reach)


def _entitlements(scope: Scope, wanted: LedgerFilter, reach: Reach) -> Listing:
    ours = ENTITLEMENT.jurisdiction == scope.jurisdiction
    sought = among(ENTITLEMENT, wanted) & ENTITLEMENT.withdrawn_at.is_null() & lives(ENTITLEMENT.residence, wanted)
    sought = sought & between(ENTITLEMENT.since, wanted.first, wanted.last, included=True)
    sought = sought & standing(wanted)
    sought = sought & ENTITLEMENT.until.is_null() if wanted.unended else sought
    sought = sought & searched(scope, wanted, ENTITLEMENT.person, ENTITLEMENT.case)
    spans = _spans_of_entitlements(scope, sought) if reach is Reach.LITTLE else ()
    return _listing(ENTITLEMENT, ENTITLEMENT.jurisdiction, entitlements_in_sight(scope) & sought, ours, spans)


def _spans_of_entitlements(scope: Scope, sought: Any) -> Iterator[Listing]:
    by = (ENTITLEMENT.jurisdiction, ENTITLEMENT.id)
    keys = ENTITLEMENT.select(ENTITLEMENT.id.alias("key"))
    for part in parts_within(ENTITLEMENT.residence, scope):
        yield Listing(keys.where((ENTITLEMENT.jurisdiction == scope.jurisdiction) & part & sought), by, True)
    yield _of_seen_cases(ENTITLEMENT, scope, sought, ENTITLEMENT.jurisdiction)


def _entitled_there(scope: Scope) -> Any:
    here = (ENTITLEMENT.jurisdiction == scope.jurisdiction) & within(ENTITLEMENT.residence, scope)
    return ENTITLEMENT.select(ENTITLEMENT.id).where(here)


def _visits(scope: Scope, wanted: LedgerFilter, reach: Reach) -> Listing:
    ours = VISIT.jurisdiction == scope.jurisdiction
    sought = between(VISIT.visited_on, wanted.first, wanted.last, included=True) & lives(VISIT.residence, wanted)
    found, spans = visits_in_sight(scope) & sought, tuple[Listing, ...]()
    if wanted.name or wanted.number:
        spans = (_visits_to(namesakes(scope, wanted) if wanted.name else found_people(scope, wanted), found),)
    elif reach is Reach.LITTLE:
        spans = tuple(_spans_of_visits(scope, sought))
    return _listing(VISIT, VISIT.visited_on, found, ours, spans)


def _visits_to(people: Any, found: Any) -> Listing:
    made = VISIT.alias("made")
    to_them = made.person.in_(people) & one_by_one(VISIT, (VISIT.id == made.id) & found)
    return Listing(made.select(made.id.alias("key")).where(to_them), (made.visited_on, made.id), newest_first=True)


def _spans_of_visits(scope: Scope, sought: Any) -> Iterator[Listing]:
    keys = VISIT.select(VISIT.id.alias("key")).where((VISIT.jurisdiction == scope.jurisdiction) & sought)
    for unit in scope.units:
        yield Listing(keys.where(VISIT.unit == unit), (VISIT.visited_on, VISIT.id), newest_first=True)
    for part in parts_within(VISIT.residence, scope):
        yield Listing(keys.where(part), (VISIT.visited_on, VISIT.id), newest_first=True)


def _visits_by_units(scope: Scope) -> Any:
    return VISIT.select(VISIT.id).where((VISIT.jurisdiction == scope.jurisdiction) & VISIT.unit.in_(scope.units))


def _visits_there(scope: Scope) -> Any:
    return VISIT.select(VISIT.id).where((VISIT.jurisdiction == scope.jurisdiction) & within(VISIT.residence, scope))


def _duties(scope: Scope, wanted: LedgerFilter, reach: Reach) -> Listing:
    ours = DUTY.jurisdiction == scope.jurisdiction
    sought = among(DUTY, wanted) & between(DUTY.begins_on, wanted.first, wanted.last, included=True)
    sought = duties_in_sight(scope) & sought & ended(DUTY.ended_at, wanted) & lives(DUTY.residence, wanted)
    if reach is Reach.ALL:
        return _listing(DUTY, DUTY.opened_at, sought, ours)
    among_ = Listing(None, (DUTY.opened_at, DUTY.id), newest_first=True, spans=tuple(spans_of_duties(scope)))
    spans = tuple(spans_of_duties(scope, sought))
    return replace(_listing(DUTY, DUTY.opened_at, None, ours, spans), among=among_)


def _people_there(scope: Scope) -> Any:
    return PERSON.select(PERSON.id).where((PERSON.jurisdiction == scope.jurisdiction) & within(PERSON.residence, scope))


def _people(scope: Scope, wanted: LedgerFilter, reach: Reach) -> Listing:
    """List people by where they live: those of the division, or for a unit without one those whom its cases are about.

    Whoever is held to be of no category is in no ledger of people.
    """
    is_division = bool(wanted.places if reach is Reach.ALL else scope.division)
    is_found = wanted.number or (reach is Reach.LITTLE and not is_division)  # and not looked for among all in order
    ours = (as_it_is(PERSON.jurisdiction) if is_found else PERSON.jurisdiction) == scope.jurisdiction
    by = (PERSON.residence, PERSON.id)
    held = one_by_one(_HOLDING, (_HOLDING.person == PERSON.id) & _HOLDING.until.is_null())
    sought = ours & lives(PERSON.residence, wanted) & held
    sought = sought & (PERSON.name == wanted.name) if wanted.name else sought
    sought = sought & PERSON.id.in_(found_people(scope, wanted)) if wanted.number else sought
    keys = PERSON.select(PERSON.id.alias("key"))
    if is_division:
        stretches = tuple(stretches_wanted(wanted) if reach is Reach.ALL else stretches_within(scope))
        all_ = Listing(None, by, spans=tuple(Listing(keys.where(ours), by, stretch=each) for each in stretches))
        spans = tuple(Listing(keys.where(sought), by, stretch=each) for each in stretches)
        return Listing(keys, by, spans=spans, among=all_)
    if reach is Reach.LITTLE:
        sought = sought & PERSON.id.in_(_few_cases(scope, CASE.person, CASE))
    if reach is Reach.PART:
        seen = likely_in_sight(CASE.id, places_to_look(scope)) & grounds_of_sight(scope)
        sought = sought & one_by_one(CASE, (CASE.person == PERSON.id) & seen)
    return Listing(keys.where(sought), by, through=PERSON.select().where(ours))


_LISTS: Mapping[str, Callable[..., Listing]] = {
    "case": _cases, "clue": _clues, "task": _tasks, "notice": _notices, "entitlement": _entitlements,
    "visit": _visits, "duty": _duties, "person": _people, "publication": _publications,
}  # fmt: skip
_COUNTED: Mapping[str, tuple[Callable[[Scope], Any], ...]] = {
    "clue": (_lines,), "notice": (_lines,), "publication": (_lines,), "task": (_lines, _tasks_of_units),
    "entitlement": (_lines, _entitled_there), "visit": (_visits_by_units, _visits_there),
    "person": (_lines, _people_there),
}  # fmt: skip
"""Among what all lies that is in sight: it is looked there first where that is little."""
