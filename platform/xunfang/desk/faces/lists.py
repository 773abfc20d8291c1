"""Lines of lists, ready to read: queues, papers, messages, reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.casework import Verb
from xunfang.desk.faces.basis import ClauseFace, DueFace
from xunfang.store.reading.paging import Count


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One task in a queue. `ours`: the reader's own unit holds it; `hand`: the reader has claimed it.

    `routes`: it ends with somebody's word on a proposed dispatch, and `decides`: with this reader's.
    `waits`: time itself brings it on. `picks`: the verbs that may be done to it and others at once.
    `asks`: it asks for more time, and nobody has decided about it yet.
    Of what needs no case, `about` is the key and `subject` the kind; `person` then tells for which period it is owed.
    """

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
    leads: bool
    unit: str
    claimed_by: str
    status: str
    status_id: str
    supervised: bool
    due: DueFace
    basis: tuple[ClauseFace, ...]
    ours: bool
    hand: bool
    routes: bool
    decides: bool
    waits: bool
    version: int = 0
    picks: tuple[str, ...] = ()
    asks: bool = False
    subject: str = "case"
    about: str = ""


@dataclass(frozen=True, slots=True)
class SeveralRow:
    """What became of one thing that was ticked: its case and name, if in sight, and `why` it was refused."""

    case: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list of cases."""

    case: str
    number: str
    person: str
    place: str
    needs: tuple[str, ...]
    urgency: str
    urgent: bool
    flow: str
    stage: str
    opened_at: datetime
    due: DueFace
    status: str
    status_id: str
    archived: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a queue: its rows by standing, honest counts (capped), and where the next page begins."""

    rows: tuple[QueueRow, ...]
    counts: Mapping[str, Count]
    next: str = ""

    def offers(self, verb: str) -> bool:
        """Return whether a verb may be done to some of the rows at once."""
        return any(verb in row.picks for row in self.rows)

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
class PaperFace:
    """A paper. It is `ready` once there is something to open and for those who may open it.

    `can` is what the person may do to it, `ways` how it may be delivered (id, words), `told` what became of it,
    `edition` by which release it is printed, `awaiting` the units (id, name) that a paper to several has not reached.
    """

    id: str
    label: str
    number: str
    case: str
    case_number: str
    addressee: str
    status: str
    status_id: str
    at: datetime
    pages: int
    ready: bool
    person: str = ""
    version: int = 0
    can: tuple[Verb, ...] = ()
    ways: tuple[tuple[str, str], ...] = ()
    told: tuple[str, ...] = ()
    edition: str = ""
    awaiting: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MessageFace:
    """One message of an inbox; it leads to a case or to a change set, or nowhere."""

    id: str
    title: str
    body: str
    at: datetime
    case: str
    read: bool
    grave: bool
    change_set: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person who reported is told. `in_time` holds each deadline judged on arrival: its label and verdict.

    `number` is the report's own. Of a case that the person has no sight of nothing is told, not even that there is one.
    `can` holds the verbs that this person may do to the report. `sent_to`: the units that have it in hand by now.
    `submission` is what was asked after, `current` what counts of the report since it was put right.
    """

    number: str
    submission: str
    form: str
    case_id: str
    case_number: str
    merged: bool
    in_time: tuple[tuple[str, bool], ...] = ()
    can: tuple[Verb, ...] = ()
    taken_back: bool = False
    asked_back: bool = False
    sent_to: tuple[str, ...] = ()
    current: str = ""


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report of one's own as it can be put right: its form by the release of its case, and what is not sealed."""

    form: str
    release: str
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report of the person's unit by its own number; `case` and its stage only where the case is in sight.

    `submission` is its key where this person handed it in and can still put it right or take it back, else empty.
    """

    case: str
    number: str
    title: str
    person: str
    place: str
    at: datetime
    submission: str
    asked_back: bool
    stage: str
    status_id: str
    verdicts: tuple[tuple[str, bool], ...]
