"""What a unit does with its task, and what is done to a case: one thin act for each verb."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.filling import body_hash, filed_before
from xunfang.actions.loading import file_of
from xunfang.actions.storing import store
from xunfang.casework import VERBS, Asked, Case, Changes, Task, advance
from xunfang.casework.handling import Overtaken
from xunfang.casework.items import form_of_task
from xunfang.casework.rows import About
from xunfang.casework.verb import RULES
from xunfang.clock import local
from xunfang.errors import Conflict
from xunfang.rules.submission import cleaned
from xunfang.store import Account, Event, new_id

_ENDED = {"done": "办结", "returned": "退回", "transferred": "转办", "withdrawn": "收回"}


def claim(deployment: Deployment, actor: Actor, task_id: str, version: int, at: datetime) -> None:
    """Take a unit's task into one's own hands; raises Conflict when a colleague was faster, NotAllowed, NotFound."""
    do_to_task(deployment, Asked(verb="claim", actor=actor, task=task_id, version=version), at)


def return_task(deployment: Deployment, actor: Actor, task_id: str, version: int, reason: str, at: datetime) -> None:
    """Give a task back to whoever dispatched it, with a reason; it is proposed anew, its clock per `resets_on`.

    Raises Conflict, also for a task that nobody dispatched, NotAllowed, NotFound, Invalid without a reason.
    """
    do_to_task(deployment, Asked(verb="return", actor=actor, task=task_id, version=version, reason=reason), at)


def transfer(
    deployment: Deployment, actor: Actor, task_id: str, version: int, to_unit: str, reason: str, at: datetime
) -> None:
    """Hand a task to another unit, with a reason; which clock it resets the flow says.

    Raises Conflict, NotAllowed, NotFound, Invalid for no reason or a unit that does not exist.
    """
    asked = Asked(verb="transfer", actor=actor, task=task_id, version=version, unit=to_unit, reason=reason)
    do_to_task(deployment, asked, at)


def urge(deployment: Deployment, actor: Actor, task_id: str, at: datetime) -> None:
    """Press a unit for a task 催办: a message in its inbox, recorded; raises NotFound, NotAllowed, Conflict."""
    do_to_task(deployment, Asked(verb="urge", actor=actor, task=task_id), at)


def do_to_task(deployment: Deployment, asked: Asked, at: datetime) -> None:
    """Do a verb to a task: load its case, let it be decided what follows, store that.

    Raises NotFound out of sight, NotAllowed, Conflict when somebody was faster, Invalid with every problem.
    """
    assert isinstance(asked.actor, Actor)
    with acting(deployment, asked.actor, at, dated=True) as act:
        asked.actor.need(*VERBS[asked.verb].acts)
        decide_and_store(act, asked, act.scoped.task(asked.task))


def do_to_case(deployment: Deployment, asked: Asked, at: datetime) -> None:
    """Do a verb to a case: load it, let it be decided what follows, store that.

    One that concerns another case names it by its number. Raises NotFound out of sight, NotAllowed, Conflict when the
    case is no longer as it was seen, Invalid with every problem.
    """
    assert isinstance(asked.actor, Actor)
    with acting(deployment, asked.actor, at, dated=True) as act:
        asked.actor.need(*VERBS[asked.verb].acts)
        case = act.scoped.case(asked.case)
        others = (act.scoped.case_numbered(asked.number),) if asked.number else ()
        apart = next((other.release for other in others if other.release != case.release), "")
        asked = replace(asked, payload={**asked.payload, RULES: act.rules(apart)}) if apart else asked
        carry_out(act, asked, case, *others)


def decide_and_store(act: Act, asked: Asked, task: Task, about: About | None = None) -> None:
    """Let it be decided what a verb brings about for a task in sight (about what was read before), and store that."""
    try:
        carry_out(act, asked, about or act.about(task))
    except Overtaken as lost:
        raise Conflict(_what_happened(act, lost.task), lost.code) from None


def carry_out(act: Act, asked: Asked, about: About, *others: Case, people: Iterable[str] = ()) -> Changes:
    """Let it be decided on a case's (or duty's) own release what a verb brings about for it and others; store that.

    `people` are those it may come to be about besides.
    """
    file = file_of(act, about, *others, people=people)
    changes = advance(act.rules(about.release), file, asked, act.at, new_id)
    store(act, changes)
    return changes


def complete(
    deployment: Deployment,
    actor: Actor,
    task_id: str,
    version: int,
    outcome: str,
    answers: Mapping[str, Any],
    submission_id: str,
    at: datetime,
    confirmed: tuple[str, ...] = (),
) -> None:
    """Complete a task with an outcome and its filled form; the case moves on when the last task it waits for is done.

    An outcome that leads back to the same state is only recorded, and the task goes on; the same key sent again does
    nothing. Raises Invalid with every problem, Conflict when somebody was faster, NotAllowed, NotFound.
    """
    asked = Asked(
        verb="complete",
        actor=actor,
        task=task_id,
        version=version,
        outcome=outcome,
        answers=answers,
        submission=submission_id,
        confirmed=confirmed,
    )
    with acting(deployment, actor, at, dated=True) as act:
        task = act.scoped.task(task_id)
        about = act.about(task)
        if not sent_before(act, about, task, answers, submission_id):
            decide_and_store(act, asked, task, about)


def sent_before(act: Act, about: About, task: Task, answers: Mapping[str, Any], submission_id: str) -> bool:
    """Return whether what a task asks for was handed in before by this very send."""
    rulebook = act.rules(about.release)
    form = rulebook.forms.get(form_of_task(rulebook, task))
    if form is None:
        return task.answers == submission_id
    return filed_before(act, submission_id, body_hash(act.deployment.keys, form.id, cleaned(form, answers))) is not None


def _what_happened(act: Act, task: Task) -> str:
    last = list(act.tx.every(Event, task=task.id))[-1:]
    who = "您" if last and last[0].actor == act.actor.account else (last[0].actor_name if last else "同事")
    when = f"{local(last[0].at):%-m月%-d日%H:%M}" if last else ""
    if task.status in _ENDED:
        return f"这项任务已于{when}由{who}{_ENDED[task.status]}，本次操作没有执行。"
    if task.claimed_by == act.actor.account and task.status == "claimed":
        return "您已签收这项任务，请直接办理。"
    if task.status == "claimed":
        account = act.tx.find(Account, task.claimed_by)
        return f"这项任务已由{account.name if account else '同事'}签收。如需接手，请先与其商量。"
    return f"这项任务刚刚有变动（{when}，{who}），请刷新页面，看过最新情况后再办理。"
