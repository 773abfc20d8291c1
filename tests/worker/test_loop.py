from datetime import UTC, datetime, timedelta

import pytest

from worker.deeds import NOW, Site
from xunfang.clock import Uptime
from xunfang.store import (
    Database,
    Heartbeat,
    Hopeless,
    Job,
    Message,
    add_job,
    cancel_jobs,
    connection,
    retry_job,
    transaction,
)
from xunfang.store.jobs import BACKOFF, claim_job, finish_job, renew_lease
from xunfang.worker import Worker
from xunfang.worker.holder import is_dead, this_holder

LEASE = timedelta(minutes=5)


class Told:
    """A handler that notes what it did and fails as told."""

    brief = False

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.done: list[str] = []

    def prepare(self, job: Job) -> str:
        if self.failures:
            raise self.failures.pop(0)
        return job.key

    def finish(self, tx: object, job: Job, prepared: str) -> None:
        self.done.append(prepared)


def _job(database: Database) -> Job:
    with connection(database) as reader:
        found = reader.first(Job)
    assert found is not None
    return found


def test_jobs_run_in_the_order_of_their_moments_and_not_before(site: Site) -> None:
    with transaction(site.database, "") as tx:
        for key, minutes in (("late", 5), ("second", -1), ("first", -2), ("now", 0)):
            add_job(tx, "told", key, {}, NOW + timedelta(minutes=minutes))
    told = Told()
    assert Worker(site.database, {"told": told}, lambda: NOW).sweep() == 3
    assert told.done == ["first", "second", "now"]


def test_jobs_of_a_jurisdiction_that_is_not_served_wait_untried_until_it_is(site: Site) -> None:
    with transaction(site.database, "") as tx:
        for name in ("served", "half-there"):
            add_job(tx, "told", name, {}, NOW, jurisdiction=name)
    told, served = Told(), {"served"}
    worker = Worker(site.database, {"told": told}, lambda: NOW, served=served.__contains__)
    assert worker.sweep() == 1
    with connection(site.database) as reader:
        assert [(job.key, job.attempts) for job in reader.select(Job, status="ready")] == [("half-there", 0)]
    served.add("half-there")
    worker.sweep()
    assert told.done == ["served", "half-there"]


def test_a_key_makes_one_job_for_ever(site: Site) -> None:
    with transaction(site.database, "") as tx:
        assert add_job(tx, "told", "k", {}, NOW)
        assert not add_job(tx, "told", "k", {}, NOW)
    told = Told()
    worker = Worker(site.database, {"told": told}, lambda: NOW)
    worker.sweep()
    with transaction(site.database, "") as tx:
        assert not add_job(tx, "told", "k", {}, NOW)
    worker.sweep()
    assert told.done == ["k"]


def test_a_failing_job_waits_longer_each_time_and_is_parked_at_last(site: Site) -> None:
    with transaction(site.database, "") as tx:
        add_job(tx, "told", "k", {}, NOW)
    told = Told(*[LookupError("测试甲 99999919700101001X") for _ in range(5)])
    at = NOW
    for wait in BACKOFF:
        assert Worker(site.database, {"told": told}, lambda at=at: at).sweep() == 1  # type: ignore[misc]
        job = _job(site.database)
        assert (job.status, job.run_at) == ("ready", at + wait)
        at += wait
    Worker(site.database, {"told": told}, lambda: at).sweep()
    job = _job(site.database)
    assert (job.status, job.attempts) == ("parked", 5)
    assert "LookupError" in job.last_error
    assert "99999919700101001X" not in job.last_error
    with transaction(site.database, "") as tx:
        assert retry_job(tx, job.id, at)
        assert not retry_job(tx, job.id, at)
    Worker(site.database, {"told": told}, lambda: at).sweep()
    assert told.done == ["k"]


@pytest.mark.parametrize("kind", ["told", "nobody-knows"])
def test_a_hopeless_job_is_parked_at_once_with_its_reason(site: Site, kind: str) -> None:
    with transaction(site.database, "") as tx:
        add_job(tx, kind, "k", {}, NOW)
    Worker(site.database, {"told": Told(Hopeless("模板缺少占位符，请联系管理员。"))}, lambda: NOW).sweep()
    job = _job(site.database)
    assert (job.status, job.attempts) == ("parked", 1)
    assert ("模板缺少占位符" if kind == "told" else "nobody-knows") in job.last_error


def test_an_effect_that_fails_leaves_nothing(site: Site) -> None:
    class HalfDone:
        brief = False

        def prepare(self, job: Job) -> None: ...

        def finish(self, tx: object, job: Job, prepared: None) -> None:
            tx.insert(Message(id="m", key="m", jurisdiction="j", unit="u", kind="k", title="", body="", at=NOW))  # type: ignore[attr-defined]
            raise LookupError

    with transaction(site.database, "") as tx:
        add_job(tx, "half", "k", {}, NOW)
    Worker(site.database, {"half": HalfDone()}, lambda: NOW).sweep()
    with connection(site.database) as reader:
        assert reader.select(Message) == []
    assert _job(site.database).status == "ready"


def test_a_slow_worker_whose_lease_ended_is_fenced_off(site: Site) -> None:
    site.put("issue", 1)
    slow = claim_job(site.database, NOW, LEASE, "elsewhere|b|n|1|1")
    assert slow is not None
    assert claim_job(site.database, NOW, LEASE, "other") is None
    later = NOW + LEASE
    quick = claim_job(site.database, later, LEASE, "other")
    assert quick is not None
    with transaction(site.database, "") as tx:
        assert not renew_lease(tx, slow, later + LEASE)
        assert not finish_job(tx, slow, later)
        assert finish_job(tx, quick, later)
        assert not finish_job(tx, quick, later)


def test_the_work_of_a_fenced_off_worker_is_dropped(site: Site) -> None:
    class Overtaken(Told):
        def prepare(self, job: Job) -> str:
            later = NOW + 2 * LEASE
            Worker(site.database, {"told": quick}, lambda: later).run_next()
            return super().prepare(job)

    with transaction(site.database, "") as tx:
        add_job(tx, "told", "k", {}, NOW)
    quick, slow = Told(), Overtaken()
    assert Worker(site.database, {"told": slow}, lambda: NOW).run_next()
    assert (quick.done, slow.done) == (["k"], [])


def test_a_cancelled_job_has_no_effect_even_when_somebody_works_on_it(site: Site) -> None:
    with transaction(site.database, "") as tx:
        add_job(tx, "told", "k", {}, NOW, task="t")
        add_job(tx, "told", "other", {}, NOW + LEASE, task="t")
    job = claim_job(site.database, NOW, LEASE, "x")
    assert job is not None
    with transaction(site.database, "") as tx:
        cancel_jobs(tx, NOW, task="t")
        assert [each.status for each in tx.select(Job, task="t")] == ["cancelled", "cancelled"]
        assert not finish_job(tx, job, NOW)
    told = Told()
    assert Worker(site.database, {"told": told}, lambda: NOW + 3 * LEASE).sweep() == 0
    assert told.done == []


def test_a_clock_set_back_lets_the_work_rest_and_says_so(site: Site) -> None:
    told = Told()
    Worker(site.database, {"told": told}, lambda: NOW).sweep()
    with transaction(site.database, "") as tx:
        add_job(tx, "told", "k", {}, datetime(2000, 1, 1, tzinfo=UTC))
    back = NOW - timedelta(hours=1)
    assert Worker(site.database, {"told": told}, lambda: back).sweep() == 0
    with connection(site.database) as reader:
        found = reader.find(Heartbeat, "worker")
    assert found is not None
    assert "时钟倒退" in found.note
    assert Worker(site.database, {"told": told}, lambda: NOW - timedelta(minutes=4)).sweep() == 1


def test_after_a_long_rest_of_the_worker_the_work_is_caught_up(site: Site) -> None:
    """The machine ran on, so it is known how much time has passed."""
    told = Told()
    Worker(site.database, {"told": told}, lambda: NOW, uptime=lambda: Uptime("a", timedelta(hours=1))).sweep()
    with transaction(site.database, "") as tx:
        add_job(tx, "told", "k", {}, NOW + timedelta(hours=1))
    later, passed = NOW + timedelta(days=30), timedelta(days=30, hours=1)
    assert Worker(site.database, {"told": told}, lambda: later, uptime=lambda: Uptime("a", passed)).sweep() == 1
    with connection(site.database) as reader:
        found = reader.find(Heartbeat, "worker")
    assert found is not None
    assert found.note == ""


def test_reconciling_happens_at_the_start_and_each_night(site: Site) -> None:
    moments: list[datetime] = []
    now = [NOW]
    worker = Worker(site.database, {}, lambda: now[0], reconcile=moments.append)
    night = datetime(2026, 9, 29, 16, 0, tzinfo=UTC)
    for moment in (NOW, NOW + timedelta(hours=1), night - timedelta(seconds=1), night, night + timedelta(hours=2)):
        now[0] = moment
        worker.sweep()
    assert moments == [NOW, night]


def test_a_failing_reconciler_does_not_stop_the_work(site: Site) -> None:
    def fail(at: datetime) -> None:
        raise LookupError("测试甲")

    with transaction(site.database, "") as tx:
        add_job(tx, "told", "k", {}, NOW)
    told = Told()
    assert Worker(site.database, {"told": told}, lambda: NOW, reconcile=fail).sweep() == 1
    with connection(site.database) as reader:
        found = reader.find(Heartbeat, "reconciler")
    assert found is not None
    assert "LookupError" in found.note
    assert "测试甲" not in found.note


def test_the_living_are_not_taken_for_dead() -> None:
    me = this_holder()
    parts = me.split("|")
    assert not is_dead(me)
    assert is_dead("|".join([*parts[:4], "1"])), "the number was given to another process"
    assert is_dead("|".join([*parts[:3], "99999999", parts[4]]))
    assert is_dead("|".join([parts[0], "earlier-boot", *parts[2:]]))
    assert not is_dead("|".join(["another-machine", *parts[1:3], "99999999", parts[4]]))
    assert not is_dead("|".join([*parts[:2], "pid:[1]", "99999999", parts[4]]))
    assert not is_dead("nonsense")
