"""Waits 公示期等: when their time is over and nothing came between, the case goes on by itself."""

from collections.abc import Callable
from datetime import datetime

from xunfang.actions.acting import Act
from xunfang.actions.case_facts import case_facts
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.entering import leave_state
from xunfang.actions.opening import end_task
from xunfang.clock import local, parse
from xunfang.errors import FieldProblem
from xunfang.rulebook.model import State
from xunfang.store import Case, Event, Job, Task, Transaction


def early_problems(act: Act, case: Case, state: State, outcome: str) -> list[FieldProblem]:
    """Return what is wrong with ending a wait by the outcome that time brings, before its time is over.

    A public notice runs its whole length; only what cuts it short, such as an objection, is entered by hand.
    """
    told = list(act.tx.every(Event, case=case.id, name="case.waiting"))
    waits = [event for event in told if event.data["state"] == state.id]
    if not waits or outcome != next(iter(state.outcomes)):
        return []
    until = parse(str(waits[-1].data["until"]))
    if act.at > until:
        return []
    text = f"要等到{local(until):%-m月%-d日}期满才有这一结果；期满后自动进入下一环节，不用提前办结。"
    return [FieldProblem("outcome", text, "WAIT_RUNS")]


def _still_waits(act: Act, case: Case, job: Job) -> bool:
    """Return whether a case stands in the very wait a job was put for, not in a later one of the same state."""
    waits = list(act.tx.every(Event, case=case.id, name="case.waiting"))
    return case.state == job.payload["state"] and bool(waits) and waits[-1].data["until"] == job.payload["until"]


class WaitEnding:
    """The worker's part: leave a waiting state by its first outcome, if the case still stands there."""

    def __init__(self, deployment: Deployment, now: Callable[[], datetime]) -> None:
        self.deployment = deployment
        self.now = now

    def prepare(self, job: Job) -> None:
        """Do nothing: all there is to do is written in one transaction."""

    def finish(self, tx: Transaction, job: Job, prepared: None) -> None:
        """Move the case on as of the moment its time was over, however late the worker comes to it.

        Nothing happens when the case has left the state, as after an objection.
        """
        ended_at = parse(str(job.payload["until"]))
        act = Act(tx, self.deployment, machinery(str(job.payload["jurisdiction"]), "期满办理"), ended_at)
        case = tx.find(Case, str(job.payload["case"]))
        if case is None or case.closed_at or not _still_waits(act, case, job):
            return
        rulebook = act.rules(case.release)
        state = rulebook.flows[case.flow].states[case.state]
        for task in tx.every(Task, case=case.id, state=state.id, ended_at=None):
            end_task(act, task, "withdrawn")
        act.event("case.wait_ended", case=case.id, data={"state": state.id}, cites=state.basis.cites)
        leave_state(act, rulebook, case, state, next(iter(state.outcomes)), case_facts(act, case))
