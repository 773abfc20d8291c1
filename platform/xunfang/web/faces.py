"""What the pages show, ready to read: labels instead of ids, words instead of codes, nothing that must stay hidden."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from xunfang.web.wording import Standing


@dataclass(frozen=True, slots=True)
class ClauseFace:
    """A clause that makes something a duty: number (or title) of its document, where it stands in it, what it says."""

    id: str
    document: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class DueFace:
    """A due moment with its explanation: the limit, the days that counted, those that did not and why."""

    at: datetime | None
    standing: Standing
    label: str = ""
    limit: str = ""
    counted: tuple[date, ...] = ()
    skipped: tuple[tuple[date, str], ...] = ()
    provisional: bool = False
    clauses: tuple[ClauseFace, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One task in a queue."""

    task: str
    case: str
    number: str
    person: str
    place: str
    needs: tuple[str, ...]
    urgency: str
    urgent: bool
    stage: str
    role: str
    unit: str
    claimed_by: str
    status: str
    status_look: str
    due: DueFace
    basis: tuple[ClauseFace, ...]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a queue: its rows by standing, honest counts (capped), and where the next page begins."""

    rows: tuple[QueueRow, ...]
    counts: Mapping[str, int]
    total: int
    capped: bool
    next: str = ""

    def bucket(self, name: str) -> tuple[QueueRow, ...]:
        """Return the rows of one standing."""
        return tuple(row for row in self.rows if row.due.standing.bucket == name)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a person looks for in a queue; kept in the address."""

    bucket: str = ""
    status: str = ""
    urgency: str = ""
    unit: str = ""
    mine: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True)
class PersonFace:
    """The person a case is about, masked. `hidden` names what can be revealed: (field, label)."""

    id: str
    name: str
    sex: str
    age: str
    residence: str
    registration: str
    masked_id: str
    masked_phone: str
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """Labelled values under one heading."""

    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ClueFace:
    """One clue of a case: which form, from whom, when, whether in time, and what it says."""

    title: str
    unit: str
    found_at: datetime | None
    entered_at: datetime
    verdicts: tuple[tuple[str, bool], ...]
    said: tuple[Lines, ...]
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskFace:
    """One task of a case. `can` holds the acts this person may do on it now, `prints` the papers: (kind, label)."""

    id: str
    version: int
    stage: str
    unit: str
    role: str
    status: str
    status_look: str
    open: bool
    opened_at: datetime
    claimed_by: str
    claimed_at: datetime | None
    ended_at: datetime | None
    due: DueFace
    late: bool
    outcome: str
    said: tuple[Lines, ...]
    can: frozenset[str]
    prints: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ProposalFace:
    """One lead that routing proposes, with its assisting units, and the row and clauses that say so."""

    lead: str
    lead_label: str
    assist: tuple[str, ...]
    assist_labels: tuple[str, ...]
    rows: tuple[str, ...]
    clauses: tuple[ClauseFace, ...]
    meeting: str = ""


@dataclass(frozen=True, slots=True)
class DispatchFace:
    """A dispatch that waits for the leader's word."""

    case: str
    number: str
    version: int
    person: str
    place: str
    needs: tuple[str, ...]
    urgency: str
    urgent: bool
    difficulty: str
    proposed_at: datetime
    due: DueFace
    proposals: tuple[ProposalFace, ...]


@dataclass(frozen=True, slots=True)
class PaperFace:
    """A paper. It can be opened once it is issued."""

    id: str
    label: str
    number: str
    case: str
    case_number: str
    addressee: str
    status: str
    status_look: str
    at: datetime
    pages: int
    ready: bool


@dataclass(frozen=True, slots=True)
class EventFace:
    """One step of a case: what happened, who did it, by which rule."""

    at: datetime
    what: str
    who: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case, to be read like a file."""

    id: str
    number: str
    version: int
    flow: str
    stage: str
    urgency: str
    urgent: bool
    needs: tuple[str, ...]
    opened_at: datetime
    closed_at: datetime | None
    outcome: str
    due: DueFace
    person: PersonFace
    clues: tuple[ClueFace, ...]
    dispatch: DispatchFace | None
    tasks: tuple[TaskFace, ...]
    papers: tuple[PaperFace, ...]
    events: tuple[EventFace, ...]


@dataclass(frozen=True, slots=True)
class MessageFace:
    """One message of an inbox."""

    id: str
    title: str
    body: str
    at: datetime
    case: str
    read: bool
    grave: bool


@dataclass(frozen=True, slots=True)
class AccountFace:
    """One account, for the administrator."""

    id: str
    login: str
    name: str
    unit: str
    unit_label: str
    roles: tuple[str, ...]
    role_labels: tuple[str, ...]
    active: bool
    locked: bool
    version: int


@dataclass(frozen=True, slots=True)
class JobFace:
    """One job that nobody could carry out, parked where a person sees it."""

    id: str
    kind: str
    attempts: int
    run_at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class SystemFace:
    """How the machinery is: signs of life (name, when, note, well), parked jobs, warnings in the rules."""

    heartbeats: tuple[tuple[str, datetime | None, str, bool], ...]
    parked: tuple[JobFace, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person who reported is told. `in_time` holds each deadline judged on arrival: its label and verdict."""

    submission: str
    case_id: str
    case_number: str
    merged: bool
    in_time: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report of the person's unit, and how its case stands."""

    case: str
    number: str
    title: str
    person: str
    place: str
    at: datetime
    stage: str
    stage_look: str
    verdicts: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class TaskForm:
    """What the page needs on which a task is completed: its form ("" for none) and its outcomes, by id and label."""

    case: str
    number: str
    stage: str
    version: int
    form: str
    outcomes: tuple[tuple[str, str], ...]
