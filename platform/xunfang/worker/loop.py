"""The loop: signs of life, upkeep, reconciling, then round after round of the jurisdictions that have jobs due."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from xunfang.actions.timekeeping import sure_moment
from xunfang.clock import Uptime, local_date
from xunfang.errors import ClockDoubtful
from xunfang.journal import code_of
from xunfang.steps import reached
from xunfang.store import Database, Job, connection, transaction
from xunfang.store.jobs import Claim, claim_job, claim_jobs, due_jurisdictions, free_leases, job_holders
from xunfang.store.life import beat, last_beat
from xunfang.worker.clockwatch import check_clock
from xunfang.worker.handling import Handler, described
from xunfang.worker.holder import is_dead, this_holder
from xunfang.worker.turns import Turns

LEASE = timedelta(minutes=5)
LIVES = timedelta(seconds=20)
MOST_IN_ONE_SWEEP = 1000
AT_ONCE, COME_BACK = 0.0, 2.0
"""How many seconds the worker waits for the right to write in a jurisdiction: at first, and once all had their turn."""
_log = logging.getLogger(__name__)


class Worker:
    """Carries out the jobs whose moment has come, a handful of one jurisdiction at a time.

    Any number of workers may run beside one another.
    """

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        now: Callable[[], datetime],
        reconcile: Callable[[datetime], Iterable[object] | None] = lambda at: None,
        lease: timedelta = LEASE,
        uptime: Callable[[], Uptime] | None = None,
        upkeep: Callable[[datetime], None] = lambda at: None,
        served: Callable[[str], bool] = lambda jurisdiction: True,
    ) -> None:
        self.database = database
        self._now = now
        self._reconcile = reconcile
        self._lease = lease
        self._uptime = uptime
        self._upkeep = upkeep
        self._served = served
        self._holder = this_holder()
        self._turns = Turns(database, handlers, self._sure, lease)
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
            self.free_dead()
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
        self._turns.put_back(self._turns.take([job]))
        return True

    def _run_due(self, stopping: Callable[[], bool]) -> int:
        """Go round the jurisdictions that have jobs due, until none has or somebody asks to stop."""
        tried = 0
        while tried < MOST_IN_ONE_SWEEP and not stopping():
            done = self._round(stopping)
            if not done:
                break
            tried += done
        return tried

    def _round(self, stopping: Callable[[], bool]) -> int:
        """Do a handful of jobs of each jurisdiction, and return how many were tried.

        Where people write at this very moment, its jobs wait until the others have had theirs. Those of a jurisdiction
        that is not served wait until it is.
        """
        later, tried = list[list[Job]](), 0
        for jurisdiction in filter(self._served, due_jurisdictions(self.database, self._sure())):
            if stopping():
                break
            claim = Claim(self._holder, self._lease, self._turns.is_brief)
            if jobs := claim_jobs(self.database, self._sure(), claim, jurisdiction):
                reached("job.claimed")
                left = self._turns.take(jobs, self._patience(jobs))
                tried += len(jobs) - len(left)
                later += [left] if left else []
        for jobs in later:
            left = self._turns.take(jobs, COME_BACK)
            self._turns.put_back(left)
            tried += len(jobs) - len(left)
        return tried

    def _patience(self, jobs: Sequence[Job]) -> float | None:
        """Return how long to wait where others write; as long as it takes where none could be done meanwhile."""
        apart = self.database.dialect.writes_apart and self._turns.is_brief(jobs[0].kind)
        return AT_ONCE if apart else None

    def _sure(self) -> datetime:
        """Return the present moment; raises ClockDoubtful when it cannot be trusted."""
        return sure_moment(self.database, self._now, self._uptime)

    def free_dead(self) -> None:
        """Let the jobs go that workers of this machine had in hand when they died."""
        self._turns.free_left()
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
            _log.error("reconciling failed: %s", code_of(error))
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
