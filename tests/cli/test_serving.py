"""`xunfang serve` as it is run: who dies is started again, nobody outlives a killed server, and it is the only one."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from xunfang.cli.alone import DatabaseInUse, without_workers

ROOT = Path(__file__).parents[2]
SECONDS = 120
"""Nothing here takes so long, except on a machine that stands still."""
Process = subprocess.Popen[bytes]


@dataclass
class Place:
    """A deployment in a folder, a port, and the servers that were started there."""

    folder: Path
    port: int
    started: list[Process] = field(default_factory=list)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "xunfang", "--config", str(self.folder / "config.toml"), *words]

    def serve(self) -> Process:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                self.command("serve", "--port", str(self.port)), stdout=log, stderr=log, start_new_session=True
            )
        self.started.append(process)
        return process

    def refused(self, *words: str) -> str:
        """Return what a server says that does not start."""
        told = subprocess.run(self.command("serve", *words), capture_output=True, timeout=SECONDS, check=False)
        assert told.returncode == 1
        assert b"Traceback" not in told.stderr
        return told.stderr.decode()


def deploy(folder: Path) -> Place:
    """Make a deployment on a port that nobody uses."""
    folder.mkdir(exist_ok=True)
    for name in ("forms", "workflows", "templates"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "config.toml").write_text('serves = ["370304-boshan"]\n', "utf-8")
    return Place(folder, free_port())


def free_port() -> int:
    """Return a port that nobody uses."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    found = deploy(tmp_path / "one")
    yield found
    for process in found.started:
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
        with suppress(OSError):  # a thread ends whenever it likes
            for child in (thread / "children").read_text().split():
                with suppress(OSError):
                    found[int(child)] = Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
    return found


def _alive(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=SECONDS) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _workers(pid: int) -> list[int]:
    return [child for child, command in _children(pid).items() if command.rstrip().endswith(" work")]


def _webs(pid: int) -> list[int]:
    return [child for child, command in _children(pid).items() if " web --fd " in command]


def _heeds_sigterm(process: Process) -> bool:
    """Tell if a process has come so far that it ends in order when told to."""
    caught = re.search(r"^SigCgt:\s*([0-9a-f]+)$", Path(f"/proc/{process.pid}/status").read_text(), re.MULTILINE)
    return bool(caught) and bool(int(caught[1], 16) >> signal.SIGTERM - 1 & 1)


def test_a_dead_worker_is_replaced_and_nobody_outlives_the_server_whose_place_is_free_at_once(place: Place) -> None:
    server = place.serve()
    _until(lambda: _alive(place.port), "the server never answered")
    _until(lambda: _workers(server.pid), "there is no worker")
    (first,) = _workers(server.pid)
    os.kill(first, signal.SIGKILL)
    _until(lambda: [worker for worker in _workers(server.pid) if worker != first], "the worker was not replaced")
    left = _children(server.pid)
    assert len(left) >= 2
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    next_one = place.serve()  # at once, while the children of the first still hold the port
    _until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left), "somebody outlives the server")
    _until(lambda: _alive(place.port), "the next server never answered")
    assert next_one.poll() is None


def test_a_web_process_killed_again_and_again_never_ends_the_server(place: Place) -> None:
    server = place.serve()
    _until(lambda: _alive(place.port), "the server never answered")
    for _ in range(6):  # most of them just after they were started
        _until(lambda: _webs(server.pid), "the web process was not replaced")
        (web,) = _webs(server.pid)
        os.kill(web, signal.SIGKILL)
        _until(lambda gone=web: gone not in _webs(server.pid), "it did not die")  # type: ignore[misc]
    assert _alive(place.port)  # whoever comes meanwhile waits in the socket that the main process keeps open
    assert server.poll() is None
    assert "killed by signal 9" in (place.folder / "log").read_text("utf-8")
    with closing(socket.create_connection(("127.0.0.1", place.port))) as upload:
        upload.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nlogin=")
        assert _alive(place.port)
        server.terminate()
        assert server.wait(SECONDS) == 0  # it used to wait for the upload, for ever
    assert "Traceback" not in (place.folder / "log").read_text("utf-8")


def test_neither_a_port_nor_a_database_is_shared_and_a_worker_alone_may_come(place: Place, tmp_path: Path) -> None:
    server = place.serve()
    _until(lambda: _alive(place.port), "the server never answered")
    other = deploy(tmp_path / "two")
    told = other.refused("--port", str(place.port))
    assert f"端口 {place.port} 上已经运行着寻访（进程号 {server.pid}）" in told
    assert "--port" in other.refused("--demo", "--port", str(place.port))
    told = place.refused("--port", str(other.port))
    assert "xunfang.db 正由另一个寻访使用" in told
    assert f"进程号 {server.pid}" in told
    assert str(place.port) in told
    assert _alive(place.port)
    worker = subprocess.Popen(place.command("work"), start_new_session=True)
    _until(lambda: _heeds_sigterm(worker) or worker.poll() is not None, "the worker never began")
    server.terminate()
    server.wait(SECONDS)
    url = f"sqlite:///{place.folder / 'var' / 'xunfang.db'}"
    with pytest.raises(DatabaseInUse), without_workers(url):
        pass
    worker.terminate()
    assert worker.wait(SECONDS) == 0
