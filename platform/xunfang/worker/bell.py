"""The bell: tells a sleeping worker that there may be work. A ring carries nothing, and a lost one does no harm.

huey keeps no work here, because it deletes a message before running it. The ring has no content at all: whatever lies
in the queue's file, reading it can do no more than wake a worker. Nor does the file hold anything worth keeping: one
that cannot be used is set aside and made anew.
"""

import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from huey import SqliteHuey  # type: ignore[import-untyped]
from huey.registry import Message  # type: ignore[import-untyped]
from huey.serializer import Serializer  # type: ignore[import-untyped]

from xunfang.errors import Refused
from xunfang.locks import Lock
from xunfang.store.disk import private_database
from xunfang.store.renewing import renewed

_log = logging.getLogger(__name__)
_RING = b"ring"
_TOLD_SECONDS = 3600.0
"""How long it is told that the file had to be made anew."""

_LEFT_BY_PARENT: list[Any] = []
"""Connections that this process was forked with. They are never closed: that would drop locks of our own."""


class QueueAddressError(Refused, ValueError):
    """The queue's address in the settings cannot be used."""

    code = "QUEUE_ADDRESS"


class _RingOnly(Serializer):  # type: ignore[misc]
    """Writes the same word whatever the message, and reads any bytes as that one message."""

    def __init__(self) -> None:
        super().__init__()
        self.task_name = ""

    def _serialize(self, data: Any) -> bytes:
        return _RING

    def _deserialize(self, data: bytes) -> Any:
        return Message("ring", self.task_name, None, 0, 0, None, (), {}, None, None)


class Bell:
    """A bell at `sqlite:///path`, in a file of its own. Threads and processes may share it.

    Nothing is opened before the first use, and a forked process opens its own: SQLite's handles must not cross a fork.
    """

    def __init__(self, url: str) -> None:
        self.path = _path_of(url)
        self._lock = Lock()
        self._hung: _Hung | None = None
        self._failing = ""
        self._mended_at: float | None = None

    def ring(self) -> None:
        """Wake the workers. Call it after a commit; when it fails, the next sweep finds the work all the same."""
        self._use(lambda hung: hung.wake())

    def heard(self) -> bool:
        """Return whether somebody rang since the last call; many rings are one."""
        return bool(self._use(lambda hung: hung.heard()))

    def note(self) -> str:
        """Return what a person should know of the bell; empty when all is well."""
        if self._failing:
            return (
                f"门铃文件 {self.path.name} 用不了（{self._failing}），新作业要等下一次巡查才办。请检查磁盘和文件权限。"
            )
        if self._mended_at is not None and time.monotonic() - self._mended_at < _TOLD_SECONDS:
            return (
                f"门铃文件 {self.path.name} 曾损坏，已自动重建；其中不存放任何内容，没有丢失。如反复出现，请检查磁盘。"
            )
        return ""

    def close(self) -> None:
        """Close this thread's connection to the bell."""
        if self._hung is not None and self._hung.pid == os.getpid():
            self._hung.huey.storage.close()

    def _use(self, use: Callable[["_Hung"], Any]) -> Any:
        """Return what somebody does with the bell, None when it fails; a broken file is made anew, and said once."""
        try:
            answer = use(self._ready())
        except Exception as error:
            return self._after(error, use)
        self._failing = ""
        return answer

    def _after(self, error: Exception, use: Callable[["_Hung"], Any]) -> Any:
        with suppress(Exception):
            self._drop()
            if renewed(self.path):
                self._mended_at = time.monotonic()
                _log.warning("the bell's file was broken (%s); it is set aside and made anew", type(error).__name__)
            answer = use(self._ready())
            self._failing = ""
            return answer
        if not self._failing:
            _log.warning("the bell cannot be used: %s", type(error).__name__)
        self._failing = type(error).__name__
        return None

    def _ready(self) -> "_Hung":
        with self._lock:
            hung = self._hung
            if hung is not None and hung.pid != os.getpid():
                _LEFT_BY_PARENT.append(hung)
                hung = None
            elif hung is not None and not hung.is_current():
                self._drop()
                hung = None
            if hung is None:
                hung = self._hung = _Hung(self.path)
            return hung

    def _drop(self) -> None:
        with self._lock:
            hung, self._hung = self._hung, None
            if hung is not None and hung.pid == os.getpid():
                with suppress(Exception):
                    hung.huey.storage.close()


class _Hung:
    """The bell as one process has it open: which process, and which file."""

    def __init__(self, path: Path) -> None:
        private_database(path)
        serializer = _RingOnly()
        self.pid, self._path, self._file = os.getpid(), path, _file_of(path)
        self.huey = SqliteHuey("bell", filename=str(path), results=False, serializer=serializer)
        self.wake = self.huey.task()(_wake)
        serializer.task_name = f"{_wake.__module__}.{self.wake.task_class.__name__}"

    def heard(self) -> bool:
        heard = self.huey.dequeue() is not None
        if heard:
            self.huey.storage.flush_queue()
        return heard

    def is_current(self) -> bool:
        """Return whether the file is still the one that was opened, not one that somebody made anew."""
        return self._file == _file_of(self._path)


def _file_of(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return found.st_dev, found.st_ino


def _wake() -> None:
    """Do nothing: to be heard is all."""


def _path_of(url: str) -> Path:
    parts = urlsplit(url)
    if parts.scheme != "sqlite" or not parts.path.strip("/"):
        text = (
            f"队列地址 {url} 无法使用：可以写 sqlite:///相对路径、sqlite:////绝对路径，或 postgresql://用户@主机/库名。"
        )
        raise QueueAddressError(text)
    return Path(unquote(parts.path.removeprefix("/")))
