"""The server is restarted while people send reports: whoever was let in is answered, and nothing is lost or doubled."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from cli.fresh import COUNTY, laid_out, settings_in
from xunfang import clock
from xunfang.app import open_deployment, open_reading
from xunfang.store import Account, Clue, Submission, connection, new_id, transaction

SECONDS = 120
"""Nothing here takes so long, except on a machine that stands still."""
PASSWORD = "Zh0ng-hua-Road"
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


@dataclass
class Sender:
    """A browser that reports one pothole after another, on a connection that it keeps, or on a new one each time."""

    port: int
    keeps: bool
    ending: threading.Event
    acknowledged: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    refused: int = 0
    cookie: str = ""
    line: http.client.HTTPConnection | None = None

    def live(self) -> None:
        try:
            self._report()
        finally:
            if self.line is not None:
                self.line.close()

    def _report(self) -> None:
        page = self._ask("GET", "/login")
        body = urllib.parse.urlencode({"csrf": _csrf(page), "login": "watchman", "password": PASSWORD})
        self._ask("POST", "/login", body)
        token = _csrf(self._ask("GET", "/password/"))
        while not self.ending.is_set():
            key = new_id()
            form = {
                "seen_at": clock.local(clock.now()).strftime("%Y-%m-%dT%H:%M"), "caller": "过路司机",
                "place": "999901001", "spot": f"桥头{key}", "damage": "pothole", "depth_cm": "4", "danger": "none",
                "submission_id": key, "csrf": token,
            }  # fmt: skip
            if self._ask("POST", "/forms/pothole-report", urllib.parse.urlencode(form), 201):
                self.acknowledged.append(key)

    def _ask(self, method: str, path: str, body: str = "", wanted: int = 0) -> str:
        """Return what was answered. Only before anything was sent may the server be away."""
        line = self._connected()
        try:
            line.request(method, path, body or None, self._headers(wanted))
            answer = line.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self.wrong.append(f"{method} {path} was sent and not answered: {error!r}")
            line.close()
            return ""
        if wanted and answer.status != wanted:
            self.wrong.append(f"{method} {path}: {answer.status} {text[:200]}")
            text = ""
        if not self.keeps:
            line.close()
        cookies = [each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie", [])]
        self.cookie = "; ".join(each for each in cookies if not each.endswith("=")) or self.cookie
        return text

    def _headers(self, wanted: int) -> dict[str, str]:
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        return {**kind, "Accept": "application/json"} if wanted else kind

    def _connected(self) -> http.client.HTTPConnection:
        self.line = self.line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        while self.line.sock is None:
            try:
                self.line.connect()
            except ConnectionRefusedError:
                self.refused += 1
                time.sleep(0.05)
        return self.line


def _csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    return found[1] if found else ""


def _furnished(folder: Path) -> Path:
    laid_out(folder)
    with (folder / "config.toml").open("a") as settings:
        settings.write("[access]\nreports_hourly = 0\n")
    deployment = open_deployment(settings_in(folder))
    cheap = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    with transaction(deployment.database, "") as tx:
        tx.insert(
            Account(
                id="account-watchman", login="watchman", name="测试甲", password_hash=cheap, jurisdiction=COUNTY,
                unit="crew:999901", roles=("watchman",), created_at=clock.now(), division="999901",
            )
        )  # fmt: skip
    deployment.database.close()
    return folder


@pytest.fixture(params=["its own port", "a port that systemd holds"])
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    folder = _furnished(tmp_path / "here")
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
