"""An opening balance as its pages show it: what may be brought, one list, its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OpeningKind:
    """What may be brought along: by which columns that are a must, and which others; `ledger`: a paper ledger."""

    id: str
    label: str
    must: tuple[str, ...]
    others: tuple[str, ...]
    ledger: bool


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """One line of the list of lists."""

    id: str
    label: str
    name: str
    status: str
    status_id: str
    count: int | None
    bad: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class BroughtFace:
    """One row of a list: where it stands in the sheet, whom it is about, and what it came to."""

    line: int
    name: str
    told: str
    verdict: str
    problems: tuple[str, ...]
    case: str
    person: str


@dataclass(frozen=True, slots=True)
class OpeningFace:
    """One list for its page. `can` holds what this person may do to it now; `counts` verdict, words and how many."""

    row: OpeningRow
    version: int
    error: str
    sheet: str
    counts: tuple[tuple[str, str, int], ...]
    show: str
    rows: Sequence[BroughtFace]
    after: str
    asked: tuple[tuple[str, str], ...]
    choices: tuple[tuple[str, str], ...]
    can: tuple[str, ...]
    working: bool
    done: int
    whole: int
    good: int
    passwords: bool
