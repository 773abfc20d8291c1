"""The record as its auditor reads it: who did what and when, by case number, without anybody's personal data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from peewee import JOIN

from xunfang.store.database import Reader
from xunfang.store.reading.paging import Cursor, Listing, Page, ask_page, ask_through
from xunfang.store.reading.sight import CASE, PERSON
from xunfang.store.rows import model_of, table_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Account, Event

_EVENT, _ACCOUNT = model_of(Event), model_of(Account)

_TYPED = frozenset({"reason", "error"})
_LOOKED = frozenset({"person.revealed", "ledger.export_asked", "ledger.exported", "roll.opened"})
"""By which somebody looked at numbers whole, or took them along."""
_NUMBER = re.compile(r"\d{7,}[Xx]?")
WINDOW = 3_000
"""How many events one page looks through for what is wanted: all that decides it stands in the index."""
MOST_NAMESAKES = 1000
SOMEBODY = "（当事人）"
GIVEN = "已写明，见个案"
"""Stands for a reason of casework, which may tell of an illness; why somebody looked is the auditor's to judge."""


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which events to list; what is empty leaves nothing out. `account` is a login or a name, exact."""

    names: tuple[str, ...] = ()
    account: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordItem:
    """One event with number, flow and release of its case; what people typed in it is told without name and numbers."""

    event: Event
    case_number: str
    flow: str
    release: str


def record_page(reader: Reader, scope: Scope, wanted: RecordFilter, after: str) -> Page[RecordItem]:
    """Return a page of the jurisdiction's events, newest first; a filtered one may hold few, and still go on."""
    made, asked = (lambda row: _item(reader, row)), (_checked(after), _listed, scope, wanted)
    if not wanted.names and not wanted.account:
        return ask_page(reader, made, *asked, ())
    actors = tuple(row["id"] for row in reader.ask(_actors, scope, wanted.account)) if wanted.account else ()
    if wanted.account and not actors:
        return Page((), "")
    return ask_through(reader, made, *asked, actors, most=WINDOW)


def _checked(after: str) -> str:
    cursor = Cursor.parse(after)
    if cursor is not None:
        cursor.number()
    return after


def _listed(scope: Scope, wanted: RecordFilter, actors: tuple[str, ...]) -> Listing:
    span, since = _span(scope, wanted), _since(wanted)
    query = _EVENT.select(
        _EVENT, CASE.number.alias("case_number"), CASE.flow, CASE.release, PERSON.name.alias("person_name")
    )
    query = query.join(CASE, JOIN.LEFT_OUTER, on=(_EVENT.case == CASE.id))
    query = query.join(PERSON, JOIN.LEFT_OUTER, on=(CASE.person == PERSON.id)).where(span & _wanted(wanted, actors))
    by = (_EVENT.at, _EVENT.n)
    through = _EVENT.select().where(span if since is None else span & since)
    return Listing(query, by, newest_first=True, through=through, ending=since)


def _span(scope: Scope, wanted: RecordFilter) -> Any:
    span = _EVENT.jurisdiction == scope.jurisdiction
    return span & (_EVENT.at < wanted.before) if wanted.before is not None else span


def _since(wanted: RecordFilter) -> Any:
    return None if wanted.since is None else _EVENT.at >= wanted.since


def _wanted(wanted: RecordFilter, actors: tuple[str, ...]) -> Any:
    """Return what is wanted, of what the index holds by which all are gone through."""
    found = _EVENT.name.in_(wanted.names) if wanted.names else _EVENT.n.is_null(False)
    return found & _EVENT.actor.in_(actors) if actors else found


def _actors(scope: Scope, account: str) -> Any:
    own = _ACCOUNT.jurisdiction == scope.jurisdiction
    named = own & ((_ACCOUNT.login == account) | (_ACCOUNT.name == account))
    return _ACCOUNT.select(_ACCOUNT.id).where(named).order_by(_ACCOUNT.id).limit(MOST_NAMESAKES)


def _item(reader: Reader, row: Mapping[str, Any]) -> RecordItem:
    opened = reader.opened(Event, row)
    event = Event(**{name: opened[name] for name in table_of(Event).columns})
    person = row["person_name"] or ""
    typed = {key: _told(event.name, key, value, person) for key, value in event.typed.items()}
    return RecordItem(replace(event, typed=typed), row["case_number"] or "", row["flow"] or "", row["release"] or "")


def _told(event: str, key: str, value: Any, person: str) -> Any:
    """Return a value of an event as somebody without sight of cases may read it."""
    if key not in _TYPED or not isinstance(value, str):
        return value
    if key == "reason" and event not in _LOOKED:
        return GIVEN
    text = value.replace(person, SOMEBODY) if person else value
    return _NUMBER.sub(lambda found: f"{found[0][:3]}****", text)
