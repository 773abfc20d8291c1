"""A case as its page shows it: the person, what was found, dispatch, tasks, events."""

from dataclasses import dataclass
from datetime import datetime

from xunfang.casework import Verb
from xunfang.desk.faces.basis import ClauseFace, DueFace
from xunfang.desk.faces.lists import PaperFace


@dataclass(frozen=True, slots=True)
class PersonFace:
    """The person a case is about, masked. `hidden` names what can be revealed: (field, label).

    `phones` come each with its source; `recorded_at` is where the person lived by the record, where the case says
    otherwise.
    """

    id: str
    name: str
    sex: str
    age: str
    residence: str
    registration: str
    id_label: str
    masked_id: str
    phones: tuple[tuple[str, str], ...]
    recorded_at: str = ""
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionFace:
    """A question about two records of one number, in words; without `verdict` it is still to be answered.

    `told` is what was found of it before, by whom and why, where a page tells that.
    """

    id: str
    version: int
    text: str
    verdict: str
    may_answer: bool
    may_undo: bool = False
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableFace:
    """What was filled in row by row; `sealed` names the columns that are not shown."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sealed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Labelled values under one heading, and tables of those that were filled in row by row."""

    title: str
    lines: tuple[tuple[str, str], ...]
    tables: tuple[TableFace, ...] = ()


@dataclass(frozen=True, slots=True)
class ClueFace:
    """One clue of a case: which form, the number of its receipt, from whom, when, whether in time, what it says."""

    title: str
    receipt: str
    unit: str
    found_at: datetime | None
    entered_at: datetime
    verdicts: tuple[tuple[str, bool], ...]
    said: tuple[Lines, ...]
    photos: tuple[str, ...] = ()
    id: str = ""
    withdrawn_at: datetime | None = None
    asked_back_at: datetime | None = None
    corrected: tuple["CorrectedFace", ...] = ()


@dataclass(frozen=True, slots=True)
class CorrectedFace:
    """A correction of a clue: when, whether somebody had acted, and each field as it was and as it is: all in words."""

    at: datetime
    acted: bool
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TaskFace:
    """One task of a case. `can` holds the verbs this person may do to it now, `prints` the papers: (kind, label)."""

    id: str
    version: int
    stage: str
    unit: str
    role: str
    leads: bool
    status: str
    status_id: str
    open: bool
    opened_at: datetime
    claimed_by: str
    claimed_at: datetime | None
    ended_at: datetime | None
    due: DueFace
    late: bool
    outcome: str
    said: tuple[Lines, ...]
    can: tuple[Verb, ...]
    prints: tuple[tuple[str, str], ...] = ()
    suspended: bool = False
    asks: str = ""  # the time asked for and not yet decided about, in words


@dataclass(frozen=True, slots=True)
class ReturnFace:
    """A return 退回 that led to a proposal: which unit, when and why; `unit` is in words."""

    unit: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ProposalFace:
    """One lead that routing proposes, with its assisting units, and the row and clauses that say so.

    `informs` are in words the units that are told of it when that lead is confirmed 抄送.
    """

    lead: str
    lead_label: str
    assist: tuple[str, ...]
    assist_labels: tuple[str, ...]
    rows: tuple[str, ...]
    clauses: tuple[ClauseFace, ...]
    meeting: str = ""
    returns: tuple[ReturnFace, ...] = ()
    informs: tuple[str, ...] = ()
    empty: bool = False  # nobody in the lead's unit can act
    sums: tuple[str, ...] = ()  # what its rows compare with an amount, worked out

    @property
    def came_back(self) -> bool:
        """Return whether the very unit that is proposed gave the task back."""
        return any(each.unit == self.lead_label for each in self.returns)


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
    questions: tuple[QuestionFace, ...] = ()

    @property
    def plain(self) -> bool:
        """Return whether it can be confirmed as proposed: each lead is named, and none has just given it back."""
        return all(each.lead and not each.came_back for each in self.proposals)


@dataclass(frozen=True, slots=True)
class EventFace:
    """One step of a case: what happened, who did it, by which rule; `before` is when the very same came before it."""

    at: datetime
    what: str
    who: str
    details: tuple[str, ...] = ()
    before: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case, to be read like a file; `parent` is the case that started it, if another did.

    `can` holds the verbs this person may do to the case as a whole.
    """

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
    parent: str = ""
    waits: str = ""  # until when a wait runs, in words
    ending: str = ""  # how it was closed, in words
    moved_away: bool = False  # its clues went into another case
    archived_at: datetime | None = None
    can: tuple[Verb, ...] = ()
    suspended: bool = False
    questions: tuple[QuestionFace, ...] = ()
    release: str = ""
    edition: str = ""  # what people call the release


@dataclass(frozen=True, slots=True)
class TaskForm:
    """What the page needs on which a task is completed: its form ("" for none) and its outcomes, by id and label.

    `person`, `urgency` and `clues` say in whose file one writes. `waits` tells what time itself brings and when, or,
    where it is `held`, what keeps it from doing so.
    """

    case: str
    number: str
    stage: str
    version: int
    form: str
    outcomes: tuple[tuple[str, str], ...]
    waits: str = ""
    held: bool = False
    person: str = ""
    urgency: str = ""
    urgent: bool = False
    clues: tuple[ClueFace, ...] = ()
    release: str = ""
    edition: str = ""  # what people call the release
