import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from time import sleep

import pytest

from worker.deeds import NOW, Site
from xunfang.store import Heartbeat, Job, connection
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
    bell.ring()
    assert (tmp_path / "bell.db").stat().st_mode & 0o777 == 0o600


class _Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("exploded",)


@pytest.mark.parametrize("data", [b"", b"\x80garbage", pickle.dumps(_Bomb())], ids=["nothing", "garbage", "a bomb"])
def test_whatever_lies_in_the_queue_can_only_ring(
    bell: Bell, tmp_path: Path, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert not bell.heard()
    raw = sqlite3.connect(tmp_path / "bell.db")
    raw.execute("INSERT INTO task (queue, data) VALUES ('bell', ?)", (data,))
    raw.commit()
    raw.close()
    assert bell.heard()
    assert not (tmp_path / "exploded").exists()


def test_a_bell_whose_table_is_gone_makes_it_anew(bell: Bell, tmp_path: Path) -> None:
    bell.ring()
    raw = sqlite3.connect(tmp_path / "bell.db")
    raw.execute("DROP TABLE task")
    raw.commit()
    raw.close()
    bell.ring()
    assert bell.heard()


def _spoil(path: Path) -> None:
    """Write over a file where it lies, as a torn page would."""
    for each in (path, *path.parent.glob(f"{path.name}-*")):
        each.write_bytes(b"\x5a" * max(8192, each.stat().st_size))


def test_a_spoilt_file_is_set_aside_and_said_once(bell: Bell, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    other = Bell(f"sqlite:///{tmp_path}/bell.db")
    bell.ring()
    assert other.heard()
    bell.close()
    other.close()
    _spoil(tmp_path / "bell.db")
    for _ in range(20):
        assert not bell.heard()
    other.ring()
    assert bell.heard()
    assert (tmp_path / "bell.db.broken").exists()
    assert len(caplog.records) == 1
    assert not caplog.records[0].exc_info
    assert "自动重建" in bell.note()
    assert other.note() == ""


def test_a_bell_that_cannot_be_used_is_said_once_and_noted_with_the_signs_of_life(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    bell = Bell(f"sqlite:///{tmp_path}/taken/bell.db")
    for _ in range(20):
        bell.ring()
        assert not bell.heard()
    assert len(caplog.records) == 1
    worker = Worker(site.database, {}, lambda: NOW)
    worker.heed(bell.note)
    worker.sweep()
    with connection(site.database) as reader:
        beat = reader.find(Heartbeat, "worker")
    assert beat is not None
    assert "门铃文件" in beat.note


def test_it_opens_nothing_before_its_first_use_and_nothing_crosses_a_fork(tmp_path: Path) -> None:
    bell = Bell(f"sqlite:///{tmp_path}/bell.db")
    assert not (tmp_path / "bell.db").exists()
    bell.ring()
    mine = bell._hung
    read, write = os.pipe()
    child = os.fork()
    if not child:
        bell.ring()
        os.write(write, b"same" if bell._hung is mine else b"own")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 9) == b"own"
    assert bell.heard()


def test_another_bell_on_its_file_drops_no_lock_of_this_process(bell: Bell, tmp_path: Path) -> None:
    """Without its lock, the next process to close the file takes itself for the last and removes the log in use."""
    bell.ring()
    log = tmp_path / "bell.db-wal"
    assert log.exists()
    Bell(f"sqlite:///{tmp_path}/bell.db")
    script = "import sqlite3, sys; raw = sqlite3.connect(sys.argv[1]); raw.execute('SELECT * FROM task'); raw.close()"
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "bell.db")], check=True)
    assert log.exists()
    assert bell.heard()


def test_forty_kills_leave_it_sound(tmp_path: Path) -> None:
    url, random = f"sqlite:///{tmp_path}/bell.db", Random(7)
    ringers = [_start(url) for _ in range(3)]
    try:
        for _ in range(40):
            sleep(0.02 + 0.08 * random.random())
            place = random.randrange(3)
            assert _killed(ringers[place]), "it ended by itself"
            ringers[place] = _start(url)
    finally:
        told = [_killed(each) for each in ringers]
    assert told == [True] * 3
    with closing(sqlite3.connect(tmp_path / "bell.db")) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("SELECT count(*) FROM sqlite_master WHERE name = 'task'").fetchone() == (1,)
    assert not (tmp_path / "bell.db.broken").exists()


def _start(url: str) -> int:
    """Let a process of its own ring and listen without end; a fork of this one rings from its first moment on."""
    pid = os.fork()
    if not pid:
        try:
            while True:
                bell = Bell(url)
                for _ in range(5):
                    bell.ring()
                    bell.heard()
        finally:
            os._exit(70)
    return pid


def _killed(pid: int) -> bool:
    """Kill a process; returns whether it lived until then."""
    os.kill(pid, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="队列地址"):
        Bell("amqp://x")


def test_the_bell_wakes_a_sleeping_worker(site: Site) -> None:
    slept, done, stop = threading.Event(), threading.Event(), threading.Event()

    class Ringed:
        brief = False

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
        brief = False

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
    bell.ring()
    with closing(sqlite3.connect(site.bell_url.removeprefix("sqlite:///"))) as raw:
        raw.execute("DROP TABLE task")
        raw.commit()
    site.put("noted", 1)
    assert _run_until_done(site, bell, threading.Event()) == ["done"]
