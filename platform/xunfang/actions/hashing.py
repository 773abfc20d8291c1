"""A turnstile before the hashing of passwords, which is made to be dear: many sign-ins at once wait for one another.

They may not wait for everything else, nor everything else for them.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from xunfang.errors import Refused

AT_ONCE = max(1, (os.cpu_count() or 1) // 2)
"""So many passwords are hashed at a time; each takes several processors for its moment."""
PATIENCE_SECONDS = 4.0
_turns = threading.BoundedSemaphore(AT_ONCE)


class HashingCrowded(Refused):
    """Too many passwords are being checked at this moment; nothing was looked at."""

    status = 503
    code = "HASHING_CROWDED"

    def __init__(self) -> None:
        super().__init__("现在同时登录的人较多，系统还没有核对您的密码。请稍等片刻再试。")


@contextmanager
def turn(seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Let through one after another; raises HashingCrowded for whom the turn does not come in time.

    Nobody may hold a transaction meanwhile: the wait would hold up all who write.
    """
    if not _turns.acquire(timeout=seconds):
        raise HashingCrowded
    try:
        yield
    finally:
        _turns.release()
