"""People of the registry 救助对象档案 as their pages show them: a line of the list, and everything about one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from xunfang.casework import Verb
from xunfang.desk.faces.basis import ClauseFace, DueFace
from xunfang.desk.faces.casefile import Lines, PersonFace, QuestionFace
from xunfang.desk.faces.lists import CaseRow, PaperFace


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list in words: what somebody is held to be, what they hold today, since when they are gone."""

    id: str
    name: str
    sex: str
    age: str
    place: str
    masked_id: str
    categories: tuple[str, ...]
    programmes: tuple[str, ...]
    gone: str = ""


@dataclass(frozen=True, slots=True)
class CategoryFace:
    """What somebody is or was held to be, since when, until when, and by what; `case` where, if in sight."""

    id: str
    version: int
    label: str
    since: date
    until: date | None
    source: str
    case: str
    number: str
    basis: tuple[ClauseFace, ...]
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class EntitlementFace:
    """One decision about a programme: `held` says that it holds today, `taken_back` that it counts for nothing."""

    id: str
    version: int
    programme: str
    state: str
    state_id: str
    held: bool
    taken_back: bool
    since: date
    until: date | None
    amount: str
    members: int
    unit: str
    decided_at: datetime
    reason: str
    case: str
    number: str
    basis: tuple[ClauseFace, ...]
    by_hand: bool = False
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class MemberFace:
    """One who belongs or belonged to a household; `person` is "" where they are out of sight."""

    person: str
    name: str
    relation: str
    joined_on: date
    left_on: date | None
    because: str


@dataclass(frozen=True, slots=True)
class HouseholdFace:
    """A household that somebody belongs or belonged to; `now`: they belong to it today."""

    id: str
    number: str
    place: str
    now: bool
    members: tuple[MemberFace, ...]

    @property
    def others(self) -> tuple[MemberFace, ...]:
        """Whoever belongs to it now and can be named."""
        return tuple(each for each in self.members if each.left_on is None and each.person)


@dataclass(frozen=True, slots=True)
class VisitFace:
    """That somebody was visited: on which day, by whom, on which form, what was told on it, and the photos taken."""

    on: date
    unit: str
    by: str
    form: str
    way: str
    photos: tuple[str, ...] = ()
    said: tuple[Lines, ...] = ()


@dataclass(frozen=True, slots=True)
class NextFace:
    """What is next and by when: a task of a case that goes on."""

    stage: str
    unit: str
    due: DueFace
    case: str
    number: str


@dataclass(frozen=True, slots=True)
class ChangeFace:
    """A change made by hand, in words: what, as it was and as it is, by whom and why."""

    at: datetime
    what: str
    before: str
    after: str
    on: date | None
    who: str
    reason: str
    basis: str


@dataclass(frozen=True, slots=True)
class RecordFace:
    """Another record of the same person, as it was found by those who see both."""

    id: str
    name: str
    place: str
    masked_id: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything about a person on one page. `can` holds the verbs this person may do to it now.

    `choices` are what those verbs ask for, by the name of their input: (value, label).
    """

    person: PersonFace
    version: int
    household: HouseholdFace | None
    households: tuple[HouseholdFace, ...]
    entitlements: tuple[EntitlementFace, ...]
    categories: tuple[CategoryFace, ...]
    cases: tuple[CaseRow, ...]
    next: tuple[NextFace, ...]
    papers: tuple[PaperFace, ...]
    visits: tuple[VisitFace, ...]
    questions: tuple[QuestionFace, ...]
    same: tuple[RecordFace, ...]
    changes: tuple[ChangeFace, ...] = ()
    died: date | None = None
    can: tuple[Verb, ...] = ()
    choices: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
