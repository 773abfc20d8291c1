"""Processes that belong together: a worker that dies is started again, and children end when their server is gone."""

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence

PARENT = "XUNFANG_PARENT"
_EVERY_SECONDS = 1.0
_PATIENCE_SECONDS = 30
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
    """A command that is kept running beside this process: whenever it dies, it is started again a moment later."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], pause: float = 2.0) -> None:
        self._command, self._environment, self._pause = command, environment, pause
        self._stop = threading.Event()
        self._process = self._start()
        self._thread = threading.Thread(target=self._keep, name="companion", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the command to end, and wait until it has."""
        self._stop.set()
        self._thread.join(_PATIENCE_SECONDS + 5)

    def _start(self) -> "subprocess.Popen[bytes]":
        # Nothing is inherited anyhow; with close_fds, Popen waits on a pipe that a web process forked meanwhile keeps
        # open for ever.
        return subprocess.Popen(self._command, env=self._environment, close_fds=False)

    def _keep(self) -> None:
        while not self._stop.wait(0.2):
            if self._process.poll() is not None:
                _log.error("%s ended with status %s and is started again", self._command[-1], self._process.returncode)
                if not self._stop.wait(self._pause):
                    self._process = self._start()
        self._end()

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
