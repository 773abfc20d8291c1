"""Sittings 会议 as their pages show them: one line of the list, one with its agenda, one case to be decided."""

from dataclasses import dataclass
from datetime import datetime

from xunfang.desk.faces.basis import ClauseFace
from xunfang.desk.faces.casefile import TaskForm


@dataclass(frozen=True, slots=True)
class SittingRow:
    """One sitting of a meeting, in words."""

    id: str
    label: str
    session: str
    planned_at: datetime
    unit: str
    status: str
    status_id: str


@dataclass(frozen=True, slots=True)
class WaitingFace:
    """A case that waits for a sitting; `postponed`: an earlier one left it to the next."""

    task: str
    case: str
    number: str
    person: str
    what: str
    due_at: datetime | None
    postponed: bool


@dataclass(frozen=True, slots=True)
class ConvenedFace:
    """A meeting that the person's unit convenes, with what waits for it."""

    id: str
    label: str
    members: tuple[str, ...]
    quorum: str
    waiting: tuple[WaitingFace, ...]


@dataclass(frozen=True, slots=True)
class ItemFace:
    """A case on the agenda; one out of the reader's sight tells only what kind of matter it is.

    `settled`: its task was completed outside the sitting.
    """

    id: str
    n: int
    version: int
    what: str
    case: str
    number: str
    person: str
    status: str
    status_id: str
    decided: str
    recused: tuple[str, ...]
    votes: str
    words: str
    decided_at: datetime | None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class SeatFace:
    """A unit that belongs to a sitting; `names` of whom it sent, None where nobody came."""

    unit: str
    label: str
    names: str | None


@dataclass(frozen=True, slots=True)
class AnswerFace:
    """What a unit that came says to the minutes; `unit` is its key."""

    unit: str
    label: str
    answer: str
    look: str
    words: str
    told: str


@dataclass(frozen=True, slots=True)
class MinutesFace:
    """The minutes of a whole sitting; `ready`: there is a paper or a draft of it to be opened by this person.

    `drafts`, `answers_for` and `signs` say what the person can do now; `noted` are the units whose word the convener
    can note.
    """

    label: str
    status: str
    status_id: str
    version: int
    number: str
    chair: str
    recorder: str
    remarks: str
    pages: int
    error: str
    signed_by: str
    issued_at: datetime | None
    answers: tuple[AnswerFace, ...]
    ready: bool
    drafts: bool
    answers_for: str
    signs: bool
    noted: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SittingFace:
    """One sitting: when and where, who belongs to it and who came, and what became of each case on it.

    `holds`: the person may hold it, for its convener. `waiting` could be put on it besides.
    """

    row: SittingRow
    place: str
    called_by: str
    called_at: datetime
    invited_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    reason: str
    seats: tuple[SeatFace, ...]
    quorum: str
    items: tuple[ItemFace, ...]
    basis: tuple[ClauseFace, ...]
    holds: bool
    waiting: tuple[WaitingFace, ...]
    minutes: MinutesFace | None = None

    @property
    def came(self) -> int:
        """How many units came."""
        return sum(seat.names is not None for seat in self.seats)

    @property
    def left(self) -> int:
        """How many cases are still to be decided."""
        return sum(item.status_id == "proposed" for item in self.items)


@dataclass(frozen=True, slots=True)
class DecideForm:
    """What the page needs on which a case is decided: its task's own form, how it can be settled, who may stand aside.

    `ways` are pairs of a decision with an outcome, "<decision>:<outcome>", each with its words.
    """

    sitting: str
    item: str
    n: int
    version: int
    label: str
    ways: tuple[tuple[str, str], ...]
    present: tuple[tuple[str, str], ...]
    task: TaskForm


@dataclass(frozen=True, slots=True)
class OnSitting:
    """On which sitting a case is or was, for the page of the case; `id` is "" where the reader cannot open it."""

    id: str
    label: str
    planned_at: datetime
    status: str
    task: str
