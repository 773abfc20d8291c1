"""The inbox: messages to a unit or to one of its members, and which of them this reader has read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from peewee import JOIN, SQL, Select, fn

from xunfang.rulebook.acts import is_kept_from_cases
from xunfang.store.database import Reader
from xunfang.store.reading.paging import FEW, Count, Cursor, Listing, Page, ask_page, ask_within, first_of
from xunfang.store.reading.sight import CASE, cases_in_sight, of_unit, one_by_one
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Message, ReadMark

_MESSAGE, _MARK = model_of(Message), model_of(ReadMark)


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One message, when this reader read it, and whether they can open the case it is about."""

    message: str
    key: str
    kind: str
    title: str
    body: str
    case: str
    task: str
    at: datetime
    read_at: datetime | None
    in_sight: bool


def messages_in_sight(scope: Scope) -> Any:
    """Return the condition on messages: to the scope's unit, and to this member, or to all who work on its cases."""
    here = _MESSAGE.jurisdiction == scope.jurisdiction
    if not is_kept_from_cases(scope.acts):
        return here & of_unit(_MESSAGE.unit, scope) & _MESSAGE.account.in_(["", scope.account])
    own = (_MESSAGE.account == scope.account) & (_MESSAGE.account != "")  # an index holds those to one account only
    return here & own & of_unit(fn.COALESCE(_MESSAGE.unit, ""), scope)


NEWEST = FEW
"""Among so many of the newest messages it is marked what is unread; what is older nobody is told of."""
MOST_UNREAD, _COUNTED_AMONG = 99, 500
"""Every page tells how many are unread: so many at most, of so many of the newest."""


def inbox_page(reader: Reader, scope: Scope, after: str, *, unread_only: bool = False) -> Page[InboxItem]:
    """Return a page of the reader's messages, newest first."""
    page_of = ask_within if unread_only else ask_page
    return page_of(reader, lambda row: _inbox_item(reader, row), after, _messages, scope, unread_only)


_BY = (_MESSAGE.at, _MESSAGE.id)


def _messages(scope: Scope, unread_only: bool) -> Listing:
    own = (getattr(_MESSAGE, name) for name in ("key", "kind", "title", "body", "case", "task", "at"))
    query = _MESSAGE.select(_MESSAGE.id.alias("message"), *own, _MARK.read_at, _open(scope))
    read = (_MARK.message == _MESSAGE.id) & (_MARK.account == scope.account)
    received = _received(scope)
    if unread_only:
        unread = _MESSAGE.select(_MESSAGE.id.alias("key")).where(~one_by_one(_MARK, read))
        received = Listing(unread, _BY, newest_first=True, among=received)
    spans = received.spans or (received,)
    return Listing(query.join(_MARK, JOIN.LEFT_OUTER, on=read), _BY, newest_first=True, spans=spans)


def _received(scope: Scope) -> Listing:
    """Return what is in sight, newest first; where a unit follows others, of each of them apart."""
    if not scope.formerly or is_kept_from_cases(scope.acts):
        return Listing(
            _MESSAGE.select(_MESSAGE.id.alias("key")).where(messages_in_sight(scope)), _BY, newest_first=True
        )
    spans = tuple(_received(each) for each in scope.apart())
    return replace(spans[0], spans=spans)


def _open(scope: Scope) -> Any:
    """Whether the case that a message is about is one its reader can open."""
    return one_by_one(CASE, (CASE.id == _MESSAGE.case) & cases_in_sight(scope)).alias("in_sight")


def _inbox_item(reader: Reader, row: Mapping[str, Any]) -> InboxItem:
    opened = {**reader.opened(Message, row, row["message"]), "in_sight": bool(row["in_sight"])}
    return InboxItem(**{name: opened[name] for name in InboxItem.__dataclass_fields__})


def unread_messages(reader: Reader, scope: Scope, before: datetime | None = None) -> tuple[str, ...]:
    """Return the keys of the NEWEST messages that the reader has not read, or of those from before a moment."""
    return tuple(row["id"] for row in reader.fetch(_unread(scope, before)))


def _unread(scope: Scope, before: datetime | None = None, among: int = NEWEST) -> Any:
    some = first_of(_received(scope), among, Cursor(before, "") if before else None).alias("newest")
    mark = (_MARK.message == some.c.page_id) & (_MARK.account == scope.account)
    return Select([some], [some.c.page_id.alias("id")]).where(
        ~one_by_one(_MARK, mark)
    )  # not all that somebody ever read


def unread_count(reader: Reader, scope: Scope) -> Count:
    """Return how many of the newest messages the reader has not read, up to MOST_UNREAD."""
    n = int(reader.ask(_unread_counted, scope)[0]["n"])
    return Count(n, more=n >= MOST_UNREAD)


def _unread_counted(scope: Scope) -> Any:
    return _unread(scope, among=_COUNTED_AMONG).limit(MOST_UNREAD).select_from(fn.COUNT(SQL("1")).alias("n"))
