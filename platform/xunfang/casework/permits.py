"""Who may do what now: asked by the page before it shows a button, and by the act before it does anything."""

from xunfang.casework.actor import Actor
from xunfang.casework.handling import Overtaken
from xunfang.casework.rows import Task
from xunfang.casework.verbs import Verb, verbs_on
from xunfang.errors import Conflict, NotAllowed, Refused
from xunfang.rulebook.model import Rulebook, State
from xunfang.rules.units import answers_for, unit_label


def permits(rulebook: Rulebook, actor: Actor, verb: Verb, task: Task) -> bool:
    """Return whether somebody may do a verb to a task as it stands now."""
    return why_not(rulebook, actor, verb, task) is None


def permitted(rulebook: Rulebook, actor: Actor, task: Task) -> tuple[Verb, ...]:
    """Return everything somebody may do to a task now, in the order pages offer it."""
    return tuple(verb for verb in verbs_on("task") if permits(rulebook, actor, verb, task))


def is_theirs(rulebook: Rulebook, actor: Actor, verb: Verb, task: Task) -> bool:
    """Return whether a verb is somebody's to do to a task at all, however the task stands now."""
    return _not_theirs(rulebook, actor, verb, task) is None


def why_not(rulebook: Rulebook, actor: Actor, verb: Verb, task: Task) -> Refused | None:
    """Return why somebody may not do a verb to a task, or None when they may."""
    return _not_theirs(rulebook, actor, verb, task) or _not_now(rulebook, actor, verb, task)


def _not_theirs(rulebook: Rulebook, actor: Actor, verb: Verb, task: Task) -> Refused | None:
    if actor.reason:
        return None
    if actor.acts.isdisjoint(_acts_for(verb, task)):
        return NotAllowed("您的岗位没有这项权限。")
    if verb.who == "holder" and not answers_for(rulebook, actor.unit, task.unit):
        return NotAllowed(f"这项任务由{unit_label(rulebook, task.unit)}承办，您不能代办。")
    return None


def _acts_for(verb: Verb, task: Task) -> tuple[str, ...]:
    """Whoever only assists completes assisting tasks; all else needs the first act of its verb."""
    return verb.acts if task.role == "assist" else verb.acts[:1]


def _not_now(rulebook: Rulebook, actor: Actor, verb: Verb, task: Task) -> Refused | None:
    if task.ended_at is not None:
        return Overtaken(task, "TASK_CHANGED" if verb.who == "holder" else "TASK_ENDED")
    if verb.who != "holder":
        return None
    if task.claimed_by not in ("", actor.account) or (verb.id == "claim" and task.status != "open"):
        return Overtaken(task, "TASK_TAKEN")
    state = state_of(rulebook, task)
    why = verb.barred(task, state) if state else "这项任务所在的环节已不在规则中，请联系系统管理员。"
    return Conflict(why, "NOT_NOW") if why else None


def state_of(rulebook: Rulebook, task: Task) -> State | None:
    """Return the state a task is an instance of, None when the rules no longer know it."""
    flow = rulebook.flows.get(task.flow)
    return flow.states.get(task.state) if flow else None
