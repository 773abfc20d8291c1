import os
import pickle
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from worker.deeds import NOW, Site
from xunfang.store import Job, connection
from xunfang.worker import Bell, Worker, run_worker


@pytest.fixture
def bell(tmp_path: Path) -> Iterator[Bell]:
    bell = Bell(f"sqlite:///{tmp_path}/bell.db")
    yield bell
    bell.close()


def test_many_rings_are_heard_as_one(bell: Bell) -> None:
    assert not bell.heard()
    for _ in range(5):
        bell.ring()
    assert bell.heard()
    assert not bell.heard()


def test_a_ring_is_heard_by_another_process_on_the_same_file(bell: Bell, tmp_path: Path) -> None:
    other = Bell(f"sqlite:///{tmp_path}/bell.db")
    other.ring()
    other.close()
    assert bell.heard()


def test_its_file_is_its_owners_alone(bell: Bell, tmp_path: Path) -> None:
    assert (tmp_path / "bell.db").stat().st_mode & 0o777 == 0o600


class _Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("exploded",)


@pytest.mark.parametrize("data", [b"", b"\x80garbage", pickle.dumps(_Bomb())], ids=["nothing", "garbage", "a bomb"])
def test_whatever_lies_in_the_queue_can_only_ring(
    bell: Bell, tmp_path: Path, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    raw = sqlite3.connect(tmp_path / "bell.db")
    raw.execute("INSERT INTO task (queue, data) VALUES ('bell', ?)", (data,))
    raw.commit()
    raw.close()
    assert bell.heard()
    assert not (tmp_path / "exploded").exists()


def test_a_broken_bell_harms_nobody(bell: Bell, tmp_path: Path) -> None:
    raw = sqlite3.connect(tmp_path / "bell.db")
    raw.execute("DROP TABLE task")
    raw.commit()
    raw.close()
    bell.ring()
    assert not bell.heard()


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="队列地址"):
        Bell("amqp://x")


def test_the_bell_wakes_a_sleeping_worker(site: Site) -> None:
    slept, done, stop = threading.Event(), threading.Event(), threading.Event()

    class Ringed:
        def prepare(self, job: Job) -> None: ...

        def finish(self, tx: object, job: Job, prepared: None) -> None:
            done.set()

    class Listening(Bell):
        def heard(self) -> bool:
            slept.set()
            return super().heard()

    worker = Worker(site.database, {"ringed": Ringed()}, lambda: NOW)
    listening = Listening(site.bell_url)
    thread = threading.Thread(target=run_worker, args=(worker, listening, timedelta(hours=1), stop))
    thread.start()
    try:
        assert slept.wait(60)
        site.put("ringed", 1)
        assert not done.is_set()
        Bell(site.bell_url).ring()
        assert done.wait(60)
    finally:
        stop.set()
        thread.join(10)
    with connection(site.database) as reader:
        assert [job.status for job in reader.select(Job)] == ["done"]


def test_a_failed_sweep_does_not_end_the_worker(site: Site) -> None:
    stop = threading.Event()
    sweeps: list[int] = []

    class Failing(Worker):
        def sweep(self, stopping: object = None) -> int:
            sweeps.append(1)
            if len(sweeps) == 2:
                stop.set()
            raise OSError("disk full")

    run_worker(Failing(site.database, {}, lambda: NOW), Bell(site.bell_url), timedelta(0), stop)
    assert len(sweeps) == 2


def _run_until_done(site: Site, bell: Bell, done: threading.Event) -> list[str]:
    """Let a worker run until it has done a job, and return how the jobs stand."""

    class Noted:
        def prepare(self, job: Job) -> None: ...

        def finish(self, tx: object, job: Job, prepared: None) -> None:
            done.set()

    stop = threading.Event()
    worker = Worker(site.database, {"noted": Noted()}, lambda: NOW)
    thread = threading.Thread(target=run_worker, args=(worker, bell, timedelta(seconds=0.2), stop))
    thread.start()
    try:
        assert done.wait(20)
        assert thread.is_alive()
    finally:
        stop.set()
        thread.join(20)
    with connection(site.database) as reader:
        return [job.status for job in reader.select(Job)]


def test_a_thousand_forged_and_replayed_rings_do_a_job_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    bell = Bell(site.bell_url)
    bell.ring()
    path = Path(site.bell_url.removeprefix("sqlite:///"))
    monkeypatch.chdir(path.parent)
    with closing(sqlite3.connect(path)) as raw:
        (ring,) = raw.execute("SELECT data FROM task").fetchone()
        for data in (ring, pickle.dumps(_Bomb()), b"\x00garbage"):
            raw.executemany("INSERT INTO task (queue, data) VALUES ('bell', ?)", [(data,)] * 334)
        raw.commit()
    site.put("noted", 1)
    assert _run_until_done(site, bell, threading.Event()) == ["done"]
    assert not (path.parent / "exploded").exists()


def test_work_is_done_although_no_bell_is_ever_heard(site: Site) -> None:
    bell = Bell(site.bell_url)
    with closing(sqlite3.connect(site.bell_url.removeprefix("sqlite:///"))) as raw:
        raw.execute("DROP TABLE task")
        raw.commit()
    site.put("noted", 1)
    assert _run_until_done(site, bell, threading.Event()) == ["done"]
