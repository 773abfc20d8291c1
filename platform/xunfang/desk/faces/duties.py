"""Duties 定期任务 as their pages show them: one line of the list, one period of one unit, and how it is handed in."""

from dataclasses import dataclass
from datetime import date, datetime

from xunfang.casework import Verb
from xunfang.desk.faces.basis import ClauseFace, DueFace
from xunfang.desk.faces.casefile import EventFace, Lines


@dataclass(frozen=True, slots=True)
class DutyRow:
    """What one unit owes for one period, in words; `ended_at` is when it was handed in or waived."""

    id: str
    label: str
    period: str
    unit: str
    to: str
    due: DueFace
    status: str
    status_id: str
    opened_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class StratumFace:
    """One stratum of a draw: what it was, how much of it is drawn, how many it had, how many were wanted."""

    label: str
    share: str
    had: int
    wanted: int


@dataclass(frozen=True, slots=True)
class DrawingFace:
    """A draw as its page tells it: from how many how many, and all by which anybody can draw the same again.

    `days` tells of cases in which days they were closed, "" of people. `same`: made anew from what is on record, the
    same comes of it. `instead` is how many stood in for those gone. `unit` is the word by which they are counted.
    """

    unit: str
    population: int
    drawn: int
    at: datetime
    seed: str
    digest: str
    days: str
    minimum: int
    strata: tuple[StratumFace, ...]
    same: bool
    instead: int


@dataclass(frozen=True, slots=True)
class DutyFace:
    """What one unit owes for one period, with its task: what is owed and why, what was handed in, what happened.

    `form` is the title of the form it is handed in on, or "". `can` holds the verbs this person may do to it now,
    `quota` tells how much is to be done. `visited`: visits or things one by one do it, of which `progress` tells how
    far they are, and there is a list of them where it is `listed`; `drawing` tells how that list was drawn. `roster` is
    what it is done by instead, or "".
    """

    row: DutyRow
    task: str
    version: int
    form: str
    zero_report: bool
    basis: tuple[ClauseFace, ...]
    claimed_by: str
    claimed_at: datetime | None
    said: tuple[Lines, ...]
    photos: tuple[str, ...]
    text: str
    events: tuple[EventFace, ...]
    can: tuple[Verb, ...]
    quota: str = ""
    feed: str = ""
    progress: str = ""
    listed: bool = False
    visited: bool = False
    roster: str = ""
    drawing: DrawingFace | None = None


@dataclass(frozen=True, slots=True)
class Notable:
    """Something that may be noted to have happened: what is owed of it, by which units, and what its day is called.

    `when` tells how its limit runs.
    """

    id: str
    label: str
    when: str
    day: str
    units: tuple[tuple[str, str], ...]
    basis: tuple[ClauseFace, ...]


@dataclass(frozen=True, slots=True)
class DutyForm:
    """What the page needs on which it is handed in: of which task, and its form ("" for a few words) by its release."""

    id: str
    task: str
    version: int
    label: str
    period: str
    to: str
    form: str
    release: str
    quota: str = ""
    beside: "LedgerBeside | None" = None


@dataclass(frozen=True, slots=True)
class LedgerBeside:
    """The ledger by which a form is filled in, and the days it is about; `stock`: it lists what stands on a day."""

    ledger: str
    label: str
    first: date
    last: date
    stock: bool
