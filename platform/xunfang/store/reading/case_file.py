"""The case page: everything about one case that is no secret, as one frozen value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xunfang.store.database import Reader
from xunfang.store.rows import model_of
from xunfang.store.tables import (
    Account,
    Attachment,
    Case,
    Clue,
    Correction,
    Dispatch,
    Event,
    Notice,
    Person,
    Submission,
    Task,
)


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as lists and pages show them: number and phone masked. `has_sealed`: there is more to reveal."""

    id: str
    name: str
    sex: str
    birth_on: date | None
    masked_id: str
    masked_phone: str
    residence: str
    registration: str
    has_sealed: bool


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file handed in."""

    id: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """A filled form, without its sensitive answers; `has_sealed` says that there are some."""

    id: str
    form: str
    release: str
    answers: Mapping[str, Any]
    by: str
    unit: str
    at: datetime
    has_sealed: bool
    attachments: tuple[AttachmentView, ...]


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as lists show it."""

    id: str
    case: str
    task: str
    kind: str
    unit: str
    addressee: str
    number: str
    status: str
    error: str
    pages: int
    sha256: str
    wanted_at: datetime
    issued_at: datetime | None
    issued_by: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with all that belongs to it. `submissions` by key, `names` of the accounts that occur, by key."""

    case: Case
    person: PersonView
    clues: tuple[Clue, ...]
    corrections: tuple[Correction, ...]
    dispatches: tuple[Dispatch, ...]
    tasks: tuple[Task, ...]
    notices: tuple[NoticeView, ...]
    events: tuple[Event, ...]
    submissions: Mapping[str, SubmissionView]
    names: Mapping[str, str]


def read_case_file(reader: Reader, case: Case) -> CaseFile:
    """Return the file of a case that the caller has found to be in sight."""
    person = reader.find(Person, case.person)
    assert person is not None
    clues = tuple(reader.select(Clue, case=case.id))
    tasks = tuple(reader.select(Task, case=case.id))
    corrections = tuple(reader.select(Correction, case=case.id))
    filled = [clue.submission for clue in clues] + [each.before for each in corrections]
    submissions = _submissions(reader, filled + [task.answers for task in tasks])
    events = tuple(reader.select(Event, case=case.id))
    people = {event.actor for event in events} | {task.claimed_by for task in tasks}
    return CaseFile(
        case=case,
        person=person_view(person),
        clues=clues,
        corrections=corrections,
        dispatches=tuple(reader.select(Dispatch, case=case.id)),
        tasks=tasks,
        notices=tuple(notice_view(notice) for notice in reader.select(Notice, case=case.id)),
        events=events,
        submissions=submissions,
        names=_names(reader, people | {submission.by for submission in submissions.values()}),
    )


def person_view(person: Person) -> PersonView:
    """Return what may be shown of a person."""
    shown = {name: getattr(person, name) for name in PersonView.__dataclass_fields__ if name != "has_sealed"}
    return PersonView(**shown, has_sealed=person.sealed is not None)


def notice_view(notice: Notice) -> NoticeView:
    """Return what lists show of a notice."""
    return NoticeView(**{name: getattr(notice, name) for name in NoticeView.__dataclass_fields__})


def _submissions(reader: Reader, keys: Iterable[str]) -> dict[str, SubmissionView]:
    found = (reader.find(Submission, key) for key in dict.fromkeys(keys) if key)
    return {row.id: _submission_view(reader, row) for row in found if row is not None}


def _submission_view(reader: Reader, row: Submission) -> SubmissionView:
    files = reader.select(Attachment, submission=row.id)
    return SubmissionView(
        id=row.id,
        form=row.form,
        release=row.release,
        answers=row.answers,
        by=row.by,
        unit=row.unit,
        at=row.at,
        has_sealed=row.sealed is not None,
        attachments=tuple(AttachmentView(file.id, file.name, file.media_type, file.size) for file in files),
    )


def _names(reader: Reader, keys: Iterable[str]) -> dict[str, str]:
    model = model_of(Account)
    wanted = [key for key in keys if key]
    rows = reader.fetch(model.select(model.id, model.name).where(model.id.in_(wanted))) if wanted else []
    return {row["id"]: row["name"] for row in rows}
