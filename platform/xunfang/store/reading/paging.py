"""Pages by key: the next page begins after the last row seen, however far down; counts stop where nobody reads on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from peewee import SQL, fn

from xunfang.errors import Refused
from xunfang.store.columns import from_seconds, to_seconds
from xunfang.store.database import Reader

T = TypeVar("T")

PAGE_LENGTH = 50
MOST_COUNTED = 1000
LOST = "翻页位置无效，请从第一页重新查看。"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the moment its rows are ordered by (None: among those without one) and the last key."""

    at: datetime | None
    id: str

    def __str__(self) -> str:
        return f"{to_seconds(self.at) if self.at else ''}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """Return the cursor a page handed out, None for the first page; raises Refused for any other text."""
        if not text:
            return None
        seconds, dot, key = text.partition(".")
        if not dot or not key.isalnum() or len(text) > 80 or not (seconds == "" or _is_number(seconds)):
            raise Refused(LOST, "BAD_CURSOR")
        return cls(from_seconds(int(seconds)) if seconds else None, key)

    def number(self) -> int:
        """Return the key of rows that are numbered; raises Refused for any other."""
        if not _is_number(self.id):
            raise Refused(LOST, "BAD_CURSOR")
        return int(self.id)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and len(text) <= 11


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and where the next page begins: empty at the end."""

    items: tuple[T, ...]
    next: str


def read_page(
    reader: Reader,
    query: Any,
    by: tuple[Any, Any],
    make: Callable[[Mapping[str, Any]], T],
    after: str,
    *,
    newest_first: bool = False,
) -> Page[T]:
    """Return a page of a query ordered `by` a moment and a key."""
    listing = Listing(query, by, newest_first)
    return _page(reader.fetch(_paged(lambda: listing, Cursor.parse(after))), make)


@dataclass(frozen=True, slots=True)
class Listing:
    """A query and what its rows are ordered `by`: a moment and a key."""

    query: Any
    by: tuple[Any, Any]
    newest_first: bool = False


def ask_page(
    reader: Reader, make: Callable[[Mapping[str, Any]], T], after: str, compose: Callable[..., Listing], *asked: Any
) -> Page[T]:
    """Return a page of the listing that `compose` makes of what is asked, see `Reader.ask`."""
    return _page(reader.ask(_paged, compose, Cursor.parse(after), *asked), make)


def _paged(compose: Callable[..., Listing], cursor: Cursor | None, *asked: Any) -> Any:
    listing = compose(*asked)
    query, (at, key), newest_first = listing.query, listing.by, listing.newest_first
    if cursor is not None:
        query = query.where(_beyond(at, key, cursor, newest_first=newest_first))
    order = (at.desc(), key.desc()) if newest_first else (at, key)
    return query.select_extend(at.alias("page_at"), key.alias("page_id")).order_by(*order).limit(PAGE_LENGTH + 1)


def _beyond(at: Any, key: Any, cursor: Cursor, *, newest_first: bool) -> Any:
    if cursor.at is None:
        return at.is_null() & (key > cursor.id)
    if newest_first:
        return (at < cursor.at) | ((at == cursor.at) & (key < cursor.id))
    return (at > cursor.at) | ((at == cursor.at) & (key > cursor.id))


def _page(rows: Sequence[dict[str, Any]], make: Callable[[Mapping[str, Any]], T]) -> Page[T]:
    shown = rows[:PAGE_LENGTH]
    more = len(rows) > PAGE_LENGTH
    cursor = str(Cursor(shown[-1]["page_at"], shown[-1]["page_id"])) if more else ""
    return Page(tuple(make(row) for row in shown), cursor)


def capped_count(reader: Reader, compose: Callable[..., Any], *asked: Any) -> int:
    """Return how many rows the query has that `compose` makes of what is asked; MOST_COUNTED: that many or more."""
    return int(reader.ask(_counted, compose, *asked)[0]["n"])


def _counted(compose: Callable[..., Any], *asked: Any) -> Any:
    some = compose(*asked).select(SQL("1").alias("one")).limit(MOST_COUNTED)
    return some.select_from(fn.COUNT(SQL("1")).alias("n"))
