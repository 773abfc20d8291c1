"""A worker killed at any named step loses nothing and does nothing twice."""

import json
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from databases import KINDS, kept_in
from dying import in_child
from worker.conftest import Start
from worker.deeds import NOW, Site, main
from xunfang.steps import STEPS
from xunfang.store import Database, Event, Job, Message, connection, verify_chain

ISSUES, FLAKY = 4, 2
SWEPT = sorted(
    {step for step in STEPS if step.split(".")[0] in {"job", "file", "clock", "number", "event", "reconciled"}}
    - {"job.freed"}  # passed only where a dead worker left a lease
)
"""The steps that a sweep of these jobs passes; tests/test_death.py passes them all, on the real actions."""


def _assert_each_done_once(database: Database, keys: bytes, files_of: Site) -> None:
    with connection(database) as reader:
        jobs, messages, events = reader.select(Job), reader.select(Message), reader.select(Event)
    assert {job.status for job in jobs} == {"done"}
    assert sorted(message.key for message in messages) == sorted(f"told:{job.key}" for job in jobs)
    assert sorted(int(message.title) for message in messages) == list(range(1, len(jobs) + 1))
    assert sorted(json.dumps(event.told["n"]) for event in events) == sorted(message.title for message in messages)
    assert verify_chain(database, keys) is None
    for message in messages:
        assert files_of.files.get(message.body) == f"paper {message.key.removeprefix('told:')}".encode()


def test_there_are_steps_to_be_killed_at() -> None:
    assert len(SWEPT) >= 14


@pytest.fixture(params=KINDS)
def site_of_each(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with kept_in(request.param):
        site = Site(tmp_path)
        yield site
        site.database.close()


@pytest.mark.parametrize("step", SWEPT)
def test_on_either_kind_of_database_nothing_is_lost_and_nothing_done_twice(
    site_of_each: Site, tmp_path: Path, step: str
) -> None:
    _die_and_go_on(site_of_each, tmp_path, step, 3)


@pytest.mark.parametrize("step", SWEPT)
def test_nothing_is_lost_and_nothing_done_twice(site: Site, tmp_path: Path, step: str) -> None:
    _die_and_go_on(site, tmp_path, step, 1)


def _die_and_go_on(site: Site, folder: Path, step: str, nth: int) -> None:
    nth = {"reconciled": 1, "clock.noted": 1, "job.failing": min(nth, FLAKY)}.get(step, nth)
    site.put("flaky", FLAKY)
    site.put("issue", ISSUES)
    assert in_child(lambda: main(str(folder), "sweep"), f"{step}:{nth}") == signal.SIGKILL, "the step was never reached"
    site.worker().sweep()
    with connection(site.database) as reader:
        assert all(job.status == "done" for job in reader.select(Job, kind="issue")), (
            "a dead holder's lease ends at once"
        )
    site.worker(NOW + timedelta(minutes=2)).sweep()
    site.worker(NOW + timedelta(minutes=10)).sweep()
    _assert_each_done_once(site.database, site.keys.chain, site)


def test_workers_side_by_side_share_the_work(site: Site, start: Start) -> None:
    site.put("issue", 60)
    processes = [start("sweep") for _ in range(3)]
    assert [process.wait(timeout=120) for process in processes] == [0, 0, 0]
    _assert_each_done_once(site.database, site.keys.chain, site)


def test_a_worker_asked_to_stop_finishes_what_it_has_in_hand(site: Site, start: Start) -> None:
    site.put("slow", 2)
    process = start("run")
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(signal.SIGTERM)
    process.stdin.write("go on\n")
    process.stdin.flush()
    assert process.wait(timeout=120) == 0
    with connection(site.database) as reader:
        assert [job.status for job in reader.select(Job, kind="slow")] == ["done", "ready"]


def test_a_worker_killed_again_and_again_by_one_job_parks_it(site: Site, start: Start) -> None:
    site.put("issue", 1)
    for _ in range(5):
        assert start("sweep", "job.claimed").wait(timeout=120) == -signal.SIGKILL
    site.worker().sweep()
    with connection(site.database) as reader:
        found = reader.first(Job, kind="issue")
    assert found is not None
    assert (found.status, found.attempts) == ("parked", 5)
    assert "意外中止" in found.last_error
