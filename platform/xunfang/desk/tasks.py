"""One task of a case, and what this person may do on it now."""

from collections.abc import Iterator
from dataclasses import replace

from xunfang.actions.deployment import Actor
from xunfang.casework import permitted, state_of
from xunfang.casework.extending import longest
from xunfang.casework.handling import ASSISTED
from xunfang.casework.tasks import CONSULT
from xunfang.casework.terms import role_label, role_of, terms_of_task
from xunfang.casework.verb import Verb
from xunfang.clock import local_date
from xunfang.desk.clues import clue_faces
from xunfang.desk.due import due_face
from xunfang.desk.events import WRITTEN
from xunfang.desk.faces import Lines, TaskFace, TaskForm
from xunfang.desk.labels import Labels
from xunfang.desk.releases import Releases, Today
from xunfang.desk.waiting import Waiting
from xunfang.desk.wording import TASK_ROLE, TASK_STATUS
from xunfang.rules.overdue import is_overdue
from xunfang.store import Task
from xunfang.store.reading.case_file import CaseFile as StoredFile

ASSISTING = ((ASSISTED, "已按要求协助办理"),)


def task_face(task: Task, stored: StoredFile, labels: Labels, actor: Actor, today: Today) -> TaskFace:
    """Return a task for the page of its case."""
    status = "suspended" if task.suspended_at else task.status
    return TaskFace(
        id=task.id,
        version=task.version,
        stage=labels.stage(task.flow, task.state),
        unit=_holder(task, labels),
        role=TASK_ROLE[task.role],
        leads=task.role == "lead",
        status=TASK_STATUS.get(status, status),
        status_id=status,
        open=task.ended_at is None,
        opened_at=task.opened_at,
        claimed_by=stored.names.get(task.claimed_by, ""),
        claimed_at=task.claimed_at,
        ended_at=task.ended_at,
        due=due_face(labels, task.due_at, task.due, today, ended=task.ended_at is not None, stopped=task.suspended_at),
        late=task.completed_in_time is False or task.overdue_at is not None or _is_late(task, today),
        outcome=labels.outcome(task.flow, task.state, task.outcome) if task.outcome else "",
        said=_said(task, stored, labels),
        can=tuple(_bounded(verb, labels, task) for verb in permitted(labels.rulebook, actor, task)),
        prints=tuple((kind, labels.notice(kind)) for kind in _missing_papers(task, labels, stored, actor)),
        suspended=task.suspended_at is not None,
        asks=_asks(task, stored) if task.ended_at is None else "",
    )


def _is_late(task: Task, today: Today) -> bool:
    return task.ended_at is None and is_overdue(task.due_at, today.now)


def _holder(task: Task, labels: Labels) -> str:
    """Return in words whose task it is: a unit, or those in it who have a role."""
    role = role_of(labels.rulebook, task)
    post = f"（{role_label(labels.rulebook, role)}）" if role else ""
    return f"{labels.unit(task.unit)}{post}"


def _bounded(verb: Verb, labels: Labels, task: Task) -> Verb:
    """Return a verb as this task allows it: how many days can be asked for its deadline may say."""
    if "days" not in verb.asks:
        return verb
    most = longest(labels.rulebook, task)
    return replace(verb, days_label=f"延长多少个工作日（1至{most}）", most_days=most)


def _asks(task: Task, stored: StoredFile) -> str:
    """Return in words the time that was asked for and is not yet decided about; the reason is in the record."""
    if not task.extension:
        return ""
    asked = [event for event in stored.events if event.task == task.id and event.name == "task.extension_asked"]
    why = str(asked[-1].told.get("reason", "")).rstrip("。.；;，, ") if asked else ""
    reason = f"，理由：{why}" if why else ""
    late = "，申请时已超期" if asked and asked[-1].told.get("late") else ""
    who = stored.names.get(str(task.extension["by"]), "承办单位")
    return f"{who}申请延期{task.extension['workdays']}个工作日{late}{reason}"


def task_form(task: Task, stored: StoredFile, rules: Releases, waits: Waiting | None) -> TaskForm:
    """Return what the page needs on which a task is completed."""
    labels = rules.labels(stored.case.release)
    state = state_of(labels.rulebook, task)
    assists = task.role == "assist"
    outcomes = tuple((id, outcome.label) for id, outcome in state.outcomes.items()) if state else ()
    by_hand = outcomes[1:] if waits else outcomes  # the first is what time itself brings
    return TaskForm(
        case=task.case,
        number=stored.case.number,
        stage=labels.stage(task.flow, task.state),
        version=task.version,
        form=terms_of_task(labels.rulebook, task).form if not assists else "",
        outcomes=ASSISTING if assists else by_hand,
        waits=waits.words if waits else "",
        held=waits is not None and waits.held,
        person=stored.person.name,
        urgency=labels.answer("urgency", stored.case.urgency),
        urgent=labels.is_urgent(stored.case.urgency),
        clues=clue_faces(stored, rules),
        release=stored.case.release,
        edition=rules.edition(stored.case.release),
    )


def _missing_papers(task: Task, labels: Labels, stored: StoredFile, actor: Actor) -> Iterator[str]:
    """Yield the kinds of paper that belong to the task and have not been asked for yet, or could not be made."""
    made = {notice.kind for notice in stored.notices if notice.task == task.id and notice.status != "failed"}
    if "print" in actor.acts and task.role == "lead":
        yield from (kind for kind in terms_of_task(labels.rulebook, task).prints if kind not in made)


def _said(task: Task, stored: StoredFile, labels: Labels) -> tuple[Lines, ...]:
    if task.role == CONSULT:
        told = [(event.name, str(event.told.get("reason", ""))) for event in stored.events if event.task == task.id]
        return (Lines("", tuple((WRITTEN[name], text) for name, text in told if name in WRITTEN)),)
    filled = stored.submissions.get(task.answers)
    form = labels.rulebook.forms.get(filled.form) if filled else None
    return labels.on(local_date(filled.at)).said(form, filled.answers) if filled and form else ()
