"""The case page: what the store knows of a case, in the order in which somebody reads a file."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from xunfang.actions.reading import SOURCES
from xunfang.clock import local_date
from xunfang.identity import years_since
from xunfang.rulebook.model import Rulebook
from xunfang.store import Clue, Task
from xunfang.store.reading.case_file import CaseFile as StoredFile
from xunfang.store.reading.case_file import PersonView, SubmissionView
from xunfang.web.faces import CaseFile, ClueFace, DispatchFace, Lines, PersonFace
from xunfang.web.labels import Labels
from xunfang.web.readings.dispatch import proposals
from xunfang.web.readings.due import due_face
from xunfang.web.readings.events import UNTOLD, acts_behind, event_face
from xunfang.web.readings.papers import paper_face
from xunfang.web.readings.reports import receipt_number
from xunfang.web.readings.tasks import task_face
from xunfang.web.site import Member


def case_face(
    stored: StoredFile, rulebook: Rulebook, member: Member, now: datetime, parent: str, waits: str = ""
) -> CaseFile:
    """Return a case for its page, with what this person may do on it; `parent` is the case it began in, if in sight."""
    case, labels = stored.case, Labels(rulebook)
    tasks = [task_face(task, stored, rulebook, member, now) for task in sorted(stored.tasks, key=_reading_order)]
    told = [event for event in reversed(stored.events) if event.name not in UNTOLD]
    acts = acts_behind(stored.events)
    return CaseFile(
        id=case.id,
        number=case.number,
        version=case.version,
        flow=labels.flow(case.flow),
        stage=labels.stage(case.flow, case.state),
        urgency=labels.answer("urgency", case.urgency),
        urgent=labels.is_urgent(case.urgency),
        needs=tuple(labels.answer("needs", need) for need in case.needs),
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        outcome=labels.outcome(case.flow, "", case.outcome) if case.outcome else "",
        due=due_face(rulebook, case.due_at, case.due, now, ended=case.closed_at is not None),
        person=person_face(stored, rulebook, now, may_reveal=member.may("reveal")),
        clues=tuple(_clue(clue, stored.submissions, labels) for clue in stored.clues),
        dispatch=_waiting(stored, rulebook, now),
        tasks=tuple(sorted(tasks, key=lambda task: not task.can)),  # what awaits this person comes first
        papers=tuple(paper_face(notice, rulebook, member, case.number) for notice in reversed(stored.notices)),
        events=tuple(event_face(event, labels, case.flow, acts.get(event.n, "")) for event in told),
        parent=parent,
        waits=waits,
    )


def person_face(stored: StoredFile, rulebook: Rulebook, now: datetime, *, may_reveal: bool) -> PersonFace:
    """Return the case's person, masked; what lies sealed is named only to those who may ask for it."""
    person, labels = stored.person, Labels(rulebook)
    return PersonFace(
        id=person.id,
        name=person.name,
        sex=person.sex,
        age=_age(person, now),
        residence=labels.place(stored.case.residence),
        registration=labels.place(stored.case.registration),
        recorded_at=labels.place(person.residence) if person.residence != stored.case.residence else "",
        masked_id=person.masked_id,
        phones=tuple((phone, SOURCES[source]) for phone, source in person.phones),
        hidden=tuple(_hidden(stored, rulebook)) if may_reveal else (),
    )


def _hidden(stored: StoredFile, rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """Yield what can be revealed: number and phone where they are known, and the sensitive fields of the forms."""
    if stored.person.masked_id:
        yield "id_number", "身份证号"
    if stored.person.phones:
        yield "phone", "联系电话"
    forms = dict.fromkeys(filled.form for filled in stored.submissions.values() if filled.has_sealed)
    for form in (rulebook.forms[id] for id in forms if id in rulebook.forms):
        personal = {form.person.get("id_number"), form.person.get("phone")}
        for field in form.fields.values():
            if field.sensitive and field.name not in personal:
                yield field.name, field.title


def _age(person: PersonView, now: datetime) -> str:
    return f"{years_since(person.born, local_date(now))}岁" if person.born else ""


def _clue(clue: Clue, submissions: Mapping[str, SubmissionView], labels: Labels) -> ClueFace:
    form = labels.rulebook.forms.get(clue.form)
    filled = submissions.get(clue.submission)
    said: tuple[Lines, ...] = labels.said(form, filled.answers) if form and filled else ()
    if filled and filled.has_sealed:
        said += (Lines("", (("其他", "另有加密保存的内容，需要时按规定查看"),)),)
    return ClueFace(
        title=form.title if form else clue.form,
        receipt=receipt_number(clue.submission),
        unit=labels.unit(clue.unit),
        found_at=clue.found_at,
        entered_at=clue.entered_at,
        verdicts=tuple((labels.deadline(id), told) for id, told in clue.in_time.items()),
        said=said,
        photos=tuple(file.id for file in filled.attachments) if filled else (),
    )


def _waiting(stored: StoredFile, rulebook: Rulebook, now: datetime) -> DispatchFace | None:
    waiting = [each for each in stored.dispatches if each.status == "proposed"]
    if not waiting:
        return None
    case, labels, last = stored.case, Labels(rulebook), waiting[-1]
    return DispatchFace(
        case=case.id,
        number=case.number,
        version=last.version,
        person=stored.person.name,
        place=labels.place(case.residence),
        needs=tuple(labels.answer("needs", need) for need in case.needs),
        urgency=labels.answer("urgency", case.urgency),
        urgent=labels.is_urgent(case.urgency),
        difficulty="",
        proposed_at=last.proposed_at,
        due=due_face(rulebook, None, None, now),
        proposals=proposals(last.proposed, rulebook, case.flow, last.state),
    )


def _reading_order(task: Task) -> tuple[bool, bool, int]:
    """Open tasks before ended ones, leads before those who assist."""
    return (task.ended_at is not None, task.role == "assist", int(task.opened_at.timestamp()))
