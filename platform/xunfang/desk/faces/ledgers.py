"""Ledgers 台账 as their pages show them: the list of them, and one with its lines."""

from dataclasses import dataclass
from datetime import date

from xunfang.desk.faces.basis import ClauseFace

OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One ledger of the list: what it registers, in words, by which clauses, and how many columns it has."""

    id: str
    label: str
    lists: str
    columns: int
    basis: tuple[ClauseFace, ...]


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """The head of one column, and what it tells `of` 对象, 办理情况 …; `sorts`: a ledger can be sorted by it."""

    path: str
    label: str
    of: str
    sorts: bool


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line in words, and what it opens: a case, a person or something owed, "" where that is nothing.

    `name` is whose line it is, where a column tells that too.
    """

    cells: tuple[str, ...]
    name: str
    case: str
    person: str
    duty: str


@dataclass(frozen=True, slots=True)
class LedgerAsked:
    """What a person looks for in a ledger: kept in the address, but for the name or number `find`.

    `on` is the day as of which it is told, None for now; `stands`: "all", "open" or "ended". `sort`: "" for the own
    order of a ledger, OLDEST for the same from its other end, the path of a column, or that behind a minus to descend.
    """

    place: str = ""
    first: date | None = None
    last: date | None = None
    on: date | None = None
    stands: str = ""
    find: str = ""
    sort: str = ""

    @property
    def column(self) -> str:
        """Return the path of the column to sort by, "" for none."""
        return "" if self.sort == OLDEST else self.sort.removeprefix("-")

    @property
    def descends(self) -> bool:
        """Return whether the greatest comes first."""
        return self.sort.startswith("-")


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A page of a ledger, of `length` lines at most. `next` is where it goes on; with it, and fewer lines, only a
    stretch has been looked through.

    `asked` is what was looked for, `told` the same in words; `finds`: whether a name or number can be looked for;
    `period` is what its days are, "" where it has none. `orders` is its own order from either end; `sorted_by` the
    column it is sorted by, and `unsorted` the one it was to be sorted by, had it fewer lines.
    """

    row: LedgerRow
    heads: tuple[LedgerHead, ...]
    lines: tuple[LedgerLine, ...]
    next: str
    length: int
    asked: LedgerAsked
    told: tuple[str, ...]
    finds: bool
    period: str
    stands: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    as_of: str
    orders: tuple[tuple[str, str], ...]
    sorted_by: str
    unsorted: str
