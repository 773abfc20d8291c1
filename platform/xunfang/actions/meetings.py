"""Meetings 会商: their sittings are called, held and closed by the convener; each decision moves exactly its case."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.handling import sent_before
from xunfang.actions.loading import file_of
from xunfang.actions.storing import store
from xunfang.casework import VERBS, AgendaItem, Asked, Case, File, Row, Sitting, Task, advance
from xunfang.casework.handling import Overtaken
from xunfang.casework.meetings import is_convener, is_for
from xunfang.casework.permits import why_not
from xunfang.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound
from xunfang.store import new_id


def call_sitting(
    deployment: Deployment, actor: Actor, meeting: str, planned: str, place: str, tasks: Iterable[str], at: datetime
) -> str:
    """Call a sitting of a meeting for a moment (ISO) and a place, with tasks to be decided there; returns its key.

    Raises NotAllowed, Invalid with every problem, Conflict where a task is no longer to be decided.
    """
    with acting(deployment, actor, at, "complete", dated=True) as act:
        chosen = [act.scoped.task(key) for key in dict.fromkeys(tasks)]
        payload = {"place": place, "tasks": [task.id for task in chosen]}
        asked = Asked(verb="call-sitting", actor=actor, kind=meeting, moment=planned, payload=payload)
        made = _store(act, asked, _file(act, chosen))
        return next(row.id for row in made if isinstance(row, Sitting))


def add_to_sitting(
    deployment: Deployment, actor: Actor, sitting: str, tasks: Iterable[str], number: str, at: datetime
) -> None:
    """Put more tasks on a sitting, and the case of a number by the task that the convener holds in it."""
    with acting(deployment, actor, at, "complete", dated=True) as act:
        found = act.scoped.meetings.sitting(sitting)
        chosen = [act.scoped.task(key) for key in dict.fromkeys(tasks)]
        if number:
            chosen.append(_held_in(act, act.scoped.case_numbered(number)))
        if not chosen:
            raise Invalid([FieldProblem("tasks", "请选择要列入的个案，或者填写个案编号。", "FIELD_MISSING")])
        payload = {"sitting": found.id, "tasks": [task.id for task in chosen]}
        _store(act, Asked(verb="add-to-sitting", actor=actor, payload=payload), _file(act, chosen, found))


def _held_in(act: Act, case: Case) -> Task:
    rulebook = act.rules(case.release)
    tasks = act.tx.every(Task, case=case.id, ended_at=None, role="lead")
    held = [task for task in tasks if is_for(rulebook, act.actor.unit, task)]
    if not held:
        raise Conflict("本单位没有办理这件个案的任务，不能列入议题。", "NOT_FOR_AGENDA")
    return held[0]


def do_to_sitting(
    deployment: Deployment,
    actor: Actor,
    verb: str,
    sitting: str,
    at: datetime,
    *,
    item: str = "",
    version: int = 0,
    reason: str = "",
    present: Mapping[str, str] | None = None,
) -> None:
    """Invite to a sitting, open it with those `present`, close or cancel it, postpone an item of it or take it off.

    Raises NotFound, NotAllowed, Conflict when it is no longer as it was seen, Invalid with every problem.
    """
    with acting(deployment, actor, at, *VERBS[verb].acts, dated=True) as act:
        found = act.scoped.meetings.sitting(sitting)
        payload: dict[str, Any] = {"sitting": found.id, "item": item, "present": dict(present or {})}
        if item and not act.tx.first(AgendaItem, id=item, sitting=found.id):
            raise NotFound()
        asked = Asked(verb=verb, actor=actor, version=version, reason=reason, payload=payload)
        _store(act, asked, _file(act, (), found))


def decide_item(
    deployment: Deployment,
    actor: Actor,
    item_id: str,
    version: int,
    told: Mapping[str, Any],
    outcome: str,
    answers: Mapping[str, Any],
    submission: str,
    at: datetime,
    confirmed: tuple[str, ...] = (),
) -> str:
    """Decide one item of an open sitting, and complete by that the task of its case; returns the sitting's key.

    `told`: the `decision`, the units `recused`, votes and words. The same key sent again does nothing. Raises NotFound,
    NotAllowed, Conflict, Invalid with every problem.
    """
    with acting(deployment, actor, at, "complete", dated=True) as act:
        item = act.tx.find(AgendaItem, item_id)
        if item is None:
            raise NotFound()
        sitting, case, task = act.scoped.meetings.sitting(item.sitting), act.case(item.case), act.task(item.task)
        if sent_before(act, case, task, answers, submission):
            return sitting.id
        _may_complete(act, sitting, case, task)
        payload = {**told, "sitting": sitting.id, "item": item.id}
        asked = Asked(
            verb="decide-item",
            actor=actor,
            version=version,
            outcome=outcome,
            answers=answers,
            submission=submission,
            confirmed=confirmed,
            payload=payload,
        )
        file = file_of(act, case)
        file = replace(file, rows=(*file.rows, sitting, item))
        try:
            store(act, advance(act.rules(case.release), file, asked, act.at, new_id))
        except Overtaken:
            raise Conflict("这项任务刚刚有变动或者已由同事签收，请到个案中查看。", "TASK_CHANGED") from None
        return sitting.id


def _may_complete(act: Act, sitting: Sitting, case: Case, task: Task) -> None:
    """Raise why the person may not complete the task of an item: a meeting decides for nobody else."""
    if not is_convener(act.actor, sitting):
        raise NotAllowed("会议由召集单位组织，您不能办理。")
    if refusal := why_not(act.rules(case.release), act.actor, VERBS["complete"], task):
        raise refusal


def _file(act: Act, tasks: Iterable[Task], sitting: Sitting | None = None) -> File:
    """Return a sitting with its agenda, and tasks with all that was ever decided about them on one."""
    items = list(act.tx.every(AgendaItem, sitting=sitting.id)) if sitting else []
    every = {task.id: task for task in (*tasks, *(act.task(item.task) for item in items))}
    cases = {task.case: act.case(task.case) for task in every.values() if task.case}
    before = [item for task in every for item in act.tx.every(AgendaItem, task=task)]
    rows: tuple[Row, ...] = (*cases.values(), *every.values(), *{item.id: item for item in (*items, *before)}.values())
    file = File((*rows, *((sitting,) if sitting else ())))
    return replace(file, numbers=_numbers(act))


def _numbers(act: Act) -> Mapping[str, int]:
    return file_of(act).numbers


def _store(act: Act, asked: Asked, file: File) -> tuple[Row, ...]:
    changes = advance(act.rules(), file, asked, act.at, new_id)
    store(act, changes)
    return changes.new
