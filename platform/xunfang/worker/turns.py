"""A turn: jobs claimed under a lease are prepared outside any transaction and finished in one, guarded by their token.

Several brief ones of one jurisdiction share a transaction: whoever waits for the right to write beside seven people
waits once for all of them. One that fails takes no other along.
"""

import logging
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from xunfang.errors import ClockDoubtful
from xunfang.journal import code_of, note
from xunfang.steps import reached
from xunfang.store import Busy, Database, Hopeless, Job, Transaction, transaction
from xunfang.store.jobs import fail_job, finish_job, let_go, park_job, release_job, renew_lease
from xunfang.worker.handling import Handler, described

HOLD_SECONDS = 0.1
"""A transaction of several jobs begins none after so long, so that people do not wait for all of them."""
_log = logging.getLogger(__name__)


class Overtaken(Exception):
    """A job is no longer ours; its work is dropped."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A job whose slow part is done."""

    job: Job
    handler: Handler
    prepared: Any


class Turns:
    """Carries out jobs that were claimed. `sure` tells the moment, `steady` seconds by a clock that nobody sets."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        sure: Callable[[], datetime],
        lease: timedelta,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.database = database
        self._handlers, self._sure, self._lease, self._steady = handlers, sure, lease, steady
        self._in_hand: dict[str, Job] = {}
        self._begun: dict[str, float] = {}

    def is_brief(self, kind: str) -> bool:
        """Return whether jobs of a kind have no slow part."""
        handler = self._handlers.get(kind)
        return handler is not None and handler.brief

    def take(self, jobs: Sequence[Job], patience: float | None = None) -> list[Job]:
        """Carry out jobs of one jurisdiction, and return those not begun because others went on writing there.

        `patience`: how many seconds to wait for the right to write, where not as long as usual.
        """
        self._in_hand |= {job.id: job for job in jobs}
        self._begun |= {job.id: self._steady() for job in jobs}
        waiting = [ready for job in jobs if (ready := self._prepared(job))]
        while waiting and (begun := self._finish(waiting, patience)):
            waiting = waiting[begun:]
        return [ready.job for ready in waiting]

    def put_back(self, jobs: Sequence[Job]) -> None:
        """Give jobs back as they were, which nobody could begin."""
        self._settle(jobs, release_job)

    def free_left(self) -> None:
        """End the leases of jobs that an earlier turn broke off from, as when the database itself failed."""
        self._settle(tuple(self._in_hand.values()), let_go)

    def _settle(self, jobs: Sequence[Job], settle: Callable[[Transaction, Job], object]) -> None:
        if not jobs:
            return
        with transaction(self.database, None) as tx:
            for job in jobs:
                settle(tx, job)
            reached("job.failing")
        for job in jobs:
            self._in_hand.pop(job.id, None)

    def _prepared(self, job: Job) -> Ready | None:
        """Do the slow part; returns None where that failed, which is settled then."""
        try:
            handler = self._handlers.get(job.kind)
            if handler is None:
                raise Hopeless(f"本程序没有办理“{job.kind}”类作业的功能。")
            prepared = self._in_pieces(job, handler.prepare(job))
        except Exception as error:  # whatever fails, the job goes back and the worker goes on
            self._give_back(job, error)
            return None
        reached("job.prepared")
        return Ready(job, handler, prepared)

    def _in_pieces(self, job: Job, prepared: Any) -> Any:
        """Return what was prepared; after each piece of long work the lease begins anew."""
        if not isinstance(prepared, Generator):
            return prepared
        while True:
            try:
                next(prepared)
            except StopIteration as end:
                return end.value
            with transaction(self.database, None) as tx:
                if not renew_lease(tx, job, self._sure() + self._lease):
                    raise Overtaken
            reached("job.renewed")

    def _finish(self, waiting: Sequence[Ready], patience: float | None) -> int:
        """Finish as many as go into one transaction, and return how many; none while others go on writing."""
        failed: list[tuple[Job, Exception]] = []
        begun = 0
        try:
            with transaction(self.database, waiting[0].job.jurisdiction, patience) as tx:
                until = self._steady() + HOLD_SECONDS
                while begun < len(waiting) and (begun == 0 or self._steady() < until):
                    begun += 1
                    if error := self._effect(tx, waiting[begun - 1]):
                        failed.append((waiting[begun - 1].job, error))
        except Exception as error:  # the transaction itself failed, and nothing of it stands
            if begun == 0 and not isinstance(error, Busy):
                raise
            failed = [(ready.job, error) for ready in waiting[:begun]]
        else:
            reached("job.finished")
        for job, why in failed:
            self._give_back(job, why)
        for ready in waiting[:begun]:
            if ready.job.id not in {job.id for job, _ in failed}:
                self._note(ready.job, "done")
            self._in_hand.pop(ready.job.id, None)
        return begun

    def _effect(self, tx: Transaction, ready: Ready) -> Exception | None:
        """Write the effect of one job, or nothing of it; returns why it failed."""
        try:
            with tx.part():
                if not finish_job(tx, ready.job, self._sure()):
                    raise Overtaken
                reached("job.settled")
                ready.handler.finish(tx, ready.job, ready.prepared)
                reached("job.effected")
        except Exception as error:  # whatever fails, the others go on
            return error
        return None

    def _give_back(self, job: Job, error: Exception) -> None:
        if isinstance(error, Overtaken):
            self._note(job, "no-longer-ours")
            self._in_hand.pop(job.id, None)
            return
        if isinstance(error, ClockDoubtful):  # that the clock leapt over it is no failure of the job
            self._settle([job], release_job)
            self._note(job, "put-back", code_of(error))
            return
        give, outcome = (park_job, "parked") if isinstance(error, Hopeless) else (fail_job, "failed")
        _log.warning("job %s of kind %s %s: %s", job.id, job.kind, outcome, code_of(error))
        self._settle([job], lambda tx, one: give(tx, one, described(error), self._sure()))
        self._note(job, outcome, code_of(error))

    def _note(self, job: Job, outcome: str, error: str = "") -> None:
        """Leave a line of how a job ended; several that share a transaction end together."""
        ms = (self._steady() - self._begun.pop(job.id, self._steady())) * 1000
        told = {"kind": job.kind, "job": job.id, "error": error}
        note("job", outcome, ms=ms, jurisdiction=job.jurisdiction, attempt=job.attempts, **told)
