"""Publications 公示 as pages show them, to those who work on the case and to everybody."""

from dataclasses import dataclass
from datetime import datetime

from xunfang.desk.faces.basis import ClauseFace


@dataclass(frozen=True, slots=True)
class PublicationFace:
    """What hangs, or hung, on a board: its words as they were posted, for how long, and how it stands.

    `first` is the first line, to whom and until when one may object. `place` and `board` name its sheet; `id` is "" on
    pages that everybody may read, where nothing leads to a case.
    """

    id: str
    matter: str
    name: str
    lives: str
    programme: str
    amount: str
    members: str
    more: str
    first: str
    board: str
    board_label: str
    place: str
    place_label: str
    posted_at: datetime
    until: datetime | None
    taken_down_at: datetime | None
    status: str
    status_id: str
    objections: int = 0  # handed in by form


@dataclass(frozen=True, slots=True)
class ObjectionFace:
    """An objection handed in by form: when, who objects (masked, or by no name), which unit took it in.

    `status_id`: "open", "upheld" or "rejected"; `handler` is whose task it is, `outcome` how it ended. `case` is "" out
    of sight.
    """

    at: datetime
    by: str
    unit: str
    case: str
    number: str
    stage: str
    handler: str
    outcome: str
    closed_at: datetime | None
    status_id: str


@dataclass(frozen=True, slots=True)
class PublicationPage:
    """One publication with its case, what proves that it hung, and the objections that came.

    `noted` are those written down by hand, `objections` those handed in by form; `found` says whether there were any.
    `forms` are those by which one may object now: (id, title).
    """

    face: PublicationFace
    case: str
    number: str
    sha256: str
    photos: tuple[str, ...]
    noted: tuple[tuple[datetime, str, str], ...]
    objections: tuple[ObjectionFace, ...] = ()
    found: str = ""
    forms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SheetFace:
    """What hangs on one board of a place now, on one sheet: several households, and the first lines that they share.

    `lacks` says that there are more than a sheet holds.
    """

    board_label: str
    place_label: str
    rows: tuple[PublicationFace, ...]
    firsts: tuple[str, ...]
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class HelpedRow:
    """A list of who is helped now, as its line tells of it."""

    id: str
    place: str
    programme: str
    board: str
    households: int
    posted_at: datetime
    replaced_at: datetime | None


@dataclass(frozen=True, slots=True)
class HelpedPage:
    """One list with everybody on it: (name, members, amount); and what hung there before and since."""

    row: HelpedRow
    first: str
    people: tuple[tuple[str, str, str], ...]
    sha256: str
    others: tuple[HelpedRow, ...]
    basis: tuple[ClauseFace, ...]
