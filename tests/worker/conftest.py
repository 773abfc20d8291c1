import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from worker.deeds import Site

ROOT = Path(__file__).parents[2]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    site.database.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a worker process on the site, to be killed at a named step if one is given."""
    started = []

    def begin(how: str, kill_at: str = "") -> "subprocess.Popen[str]":
        paths = os.pathsep.join((str(ROOT / "platform"), str(ROOT / "tests")))
        process = subprocess.Popen(
            [sys.executable, "-m", "worker.deeds", str(tmp_path), how],
            env={**os.environ, "PYTHONPATH": paths, "XUNFANG_KILL_AT": kill_at},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate(timeout=60)
