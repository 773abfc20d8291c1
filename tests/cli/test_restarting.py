"""The server is restarted while people send reports: whoever was let in is answered, and nothing is lost or doubled."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.fresh import settings_in
from cli.senders import SECONDS, Sender, furnished
from xunfang.app import open_reading
from xunfang.store import Clue, Submission, connection

RESTARTS, SENDERS = 2, 6
HANDED_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""


@dataclass
class Server:
    """A real `xunfang serve`, restarted at one place; with `held` somebody else keeps the port, as systemd does."""

    folder: Path
    port: int
    held: socket.socket | None = None
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        command = [sys.executable, "-m", "xunfang", "--config", str(self.folder / "config.toml"), "serve"]
        handles: tuple[int, ...] = ()
        if self.held is not None:
            handles = (self.held.fileno(),)
            command = [sys.executable, "-c", HANDED_OVER, str(handles[0]), *command]
        else:
            command += ["--port", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, pass_fds=handles)

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(SECONDS)

    def kill(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")


@pytest.fixture(params=["its own port", "a port that systemd holds"])
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    folder = furnished(tmp_path / "here")
    with closing(socket.create_server(("127.0.0.1", 0), backlog=128)) as taken:
        port = int(taken.getsockname()[1])
        own = request.param == "its own port"
        if own:
            taken.close()
        found = Server(folder, port, None if own else taken)
        yield found
        found.kill()


def _until(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.05)


def test_who_was_let_in_is_answered_whenever_the_server_is_restarted(server: Server) -> None:
    server.start()
    ending = threading.Event()
    senders = [Sender(server.port, n % 2 == 0, ending) for n in range(SENDERS)]
    threads = [threading.Thread(target=sender.live, daemon=True) for sender in senders]
    for thread in threads:
        thread.start()
    for _ in range(RESTARTS):
        before = [len(sender.acknowledged) for sender in senders]
        _until(
            lambda seen=before: (
                all(len(each.acknowledged) > n + 3 for each, n in zip(senders, seen, strict=True))
                or any(each.wrong for each in senders)
            ),
            f"nobody is answered:\n{server.log()}",
        )
        assert [text for sender in senders for text in sender.wrong] == []
        assert server.stop() == 0
        server.start()
    _until(lambda: all(each.acknowledged for each in senders), "nobody was answered")
    ending.set()
    for thread in threads:
        thread.join(SECONDS)
    assert server.stop() == 0
    assert [text for sender in senders for text in sender.wrong] == []
    if server.held is not None:
        assert sum(sender.refused for sender in senders) == 0
    told = sorted(key for sender in senders for key in sender.acknowledged)
    kept = open_reading(settings_in(server.folder))
    with connection(kept.database) as reader:
        assert sorted(row.id for row in reader.select(Submission)) == told
        assert sorted(row.submission for row in reader.select(Clue)) == told
    kept.database.close()
    assert "Traceback" not in server.log()
