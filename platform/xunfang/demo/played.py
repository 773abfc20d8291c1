"""The machinery at played moments: jobs run at their own time, whatever the clock on the wall says."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from xunfang.actions.deployment import Deployment
from xunfang.actions.duties import DutyOpening
from xunfang.actions.following import follow_divisions
from xunfang.actions.papers import Press
from xunfang.casework.jobs import OPEN_DUTIES
from xunfang.clock import local
from xunfang.store.jobs import next_due
from xunfang.worker import Worker
from xunfang.worker.parts import parts


@dataclass
class PlayedClock:
    """A clock that only goes forward, and only when it is turned."""

    at: datetime

    def now(self) -> datetime:
        """Return the played moment."""
        return self.at

    def turn_to(self, moment: datetime) -> None:
        """Go forward to a moment; an earlier one changes nothing."""
        self.at = max(self.at, moment)


class PlayedWorker:
    """A deployment's worker, following a played clock; what others than these `units` owe it leaves for later."""

    def __init__(
        self, deployment: Deployment, press: Press, start: datetime, units: Collection[str] | None = None
    ) -> None:
        self.deployment = deployment
        self.clock = PlayedClock(start)
        now = self.clock.now
        carried_out = {**parts(deployment, press, now), OPEN_DUTIES: DutyOpening(deployment, now, units)}
        self._worker = Worker(deployment.database, carried_out, now)

    def work_until(self, moment: datetime) -> None:
        """Carry out every job due by a moment, each at its own; divisions change as their day begins."""
        books = self.deployment.rulebooks.current.values()
        for day in sorted({day for book in books for day in book.divisions.changes}):
            morning = local(datetime.combine(day, time()))
            if self.clock.at < morning <= moment:
                self._carry_out(morning)
                follow_divisions(self.deployment, morning)
                self._carry_out(morning)
        self._carry_out(moment)

    def _carry_out(self, moment: datetime) -> None:
        self._worker.free_dead()  # a load that was cut short had one in hand, until a moment that is never played
        while job := next_due(self.deployment.database, moment):
            self.clock.turn_to(job.run_at)
            self._worker.run_next()
        self.clock.turn_to(moment)
