"""Pages by key: the next page begins after the last row seen, however far down; counts stop where nobody reads on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from typing import Any, Generic, Self, TypeVar

from peewee import SQL, Select, Tuple, WrappedNode, fn

from xunfang.errors import Refused
from xunfang.store.columns import from_seconds, to_seconds
from xunfang.store.composing import kept_ready
from xunfang.store.database import Reader
from xunfang.store.reading.for_files import Unordered
from xunfang.store.reading.stretches import Stretch, between_spots

T = TypeVar("T")

PAGE_LENGTH = 30
MOST_COUNTED = 1000
WINDOW = 2_000
"""How many rows in order one page, or one count, looks through for what no index finds: it is found page by page."""
FEW = 2_000
"""Fewer rows are found first and then ordered; of more, a page is soon full when all are gone through in order."""
_TEXT, _LONGEST, _KEY = "~", 120, 80
LOST = "翻页位置无效，请从第一页重新查看。"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the moment its rows are ordered by (None: among those without one) and the last key.

    What is ordered by something else than moments, days or places, has the text of it.
    """

    at: datetime | str | None
    id: str

    def __str__(self) -> str:
        at = f"{_TEXT}{self.at}" if isinstance(self.at, str) else to_seconds(self.at) if self.at else ""
        return f"{at}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """Return the cursor a page handed out, None for the first page; raises Refused for any other text."""
        if not text:
            return None
        seconds, dot, key = text.partition(".")
        if (
            not dot
            or not key.isalnum()
            or len(key) > _KEY
            or len(text) > _LONGEST
            or not (seconds == "" or _is_place(seconds))
        ):
            raise Refused(LOST, "BAD_CURSOR")
        if seconds.startswith(_TEXT):
            return cls(seconds.removeprefix(_TEXT), key)
        return cls(from_seconds(int(seconds)) if seconds else None, key)

    @classmethod
    def of(cls, at: Any, key: Any) -> "Cursor":
        """Return the cursor of a row by what it is ordered by, a moment also as its seconds are stored."""
        if isinstance(at, int):
            return cls(from_seconds(at), key)
        return cls(at.isoformat() if isinstance(at, date) and not isinstance(at, datetime) else at, key)

    def number(self) -> int:
        """Return the key of rows that are numbered; raises Refused for any other."""
        if not _is_number(self.id):
            raise Refused(LOST, "BAD_CURSOR")
        return int(self.id)


def _is_place(text: str) -> bool:
    if text.startswith(_TEXT):
        return all(sign.isascii() and (sign.isalnum() or sign == "-") for sign in text.removeprefix(_TEXT))
    return _is_number(text)


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
    return _page(reader.fetch(_paged(lambda: listing, Cursor.parse(after), None, PAGE_LENGTH)), make)


@dataclass(frozen=True, slots=True)
class Listing:
    """A query and what its rows are ordered `by`: a moment and a key.

    `led` are columns that are empty in all its rows and stand before these in the index that orders them. `spans` are
    the parts of an index, each a query of keys with a moment and a key to order by, in which all its rows are found.
    `through` is the query of all rows in whose order it is looked for what is rare, see WINDOW; of one with spans it is
    the listing `among` whose keys that is. A span may be looked for `among` what an index holds whole, or what spans of
    it hold: the keys of a window are found before anything else of them is looked at.
    A `steady` one is found in its spans in the same way whatever is asked: a server keeps its plan. In one of `one_at`
    all rows have the same moment, or jurisdiction, and the keys alone tell which come after a place: SQLite begins at
    none by both. An `ending` is the condition beyond which it has no rows: a window ends before that, and then it is
    not said besides, lest SQLite looks for the one and reads on to the other. One ordered by places may lie
    in a `stretch` of them, which its query does not say.
    """

    query: Any
    by: tuple[Any, Any]
    newest_first: bool = False
    led: tuple[Any, ...] = ()
    spans: tuple["Listing", ...] = ()
    through: Any = None
    among: "Listing | None" = None
    steady: bool = False
    one_at: bool = False
    ending: Any = None
    stretch: Stretch | None = None


def turned(listing: Listing) -> Listing:
    """Return a listing whose pages go the other way, in all its parts."""
    spans = tuple(turned(span) for span in listing.spans)
    among = listing.among and turned(listing.among)
    return replace(listing, newest_first=not listing.newest_first, spans=spans, among=among)


def ask_page(
    reader: Reader,
    make: Callable[[Mapping[str, Any]], T],
    after: str,
    compose: Callable[..., Listing],
    *asked: Any,
    length: int = PAGE_LENGTH,
) -> Page[T]:
    """Return a page of the listing that `compose` makes of what is asked, see `Reader.ask`."""
    return _page(reader.ask(_paged, compose, Cursor.parse(after), None, length, *asked), make, length)


def ask_through(
    reader: Reader,
    make: Callable[[Mapping[str, Any]], T],
    after: str,
    compose: Callable[..., Listing],
    *asked: Any,
    most: int = WINDOW,
    length: int = PAGE_LENGTH,
) -> Page[T]:
    """Return a page of what is looked for within so many rows of a listing; it may hold few, and still go on."""
    cursor = Cursor.parse(after)
    last = _last(reader, compose, cursor, most, *asked)
    page = _page(reader.ask(_paged, compose, cursor, last, length, *asked), make, length)
    return page if page.next or last is None else replace(page, next=str(last))


def ask_within(
    reader: Reader, make: Callable[[Mapping[str, Any]], T], after: str, compose: Callable[..., Listing], *asked: Any
) -> Page[T]:
    """Return the same of a listing whose spans look through a window themselves: a full page needs no end of that."""
    cursor = Cursor.parse(after)
    page = _page(reader.ask(_paged, compose, cursor, None, PAGE_LENGTH, *asked), make)
    if page.next:
        return page
    last = _last(reader, compose, cursor, WINDOW, *asked)
    return replace(page, next=str(last)) if last else page


def _last(reader: Reader, compose: Callable[..., Listing], *asked: Any) -> Cursor | None:
    ended = reader.ask(_window_end, compose, *asked)
    return Cursor.of(ended[0]["page_at"], str(ended[0]["page_id"])) if ended else None


def _paged(
    compose: Callable[..., Listing], cursor: Cursor | None, until: Cursor | None, length: int, *asked: Any
) -> Any:
    listing = compose(*asked)
    query = listing.query
    if listing.spans:
        keys = _found_in(listing.spans, cursor, until, length)
        found = _ended(query.where(listing.by[1].in_(keys)), listing, length, aside=True)
        return kept_ready(found) if listing.steady else found
    if cursor is not None:
        query = query.where(_beyond(listing, cursor))
    ends = listing.ending if until is None else _beyond(listing, until, not_yet=True)
    return _ended(query if ends is None else query.where(ends), listing, length)


def _ended(query: Any, listing: Listing, length: int, *, aside: bool = False) -> Any:
    """Return the query of one page, which tells of each row where a page ends that ends with it."""
    at, key = listing.by
    told = query.select_extend(at.alias("page_at"), key.alias("page_id"))
    return _in_order(told, _aside(listing, _Aside) if aside else listing, length)


class _Aside(WrappedNode):
    """A column as no index orders by it: of the few rows of a page none is looked for among all in their order."""

    def __sql__(self, ctx: Any) -> Any:
        return ctx.literal("(SELECT ").sql(self.node).literal(")")


def _aside(listing: Listing, put: type[WrappedNode]) -> Listing:
    at, key = listing.by
    return replace(listing, by=(put(at), put(key)))


def _in_order(query: Any, listing: Listing, length: int) -> Any:
    return _sorted(query, listing).limit(length + 1)


def _sorted(query: Any, listing: Listing) -> Any:
    by = (*listing.led, *listing.by)
    return query.order_by(*(each.desc() for each in by) if listing.newest_first else by)


def _found_in(spans: Sequence[Listing], cursor: Cursor | None, until: Cursor | None, length: int) -> Any:
    """Return the query of the keys that the page is among: as many as a page holds from each span.

    What is looked for among keys is ordered aside in a file: SQLite would go through all rows in their order, asking of
    each whether its key is one of them.
    """
    ordered = ((span, _aside(span, Unordered) if span.among else span) for span in spans)
    return _united([_in_order(_part(span, cursor, until), ordering, length) for span, ordering in ordered])


def _part(span: Listing, cursor: Cursor | None, until: Cursor | None) -> Any:
    if span.among is not None:
        return span.query.where(span.by[1].in_(first_of(span.among, WINDOW, cursor)))
    return _from_to(span, span.query, cursor, until)


def _from_to(listing: Listing, query: Any, cursor: Cursor | None, until: Cursor | None = None) -> Any:
    """Return the query of those of its rows that come after a place and up to another, where there are such."""
    if listing.stretch is not None:
        after, last = ((each.at, each.id) if each else None for each in (cursor, until))
        return query.where(between_spots(listing.by, listing.stretch, after, last))
    query = query if cursor is None else query.where(_beyond(listing, cursor))
    return query if until is None else query.where(_beyond(listing, until, not_yet=True))


def _window_end(compose: Callable[..., Listing], cursor: Cursor | None, most: int, *asked: Any) -> Any:
    """Return the query of where the stretch ends that one page looks through; nothing where all ends before."""
    listing = compose(*asked)
    among = listing.among or (listing.spans[0].among if listing.spans else None)
    through = among or replace(listing, query=listing.through)
    return _gone_through(through, cursor, most, "page_at", "page_id").limit(1).offset(most - 1)


def first_of(listing: Listing, most: int, after: Cursor | None = None) -> Any:
    """Return the query of the keys, as `page_id`, of the first rows after a place, in their order."""
    return _gone_through(listing, after, most, "page_id").limit(most)


def _gone_through(through: Listing, cursor: Cursor | None, most: int, *names: str) -> Any:
    """Return the query of the first rows after a place: of an index, or of several parts of one, so many of each."""
    if not through.spans:
        return _places(through, cursor, *names)
    some = _united([_places(span, cursor, "page_at", "page_id").limit(most) for span in through.spans]).alias("some")
    order = [some.c.page_at, some.c.page_id]
    query = Select([some], [getattr(some.c, name) for name in names])
    return query.order_by(*(each.desc() for each in order) if through.newest_first else order)


def _places(listing: Listing, cursor: Cursor | None, *names: str) -> Any:
    at, key = listing.by
    chosen = {"page_at": at.alias("page_at"), "page_id": key.alias("page_id")}
    query = listing.query.select(*(chosen[name] for name in names))
    return _sorted(_from_to(listing, query, cursor), listing)


def _united(parts: Sequence[Any]) -> Any:
    """Return the query of the rows of all parts, each of which keeps an order and an end of its own."""
    return reduce(lambda some, more: some.union_all(more), (part.select_from(SQL("*")) for part in parts))


def _beyond(listing: Listing, cursor: Cursor, *, not_yet: bool = False) -> Any:
    """Return the condition that a row comes after a place, or `not_yet`: one comparison, for an index to begin at."""
    (at, key), after = listing.by, listing.newest_first == not_yet
    if cursor.at is None:
        return at.is_null() & (key <= cursor.id if not_yet else key > cursor.id)
    moment = to_seconds(cursor.at) if isinstance(cursor.at, datetime) else cursor.at
    row, place = (key, cursor.id) if listing.one_at else (Tuple(at, key), Tuple(moment, cursor.id))
    if not_yet:
        return row >= place if after else row <= place
    return row > place if after else row < place


def _page(rows: Sequence[dict[str, Any]], make: Callable[[Mapping[str, Any]], T], length: int = PAGE_LENGTH) -> Page[T]:
    shown = rows[:length]
    more = len(rows) > length
    cursor = str(Cursor.of(shown[-1]["page_at"], shown[-1]["page_id"])) if more else ""
    return Page(tuple(make(row) for row in shown), cursor)


class Count(int):
    """How many there are; with `more`, at least so many."""

    more: bool

    def __new__(cls, n: int, *, more: bool) -> Self:
        """Return a count."""
        made = super().__new__(cls, n)
        made.more = more
        return made


def capped_count(reader: Reader, compose: Callable[..., Any], *asked: Any) -> Count:
    """Return how many rows the query has that `compose` makes of what is asked, up to MOST_COUNTED."""
    n = int(reader.ask(_counted, compose, MOST_COUNTED, *asked)[0]["n"])
    return Count(n, more=n >= MOST_COUNTED)


def are_few(reader: Reader, few: int, compose: Callable[..., Any], *asked: Any) -> bool:
    """Return whether the query that `compose` makes of what is asked has fewer than `few` rows."""
    return int(reader.ask(_counted, compose, few, *asked)[0]["n"]) < few


def _counted(compose: Callable[..., Any], most: int, *asked: Any) -> Any:
    some = compose(*asked).select(SQL("1").alias("one")).limit(most)
    return some.select_from(fn.COUNT(SQL("1")).alias("n"))
