"""A full disk: said in plain words, nothing acknowledged is lost, reading goes on, and work resumes by itself."""

import resource
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import JURISDICTION, NOW, PEOPLE, Town, open_town, report_answers

from xunfang.actions.reading import attach
from xunfang.identity import make_id
from xunfang.rulebook.model import Rulebook
from xunfang.store import Clue, FileStore, NoRoom, connection, new_id

WORDS = "服务器磁盘已满"


def _report(n: int) -> dict[str, Any]:
    answers = {**report_answers(), "id_number": make_id("370304", date(1958, 3, 14), n), "submission_id": f"{n:032x}"}
    texts = {name: str(value).lower() if isinstance(value, bool) else value for name, value in answers.items()}
    return {**texts, "found_at": "2026-09-29T08:30"}


def _send_until_full(town: Town) -> tuple[list[int], Any]:
    """Send reports until one is refused; returns those acknowledged, and the refusal."""
    worker = town.client("worker")
    acknowledged = []
    for n in range(1, 400):
        answer = worker.post("/forms/clue-report", _report(n), headers={"Accept": "application/json"})
        if answer.status_code != 201:
            return acknowledged, answer
        acknowledged.append(n)
    raise AssertionError("the disk was never full")


def _kept(town: Town) -> list[str]:
    with connection(town.deployment.database) as reader:
        return sorted(clue.submission for clue in reader.select(Clue))


def _look(town: Town, acknowledged: list[int], refusal: Any) -> None:
    assert refusal.status_code == 503
    assert WORDS in refusal.json["message"]
    assert _kept(town) == [f"{n:032x}" for n in acknowledged]


def _resumes(town: Town, acknowledged: list[int]) -> None:
    again = len(acknowledged) + 1
    answer = town.client("worker").post("/forms/clue-report", _report(again))
    assert answer.status_code == 303
    assert _kept(town) == [f"{n:032x}" for n in (*acknowledged, again)]


def test_a_file_that_may_not_grow(town: Town) -> None:
    reader = town.client("worker")
    size = Path(f"{town.deployment.database.url.removeprefix('sqlite:///')}-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 400_000, hard))
    try:
        acknowledged, refusal = _send_until_full(town)
        _look(town, acknowledged, refusal)
        town.later(minutes=2)
        assert reader.get("/forms/").status_code == 200, "who only reads is not stopped by a presence nobody can note"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert acknowledged
    _resumes(town, acknowledged)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, where this process may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_disk_that_is_full(small_disk: Path, rulebook: Rulebook) -> None:
    town = open_town(small_disk, {JURISDICTION: rulebook}, PEOPLE.values())
    acknowledged, refusal = _send_until_full(town)
    _look(town, acknowledged, refusal)
    subprocess.run(["mount", "-o", "remount,size=40m", str(small_disk)], check=True)
    _resumes(town, acknowledged)
    town.deployment.database.close()


def test_a_photo_that_finds_no_room_leaves_nothing_behind(small_disk: Path, town: Town) -> None:
    files = FileStore(small_disk / "files", town.deployment.keys)
    deployment = replace(town.deployment, files=files)
    with pytest.raises(NoRoom, match=WORDS):
        attach(deployment, town.actor("worker"), "a.jpg", "image/jpeg", bytes(4_000_000), NOW)
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []
    assert attach(deployment, town.actor("worker"), "a.jpg", "image/jpeg", new_id().encode(), NOW)
