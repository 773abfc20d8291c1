"""The bell over a PostgreSQL server: heard on every machine. Many rings within a moment are one call."""

import logging
import os
import threading
from collections.abc import Callable
from typing import Any, Protocol

from xunfang.locks import Lock
from xunfang.store import Calls
from xunfang.worker.bell import Bell

SECONDS = 0.05
"""No more than one call in so many seconds, however much is committed meanwhile."""
_log = logging.getLogger(__name__)


class Rings(Protocol):
    """A bell, wherever it hangs."""

    def ring(self) -> None:
        """Wake the workers, after a commit; when it fails, the next sweep finds the work all the same."""
        ...

    def heard(self) -> bool:
        """Return whether somebody rang since the last call; many rings are one."""
        ...

    def note(self) -> str:
        """Return what a person should know of the bell; empty when all is well."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...


def bell_at(url: str) -> Rings:
    """Return the bell at an address, a file's or a server's; raises QueueAddressError, AddressUnusable."""
    return FarBell(url) if url.startswith("postgresql:") else Bell(url)


class FarBell:
    """A bell at `postgresql://…`; threads may share it."""

    def __init__(self, url: str) -> None:
        self._calls, self._listens = Calls(url), Calls(url)
        self._lock = Lock()
        self._waiting = (0, False)
        self._failing = ""

    def ring(self) -> None:
        """Call within a moment, unless a call of this process is about to go out already."""
        with self._lock:
            if self._waiting == (os.getpid(), True):
                return
            self._waiting = (os.getpid(), True)
        later = threading.Timer(SECONDS, self._call)
        later.daemon = True
        later.start()

    def _call(self) -> None:
        with self._lock:
            self._waiting = (os.getpid(), False)
            self._use(self._calls.call)

    def heard(self) -> bool:
        """Return whether anybody called since the last time."""
        return bool(self._use(self._listens.called))

    def note(self) -> str:
        """Return what a person should know of the bell; empty when all is well."""
        if not self._failing:
            return ""
        return f"门铃所在的数据库服务器连不上（{self._failing}），新作业要等下一次巡查才办。"

    def close(self) -> None:
        """Close what this process has open."""
        with self._lock:
            self._calls.close()
        self._listens.close()

    def _use(self, use: Callable[[], Any]) -> Any:
        try:
            answer = use()
        except Exception as error:  # whatever it is, a lost call does no harm
            if not self._failing:
                _log.warning("the bell cannot be used: %s", type(error).__name__)
            self._failing = type(error).__name__
            return None
        self._failing = ""
        return answer
