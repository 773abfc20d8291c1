"""`xunfang doctor` tells what is not well and changes nothing, whatever is wrong: never a traceback."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.fresh import everything_in, settings_in
from databases import KINDS, kept_in
from doctor.ward import healthy
from xunfang import clock
from xunfang.cli import main
from xunfang.store import SCHEMA_VERSION, open_database, transaction
from xunfang.store.life import BACKUP, beat


@pytest.fixture(params=KINDS)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """An installation that is well at this very moment."""
    with kept_in(request.param):
        ward = healthy(tmp_path / "here")
        with transaction(ward.deployment.database, "") as tx:
            for name in ("worker", "reconciler", BACKUP):
                beat(tx, name, clock.now())
        ward.deployment.database.close()
        yield ward.folder


def doctor(folder: Path, *more: str) -> int:
    return main(["--config", str(folder / "config.toml"), "doctor", *more])


def told(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    status = doctor(folder, "--json")
    said = json.loads(capsys.readouterr().out)
    said["findings"] = [each for each in said["findings"] if each["code"] != "DISK_SHORT"]
    return status, said


def test_all_is_well(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("xunfang.doctor.machine.is_short", lambda free, total: False)  # whatever machine this is
    assert told(folder, capsys) == (0, {"well": True, "findings": []})
    assert doctor(folder) == 0
    assert "没有发现毛病" in capsys.readouterr().out


def test_it_looks_and_changes_nothing(folder: Path) -> None:
    before = everything_in(folder)
    doctor(folder)
    after = everything_in(folder)
    assert {name: after[name] for name in before} == before
    assert {*after} - {*before} <= {"var/xunfang.db-wal", "var/xunfang.db-shm"}


def test_a_part_that_fell_silent(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = open_database(settings_in(folder).database)
    with transaction(database, "") as tx:
        beat(tx, "worker", clock.parse("2026-01-01T10:00:00+08:00"))
    status, said = told(folder, capsys)  # while somebody else has the database open
    database.close()
    assert status == 1
    assert not said["well"]
    (found,) = said["findings"]
    assert found["code"] == "WORKER_SILENT"
    assert found["advice"]
    assert doctor(folder) == 1
    assert "[WORKER_SILENT]" in capsys.readouterr().out


@pytest.fixture
def on_a_file(tmp_path: Path) -> Path:
    ward = healthy(tmp_path / "here")
    ward.deployment.database.close()
    return ward.folder


def _database_gone(folder: Path) -> None:
    for path in (folder / "var").glob("xunfang.db*"):
        path.unlink()


def _database_cut(folder: Path) -> None:
    with (folder / "var" / "xunfang.db").open("r+b") as file:
        file.truncate(9000)


def _no_database_at_all(folder: Path) -> None:
    (folder / "var" / "xunfang.db").write_bytes(b"no database" * 1000)


def _older(folder: Path) -> None:
    raw = sqlite3.connect(folder / "var" / "xunfang.db")
    raw.execute("UPDATE schema_version SET version = ?", (SCHEMA_VERSION - 1,))
    raw.commit()
    raw.close()


def _newer(folder: Path) -> None:
    raw = sqlite3.connect(folder / "var" / "xunfang.db")
    raw.execute("UPDATE schema_version SET version = ?", (SCHEMA_VERSION + 1,))
    raw.commit()
    raw.close()


def _key_gone(folder: Path) -> None:
    (folder / "var" / "keys" / "data.key").unlink()


def _other_files(folder: Path) -> None:
    (folder / "var" / "files" / "installation.txt").write_text("of another\n")


def _settings_broken(folder: Path) -> None:
    (folder / "config.toml").write_text("serves = [")


def _server_away(folder: Path) -> None:
    text = (folder / "config.toml").read_text("utf-8")
    head, _, _ = text.partition("[database]")
    url = "postgresql://xunfang:secret@/xunfang?host=/nowhere"
    (folder / "config.toml").write_text(f'{head}[database]\nurl = "{url}"\n', "utf-8")
    (folder / "var" / "keys" / "data.key.installation.txt").unlink()
    (folder / "var" / "files" / "installation.txt").unlink()


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (_database_gone, "DATABASE_MISSING"),
        (_database_cut, "DATABASE_DAMAGED"),
        (_no_database_at_all, "DATABASE_DAMAGED"),
        (_older, "SCHEMA_TOO_OLD"),
        (_newer, "SCHEMA_TOO_NEW"),
        (_key_gone, "KEY_MISSING"),
        (_other_files, "FILES_OTHER"),
        (_settings_broken, "SETTINGS_WRONG"),
        (_server_away, "DATABASE_UNREACHABLE"),
    ],
)
def test_what_cannot_be_opened_is_told(
    on_a_file: Path, harm: Callable[[Path], None], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    harm(on_a_file)
    before = everything_in(on_a_file)
    status, said = told(on_a_file, capsys)
    assert status == 1
    assert code in {each["code"] for each in said["findings"]}
    assert all(each["advice"] for each in said["findings"])
    assert "secret" not in json.dumps(said)
    assert {name: content for name, content in everything_in(on_a_file).items() if name in before} == before


def test_what_is_beside_a_lost_database_is_told_too(on_a_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _database_gone(on_a_file)
    (on_a_file / "var" / "fonts").unlink()
    _, said = told(on_a_file, capsys)
    assert {each["code"] for each in said["findings"]} == {"DATABASE_MISSING", "FONT_MISSING"}


def test_the_demonstration_has_a_database_of_its_own(on_a_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(on_a_file, "--demo") == 1
    assert "[DATABASE_MISSING]" in capsys.readouterr().out
