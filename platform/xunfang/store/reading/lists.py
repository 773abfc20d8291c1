"""Lists: cases, the dispatch desk, notices, own reports."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from xunfang.store.database import Reader
from xunfang.store.reading.belonging import STAGES, Look, Show, look_for, of_cases, page_of
from xunfang.store.reading.case_file import NoticeView
from xunfang.store.reading.paging import Cursor, Listing, Page, ask_page, ask_through
from xunfang.store.reading.seen_cases import among_seen
from xunfang.store.reading.sight import (
    CASE,
    CLUE,
    PERSON,
    SUBMISSION,
    as_it_is,
    cases_in_sight,
    grounds_of_sight,
    places_to_look,
)
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Clue, Dispatch, Notice

_DISPATCH, _NOTICE = model_of(Dispatch), model_of(Notice)


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases to list; empty texts leave nothing out. `name` and `number` are exact; `phone` is the index of one,
    and finds besides `number`.

    `show`: "open", or "current", which leaves out what "archived" and "void" (closed without an outcome) list.
    `receipt` is how the key of one of their receipts begins.
    """

    flow: str = ""
    state: str = ""
    urgency: str = ""
    name: str = ""
    number: str = ""
    receipt: str = ""
    person: str = ""
    show: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class CaseItem:
    """One line of the list of cases."""

    case: str
    number: str
    release: str
    flow: str
    state: str
    person: str
    person_name: str
    residence: str
    needs: tuple[str, ...]
    urgency: str
    opened_at: datetime
    due_at: datetime | None
    suspended_at: datetime | None
    closed_at: datetime | None
    outcome: str
    decided: Sequence[Mapping[str, str]]
    ended_as: str
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class DispatchItem:
    """One proposal that waits for a person to confirm it.

    It was made in `dispatch_state`; the case itself may stand further on while a part of it is dispatched anew.
    """

    dispatch: str
    dispatch_state: str
    version: int
    case: str
    person: str
    case_number: str
    case_version: int
    release: str
    flow: str
    state: str
    person_name: str
    residence: str
    needs: tuple[str, ...]
    urgency: str
    proposed: Sequence[Mapping[str, Any]]
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class ReportItem:
    """One clue the reader's own unit handed in, and what it told of the person.

    How its case stands is only told, and the case only named, while the case itself is in sight. `release` is the
    case's, `filled_by` the one by which the clue itself was filled.
    """

    clue: str
    case: str
    case_number: str
    release: str
    form: str
    flow: str
    state: str
    submission: str
    receipt: str
    told: Mapping[str, Any]
    entered_at: datetime
    in_time: Mapping[str, Any]
    closed_at: datetime | None
    outcome: str
    decided: Sequence[Mapping[str, str]]
    ended_as: str
    withdrawn_at: datetime | None
    asked_back_at: datetime | None
    by: str
    in_sight: bool
    filled_by: str


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """One notice of the list, and the case and person it is about. `release` is the case's."""

    notice: NoticeView
    case_number: str
    person_name: str
    release: str


def _made(kind: type[Any]) -> Any:
    return lambda row: kind(**{name: row[name] for name in kind.__dataclass_fields__})


def _about() -> tuple[Any, ...]:
    shown = (CASE.release, CASE.flow, CASE.state, CASE.residence, CASE.needs, CASE.urgency)
    return (CASE.id.alias("case"), CASE.number.alias("case_number"), PERSON.name.alias("person_name"), *shown)


def case_page(reader: Reader, scope: Scope, wanted: CaseFilter, after: str) -> Page[CaseItem]:
    """Return a page of the cases in sight, newest first."""
    show, asked = Show(wanted.show), replace(wanted, show="")
    if wanted.number or wanted.person or wanted.name or wanted.receipt or wanted.phone:
        return ask_page(reader, _made(CaseItem), after, _cases_found, scope, asked, show)
    places = places_to_look(scope)
    is_rare = asked.flow or asked.state or asked.urgency or (not places and show in (Show.ARCHIVED, Show.VOID))
    page_of = ask_through if is_rare else ask_page
    return page_of(reader, _made(CaseItem), after, _cases, scope, asked, show, places)


def _cases_found(scope: Scope, wanted: CaseFilter, show: Show) -> Listing:
    """Return the few that are looked for by what is exact: found first, and ordered then."""
    by_number = wanted.number and not wanted.phone
    ours = (CASE.jurisdiction if by_number else _UNORDERED) == scope.jurisdiction
    found = (ours if scope.is_system else ours & grounds_of_sight(scope)) & _as_wanted(wanted, show)
    numbered = CASE.number if by_number else None
    for column, value in ((numbered, wanted.number), (CASE.person, wanted.person)):
        found = found & (column == value) if value and column is not None else found
    found = found & CASE.id.in_(_rung_from(scope, wanted)) if wanted.phone else found
    found = found & CASE.person.in_(_namesakes(scope, wanted.name)) if wanted.name else found
    found = found & CASE.id.in_(_reported_as(wanted.receipt)) if wanted.receipt else found
    return Listing(_case_lines().where(found), (CASE.opened_at, CASE.id), newest_first=True)


_UNORDERED = as_it_is(CASE.jurisdiction)
"""The jurisdiction of a case as no index is gone through by: all cases there are in it, in their order."""


def _cases(scope: Scope, wanted: CaseFilter, show: Show, places: tuple[str, ...]) -> Listing:
    wanted_ones, by = _as_wanted(wanted, show), (CASE.opened_at, CASE.id)
    if not places:
        all_ = CASE.select().where(CASE.jurisdiction == scope.jurisdiction)
        found = _case_lines().where(cases_in_sight(scope) & wanted_ones)
        return Listing(found, by, newest_first=True, through=all_)
    return among_seen(_case_lines(), scope, places, STAGES[show], grounds_of_sight(scope) & wanted_ones)


def _case_lines() -> Any:
    query = CASE.select(*_about(), CASE.number, CASE.person, CASE.opened_at, CASE.due_at, CASE.suspended_at, *_ENDING)
    return query.join(PERSON, on=(CASE.person == PERSON.id))


def _as_wanted(wanted: CaseFilter, show: Show) -> Any:
    condition = _SHOWN[show]
    for column, value in ((CASE.flow, wanted.flow), (CASE.state, wanted.state), (CASE.urgency, wanted.urgency)):
        condition = condition & (as_it_is(column) == value) if value else condition
    return condition


_ENDING = (CASE.closed_at, CASE.outcome, CASE.decided, CASE.ended_as, CASE.archived_at)
_SHOWN: Mapping[Show, Any] = {
    Show.ANY: CASE.opened_at.is_null(False),
    Show.CURRENT: CASE.archived_at.is_null() & (CASE.ended_as == ""),
    Show.OPEN: CASE.closed_at.is_null(),
    Show.ARCHIVED: CASE.archived_at.is_null(False),
    Show.VOID: CASE.ended_as != "",
}


def _namesakes(scope: Scope, name: str) -> Any:
    people = PERSON.alias("namesake")
    return people.select(people.id).where((people.jurisdiction == scope.jurisdiction) & (people.name == name))


def _rung_from(scope: Scope, wanted: CaseFilter) -> Any:
    """Return the query of the cases of a number, and of those whose person or report tells a phone number."""
    cases, clues, people = CASE.alias("rung_about"), CLUE.alias("rung_from"), PERSON.alias("reached_at")
    ours = clues.jurisdiction == scope.jurisdiction
    reported = clues.select(clues.case).where(ours & (clues.phone_index == wanted.phone))
    with_it = people.select(people.id).where(
        (people.jurisdiction == scope.jurisdiction) & (people.phone_index == wanted.phone)
    )
    numbered = (cases.jurisdiction == scope.jurisdiction) & (cases.number == wanted.number)
    theirs = cases.select(cases.id).where(cases.person.in_(with_it))
    return reported | theirs | cases.select(cases.id).where(numbered)


def _reported_as(start: str) -> Any:
    clues = CLUE.alias("reported_as")
    return clues.select(clues.case).where((clues.receipt >= start) & (clues.receipt < start + "g"))


_CARDS = 20
"""So many proposals a page has: each is a card with a form of its own, three times as long as a line of a list."""


def dispatch_page(reader: Reader, scope: Scope, after: str) -> Page[DispatchItem]:
    """Return a page of the proposals that wait for a decision, longest waiting first."""
    look = look_for(reader, scope, Show.OPEN)
    page = page_of(scope, look)(reader, _made(DispatchItem), after, _dispatches, scope, look)
    if len(page.items) <= _CARDS:
        return page
    last = page.items[_CARDS - 1]
    return Page(page.items[:_CARDS], str(Cursor(last.proposed_at, last.dispatch)))


def place_before(reader: Reader, case: str) -> str:
    """Return the place just before what waits for a decision on a case, "" where nothing does."""
    waiting = reader.first(Dispatch, case=case, status="proposed")
    return str(Cursor(waiting.proposed_at, waiting.id[:-1])) if waiting else ""


def _dispatches(scope: Scope, look: Look) -> Listing:
    chosen = (
        _DISPATCH.id.alias("dispatch"),
        _DISPATCH.state.alias("dispatch_state"),
        _DISPATCH.version,
        _DISPATCH.proposed,
        _DISPATCH.proposed_at,
        CASE.version.alias("case_version"),
        CASE.person,
        *_about(),
    )
    query = of_cases(_DISPATCH, chosen, scope, look, Show.OPEN).where(_DISPATCH.status == "proposed")
    through = _DISPATCH.select().where(
        (_DISPATCH.jurisdiction == scope.jurisdiction) & (_DISPATCH.status == "proposed")
    )
    by = (_DISPATCH.proposed_at, _DISPATCH.id)
    return Listing(query, by, through=through)


def notice_page(
    reader: Reader, scope: Scope, after: str, status: str = "", kinds: Collection[str] | None = None
) -> Page[NoticeItem]:
    """Return a page of the notices of cases in sight, newest first; of these kinds only, where any are given."""
    wanted, narrowed = None if kinds is None else tuple(sorted(kinds)), kinds is not None
    look = look_for(reader, scope, Show.ANY, narrowed=narrowed)
    found_by = page_of(scope, look, narrowed=narrowed)
    return found_by(reader, lambda row: _notice_item(reader, row), after, _notices, scope, status, wanted, look)


def _notices(scope: Scope, status: str, kinds: tuple[str, ...] | None, look: Look) -> Listing:
    shown = (getattr(_NOTICE, name) for name in NoticeView.__dataclass_fields__)
    of_case = (CASE.number.alias("case_number"), CASE.release.alias("case_release"))
    query = of_cases(_NOTICE, (*shown, *of_case, PERSON.name.alias("person_name")), scope, look, Show.ANY)
    query = query.where(_NOTICE.status == status) if status else query
    query = query if kinds is None else query.where(_NOTICE.kind.in_(list(kinds)))
    all_ = _NOTICE.jurisdiction == scope.jurisdiction
    through = _NOTICE.select().where(all_ & (_NOTICE.status == status) if status else all_)
    by = (_NOTICE.wanted_at, _NOTICE.id)
    return Listing(query, by, newest_first=True, through=through)


def _notice_item(reader: Reader, row: Mapping[str, Any]) -> NoticeItem:
    notice = _made(NoticeView)(reader.opened(Notice, row))
    return NoticeItem(notice, row["case_number"], row["person_name"], row["case_release"])


def report_page(reader: Reader, scope: Scope, after: str) -> Page[ReportItem]:
    """Return a page of the clues the scope's own unit handed in, newest first."""
    return ask_page(reader, lambda row: _report_item(reader, row), after, _reports, scope)


def _reports(scope: Scope) -> Listing:
    own = (CLUE.id.alias("clue"), CLUE.form, CLUE.submission, CLUE.receipt, CLUE.told, CLUE.entered_at, CLUE.in_time)
    since = (CLUE.by, CLUE.withdrawn_at, CLUE.asked_back_at)
    of_case = (CASE.id.alias("case"), CASE.number.alias("case_number"), CASE.release, CASE.flow, CASE.state)
    filled_by = SUBMISSION.release.alias("filled_by")
    query = (
        CLUE.select(*own, *since, *of_case, *_ENDING, filled_by, cases_in_sight(scope).alias("in_sight"))
        .join(CASE, on=(CLUE.case == CASE.id))
        .join(SUBMISSION, on=(CLUE.submission == SUBMISSION.id))
    )
    ours, by = CLUE.jurisdiction == scope.jurisdiction, (CLUE.entered_at, CLUE.id)
    keys = CLUE.select(CLUE.id.alias("key"))
    spans = (Listing(keys.where(ours & (CLUE.unit == unit)), by, newest_first=True) for unit in scope.units)
    return Listing(query, by, newest_first=True, spans=tuple(spans))


_OF_ITS_CASE = ("case", "case_number", "state", "outcome", "decided", "ended_as")


def _report_item(reader: Reader, row: Mapping[str, Any]) -> ReportItem:
    told = reader.opened(Clue, row, row["clue"])
    hidden = {} if row["in_sight"] else {**dict.fromkeys(_OF_ITS_CASE, ""), "closed_at": None}
    item: ReportItem = _made(ReportItem)({**told, **hidden, "in_sight": bool(row["in_sight"])})
    return item
