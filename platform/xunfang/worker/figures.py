"""Counting what indicators come to: read a piece at a time outside any transaction, written down in one short one."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from xunfang.actions.acting import Act
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.figures import REASON, Count, keep_figures
from xunfang.clock import Now, local_date
from xunfang.desk.releases import Releases
from xunfang.desk.things import of_people, things_of
from xunfang.rules.figures import Counted, Thing, count
from xunfang.rules.reports import looked_through, told_on
from xunfang.store import Job, Transaction
from xunfang.store.reading.settled import Days
from xunfang.store.scoped import scoped

Found = dict[str, dict[str, Counted]]


@dataclass(frozen=True, slots=True)
class FigureCounting:
    """The worker's part: counts the indicators about one kind of thing for one period."""

    deployment: Deployment
    now: Now
    brief: bool = False

    def prepare(self, job: Job) -> Generator[None, None, Found]:
        """Return, by indicator and owner, how many of how many there are; yields after each piece."""
        wanted = Count.of_job(job)
        rulebook = self.deployment.rulebooks.of(job.jurisdiction)
        indicators = wanted.indicators(rulebook)
        found: Found = {indicator.id: {} for indicator in indicators}
        seen: dict[str, set[tuple[str, str]]] = {indicator.id: set() for indicator in indicators}
        after: str | None = "" if indicators else None
        today = local_date(self.now())
        while after is not None:
            things, after = self._piece(job.jurisdiction, wanted, after, once=any(one.each for one in indicators))
            for indicator in indicators:
                before, known = found[indicator.id], seen[indicator.id]
                found[indicator.id] = count(rulebook, indicator, wanted.period, things, before, known, today)
            yield
        return found

    def _piece(self, jurisdiction: str, wanted: Count, after: str, *, once: bool) -> tuple[list[Thing], str | None]:
        """Return some of the things to count, and where to go on, None at the end; `once`: people are counted."""
        at = self.now()
        days = Days(jurisdiction, wanted.period.first, wanted.period.last, at)
        rules = Releases(self.deployment.rulebooks, jurisdiction)
        with scoped(self.deployment.database, machinery(jurisdiction, REASON).scope) as reader:
            found, more = reader.settled(looked_through(wanted.of), days, after)
            of, on = looked_through(wanted.of).partition(":")[0], told_on(wanted.of, wanted.period, local_date(at))
            things = [thing for thing, _ in things_of(reader, rules, of, found, at, on)]
            return of_people(reader, things) if once else things, more or None

    def finish(self, tx: Transaction, job: Job, prepared: Any) -> None:
        """Write down what was found."""
        act = Act(tx, self.deployment, machinery(job.jurisdiction, REASON), self.now())
        keep_figures(act, Count.of_job(job), prepared)
