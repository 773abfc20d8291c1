"""Whether the file of the database is whole: looked over quickly and in pieces, or looked through thoroughly."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import peewee

from xunfang.store.database import Database, connection
from xunfang.store.failures import Damaged
from xunfang.store.rows import all_tables
from xunfang.store.schema import VERSION_TABLE

_STEPS = 20_000
"""Instructions of the database between two looks at the clock: a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Soundness:
    """The tables in which something is not whole, and whether all could be looked at in the time there was."""

    broken: tuple[str, ...]
    finished: bool = True


def look_over(database: Database, seconds: float | None = None) -> Soundness:
    """Look at every page of every table and index, without holding anybody up, and return what is not whole.

    Each table is a reading of its own, so that no long one keeps the log from being taken in. With `seconds` it stops
    after so long; an unfinished look says nothing of the tables it did not come to.
    """
    broken = []
    until = None if seconds is None else time.monotonic() + seconds
    for name in (VERSION_TABLE, *(table.name for table in all_tables())):
        try:
            with connection(database), _stopping(database, until):
                if not _is_whole(database, name):
                    broken.append(name)
        except _Stopped:
            return Soundness(tuple(broken), finished=False)
        except Damaged:
            broken.append(name)
    return Soundness(tuple(broken))


def look_through(database: Database) -> tuple[str, ...]:
    """Check every page, index and reference, and return what is wrong in the database's own words; slow."""
    try:
        with connection(database):
            found = [str(row[0]) for row in database.run(database.dialect.thorough_check).fetchall()]
            lost = [f"{row[0]} → {row[2]}" for row in database.run(database.dialect.reference_check).fetchall()]
    except Damaged as error:
        return (error.message,)
    return (*(text for text in found if text != "ok"), *lost)


class _Stopped(Exception):
    """The time to look is over."""


def _is_whole(database: Database, table: str) -> bool:
    try:
        rows = database.run(database.dialect.quick_check(table)).fetchall()
    except (peewee.OperationalError, sqlite3.OperationalError) as error:
        if "interrupted" in str(error):
            raise _Stopped from error
        raise
    return bool([row[0] for row in rows] == ["ok"])


@contextmanager
def _stopping(database: Database, until: float | None) -> Iterator[None]:
    """Let the database stop what it does for this thread once the time is over."""
    if until is None:
        yield
        return
    raw = database.peewee.connection()  # type: ignore[no-untyped-call]
    raw.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)


def refuse_broken(soundness: Soundness) -> None:
    """Raise Damaged when something is not whole."""
    if soundness.broken:
        raise Damaged(f"（{'、'.join(soundness.broken)} 等表的内容不完整）")
