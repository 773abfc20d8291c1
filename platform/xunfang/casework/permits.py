"""Who may do what now: asked by the page before it shows a button, and by the act before it does anything."""

from collections.abc import Iterable

from xunfang.casework.actor import Actor
from xunfang.casework.handling import Overtaken
from xunfang.casework.rows import Case, Task
from xunfang.casework.verbs import Verb, verbs_on
from xunfang.errors import Conflict, NotAllowed, Refused
from xunfang.rulebook.model import Rulebook, State
from xunfang.rules.units import answers_for, unit_label

_WRONG_ROLE = {"consult": "这是会商任务，请用“答复会商”写明意见。"}


def permits(rulebook: Rulebook, actor: Actor, verb: Verb, task: Task) -> bool:
    """Return whether somebody may do a verb to a task as it stands now."""
    return why_not(rulebook, actor, verb, task) is None


def permitted(rulebook: Rulebook, actor: Actor, task: Task) -> tuple[Verb, ...]:
    """Return everything somebody may do to a task now, in the order pages offer it."""
    return tuple(verb for verb in verbs_on("task") if permits(rulebook, actor, verb, task))


def permitted_on(rulebook: Rulebook, actor: Actor, case: Case, tasks: Iterable[Task]) -> tuple[Verb, ...]:
    """Return everything somebody may do to a case with these tasks now, in the order pages offer it."""
    known = tuple(tasks)
    return tuple(verb for verb in verbs_on("case") if why_not_on(rulebook, actor, verb, case, known) is None)


def why_not_on(rulebook: Rulebook, actor: Actor, verb: Verb, case: Case, tasks: Iterable[Task]) -> Refused | None:
    """Return why somebody may not do a verb to a case with these tasks, or None when they may."""
    if actor.reason:
        return None
    if actor.acts.isdisjoint(verb.acts):
        return NotAllowed("您的岗位没有这项权限。")
    if verb.who == "party" and not _is_party(rulebook, actor, tasks):
        return NotAllowed("本单位没有办理本案的任务，不能办理这一项。")
    return Conflict("本案已经结案，不能再办理这一项。", "CASE_CLOSED") if verb.open and case.closed_at else None


def _is_party(rulebook: Rulebook, actor: Actor, tasks: Iterable[Task]) -> bool:
    """Whoever holds a task of a case that goes on, or confirms its dispatch, is a party to it."""
    holds = any(task.ended_at is None and answers_for(rulebook, actor.unit, task.unit) for task in tasks)
    return holds or "confirm-dispatch" in actor.acts


def is_theirs(rulebook: Rulebook, actor: Actor, verb: Verb, task: Task) -> bool:
    """Return whether a verb is somebody's to do to a task at all, however the task stands now."""
    return _not_theirs(rulebook, actor, verb, task) is None


def why_not(rulebook: Rulebook, actor: Actor, verb: Verb, task: Task) -> Refused | None:
    """Return why somebody may not do a verb to a task, or None when they may."""
    return _not_theirs(rulebook, actor, verb, task) or _not_now(rulebook, actor, verb, task)


def _not_theirs(rulebook: Rulebook, actor: Actor, verb: Verb, task: Task) -> Refused | None:
    if actor.reason:
        return None
    if _acts_on(actor, verb, task).isdisjoint(_acts_for(verb, task)):
        return NotAllowed("您的岗位没有这项权限。")
    if task.role not in verb.to:
        return Conflict(_WRONG_ROLE.get(task.role, "这项任务不能这样办理。"), "NOT_NOW")
    if verb.who == "holder" and not answers_for(rulebook, actor.unit, task.unit):
        return NotAllowed(f"这项任务由{unit_label(rulebook, task.unit)}承办，您不能代办。")
    return None


def stead(actor: Actor, verb: Verb, task: Task | None) -> str:
    """Return the name of the colleague in whose stead somebody does a verb, "" for whoever acts as themselves."""
    found = actor.stead_of(task.claimed_by) if task and verb.who == "holder" else None
    found = found or actor.lent(*(_acts_for(verb, task) if task else verb.acts))
    return found.name if found else ""


def _acts_on(actor: Actor, verb: Verb, task: Task) -> frozenset[str]:
    """Return what somebody may do to a task: to what a colleague has claimed, what that one may."""
    found = actor.stead_of(task.claimed_by) if verb.who == "holder" else None
    return found.acts if found else actor.acts


def _acts_for(verb: Verb, task: Task) -> tuple[str, ...]:
    """Whoever only assists completes assisting tasks and answers; all else needs the first act of its verb."""
    return verb.acts if task.role != "lead" else verb.acts[:1]


def _not_now(rulebook: Rulebook, actor: Actor, verb: Verb, task: Task) -> Refused | None:
    if task.ended_at is not None:
        return Overtaken(task, "TASK_CHANGED" if verb.who == "holder" else "TASK_ENDED")
    if verb.who != "holder":
        return None
    if (task.claimed_by and not actor.answers_as(task.claimed_by)) or (verb.id == "claim" and task.status != "open"):
        return Overtaken(task, "TASK_TAKEN")
    state = _state(rulebook, task)
    why = verb.barred(task, state) if state else "这项任务所在的环节已不在规则中，请联系系统管理员。"
    return Conflict(why, "NOT_NOW") if why else None


def _state(rulebook: Rulebook, task: Task) -> State | None:
    """Return the state a task is an instance of, None when the rules no longer know it."""
    flow = rulebook.flows.get(task.flow)
    return flow.states.get(task.state) if flow else None
