"""Everything that differs between databases: how to connect, what to insist on, how a writer begins."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import peewee

from xunfang.ailments import Ailment
from xunfang.store.dialects.lasting import Lasting
from xunfang.store.dialects.postgresql import Postgresql
from xunfang.store.dialects.promises import BUSY_SECONDS, AddressUnusable, PromiseBroken, Stopped, without_password
from xunfang.store.dialects.sqlite import Sqlite

__all__ = ["BUSY_SECONDS", "AddressUnusable", "Dialect", "PromiseBroken", "Stopped", "dialect_of", "without_password"]


class Dialect(Protocol):
    """One kind of database."""

    mark: str
    writes_apart: bool
    """Whether who writes in one jurisdiction waits for nobody in another."""
    skip_taken: str
    """What a SELECT ends with that locks the rows it finds, and passes over those that others have locked."""
    next_events: str
    """The query of the numbers of the next so many events."""
    number_on: str
    """The statement by which numbers go on after the last event there is; "" where they do so by themselves."""
    of_jurisdiction: str
    """The test of a row's jurisdiction by which rows are gone through in the order of their keys."""
    copy_into: str
    """The statement that writes all there is at one moment into an SQLite file; "" where that is done row by row."""

    def is_empty(self) -> bool:
        """Return whether nothing was ever kept there; changes nothing."""
        ...

    def connect(self, *, reading: bool = False) -> Lasting:
        """Return the peewee database, not yet connected; for `reading` one that can write nothing."""
        ...

    def check(self, database: peewee.Database) -> None:
        """Raise PromiseBroken when this thread's fresh connection lacks a promise that the store rests on."""
        ...

    def may_build(self, database: peewee.Database) -> bool:
        """Return whether whoever is connected may make and change tables."""
        ...

    def reading(self, database: peewee.Database, of: str) -> AbstractContextManager[None]:
        """Let nothing be read within the block that is not of one jurisdiction, where the database sees to that."""
        ...

    def by_keys(self, database: peewee.Database) -> AbstractContextManager[None]:
        """Let everything within the block be found by an index that has one, however small its table is taken to be."""
        ...

    def one_of(self, column: str, keys: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
        """Return the condition that a column is one of some keys, and its values."""
        ...

    def writing(self, database: peewee.Database, of: str | None, seconds: float | None) -> AbstractContextManager[None]:
        """Hold a transaction open, and with it the right to write of one jurisdiction; of None, only of what it locks.

        `seconds`: how long to wait for that right, where it is not as long as usual.
        """
        ...

    def begin_reading(self) -> tuple[Any, ...]:
        """Return what `atomic` needs to begin a reading of everything as it is at one moment, which holds up nobody."""
        ...

    def run_many(self, cursor: Any, sql: str, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run one statement for each row of values and return how many rows it changed in all."""
        ...

    def run_later(self, cursor: Any, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run one INSERT for all rows of values, or another statement for one, at the latest before the next one."""
        ...

    def look_at(self, database: peewee.Database, table: str) -> bool:
        """Return whether every page of a table and its indexes is whole; raises Stopped inside `stopping`."""
        ...

    def look_through(self, database: peewee.Database) -> list[str]:
        """Return what is wrong in the whole database, in its own words; slow."""
        ...

    def stopping(self, database: peewee.Database, until: float) -> AbstractContextManager[None]:
        """Let the database stop what it does for this thread at a moment of the steady clock."""
        ...

    def others_connected(self, database: peewee.Database) -> int:
        """Return how many connections other processes of ours have to it, where that can be known, else 0."""
        ...

    def ailments(self, database: peewee.Database, on: date) -> Iterator[Ailment]:
        """Yield what this kind of database may suffer from, and does on a day; reads only, and briefly."""
        ...

    def clear(self, database: peewee.Database) -> None:
        """Rewrite the database, so that nothing written over or dropped is left in its files.

        Raises peewee.OperationalError, "busy" or "locked", while somebody else reads or writes.
        """
        ...

    def guards(self) -> tuple[str, ...]:
        """Return the statements that make the database itself refuse to change or delete an event.

        And a task of a case that does not exist: a task may have none, so that no reference of its column says it.
        """
        ...


def dialect_of(url: str, *, owning: bool = False) -> Dialect:
    """Return the dialect a database address names; raises AddressUnusable for any other address.

    With `owning` it is the address of whoever owns the tables, whom no wall between jurisdictions holds.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and parts.path.strip("/"):
        return Sqlite(unquote(parts.path.removeprefix("/")))
    if parts.scheme == "postgresql" and parts.path.strip("/"):
        return Postgresql(url, owning=owning)
    raise AddressUnusable(
        f"数据库地址 {without_password(url)} 无法使用：可以写 sqlite:///相对路径、sqlite:////绝对路径，"
        "或 postgresql://用户@主机/库名。"
    )
