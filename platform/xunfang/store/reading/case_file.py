"""The case page: everything about one case that is no secret, as one frozen value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xunfang.identity import born_on, mask_id
from xunfang.phones import mask_phone, normalise_phone
from xunfang.store.composing import in_few_shapes
from xunfang.store.database import Reader
from xunfang.store.rows import model_of
from xunfang.store.sealing import Keys, Place
from xunfang.store.tables import (
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

REPORT, REGISTRY = "report", "registry"
"""Where a value comes from: a report of this case, or what was recorded of the person before it."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as pages and papers show them: number and phone masked, the day of birth for the age only."""

    id: str
    name: str
    sex: str
    born: date | None
    masked_id: str
    id_kind: str  # the kind of paper its number is on, "" for a citizen's
    phones: tuple[tuple[str, str], ...]  # masked, and its source: "report" of this case or "registry"
    residence: str
    registration: str


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
    addressees: tuple[str, ...]
    number: str
    status: str
    error: str
    pages: int
    sha256: str
    wanted_at: datetime
    issued_at: datetime | None
    issued_by: str
    version: int
    signed_by: str
    signed_at: datetime | None
    deliveries: Sequence[Mapping[str, str]]
    release: str


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
    clues = tuple(reader.every(Clue, case=case.id))
    tasks = tuple(reader.every(Task, case=case.id))
    corrections = tuple(reader.every(Correction, case=case.id))
    filled = [clue.submission for clue in clues] + [each.before for each in corrections]
    submissions = submission_views(reader, filled + [task.answers for task in tasks])
    events = tuple(reader.every(Event, case=case.id))
    people = {event.actor for event in events} | {task.claimed_by for task in tasks}  # whoever signed is in an event
    return CaseFile(
        case=case,
        person=person_view(person, reader.database.keys, clues),
        clues=clues,
        corrections=corrections,
        dispatches=tuple(reader.every(Dispatch, case=case.id)),
        tasks=tasks,
        notices=tuple(notice_view(notice) for notice in reader.every(Notice, case=case.id)),
        events=events,
        submissions=submissions,
        names=names_of(reader, people | {submission.by for submission in submissions.values()}),
    )


def person_secrets(person: Person, keys: Keys | None) -> dict[str, str]:
    """Return what is sealed of a person: "id_number", "id_kind", "phone", where known; raises SealBroken."""
    if person.sealed is None or keys is None:
        return {}
    return {name: str(value) for name, value in keys.open_values(person.sealed, person_place(person.id)).items()}


def person_place(person_id: str) -> Place:
    """Return where the envelope of a person belongs."""
    return Place("person", "sealed", person_id)


def phones_by_source(secrets: Mapping[str, str], clues: Iterable[Clue]) -> dict[str, str]:
    """Return every phone of a case and its source: those its reports told, newest first, then the one on record.

    What was told by a report that was taken back is none of them.
    """
    current = [clue for clue in clues if clue.withdrawn_at is None]
    told = [normalise_phone(str(clue.told["phone"])) for clue in current if clue.told.get("phone")]
    recorded = [secrets["phone"]] if secrets.get("phone") else []
    return {
        **dict.fromkeys(reversed(told), REPORT),
        **{phone: REGISTRY for phone in recorded if phone not in told},
    }


def person_view(person: Person, keys: Keys | None, clues: Iterable[Clue] = ()) -> PersonView:
    """Return what may be shown of a person in a case with these clues."""
    secrets = person_secrets(person, keys)
    number = secrets.get("id_number", "")
    return PersonView(
        id=person.id,
        name=person.name,
        sex=person.sex,
        born=born_on(number),
        masked_id=mask_id(number),
        id_kind=secrets.get("id_kind", ""),
        phones=tuple((mask_phone(phone), source) for phone, source in phones_by_source(secrets, clues).items()),
        residence=person.residence,
        registration=person.registration,
    )


def notice_view(notice: Notice) -> NoticeView:
    """Return what lists show of a notice."""
    return NoticeView(**{name: getattr(notice, name) for name in NoticeView.__dataclass_fields__})


def submission_views(reader: Reader, keys: Iterable[str]) -> dict[str, SubmissionView]:
    """Return the filled forms with these keys, by key."""
    wanted = tuple(dict.fromkeys(key for key in keys if key))
    if not wanted:
        return {}
    files: dict[str, list[Attachment]] = {}
    for file in reader.ask_rows(Attachment, _attached, in_few_shapes(wanted)):
        files.setdefault(file.submission, []).append(file)
    found = {row.id: row for row in reader.ask_rows(Submission, _filled, in_few_shapes(wanted))}
    return {key: _submission_view(found[key], files.get(key, ())) for key in wanted if key in found}


def _filled(keys: tuple[str, ...]) -> Any:
    model = model_of(Submission)
    return model.select().where(model.id.in_(keys))


def _attached(submissions: tuple[str, ...]) -> Any:
    model = model_of(Attachment)
    return model.select().where(model.submission.in_(submissions)).order_by(model.id)


def _submission_view(row: Submission, files: Iterable[Attachment]) -> SubmissionView:
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


def names_of(reader: Reader, keys: Iterable[str]) -> dict[str, str]:
    """Return the names of the accounts with these keys, by key."""
    wanted = tuple(dict.fromkeys(key for key in keys if key))
    return {str(id): str(name) for id, name in reader.among("account", ("id", "name"), {}, "id", wanted)}
