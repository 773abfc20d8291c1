"""Jobs done several in one transaction, round after round of the jurisdictions, on both kinds of database."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest

from databases import KINDS, address, kept_in
from dying import in_child
from worker.deeds import NOW
from xunfang.store import (
    Busy,
    Database,
    FileKeys,
    Job,
    Keys,
    Message,
    NewEvent,
    Transaction,
    add_job,
    append_event,
    connection,
    open_database,
    transaction,
    upgrade,
    verify_chain,
)
from xunfang.store.jobs import MOST_AT_ONCE, Claim, claim_job, claim_jobs
from xunfang.worker import Worker, loop, turns
from xunfang.worker.turns import HOLD_SECONDS, Turns

LEASE = timedelta(minutes=5)
HERE, THERE = "999999-here", "999999-there"


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with kept_in(request.param):
        yield address(tmp_path, "xunfang.db")


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    provider = FileKeys(tmp_path / "data.key")
    provider.create()
    return Keys(provider)


@pytest.fixture
def database(url: str, keys: Keys) -> Iterator[Database]:
    database = open_database(url)
    upgrade(database, keys, NOW)
    yield database
    database.close()


class Note:
    """Tells somebody and records it; what is to happen at one job of it happens in the middle of that."""

    brief = True

    def __init__(self, keys: Keys, at: str = "", happens: Callable[[Transaction], object] = lambda tx: None) -> None:
        self.keys, self.at, self.happens = keys, at, happens

    def prepare(self, job: Job) -> None: ...

    def finish(self, tx: Transaction, job: Job, prepared: None) -> None:
        of = job.jurisdiction
        append_event(tx, self.keys.chain, NewEvent(at=NOW, jurisdiction=of, name="task.reminded"))
        if job.key == self.at:
            self.happens(tx)
        tx.insert(Message(id=job.key, key=job.key, jurisdiction=of, unit="u", kind="k", title="t", body="b", at=NOW))


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each step of a turn was passed."""
    seen: Counter[str] = Counter()
    for module in ("xunfang.worker.turns", "xunfang.worker.loop", "xunfang.store.jobs"):
        monkeypatch.setattr(f"{module}.reached", lambda step: seen.update([step]))
    return seen


def _put(database: Database, of: str, how_many: int, kind: str = "note") -> None:
    with transaction(database, of) as tx:
        for n in range(how_many):
            add_job(tx, kind, f"{of}:{n}", {}, NOW + timedelta(seconds=n - how_many), jurisdiction=of)


def _jobs(database: Database, **where: Any) -> list[Job]:
    with connection(database) as reader:
        return reader.select(Job, **where)


def _turns(database: Database, handler: Any, steady: Callable[[], float] = lambda: 0.0) -> Turns:
    return Turns(database, {"note": handler}, lambda: NOW, LEASE, steady)


def _claim(database: Database, of: str | None = HERE) -> list[Job]:
    return claim_jobs(database, NOW, Claim("somebody", LEASE, lambda kind: kind == "note"), of)


def test_many_small_jobs_of_one_jurisdiction_are_few_transactions(
    database: Database, keys: Keys, passed: Counter[str]
) -> None:
    _put(database, HERE, 2 * MOST_AT_ONCE + 5)
    turns = _turns(database, Note(keys))
    while jobs := _claim(database):
        assert turns.take(jobs) == []
    assert {job.status for job in _jobs(database)} == {"done"}
    assert (passed["job.claiming"], passed["job.finished"], passed["job.effected"]) == (3, 3, 2 * MOST_AT_ONCE + 5)
    assert verify_chain(database, keys.chain) is None


def test_a_transaction_of_many_jobs_ends_when_others_have_waited_long_enough(
    database: Database, keys: Keys, passed: Counter[str]
) -> None:
    _put(database, HERE, 9)
    seconds = iter(n * HOLD_SECONDS / 3 for n in range(99))
    assert _turns(database, Note(keys), lambda: next(seconds)).take(_claim(database)) == []
    assert [passed[step] for step in ("job.finished", "job.effected")] == [3, 9]


def test_one_that_fails_takes_no_other_along(database: Database, keys: Keys) -> None:
    def fail(tx: Transaction) -> None:
        tx.database.run("SELECT nothing FROM nowhere")

    _put(database, HERE, 5)
    assert _turns(database, Note(keys, f"{HERE}:2", fail)).take(_claim(database)) == []
    done = [f"{HERE}:{n}" for n in (0, 1, 3, 4)]
    assert sorted(job.key for job in _jobs(database, status="done")) == done
    (failed,) = _jobs(database, status="ready")
    assert (failed.key, failed.attempts, failed.lease_until) == (f"{HERE}:2", 1, None)
    with connection(database) as reader:
        assert sorted(message.key for message in reader.select(Message)) == done
    assert verify_chain(database, keys.chain) is None


def test_only_small_jobs_are_claimed_together_and_none_that_was_tried(database: Database) -> None:
    _put(database, HERE, 3)
    with transaction(database, HERE) as tx:
        add_job(tx, "paper", "paper", {}, NOW - timedelta(minutes=1), jurisdiction=HERE)
        add_job(tx, "paper", "last", {}, NOW, jurisdiction=HERE)
        tx.update(Job, {"key": f"{HERE}:1"}, {"attempts": 1})
    claimed = [[job.key for job in _claim(database, None)] for _ in range(6)]
    assert claimed == [["paper"], [f"{HERE}:0"], [f"{HERE}:1"], [f"{HERE}:2"], ["last"], []]


def test_a_job_that_ends_its_worker_takes_others_along_once_at_most(url: str, database: Database, keys: Keys) -> None:
    def sweep() -> None:
        own = open_database(url)
        upgrade(own, keys, NOW)
        Worker(
            own, {"note": Note(keys, f"{HERE}:3", lambda tx: os.kill(os.getpid(), signal.SIGKILL))}, lambda: NOW
        ).sweep()

    _put(database, HERE, 8)
    deaths = 0
    while in_child(sweep) == signal.SIGKILL:
        deaths += 1
    assert deaths == 5
    (parked,) = _jobs(database, status="parked")
    assert (parked.key, parked.attempts) == (f"{HERE}:3", 5)
    assert [job.attempts for job in _jobs(database, status="done")] == [2] * 7
    assert verify_chain(database, keys.chain) is None


def test_where_people_write_the_worker_goes_on_elsewhere_and_comes_back(
    database: Database, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "COME_BACK", 0.05)
    _put(database, HERE, 3)
    _put(database, THERE, 3)
    worker = Worker(database, {"note": Note(keys)}, lambda: NOW)
    worker.sweep()  # signs of life need the database for themselves once
    with transaction(database, "") as tx:
        tx.update(Job, {"status": "done"}, {"status": "ready", "attempts": 0})
        tx.delete(Message)
    holds, over = Signal(), Signal()

    def write() -> None:
        with transaction(database, HERE):
            holds.set()
            over.wait(60)

    person = Thread(target=write)
    person.start()
    holds.wait(60)
    if database.dialect.writes_apart:
        assert worker.sweep() == 3
        assert {job.jurisdiction for job in _jobs(database, status="done")} == {THERE}
        assert {(job.attempts, job.lease_until) for job in _jobs(database, status="ready")} == {(0, None)}
    over.set()
    person.join()
    worker.sweep()
    assert {job.status for job in _jobs(database)} == {"done"}


def test_a_jurisdiction_with_very_many_jobs_keeps_no_other_waiting(database: Database, keys: Keys) -> None:
    _put(database, HERE, 3 * MOST_AT_ONCE)
    _put(database, THERE, 2)
    tried: list[str] = []

    class Noted(Note):
        def finish(self, tx: Transaction, job: Job, prepared: None) -> None:
            tried.append(job.jurisdiction)

    Worker(database, {"note": Noted(keys)}, lambda: NOW).sweep()
    assert max(n for n, of in enumerate(tried) if of == THERE) < 2 * MOST_AT_ONCE


class Long:
    """Works in pieces of four minutes each, and lets somebody look in between."""

    brief = False

    def __init__(self, look: Callable[[int], object]) -> None:
        self.look, self.done = look, 0

    def prepare(self, job: Job) -> Generator[None, None, int]:
        for piece in range(1, 4):
            self.look(piece)
            yield
        return piece

    def finish(self, tx: Transaction, job: Job, prepared: int) -> None:
        self.done = prepared


def test_the_lease_of_a_long_job_goes_on_with_its_progress(database: Database) -> None:
    now, met = [NOW], list[object]()

    def look(piece: int) -> None:
        now[0] = NOW + piece * timedelta(minutes=4)
        met.append(claim_job(database, now[0], LEASE, "another"))

    long = Long(look)
    _put(database, HERE, 1, "long")
    assert Worker(database, {"long": long}, lambda: now[0]).run_next()
    assert (long.done, met) == (3, [None] * 3), "twelve minutes under a lease of five"
    assert [job.status for job in _jobs(database)] == ["done"]


def test_when_the_worker_of_a_long_job_is_gone_its_lease_ends(database: Database) -> None:
    now = [NOW]

    def look(piece: int) -> None:
        now[0] = NOW + piece * timedelta(minutes=4)
        if piece == 2:
            raise KeyboardInterrupt

    _put(database, HERE, 1, "long")
    with pytest.raises(KeyboardInterrupt):
        Worker(database, {"long": Long(look)}, lambda: now[0]).run_next()
    renewed = NOW + timedelta(minutes=4)
    assert claim_job(database, renewed + LEASE - timedelta(seconds=1), LEASE, "another") is None
    assert claim_job(database, renewed + LEASE, LEASE, "another") is not None


def test_long_work_that_somebody_else_took_over_is_dropped(database: Database) -> None:
    def look(piece: int) -> None:
        with transaction(database, None) as tx:
            tx.update(Job, {"status": "ready"}, {"token": "of another"})

    long = Long(look)
    _put(database, HERE, 1, "long")
    assert Worker(database, {"long": long}, lambda: NOW).run_next()
    assert (long.done, [job.status for job in _jobs(database)]) == (0, ["ready"])


def test_jobs_of_a_turn_that_the_database_broke_off_are_done_in_the_next(
    url: str, keys: Keys, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(tx: Transaction) -> None:
        tx.database.peewee.connection().close()  # as a server that went away

    _put(database, HERE, 6)
    note = Note(keys, f"{HERE}:4", cut)
    worker = Worker(database, {"note": note}, lambda: NOW)
    with pytest.raises(Exception, match=r"连不上|closed"):
        worker.sweep()
    with connection(database) as reader:
        assert reader.select(Message) == []
    note.at = ""
    assert worker.sweep() == 6
    assert {job.status for job in _jobs(database)} == {"done"}
    assert verify_chain(database, keys.chain) is None


def test_a_database_that_is_busy_too_long_is_no_failure_of_a_job(
    database: Database, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tries = transaction, iter((True, False))

    def busy(database: Database, of: str | None, patience: float | None = None) -> Any:
        if of == HERE and next(tries):
            raise Busy
        return real(database, of, patience)

    monkeypatch.setattr(turns, "transaction", busy)
    _put(database, HERE, 1)
    worker = Worker(database, {"note": Note(keys)}, lambda: NOW)
    assert worker.run_next()
    assert [(job.status, job.attempts, job.token) for job in _jobs(database)] == [("ready", 0, "")]
    assert worker.run_next()
    assert [job.status for job in _jobs(database)] == ["done"]
