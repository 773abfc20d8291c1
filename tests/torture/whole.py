"""The whole server under the knife: the main process itself, and the web process and the worker that it keeps."""

import os
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from house import House, end

PATIENCE = (0.0, 0.2, 0.5, 1.0, 2.0, 4.0, 7.0)
"""How many seconds pass before the next is killed: often before the last is back, sometimes in the midst of work."""
CHILD_SECONDS = 6.0
WORDS = {"web": " web --fd ", "worker": " work"}


class Whole:
    """One server after another on the same port and database, with nobody there to lend a hand."""

    def __init__(self, house: House) -> None:
        self._house, self._main, self.recovered = house, 0, 0.0

    def strike(self) -> tuple[str, list[str]]:
        """Kill one of the three and return whom, and what ended by itself before."""
        wrong = self._gone()
        if not self._main:
            self._main = self._house.serve()
        time.sleep(self._house.random.choice(PATIENCE))
        whom = self._house.random.choice(("main", "web", "worker"))
        pid = self._awaited(whom) if whom in WORDS else 0
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, 9)
            return f"whole ({whom})", wrong
        if gone := self._gone():
            return "whole (main)", wrong + gone
        end(self._main)
        self._main = 0
        return "whole (main)", wrong

    def recover(self, seconds: float) -> list[str]:
        """Wait until the site answers and a worker lives; returns what is wrong when they do not."""
        begun = time.monotonic()
        while time.monotonic() < begun + seconds:
            if gone := self._gone():
                return gone
            self._main = self._main or self._house.serve()
            if self._child("worker") and _answers(self._house.port):
                self.recovered = max(self.recovered, time.monotonic() - begun)
                return []
            time.sleep(0.1)
        return [f"nothing answers {seconds:.0f} s after the last kill"]

    def leave(self) -> list[str]:
        """Ask the server to end, and return what is wrong when it does not."""
        if not self._main:
            return []
        main, self._main = self._main, 0
        os.kill(main, 15)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            gone, status = os.waitpid(main, os.WNOHANG)
            if gone:
                return [f"main ended with status {status} when it was asked to"] if status else []
            time.sleep(0.05)
        end(main)
        return ["main does not end when it is asked to"]

    def end(self) -> None:
        """Kill the main process; its children follow by themselves."""
        if self._main:
            end(self._main)
            self._main = 0

    def _gone(self) -> list[str]:
        if not self._main:
            return []
        gone, status = os.waitpid(self._main, os.WNOHANG)
        if gone:
            self._main = 0
            return [f"main ended by itself with status {status}; see main.log"]
        return []

    def _awaited(self, role: str) -> int:
        """Return a child as soon as there is one: it dies just after it was started. 0 when none comes for a while."""
        until = time.monotonic() + CHILD_SECONDS
        while not (child := self._child(role)) and time.monotonic() < until:
            time.sleep(0.05)
        return child

    def _child(self, role: str) -> int:
        with suppress(OSError):
            for thread in Path(f"/proc/{self._main}/task").iterdir():
                for child in (thread / "children").read_text().split():
                    command = Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
                    if WORDS[role] in f" {command}":
                        return int(child)
        return 0


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
