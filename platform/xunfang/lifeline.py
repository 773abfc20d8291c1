"""Processes that belong together: a worker that dies is started again, and children end when their server is gone."""

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence

PARENT = "XUNFANG_PARENT"
_EVERY_SECONDS = 1.0
_LOOK_SECONDS = 0.2
_PATIENCE_SECONDS = 11.0
"""Longer than a web process takes to answer what it has in hand."""
_LIVED_SECONDS = 30.0
"""Whoever lived so long had started well: the next pause is a short one again."""
_FIRST_PAUSE, _LONGEST_AFTER_KILL, _LONGEST_PAUSE = 0.5, 4.0, 60.0
_log = logging.getLogger(__name__)


def end_with_parent() -> None:
    """Let this process end by itself once the server that named itself in the environment is gone.

    Otherwise a killed server would leave behind a web process that goes on answering at its address, and after an
    upgrade with the old program.
    """
    named = os.environ.get(PARENT, "")
    if named.isdecimal():
        threading.Thread(target=_watch, args=(int(named),), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_EVERY_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


class Companion:
    """A command that is kept running beside this process: whenever it dies, it is started again, however often.

    The pauses grow with each life that was short. One that was killed is back within seconds; one that ends by itself
    cannot start, because of its rules or its database, and is tried again more and more seldom.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], handles: Sequence[int] = ()) -> None:
        self._command, self._environment, self._handles = command, environment, handles
        self._name = next((word for word in command if word in ("web", "work")), command[-1])
        self._stop = threading.Event()
        self._short = 0
        self._process = self._start()
        self._thread = threading.Thread(target=self._keep, name=f"companion-{self._name}", daemon=True)
        self._thread.start()

    def ask_to_end(self) -> None:
        """Ask the command to end, without waiting for it."""
        self._stop.set()

    def stop(self) -> None:
        """Ask the command to end, and wait until it has; it is killed when it takes too long."""
        self._stop.set()
        self._thread.join(_PATIENCE_SECONDS + 5)

    def _start(self) -> "subprocess.Popen[bytes]":
        self._born = time.monotonic()
        return subprocess.Popen(self._command, env=dict(self._environment), pass_fds=self._handles)

    def _keep(self) -> None:
        while not self._stop.wait(_LOOK_SECONDS):
            if self._process.poll() is None:
                continue
            pause = self._pause(self._process.returncode)
            if not self._stop.wait(pause):
                self._process = self._start()
        self._end()

    def _pause(self, status: int) -> float:
        """Return how many seconds to wait before the next life, and say so where the administrator looks."""
        lived = time.monotonic() - self._born
        self._short = 0 if lived > _LIVED_SECONDS else self._short + 1
        longest = _LONGEST_AFTER_KILL if status < 0 else _LONGEST_PAUSE
        pause = min(longest, _FIRST_PAUSE * float(2 ** min(self._short, 10)))
        if not self._stop.wait(_LOOK_SECONDS):  # what ends because all of us end needs no words
            how = f"was killed by signal {-status}" if status < 0 else f"ended by itself with status {status}"
            _log.error(
                "%s %s after %.0f s (short lives in a row: %s); it is started again in %.1f s",
                self._name, how, lived, self._short, pause,
            )  # fmt: skip
        return pause

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
