"""The journal: lines of JSON, files of the day that follow one another, old ones gone, and no words of a failure."""

import io
import logging
import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from journals import journal_in, lines
from xunfang import clock, journal
from xunfang.clock import parse
from xunfang.journal import Keeping, note

AT = parse("2026-09-29T10:00:00")
CANARY = "370304195803142241"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder into which this process logs, at a moment that stands still."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    with journal_in(Keeping(tmp_path / "logs", days=3, megabytes=100)) as folder:
        yield folder


def test_a_line_tells_what_it_was_given_and_no_more(folder: Path) -> None:
    note("request", "ok", ms=12.345, jurisdiction="j", account="a", request="r", endpoint="cases.show", status=200)
    (line,) = lines(folder)
    assert line.pop("process") == os.getpid()
    assert line == {
        "time": "2026-09-29T10:00:00.000+08:00", "what": "request", "outcome": "ok", "ms": 12.3, "jurisdiction": "j",
        "account": "a", "request": "r", "endpoint": "cases.show", "status": 200,
    }  # fmt: skip
    assert [path.name for path in folder.iterdir()] == ["xunfang-2026-09-29.000.jsonl"]
    assert {path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())} == {0}


def test_failures_are_told_by_kind_and_place_wherever_they_come_from(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        int(f"{CANARY} 孙桂兰")
    except ValueError:
        logging.getLogger("xunfang.web").exception("it failed")
        logging.getLogger("somebody.else").exception("%s 孙桂兰", CANARY)
    logging.getLogger("xunfang.worker").warning("phone %s", "138 0533 1234")
    thread = threading.Thread(target=int, args=(CANARY + "孙桂兰",))
    thread.start()
    thread.join()
    own, foreign, masked, uncaught = lines(folder)
    assert own["error"] == foreign["error"] == uncaught["error"] == "builtins.ValueError"
    assert own["at"][0].startswith("test_journal:") or own["at"][0].startswith("tests.test_journal:")
    assert "text" not in foreign
    assert masked["text"] == "phone …"
    told = capsys.readouterr().err + "".join(path.read_text("utf-8") for path in folder.iterdir())
    assert "孙桂兰" not in told
    assert CANARY not in told


def test_many_processes_write_whole_lines_and_files_follow_one_another(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "FILE_BYTES", 2000)
    children = []
    for child in range(4):
        pid = os.fork()
        if pid == 0:
            for n in range(50):
                note("job", "done", job=f"{child}-{n}")
            os._exit(0)
        children.append(pid)
    assert {os.waitpid(pid, 0)[1] for pid in children} == {0}
    assert {line["job"] for line in lines(folder)} == {f"{child}-{n}" for child in range(4) for n in range(50)}
    sizes = [path.stat().st_size for path in folder.iterdir()]
    assert len(sizes) > 5
    assert max(sizes) < 2000 + 4 * 300


def test_what_is_too_old_or_too_much_goes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note("job", "done")
    for day in range(1, 6):
        monkeypatch.setattr(clock, "now", lambda day=day: AT + timedelta(days=day))
        note("job", "done")
    kept = sorted(path.name[8:18] for path in folder.iterdir())
    assert kept == ["2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04"]
    (folder / "notes.txt").write_text("somebody's own")
    os.truncate(folder / "xunfang-2026-10-02.000.jsonl", 90 * journal.MB)
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=6))
    note("job", "done")
    kept = sorted(path.name[8:18] for path in folder.glob("xunfang-*"))
    assert kept == ["2026-10-03", "2026-10-04", "2026-10-05"]
    assert (folder / "notes.txt").exists()


def test_a_disk_that_takes_nothing_keeps_nobody_from_working(folder: Path) -> None:
    folder.mkdir()
    (folder / "xunfang-2026-09-29.000.jsonl").mkdir()
    note("job", "done")


def test_a_line_that_cannot_be_written_repeats_its_words_nowhere(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = logging.StreamHandler(io.StringIO())
    gone.stream.close()
    logging.getLogger().addHandler(gone)
    try:
        logging.getLogger("xunfang").warning("%s", "孙桂兰")
    finally:
        logging.getLogger().removeHandler(gone)
    assert "孙桂兰" not in capsys.readouterr().err
