"""Making an SQLite file anew that holds nothing worth keeping, when it is broken and only then."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from xunfang.store.disk import beside

BROKEN = ".broken"
"""What is added to the name under which a broken file is set aside; an older one is replaced."""


def renewed(path: Path) -> bool:
    """Set a broken file aside and return whether that was done; the next who opens it makes a new one.

    Of several processes that meet a broken file, one sets it aside; the others find it sound again.
    """
    with _alone(path):
        if _is_sound(path):
            return False
        for each in beside(path):
            each.unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            path.replace(path.with_name(path.name + BROKEN))
    return True


def _is_sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=1)) as raw:
            return bool(raw.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.OperationalError:  # locked by somebody, no permission, no room: another file would not help
        return True
    except sqlite3.DatabaseError:
        return False


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    handle = os.open(path.with_name(f"{path.name}.lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
