"""A handle on one database: one connection per thread, statements run on it, and of which jurisdiction that is."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from xunfang.store.dialects import Dialect, dialect_of
from xunfang.store.sealing import Keys


class Database:
    """A handle on one database. Threads may share it; each works on a connection of its own.

    `keys` open what lies sealed in it; `upgrade` gives them, before that nothing sealed can be read or written.
    """

    def __init__(self, url: str, *, reading: bool = False, owning: bool = False) -> None:
        self.url = url
        self._now = threading.local()
        self.keys: Keys | None = None
        self.common_end: tuple[int, str] | None = None  # see `events`; it stays once the database is up to date
        self.dialect: Dialect = dialect_of(url, owning=owning)
        self.peewee = self.dialect.connect(reading=reading)
        self._anchor = self.dialect.connect(reading=reading)

    @property
    def of(self) -> str:
        """The one jurisdiction this thread is kept to, "" for none."""
        return getattr(self._now, "of", "")

    @contextmanager
    def kept_to(self, of: str | None) -> Iterator[None]:
        """Know for the length of the block to which jurisdiction this thread is kept."""
        before, self._now.of = self.of, of or ""
        try:
            yield
        finally:
            self._now.of = before

    def anchor(self) -> None:
        """Hold one idle connection open, so that the last reader to leave does not pay for a checkpoint.

        From now on, connections that are given back stay open for the next use too.
        """
        self._anchor.connect()
        self.peewee.keep()

    def open_connection(self) -> bool:
        """Connect this thread and check what the store rests on; returns False when it was connected already."""
        if not self.peewee.is_closed():
            return False
        if not self.peewee.resume():
            self.peewee.connect()
            self.dialect.check(self.peewee)
        return True

    def close(self) -> None:
        """Close this thread's connection and all that idle; what others use is closed when they give it back."""
        self.peewee.let_go()
        for database in (self.peewee, self._anchor):
            if not database.is_closed():
                database.close()

    def run_many(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run one statement for each row of values and return how many rows it changed in all."""
        return self.peewee.many(self.dialect.run_many, sql, rows)

    def run_later(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run an INSERT for all rows of values, or another statement for one, at the latest before the next one."""
        self.peewee.later(self.dialect.run_later, sql, rows)

    def rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Run one query on this thread's connection and return all that it finds."""
        return self.peewee.rows(sql, values)

    def often(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Run one query that is asked again and again in the same words, and return all that it finds."""
        return self.peewee.often(sql, values)

    def run(self, sql: str, values: tuple[Any, ...] = ()) -> Any:
        """Run one statement on this thread's connection and return its cursor."""
        return self.peewee.execute_sql(sql, values)  # type: ignore[no-untyped-call]
