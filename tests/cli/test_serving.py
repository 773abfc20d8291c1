"""`xunfang serve` as it is run: its worker is started again when it dies, and nobody outlives a killed server."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 120


@pytest.fixture
def address(tmp_path: Path) -> tuple[Path, int]:
    for name in ("forms", "workflows", "templates"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "config.toml").write_text('serves = ["370304-boshan"]\n', "utf-8")
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return tmp_path / "config.toml", int(taken.getsockname()[1])


@pytest.fixture
def server(address: tuple[Path, int]) -> Iterator["subprocess.Popen[bytes]"]:
    config, port = address
    command = [sys.executable, "-m", "xunfang", "--config", str(config), "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    yield process
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _until(holds: Callable[[], object], what: str) -> None:
    until = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.1)


def _children(pid: int) -> dict[int, str]:
    """Return the children of a process with their command lines, as far as they are ours."""
    found = {}
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text().split():
            with suppress(OSError):
                found[int(child)] = Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
    return found


def _alive(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/alive", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _workers(pid: int) -> list[int]:
    return [child for child, command in _children(pid).items() if command.rstrip().endswith(" work")]


def test_a_dead_worker_is_replaced_and_nobody_outlives_the_server(
    address: tuple[Path, int], server: "subprocess.Popen[bytes]"
) -> None:
    port = address[1]
    _until(lambda: _alive(port), "the server never answered")
    _until(lambda: _workers(server.pid), "there is no worker")
    (first,) = _workers(server.pid)
    os.kill(first, signal.SIGKILL)
    _until(lambda: [worker for worker in _workers(server.pid) if worker != first], "the worker was not replaced")
    left = _children(server.pid)
    assert len(left) >= 2
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    _until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left), "somebody outlives the server")
    assert not _alive(port)
