"""Figures of indicators 指标: the jobs that count them, and writing down what they came to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.casework.jobs import COUNT
from xunfang.clock import local_date
from xunfang.rulebook.model import Indicator, Rulebook
from xunfang.rules.figures import COUNTY, Counted, every_of, lately
from xunfang.rules.reports import counted_as, counted_by
from xunfang.store import Job
from xunfang.store.tables import Figure
from xunfang.worktime import Every, Period, period_of

REASON = "统计指标"


@dataclass(frozen=True, slots=True)
class Count:
    """What one job counts: every indicator about things of a kind whose periods are so long, for one of these."""

    of: str
    period: Period

    @classmethod
    def of_job(cls, job: Job) -> "Count":
        """Return what a job is to count."""
        every = Every(str(job.payload["every"]))
        return cls(str(job.payload["of"]), period_of(every, date.fromisoformat(str(job.payload["begins_on"]))))

    def payload(self) -> dict[str, str]:
        """Return what the job is to know."""
        return {"of": self.of, "every": self.period.every.value, "begins_on": self.period.first.isoformat()}

    def indicators(self, rulebook: Rulebook) -> tuple[Indicator, ...]:
        """Return the indicators that are counted together."""
        every = counted_by(rulebook)
        return tuple(one for one in every if counted_as(one) == self.of and every_of(one) is self.period.every)


def counts_of(rulebook: Rulebook, day: date, periods: int) -> Iterator[Count]:
    """Yield everything there is to count for the last periods up to a day, each once."""
    seen = set()
    for indicator in counted_by(rulebook):
        for period in lately(indicator, day, periods):
            count = Count(counted_as(indicator), period)
            if count not in seen:
                seen.add(count)
                yield count


def begin_counting(deployment: Deployment, at: datetime) -> None:
    """Put the jobs that count the figures of today's periods, and once more of those that are over: once a day."""
    day = local_date(at)
    for jurisdiction, rulebook in deployment.rulebooks.current.items():
        with acting(deployment, machinery(jurisdiction, REASON), at) as act:
            want_counts(act, counts_of(rulebook, day, 2), day.isoformat())


def count_again(deployment: Deployment, actor: Actor, day: date, at: datetime) -> None:
    """Let the figures of the periods that a day lies in be counted anew; asked for often, it is done once a minute.

    Raises NotAllowed for whoever does not supervise.
    """
    with acting(deployment, actor, at, "supervise") as act:
        put = want_counts(act, counts_of(act.rules(), day, 1), f"{at:%Y%m%d%H%M}")
        if put:
            act.event("figures.wanted", data={"day": day.isoformat()})


def want_counts(act: Act, counts: Iterable[Count], when: str) -> int:
    """Put the jobs that count, each once for a moment named `when`; returns how many there are anew."""
    of = act.actor.jurisdiction
    jobs = [
        act.new_job(COUNT, f"{COUNT}:{of}:{count.of}:{count.period.every}:{count.period.first}:{when}", payload, act.at)
        for count in counts
        for payload in [count.payload()]
    ]
    return act.jobs(jobs)


def keep_figures(act: Act, count: Count, found: Mapping[str, Mapping[str, Counted]]) -> None:
    """Write down what indicators came to, by indicator and owner; what is counted no more of somebody becomes nothing.

    That of the whole is written down even where it is nothing: whoever reads it knows that it was counted.
    A figure of a release that is in force no more is counted by the one in force now.
    """
    rulebook = act.rules()
    for indicator, counted in found.items():
        where = {"jurisdiction": act.actor.jurisdiction, "indicator": indicator, **_period(count)}
        before = {row.owner: row for row in act.tx.every(Figure, **where)}
        for owner in dict.fromkeys((COUNTY, *before, *counted)):
            _keep(act, count, rulebook.digest, indicator, owner, counted.get(owner, Counted()))
    act.event("figures.counted", data={**count.payload(), "indicators": sorted(found)})


def _period(count: Count) -> dict[str, object]:
    return {"every": count.period.every.value, "begins_on": count.period.first}


def _keep(act: Act, count: Count, release: str, indicator: str, owner: str, counted: Counted) -> None:
    figure = Figure(
        jurisdiction=act.actor.jurisdiction,
        indicator=indicator,
        every=count.period.every.value,
        begins_on=count.period.first,
        owner=owner,
        part=counted.part,
        whole=counted.whole,
        counted_at=act.at,
        release=release,
        complete=count.period.last < local_date(act.at),
    )
    key = ("jurisdiction", "indicator", "every", "begins_on", "owner")
    if not act.tx.insert_unless(figure, *key):
        told = ("part", "whole", "counted_at", "release", "complete")
        where = {name: getattr(figure, name) for name in key}
        act.tx.update(Figure, where, {name: getattr(figure, name) for name in told})
