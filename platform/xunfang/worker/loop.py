"""The loop: claim under a lease, prepare outside any transaction, finish in one, guarded by the token of the claim."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from xunfang.clock import local_date
from xunfang.steps import reached
from xunfang.store import Database, Hopeless, Job, connection, transaction
from xunfang.store.jobs import claim_job, fail_job, finish_job, free_leases, job_holders, park_job
from xunfang.store.life import beat, last_beat
from xunfang.worker.clockwatch import check_clock
from xunfang.worker.handling import Handler, described
from xunfang.worker.holder import is_dead, this_holder

LEASE = timedelta(minutes=5)
MOST_IN_ONE_SWEEP = 1000
_log = logging.getLogger(__name__)


class Worker:
    """Carries out the jobs whose moment has come, one at a time. Any number of workers may run beside one another."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        now: Callable[[], datetime],
        reconcile: Callable[[datetime], None] = lambda at: None,
        lease: timedelta = LEASE,
    ) -> None:
        self.database = database
        self._handlers = handlers
        self._now = now
        self._reconcile = reconcile
        self._lease = lease
        self._holder = this_holder()
        self._started = False
        self._concern: Callable[[], str] = lambda: ""

    def heed(self, concern: Callable[[], str]) -> None:
        """Tell with the signs of life what else is not well; `concern` returns "" while nothing is."""
        self._concern = concern

    def sweep(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Do everything that is due and return how many jobs were tried; none while the clock cannot be trusted."""
        with connection(self.database):
            check = check_clock(self.database, self._now())
            self._beat("worker", check.note or self._concern())
            if check.must_rest:
                _log.error(check.note)
                return 0
            self._free_dead()
            self._reconcile_when_due()
            return self._run_due(stopping)

    def run_next(self) -> bool:
        """Try the earliest due job; returns False when there is none."""
        job = claim_job(self.database, self._now(), self._lease, self._holder)
        if job is None:
            return False
        reached("job.claimed")
        self._try(job)
        return True

    def _run_due(self, stopping: Callable[[], bool]) -> int:
        tried = 0
        while tried < MOST_IN_ONE_SWEEP and not stopping() and self.run_next():
            tried += 1
        return tried

    def _try(self, job: Job) -> None:
        handler = self._handlers.get(job.kind)
        try:
            if handler is None:
                raise Hopeless(f"本程序没有办理“{job.kind}”类作业的功能。")
            prepared = handler.prepare(job)
            reached("job.prepared")
            self._finish(job, handler, prepared)
        except Hopeless as error:
            self._give_back(job, error, park_job)
        except Exception as error:  # whatever fails, the job goes back and the worker goes on
            self._give_back(job, error, fail_job)

    def _finish(self, job: Job, handler: Handler, prepared: Any) -> None:
        with transaction(self.database) as tx:
            if not finish_job(tx, job, self._now()):
                _log.warning("job %s is no longer ours; its work is dropped", job.id)
                return
            reached("job.settled")
            handler.finish(tx, job, prepared)
            reached("job.effected")
        reached("job.finished")

    def _give_back(self, job: Job, error: Exception, give: Callable[..., bool]) -> None:
        why = described(error)
        _log.warning("job %s of kind %s failed: %s", job.id, job.kind, why)
        with transaction(self.database) as tx:
            give(tx, job, why, self._now())
            reached("job.failing")

    def _free_dead(self) -> None:
        dead = [holder for holder in job_holders(self.database) if is_dead(holder)]
        if dead:
            _log.warning("%d jobs came free from workers that died", free_leases(self.database, dead))

    def _reconcile_when_due(self) -> None:
        now = self._now()
        with connection(self.database) as reader:
            last = last_beat(reader, "reconciler")
        if self._started and last is not None and local_date(last.at) >= local_date(now):
            return
        self._started = True
        try:
            self._reconcile(now)
            note = ""
        except Exception as error:  # reconciling must not keep the jobs from running
            note = described(error)
            _log.error("reconciling failed: %s", note)
        reached("reconciled")
        self._beat("reconciler", note)

    def _beat(self, name: str, note: str) -> None:
        with transaction(self.database) as tx:
            beat(tx, name, self._now(), note)
