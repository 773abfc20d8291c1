"""The case page: what the store knows of a case, in the order in which somebody reads a file."""

from collections.abc import Iterator
from datetime import datetime

from xunfang.actions.deployment import Actor
from xunfang.actions.reading import SOURCES
from xunfang.casework import Case, Task, Whole, permitted
from xunfang.casework.linking import LINKED
from xunfang.clock import local_date
from xunfang.desk.clues import clue_faces
from xunfang.desk.dispatch import proposals
from xunfang.desk.due import due_face
from xunfang.desk.events import UNTOLD, acts_behind, event_face, in_runs
from xunfang.desk.faces import CaseFile, DispatchFace, PaperFace, PersonFace
from xunfang.desk.labels import Labels
from xunfang.desk.papers import paper_face
from xunfang.desk.releases import Releases, Today
from xunfang.desk.tasks import task_face
from xunfang.desk.wording import ENDED_AS, end_words
from xunfang.identity import years_since
from xunfang.rulebook.model import Rulebook
from xunfang.rules.identity_papers import paper_label
from xunfang.store.reading.case_file import CaseFile as StoredFile
from xunfang.store.reading.case_file import PersonView


def case_face(
    stored: StoredFile, rules: Releases, actor: Actor, today: Today, parent: str, waits: str = ""
) -> CaseFile:
    """Return a case for its page, with what this person may do on it; `parent` is the case it began in, if in sight."""
    case, rulebook = stored.case, rules.of(stored.case.release)
    labels = Labels(rulebook)
    if case.closed_at:  # whoever looks it up later reads of the places as they were called when it was closed
        labels = labels.on(local_date(case.closed_at))
    tasks = [task_face(task, stored, labels, actor, today) for task in sorted(stored.tasks, key=_reading_order)]
    told = [event for event in reversed(stored.events) if event.name not in UNTOLD]
    acts = acts_behind(stored.events)
    outcome = labels.decided(case.flow, case.outcome, case.decided)
    current = tuple(clue for clue in stored.clues if clue.withdrawn_at is None)
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
        outcome=end_words(case.ended_as, outcome),
        ending=ENDED_AS[case.ended_as].removeprefix("已") if case.ended_as else f"办结：{outcome}",
        moved_away=case.ended_as == LINKED,
        archived_at=case.archived_at,
        due=due_face(
            labels,
            case.due_at,
            case.due,
            today,
            ended=case.closed_at is not None,
            stopped=case.suspended_at,
            uncounted=_uncounted(rulebook, case),
        ),
        suspended=case.suspended_at is not None,
        person=person_face(stored, labels, rules, today.now, may_reveal="reveal" in actor.acts),
        clues=clue_faces(stored, rules),
        dispatch=_waiting(stored, labels, today),
        tasks=tuple(sorted(tasks, key=lambda task: not task.can)),  # what awaits this person comes first
        papers=tuple(_papers(stored, labels, actor, rules)),
        events=in_runs(event_face(event, labels, case.flow, acts.get(event.n, "")) for event in told),
        parent=parent,
        waits=waits,
        release=case.release,
        edition=rules.edition(case.release),
        can=permitted(rulebook, actor, Whole(case, current, tuple(stored.tasks))),
    )


def _papers(stored: StoredFile, labels: Labels, actor: Actor, rules: Releases) -> Iterator[PaperFace]:
    """Yield the papers of a case, newest first; why one was refused or made void the record tells."""
    events = [event for event in stored.events if event.name in ("notice.refused", "notice.voided")]
    reasons = {str(event.told.get("notice", "")): str(event.told.get("reason", "")) for event in events}
    for notice in reversed(stored.notices):
        edition = rules.edition(notice.release)
        yield paper_face(
            notice, labels, actor, stored.case.number, names=stored.names, reasons=reasons, edition=edition
        )


def person_face(stored: StoredFile, labels: Labels, rules: Releases, now: datetime, *, may_reveal: bool) -> PersonFace:
    """Return the case's person, masked; what lies sealed is named only to those who may ask for it."""
    person = stored.person
    return PersonFace(
        id=person.id,
        name=person.name,
        sex=person.sex,
        age=_age(person, now),
        residence=labels.place(stored.case.residence),
        registration=labels.place(stored.case.registration),
        recorded_at=labels.place(person.residence) if person.residence != stored.case.residence else "",
        id_label=paper_label(labels.rulebook, person.id_kind),
        masked_id=person.masked_id,
        phones=tuple((phone, SOURCES[source]) for phone, source in person.phones),
        hidden=tuple(dict(_hidden(stored, labels.rulebook, rules)).items()) if may_reveal else (),
    )


def person_face_of(person: PersonView, labels: Labels, now: datetime, *, may_reveal: bool) -> PersonFace:
    """Return a person as they are on record, masked, for the page that is about no case of theirs."""
    id_label = paper_label(labels.rulebook, person.id_kind)
    known = ((person.masked_id, "id_number", id_label), (person.phones, "phone", "联系电话"))
    return PersonFace(
        id=person.id,
        name=person.name,
        sex=person.sex,
        age=_age(person, now),
        residence=labels.place(person.residence),
        registration=labels.place(person.registration),
        id_label=id_label,
        masked_id=person.masked_id,
        phones=tuple((phone, SOURCES[source]) for phone, source in person.phones),
        hidden=tuple((name, label) for value, name, label in known if value) if may_reveal else (),
    )


def _hidden(stored: StoredFile, rulebook: Rulebook, rules: Releases) -> Iterator[tuple[str, str]]:
    """Yield what can be revealed: number and phone where they are known, and the sensitive fields of the forms.

    What lies sealed is told by the rules that a form was filled by, whichever the case stands on.
    """
    if stored.person.masked_id:
        yield "id_number", paper_label(rulebook, stored.person.id_kind)
    if stored.person.phones:
        yield "phone", "联系电话"
    filled = dict.fromkeys((each.release, each.form) for each in stored.submissions.values() if each.has_sealed)
    known = ((rules.labels(release).rulebook.forms, id) for release, id in filled)
    for form in (forms[id] for forms, id in known if id in forms):
        personal = {form.person.get("id_number"), form.person.get("phone")}
        for field in form.fields.values():
            if field.sensitive and field.name not in personal:
                yield field.name, field.title


def _age(person: PersonView, now: datetime) -> str:
    return f"{years_since(person.born, local_date(now))}岁" if person.born else ""


def _waiting(stored: StoredFile, labels: Labels, today: Today) -> DispatchFace | None:
    waiting = [each for each in stored.dispatches if each.status == "proposed"]
    if not waiting:
        return None
    case, last = stored.case, waiting[-1]
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
        due=due_face(labels, None, None, today),
        proposals=proposals(last.proposed, labels, case.flow, last.state),
    )


def _uncounted(rulebook: Rulebook, case: Case) -> str:
    """Return the state in which a case stands if its time does not count, "" for any other."""
    flow = rulebook.flows.get(case.flow)
    state = flow.states.get(case.state) if flow else None
    return state.label if state and not state.counts else ""


def _reading_order(task: Task) -> tuple[bool, bool, int]:
    """Open tasks before ended ones, leads before those who assist."""
    return (task.ended_at is not None, task.role != "lead", int(task.opened_at.timestamp()))
