"""The loop: claim under a lease, prepare outside any transaction, finish in one, guarded by the token of the claim."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from xunfang.actions.timekeeping import sure_moment
from xunfang.clock import Uptime, local_date
from xunfang.errors import ClockDoubtful
from xunfang.steps import reached
from xunfang.store import Database, Hopeless, Job, connection, transaction
from xunfang.store.jobs import claim_job, fail_job, finish_job, free_leases, job_holders, park_job, release_job
from xunfang.store.life import beat, last_beat
from xunfang.worker.clockwatch import check_clock
from xunfang.worker.handling import Handler, described
from xunfang.worker.holder import is_dead, this_holder

LEASE = timedelta(minutes=5)
LIVES = timedelta(seconds=20)
MOST_IN_ONE_SWEEP = 1000
_log = logging.getLogger(__name__)


class Worker:
    """Carries out the jobs whose moment has come, one at a time. Any number of workers may run beside one another."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        now: Callable[[], datetime],
        reconcile: Callable[[datetime], Iterable[object] | None] = lambda at: None,
        lease: timedelta = LEASE,
        uptime: Callable[[], Uptime] | None = None,
        upkeep: Callable[[datetime], None] = lambda at: None,
    ) -> None:
        self.database = database
        self._handlers = handlers
        self._now = now
        self._reconcile = reconcile
        self._lease = lease
        self._uptime = uptime
        self._upkeep = upkeep
        self._holder = this_holder()
        self._started = False
        self._beaten_at = now()
        self._concern: Callable[[], str] = lambda: ""

    def heed(self, concern: Callable[[], str]) -> None:
        """Tell with the signs of life what else is not well; `concern` returns "" while nothing is."""
        self._concern = concern

    def sweep(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Do everything that is due and return how many jobs were tried; none while the clock cannot be trusted."""
        with connection(self.database):
            check = check_clock(self.database, self._now(), self._uptime() if self._uptime else None)
            self._beat("worker", check.note or self._concern())
            if check.must_rest:
                _log.error(check.note)
                return 0
            self._free_dead()
            try:
                self._upkeep(self._sure())
                tried = self._reconcile_when_due(stopping)
                return tried + self._run_due(stopping)
            except ClockDoubtful as error:  # it leapt since it was looked at; the next sweep says so aloud
                _log.error(error.message)
                return 0

    def run_next(self) -> bool:
        """Try the earliest due job; returns False when there is none. Raises ClockDoubtful."""
        job = claim_job(self.database, self._sure(), self._lease, self._holder)
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
        except ClockDoubtful as error:
            self._put_back(job, error)
        except Exception as error:  # whatever fails, the job goes back and the worker goes on
            self._give_back(job, error, fail_job)

    def _finish(self, job: Job, handler: Handler, prepared: Any) -> None:
        with transaction(self.database, str(job.payload.get("jurisdiction", ""))) as tx:
            if not finish_job(tx, job, self._sure()):
                _log.warning("job %s is no longer ours; its work is dropped", job.id)
                return
            reached("job.settled")
            handler.finish(tx, job, prepared)
            reached("job.effected")
        reached("job.finished")

    def _give_back(self, job: Job, error: Exception, give: Callable[..., bool]) -> None:
        why = described(error)
        _log.warning("job %s of kind %s failed: %s", job.id, job.kind, why)
        with transaction(self.database, "") as tx:
            give(tx, job, why, self._sure())
            reached("job.failing")

    def _put_back(self, job: Job, error: ClockDoubtful) -> None:
        """Give a job back as it was: that the clock leapt over it is no failure of the job."""
        _log.error(error.message)
        with transaction(self.database, "") as tx:
            release_job(tx, job)

    def _sure(self) -> datetime:
        """Return the present moment; raises ClockDoubtful when it cannot be trusted."""
        return sure_moment(self.database, self._now, self._uptime)

    def _free_dead(self) -> None:
        dead = [holder for holder in job_holders(self.database) if is_dead(holder)]
        if dead:
            _log.warning("%d jobs came free from workers that died", free_leases(self.database, dead))

    def _reconcile_when_due(self, stopping: Callable[[], bool]) -> int:
        """Reconcile once a day, piece by piece, and return how many jobs were tried in between: none waits for it."""
        now, tried = self._sure(), 0
        with connection(self.database) as reader:
            last = last_beat(reader, "reconciler")
        if self._started and last is not None and local_date(last.at) >= local_date(now):
            return 0
        self._started = True
        try:
            for _ in self._reconcile(now) or ():
                tried += self._run_due(stopping)
                self._still_lives()
                if stopping():
                    return tried
            note = ""
        except ClockDoubtful:
            raise
        except Exception as error:  # reconciling must not keep the jobs from running
            note = described(error)
            _log.error("reconciling failed: %s", note)
        reached("reconciled")
        self._beat("reconciler", note)
        return tried

    def _still_lives(self) -> None:
        """Show a sign of life in the midst of what takes long."""
        if self._now() - self._beaten_at > LIVES:
            self._beat("worker", self._concern())

    def _beat(self, name: str, note: str) -> None:
        self._beaten_at = self._now()
        with transaction(self.database, "") as tx:
            beat(tx, name, self._beaten_at, note)
