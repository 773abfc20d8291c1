"""The tasks that a paper speaks of; the one it was wanted for, as it stood then."""

from dataclasses import replace

from xunfang.actions.acting import Act
from xunfang.casework.permits import on_route, outcome_of, state_of
from xunfang.rulebook.model import Rulebook
from xunfang.store import Notice, Task, Told


def own_task(act: Act, rulebook: Rulebook, notice: Notice) -> Task | None:
    """Return the task a paper was wanted for; one that went on, with the outcome and form that were recorded of it."""
    task = act.tx.find(Task, notice.task) if notice.task else None
    recorded = _recorded(act, rulebook, notice, task) if task else None
    return replace(task, answers=recorded.submission, outcome=recorded.outcome) if task and recorded else task


def subject_of(act: Act, rulebook: Rulebook, notice: Notice, done: list[Task]) -> list[Task]:
    """Return the tasks a paper speaks of: its own on a route or where its outcome prints it, else all that decided.

    After several leads that is all of them: none speaks for the others.
    """
    task = own_task(act, rulebook, notice)
    if task:
        outcome = outcome_of(rulebook, task)
        if on_route(rulebook, task) or (outcome and notice.kind in outcome.prints):
            return [task]
    last = done[-1:] if done and not on_route(rulebook, done[-1]) else done
    return last or ([task] if task else [])


def _recorded(act: Act, rulebook: Rulebook, notice: Notice, task: Task) -> Told | None:
    """Return what was recorded of a task for which its paper was wanted, None for a paper of how the task ended."""
    state, ended = state_of(rulebook, task), outcome_of(rulebook, task)
    if state is None or (ended and notice.kind in ended.prints):
        return None
    printing = {outcome.id for outcome in state.outcomes.values() if notice.kind in outcome.prints}
    every = act.tx.every(Told, case=notice.case) if printing else ()
    found = [told for told in every if told.task == task.id and told.outcome in printing]
    return max((told for told in found if told.at <= notice.wanted_at), key=lambda told: told.id, default=None)
