"""Connections that last: opened once, lent to one thread after another, never to two at a time nor across a fork.

Opening one costs its pragmas, their checks and the reading of the whole schema: more than a page reads with it.
"""

import os
import sqlite3
from collections import deque
from pathlib import Path
from typing import Any
from weakref import WeakSet

import peewee

MOST_IDLE = 16
"""As many as idle side by side; those given back beyond that are closed."""

MOST_STATEMENTS = 512
"""As many stay prepared on each connection; all readings and acts together have fewer."""

_left_behind: list[sqlite3.Connection] = []
"""Of the process that this one was forked from: to use or to close them here would touch what is not ours."""


class LastingConnection(sqlite3.Connection):
    """A connection that knows which file it was opened on, and ends every reading before it idles."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.opened_on: tuple[int, int] | None = None
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()

    def cursor(self, *given: Any, **named: Any) -> Any:
        """Return a new cursor."""
        made = super().cursor(*given, **named)
        self._cursors.add(made)
        return made

    def settle(self) -> bool:
        """End all readings and forget every page read; returns whether that was done, which it is not in a transaction.

        Whoever reads next reads the file: a page lost meanwhile is noticed, and what idles takes little memory.
        """
        for cursor in tuple(self._cursors):
            cursor.close()
        self._cursors.clear()
        if self.in_transaction:
            return False
        try:
            self.execute("PRAGMA shrink_memory")
        except sqlite3.Error:
            return False
        return True


class LastingSqlite(peewee.SqliteDatabase):
    """SQLite whose connections are kept for the next who needs one, from `keep` until `let_go`."""

    _state: Any

    def __init__(self, file: str, address: str, **options: Any) -> None:
        self._file, self._idle, self._keeps = Path(file), deque[LastingConnection](), False
        self._process = os.getpid()
        super().__init__(
            address, factory=LastingConnection, check_same_thread=False, cached_statements=MOST_STATEMENTS, **options
        )

    def keep(self) -> None:
        """Keep from now on the connections that are given back."""
        self._keeps = True

    def let_go(self) -> None:
        """Close those that idle, and keep no more."""
        self._keeps = False
        while (idle := self._next()) is not None:
            idle.close()

    def idle(self) -> int:
        """Return how many connections wait to be used."""
        return len(self._idle)

    def resume(self) -> bool:
        """Give this thread an idle connection; returns False when there is none that still leads to the file."""
        while (idle := self._next()) is not None:
            if idle.opened_on == self._stands():
                self._state.reset()
                self._state.set_connection(idle)
                return True
            idle.close()
        return False

    def give_back(self) -> None:
        """End this thread's use of its connection, which then idles; one left within a transaction is closed."""
        held = self._state.conn
        may_stay = self._keeps and self._process == os.getpid()
        if may_stay and isinstance(held, LastingConnection) and held.settle():
            self._state.reset()
            self._idle.append(held)
            if len(self._idle) > MOST_IDLE and (beyond := self._next()) is not None:
                beyond.close()
        else:
            self.close()

    def _connect(self) -> Any:
        made = super()._connect()  # type: ignore[misc]
        made.opened_on = self._stands()
        return made

    def _next(self) -> LastingConnection | None:
        if self._process != os.getpid():
            _left_behind.extend(self._idle)
            self._idle, self._process = deque(), os.getpid()
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _stands(self) -> tuple[int, int] | None:
        """Return which file is now at the path, None when none is."""
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
