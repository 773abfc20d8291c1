"""A companion is kept alive for ever, and one that cannot start is tried more and more seldom, not in a tight loop."""

import logging
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from xunfang import lifeline
from xunfang.lifeline import Companion

SECONDS = 60
WAITS = "import sys, time; open(sys.argv[1], 'a').write('.'); time.sleep(600)"
ENDS = "import sys; open(sys.argv[1], 'a').write('.'); sys.exit(3)"


def companion(script: str, births: Path) -> Companion:
    births.touch()
    return Companion([sys.executable, "-c", script, str(births)], os.environ)


def until_born(births: Path, times: int) -> None:
    until = time.monotonic() + SECONDS
    while births.stat().st_size < times:
        assert time.monotonic() < until, f"only {births.stat().st_size} lives"
        time.sleep(0.02)


def test_one_that_cannot_start_is_tried_with_growing_pauses_and_clear_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifeline, "_FIRST_PAUSE", 0.05)
    with caplog.at_level(logging.ERROR):
        kept = companion(ENDS, tmp_path / "births")
        until_born(tmp_path / "births", 4)
        kept.stop()
    told = [record.getMessage() for record in caplog.records]
    assert all("ended by itself with status 3" in text for text in told)
    pauses = [float(text.rpartition(" in ")[2].split()[0]) for text in told]
    assert pauses[:3] == sorted(set(pauses[:3]))
    assert pauses[:3] == [0.1, 0.2, 0.4]


def test_pauses_are_bounded_and_shorter_for_one_that_was_killed(tmp_path: Path) -> None:
    kept = companion(WAITS, tmp_path / "births")
    pauses = [kept._pause(status) for status in (1,) * 20]
    killed = [kept._pause(-9) for _ in range(5)]
    kept.stop()
    assert pauses[0] < pauses[1] < pauses[-1] == lifeline._LONGEST_PAUSE
    assert set(killed) == {lifeline._LONGEST_AFTER_KILL}


def test_one_that_lived_well_is_back_soon(tmp_path: Path) -> None:
    kept = companion(WAITS, tmp_path / "births")
    for _ in range(9):
        kept._pause(-9)
    kept._born -= lifeline._LIVED_SECONDS + 1
    assert kept._pause(-9) == lifeline._FIRST_PAUSE
    kept.stop()


def test_one_that_does_not_heed_the_request_to_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifeline, "_PATIENCE_SECONDS", 0.3)
    kept = companion(f"import signal; signal.signal(15, signal.SIG_IGN); {WAITS}", tmp_path / "births")
    until_born(tmp_path / "births", 1)
    kept.stop()
    assert kept._process.returncode == -signal.SIGKILL
