"""The turnstile before the right to write to a file: one at a time waits for it, the others wait for their turn to.

SQLite gives the right to whoever happens to ask first once it is free. Somebody who writes piece after piece asks again
at once, while the others ask now and then: without a turnstile they wait for seconds, though each piece is short.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import peewee

_LOOK_SECONDS = 0.003
"""How long somebody waits before looking again whether it is their turn."""


@contextmanager
def turn(database: Path, seconds: float) -> Iterator[float]:
    """Wait for the turn to ask for the right to write, and give how many seconds are left to wait for that.

    The turn ends with the block, or with the process. Raises OperationalError, as the library does, when others stood
    before us for too long. Where no file can be written beside the database there are no turns.
    """
    until = time.monotonic() + seconds
    try:
        handle = os.open(database.with_name(f"{database.name}.turn"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        yield seconds
        return
    try:
        while not _is_ours(handle):
            if time.monotonic() >= until:
                raise peewee.OperationalError("database is locked")
            time.sleep(_LOOK_SECONDS)
        yield max(0.0, until - time.monotonic())
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)  # for a child, too, that was forked meanwhile
        os.close(handle)


def _is_ours(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
