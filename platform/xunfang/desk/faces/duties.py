"""Duties 定期任务 as their pages show them: one line of the list, one period of one unit, and how it is handed in."""

from dataclasses import dataclass
from datetime import datetime

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
class DutyFace:
    """What one unit owes for one period, with its task: what is owed and why, what was handed in, what happened.

    `form` is the title of the form it is handed in on, or "". `can` holds the verbs this person may do to it now,
    `quota` tells how much is to be done. `visited`: visits or things one by one do it, of which `progress` tells how
    far they are, and there is a list of them where it is `listed`. `roster` is what it is done by instead, or "".
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
