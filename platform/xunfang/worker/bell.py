"""The bell: tells a sleeping worker that there may be work. A ring carries nothing, and a lost one does no harm.

huey keeps no work here, because it deletes a message before running it. The ring has no content at all: whatever lies
in the queue's file, reading it can do no more than wake a worker.
"""

import logging
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from huey import SqliteHuey  # type: ignore[import-untyped]
from huey.registry import Message  # type: ignore[import-untyped]
from huey.serializer import Serializer  # type: ignore[import-untyped]

_log = logging.getLogger(__name__)
_RING = b"ring"


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
    """A bell at `sqlite:///path`, in a file of its own. Threads and processes may share it."""

    def __init__(self, url: str) -> None:
        path = _path_of(url)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        serializer = _RingOnly()
        self._huey = SqliteHuey("bell", filename=str(path), results=False, serializer=serializer)
        self._wake = self._huey.task()(_wake)
        serializer.task_name = f"{_wake.__module__}.{self._wake.task_class.__name__}"

    def ring(self) -> None:
        """Wake the workers. Call it after a commit; when it fails, the next sweep finds the work all the same."""
        try:
            self._wake()
        except Exception:
            _log.warning("the bell could not be rung", exc_info=True)

    def heard(self) -> bool:
        """Return whether somebody rang since the last call; many rings are one."""
        try:
            heard = self._huey.dequeue() is not None
            if heard:
                self._huey.storage.flush_queue()
        except Exception:
            _log.warning("the bell could not be listened to", exc_info=True)
            return False
        return heard

    def close(self) -> None:
        """Close this thread's connection to the bell."""
        self._huey.storage.close()


def _wake() -> None:
    """Do nothing: to be heard is all."""


def _path_of(url: str) -> Path:
    parts = urlsplit(url)
    if parts.scheme != "sqlite" or not parts.path.strip("/"):
        raise ValueError(f"队列地址 {url} 无法使用：目前支持 sqlite:///相对路径 或 sqlite:////绝对路径。")
    return Path(unquote(parts.path.removeprefix("/")))
