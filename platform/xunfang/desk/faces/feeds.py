"""Lists of departments as their pages show them: what a unit hands in, one list, the people in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xunfang.desk.faces.basis import ClauseFace
from xunfang.desk.faces.duties import DutyRow


@dataclass(frozen=True, slots=True)
class FeedFace:
    """A feed that a unit hands in: what is owed of it now (its tasks by the keys of what is owed), and to whom."""

    id: str
    label: str
    to: str
    heads: tuple[str, ...]
    asks: str
    basis: tuple[ClauseFace, ...]
    owed: tuple[DutyRow, ...]
    nil: tuple[tuple[str, str, int, str], ...]
    """Of each period that may be reported as nil: what is owed, its task and version, and the period in words."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of the list of lists; `count` is how many people are in it, None while nobody has counted."""

    id: str
    feed: str
    unit: str
    name: str
    status: str
    status_id: str
    count: int | None
    bad: int
    received_at: datetime
    handed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListedFace:
    """One person of a list: the row of the sheet as people count it, what is known of them, what is wrong."""

    line: int
    name: str
    number: str
    verdict: str
    verdict_id: str
    problems: tuple[str, ...]
    case: str


@dataclass(frozen=True, slots=True)
class ListFace:
    """One list for its page. `can` holds what this person may do to it now; `counts` verdict, words and how many.

    `asked` are the words nobody knows, `choices` what they may be; `done` and `whole` tell how far long work is.
    """

    row: ListRow
    version: int
    ours: bool
    to: str
    owed: str
    period: str
    error: str
    sheet: str
    counts: tuple[tuple[str, str, int], ...]
    show: str
    people: Sequence[ListedFace]
    after: str
    asked: tuple[tuple[str, str], ...]
    choices: tuple[tuple[str, str], ...]
    can: tuple[str, ...]
    working: bool
    done: int
    whole: int
