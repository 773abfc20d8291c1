"""Connections that last: opened once, lent to one thread after another, never to two at a time nor across a fork.

Opening one costs what is asked of it and checked first: more than a page reads with it.
"""

import os
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import WeakSet

import peewee
import psycopg2
import psycopg2.extensions

from xunfang.store.dialects.sending import Sending, ServerConnection, ServerCursor, Values

MOST_IDLE = 16
"""As many as idle side by side; those given back beyond that are closed."""

MOST_STATEMENTS = 512
"""As many stay prepared on each connection to SQLite; all readings and acts together have fewer."""

TRUSTED_SECONDS = 1.0
"""A connection to a server that idled for longer is asked whether it still stands."""

_AS_PEEWEE = peewee.__exception_wrapper__  # type: ignore[attr-defined]
"""What a driver raises is raised as peewee's, which is the same for each."""

_left_behind: list[Any] = []
"""Of the process that this one was forked from: to use or to close them here would touch what is not ours."""


class Lasting(peewee.Database):
    """A database whose connections are kept for the next who needs one, from `keep` until `let_go`."""

    _state: Any

    def __init__(self, *given: Any, **named: Any) -> None:
        self._idle, self._keeps, self._process = deque[Any](), False, os.getpid()
        super().__init__(*given, **named)

    def keep(self) -> None:
        """Keep from now on the connections that are given back."""
        self._keeps = True

    def let_go(self) -> None:
        """Close those that idle, and keep no more."""
        self._keeps = False
        self.forget()

    def forget(self) -> None:
        """Close those that idle: they lead where somebody has just found nobody, or nobody who may write."""
        while (idle := self._next()) is not None:
            idle.close()

    def idle(self) -> int:
        """Return how many connections wait to be used."""
        return len(self._idle)

    def resume(self) -> bool:
        """Give this thread an idle connection; returns False when there is none that is still good."""
        while (idle := self._next()) is not None:
            if self._is_good(idle):
                self._state.reset()
                self._state.set_connection(idle)
                return True
            idle.close()
        return False

    def give_back(self) -> None:
        """End this thread's use of its connection, which then idles; one left within a transaction is closed."""
        held = self._state.conn
        may_stay = self._keeps and self._process == os.getpid()
        if may_stay and held is not None and self._settle(held):
            self._state.reset()
            self._idle.append(held)
            if len(self._idle) > MOST_IDLE and (beyond := self._next()) is not None:
                beyond.close()
        else:
            self.close()

    def rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Run one query on this thread's connection and return all that it finds."""
        with _AS_PEEWEE:
            cursor = self._ready()
            cursor.execute(sql, values)
            return cursor.fetchall()  # type: ignore[no-any-return]

    def often(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Run one query that is asked again and again in the same words, and return all that it finds."""
        with _AS_PEEWEE:
            cursor = self._ready()
            self._again(cursor, sql, values)
            return cursor.fetchall()  # type: ignore[no-any-return]

    def changed(self, sql: str, values: tuple[Any, ...] = ()) -> int:
        """Run one statement that is asked again and again, and return how many rows it wrote."""
        with _AS_PEEWEE:
            cursor = self._ready()
            self._again(cursor, sql, values)
            return int(cursor.rowcount)

    def _again(self, cursor: Any, sql: str, values: tuple[Any, ...]) -> None:
        cursor.execute(sql, values)

    def many(self, run: Callable[[Any, str, Values], int], sql: str, rows: Values) -> int:
        """Run one statement for each row of values, in a dialect's way, and return how many rows it wrote."""
        with _AS_PEEWEE:
            return run(self._ready(), sql, rows)

    def later(self, run: Callable[[Any, str, Values], None], sql: str, rows: Values) -> None:
        """Run an INSERT for all rows on this thread's connection, in a dialect's way: before the next statement."""
        with _AS_PEEWEE:
            run(self._ready(), sql, rows)

    def forget_waiting(self) -> None:
        """Let nothing be run that waits for the next statement."""

    def _ready(self) -> Any:
        """Return the cursor for what is read to its end at once: with peewee's own, it costs as much as most run."""
        held = self._state.conn
        if held is None:
            raise peewee.InterfaceError("Error, database connection not opened.")
        return held.ready

    def _is_good(self, idle: Any) -> bool:
        """Return whether a connection that idled still leads to the database."""
        raise NotImplementedError

    def _settle(self, held: Any) -> bool:
        """End what a connection reads, and return whether it may idle."""
        raise NotImplementedError

    def _next(self) -> Any:
        if self._process != os.getpid():
            _left_behind.extend(self._idle)
            self._idle, self._process = deque(), os.getpid()
        try:
            return self._idle.pop()
        except IndexError:
            return None


class LastingConnection(sqlite3.Connection):
    """A connection that knows which file it was opened on, and ends every reading before it idles.

    `ready` is the cursor of whatever is read to its end at once.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.opened_on: tuple[int, int] | None = None
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()
        self.ready = super().cursor()

    def cursor(self, *given: Any, **named: Any) -> Any:
        """Return a new cursor."""
        made = super().cursor(*given, **named)
        self._cursors.add(made)
        return made

    def close(self) -> None:
        """Close it with its cursors: one that still holds a statement would keep what was begun, and its lock."""
        with suppress(sqlite3.ProgrammingError):  # it was closed before
            self._end_readings()
        super().close()

    def _end_readings(self) -> None:
        for cursor in (*self._cursors, self.ready):
            cursor.close()
        self._cursors.clear()

    def settle(self) -> bool:
        """End all readings and forget every page read; returns whether that was done, which it is not in a transaction.

        Whoever reads next reads the file: a page lost meanwhile is noticed, and what idles takes little memory.
        """
        self._end_readings()
        self.ready = super().cursor()
        if self.in_transaction:
            return False
        try:
            self.execute("PRAGMA shrink_memory")
        except sqlite3.Error:
            return False
        return True


class LastingSqlite(Lasting, peewee.SqliteDatabase):
    """SQLite whose connections last as long as the file they were opened on is the one at its path."""

    def __init__(self, file: str, address: str, **options: Any) -> None:
        self._file = Path(file)
        super().__init__(
            address, factory=LastingConnection, check_same_thread=False, cached_statements=MOST_STATEMENTS, **options
        )

    def _connect(self) -> Any:
        made = super()._connect()  # type: ignore[misc]
        made.opened_on = self._stands()
        return made

    def _is_good(self, idle: Any) -> bool:
        return bool(idle.opened_on == self._stands())

    def _settle(self, held: Any) -> bool:
        return isinstance(held, LastingConnection) and held.settle()

    def _stands(self) -> tuple[int, int] | None:
        """Return which file is now at the path, None when none is."""
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _as_bytes(value: str | bytes | None, cursor: Any) -> bytes | None:
    found = psycopg2.BINARY(value, cursor)
    return None if found is None else bytes(found)


_BYTES = psycopg2.extensions.new_type(psycopg2.BINARY.values, "BYTES", _as_bytes)
"""Bytes as SQLite gives them too, no view of the driver's memory."""


class LastingPostgresql(Lasting, Sending):
    """PostgreSQL whose connections last until the server ends them."""

    def __init__(self, address: str, **options: Any) -> None:
        super().__init__(address, connection_factory=ServerConnection, cursor_factory=ServerCursor, **options)

    def _connect(self) -> Any:
        made = super()._connect()  # type: ignore[misc]
        psycopg2.extensions.register_type(_BYTES, made)
        return made

    def _again(self, cursor: Any, sql: str, values: tuple[Any, ...]) -> None:
        cursor.execute_ready(sql, values)

    def forget_waiting(self) -> None:
        """Let nothing be sent that waits for the next statement."""
        self.drop_waiting()

    def _is_good(self, idle: Any) -> bool:
        return bool(idle.still_stands(TRUSTED_SECONDS))

    def _settle(self, held: Any) -> bool:
        held.used_at = time.monotonic()
        return bool(held.rests)
