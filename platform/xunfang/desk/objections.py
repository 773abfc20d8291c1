"""Objections 异议 to publications, in words: when, by whom, who handles each, what came of it, and what it all says."""

from collections.abc import Iterable
from datetime import datetime

from xunfang.actions.deployment import Actor
from xunfang.actions.submitting import may_fill
from xunfang.casework.objections import Objection, count_of, objections_among
from xunfang.desk.faces.publications import ObjectionFace
from xunfang.desk.releases import Releases
from xunfang.desk.wording import end_words
from xunfang.rules.objections import objector_words, objects_to_publications
from xunfang.store.reading.publications import ObjectionFile, PublicationFile, hangs


def objection_faces(files: Iterable[ObjectionFile], rules: Releases) -> tuple[ObjectionFace, ...]:
    """Return the objections handed in by form, in the order they came."""
    return tuple(_face(each, rules) for each in files)


def _face(made: ObjectionFile, rules: Releases) -> ObjectionFace:
    labels, case = rules.labels(made.case.release), made.case
    form = rules.labels(made.release).rulebook.forms.get(made.clue.form)
    (stands,) = objections_in([made], rules)
    units = [task.unit for task in made.tasks if task.ended_at is None] or [task.unit for task in made.tasks[-1:]]
    return ObjectionFace(
        at=made.clue.entered_at,
        by=objector_words(form, made.answers),
        unit=labels.unit(made.clue.unit),
        case=case.id if made.in_sight else "",
        number=case.number,
        stage=labels.stage(case.flow, case.state),
        handler="、".join(labels.unit(unit) for unit in dict.fromkeys(units)),
        outcome=end_words(case.ended_as, labels.outcome(case.flow, "", case.outcome)) if case.closed_at else "",
        closed_at=case.closed_at,
        status_id="open" if stands.is_open else "upheld" if stands.upheld else "rejected",
    )


def objections_in(files: Iterable[ObjectionFile], rules: Releases) -> list[Objection]:
    """Return how each of the objections handed in by form stands."""
    found: list[Objection] = []
    for each in files:
        found += objections_among(rules.labels(each.case.release).rulebook, [each.case], [each.clue])
    return found


def found_words(stored: PublicationFile, rules: Releases, at: datetime) -> str:
    """Return whether anybody objected, as the record of a publication says it; "" where that interrupts nothing."""
    posted = stored.posted
    flow = rules.labels(posted.release).rulebook.flows.get(posted.flow)
    state = flow.states.get(posted.state) if flow else None
    if state is None or not state.interrupted_by:
        return ""
    count = count_of(objections_in(stored.by_form, rules), max(len(stored.objections), int(posted.interrupted)))
    return count.words(over=not hangs(posted, at))


def forms_to_object(
    stored: PublicationFile, rules: Releases, actor: Actor, at: datetime
) -> tuple[tuple[str, str], ...]:
    """Return the forms by which somebody may object to what hangs now: (id, title)."""
    if not hangs(stored.posted, at) or "submit" not in actor.acts:
        return ()
    opening = {form for flow in rules.in_force.flows.values() for form in flow.opens_on}
    forms = (form for form in rules.in_force.forms.values() if form.id in opening and objects_to_publications(form))
    return tuple((form.id, form.title) for form in forms if may_fill(actor, form))
