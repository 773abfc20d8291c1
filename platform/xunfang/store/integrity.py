"""Whether the database is whole: looked over quickly and in pieces, or looked through thoroughly."""

import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from xunfang.store.database import Database, connection
from xunfang.store.dialects import Stopped
from xunfang.store.failures import Damaged
from xunfang.store.rows import all_tables
from xunfang.store.schema import VERSION_TABLE


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
                if not database.dialect.look_at(database.peewee, name):
                    broken.append(name)
        except Stopped:
            return Soundness(tuple(broken), finished=False)
        except Damaged:
            broken.append(name)
    return Soundness(tuple(broken))


def look_through(database: Database) -> tuple[str, ...]:
    """Check every page, index and reference, and return what is wrong in the database's own words; slow."""
    try:
        with connection(database):
            return tuple(database.dialect.look_through(database.peewee))
    except Damaged as error:
        return (error.message,)


def _stopping(database: Database, until: float | None) -> AbstractContextManager[None]:
    return nullcontext() if until is None else database.dialect.stopping(database.peewee, until)


def refuse_broken(soundness: Soundness) -> None:
    """Raise Damaged when something is not whole."""
    if soundness.broken:
        raise Damaged(f"（{'、'.join(soundness.broken)} 等表的内容不完整）")
