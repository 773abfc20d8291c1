"""Waits 公示期等: the worker's part, which lets a case go on when their time is over."""

from xunfang.actions.acting import Act
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.handling import carry_out
from xunfang.casework import Asked
from xunfang.clock import Now, parse
from xunfang.store import Case, Job, Transaction


class WaitEnding:
    """The worker's part: leave a waiting state by its first outcome, if the case still stands there."""

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment = deployment
        self.now = now

    def prepare(self, job: Job) -> None:
        """Do nothing: all there is to do is written in one transaction."""

    def finish(self, tx: Transaction, job: Job, prepared: None) -> None:
        """Move the case on as of the moment its time was over, however late the worker comes to it."""
        actor = machinery(str(job.payload["jurisdiction"]), "期满办理")
        act = Act(tx, self.deployment, actor, parse(str(job.payload["until"])))
        if case := tx.find(Case, str(job.payload["case"])):
            carry_out(act, Asked(verb="end-wait", actor=actor, case=case.id, payload=job.payload), case)
