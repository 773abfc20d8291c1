"""What a server is sent: statements whose answer nobody needs wait, and go along with the next that is asked.

Each answer of a server is waited for by whoever asked, and by all others who want to write meanwhile.
"""

import re
import time
from collections.abc import Sequence
from functools import cache
from itertools import chain, count
from typing import Any

import peewee
import psycopg2
import psycopg2.extensions
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

MOST_BYTES = 500_000
"""So much waits at most before it is sent on its own."""

MOST_PREPARED = 400
"""As many statements are kept ready on each connection; all that acts ask are fewer."""

FEW = 12
"""An INSERT of more rows is not kept ready."""

_BEGIN = b"BEGIN"
_MARKS = re.compile(r"VALUES (\((?:%s(?:, )?)+\))")

Values = Sequence[tuple[Any, ...]]


class ServerConnection(psycopg2.extensions.connection):
    """A connection to a server that knows when it was used last, whether walls stand, and what waits to be sent.

    Statements that are asked again and again are kept ready there: to read and to plan one costs what running it does.
    """

    used_at = 0.0
    walled = False

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.waiting: list[bytes] = []
        self._ready_ones: dict[str, str] = {}
        self._unsure: list[str] = []
        self._count = count()

    @property
    def ready(self) -> Any:
        """Return a cursor for what is read to its end at once."""
        return self.cursor()

    @property
    def rests(self) -> bool:
        """Return whether the server knows of no transaction here, and nothing waits to be sent."""
        return not self.closed and not self.waiting and self.info.transaction_status == TRANSACTION_STATUS_IDLE

    def still_stands(self, trusted: float) -> bool:
        """Return whether it still leads to the server; for so many seconds after its last use nobody asks."""
        if self.closed:
            return False
        if time.monotonic() - self.used_at <= trusted:
            return True
        try:
            with self.cursor() as cursor:
                cursor.execute("SELECT 1")
        except psycopg2.Error:
            return False
        return True

    def made_ready(self, query: str) -> str:
        """Return by what a statement is run that is kept ready, with marks for its values; it may yet have to be."""
        if (known := self._ready_ones.get(query)) is not None:
            return known
        if len(self._ready_ones) >= MOST_PREPARED:
            return query
        name = f"s{next(self._count)}"
        numbered, runs = _numbered(query)
        self.waiting.append(f"PREPARE {name} AS {numbered}".encode())
        self._unsure.append(query)
        self._ready_ones[query] = f"EXECUTE {name}{runs}"
        return self._ready_ones[query]

    def taken(self) -> list[bytes]:
        """Return what waits, which waits no more."""
        waiting, self.waiting = self.waiting, []
        return waiting

    def settled(self, *, well: bool) -> None:
        """Know of what was made ready whether it came there."""
        if self._unsure:
            for query in () if well else self._unsure:
                del self._ready_ones[query]
            self._unsure = []


class ServerCursor(psycopg2.extensions.cursor):
    """A cursor that sends along what waits; what it tells is of the last statement alone."""

    connection: ServerConnection

    def execute(self, query: Any, vars: Any = None) -> None:
        """Run a statement after those that wait, in one go."""
        if self.connection.waiting:
            asked = self.mogrify(query, vars)  # what it refuses takes nothing else along
            self._all(b"; ".join((*self.connection.taken(), asked)))
        else:
            super().execute(query, vars)

    def execute_ready(self, query: str, values: tuple[Any, ...]) -> None:
        """Run a statement that is asked again and again."""
        self.execute(self.connection.made_ready(query), values)

    def copy_expert(self, *given: Any, **named: Any) -> None:
        """Take rows in, after what waits."""
        self.send()
        super().copy_expert(*given, **named)

    def send(self) -> None:
        """Send what waits."""
        if waiting := self.connection.taken():
            self._all(b"; ".join(waiting))

    def later(self, query: str, values: tuple[Any, ...]) -> None:
        """Let a statement wait."""
        self.connection.waiting.append(self.mogrify(query, values))

    def rows_later(self, query: str, rows: Values) -> None:
        """Let an INSERT wait, with all its rows; or any other statement, with one row of values."""
        if len(rows) <= FEW:
            whole = _of_rows(query, len(rows)) if len(rows) > 1 else query
            runs = self.connection.made_ready(whole)
            self.later(runs, tuple(chain.from_iterable(rows)))
        else:
            self.connection.waiting.append(self.whole(query, rows))
            if sum(map(len, self.connection.waiting)) > MOST_BYTES:
                self.send()

    def whole(self, query: str, rows: Values) -> bytes:
        """Return an INSERT with all its rows, their values in it."""
        head, marks, tail = _parted(query)
        return head.encode() + b", ".join([self.mogrify(marks, row) for row in rows]) + tail.encode()

    def _all(self, text: bytes) -> None:
        try:
            super().execute(text)
        except BaseException:
            self.connection.settled(well=False)
            raise
        self.connection.settled(well=True)


class Sending(peewee.PostgresqlDatabase):
    """PostgreSQL whose transactions begin with their first statement, and are told of their last with their end."""

    _state: Any

    def begin(self, isolation_level: Any = None) -> None:
        """Let a transaction begin; the server is told with what follows."""
        if isolation_level is None:
            self._state.conn.waiting.append(_BEGIN)
        else:
            super().begin(isolation_level)

    def commit(self) -> None:
        """End a transaction well, with what waits; where the server was never told of a transaction, there is none."""
        if self._state.conn is not None and self._state.conn.waiting == [_BEGIN]:
            self._state.conn.taken()
        else:
            super().commit()

    def rollback(self) -> None:
        """Undo everything; what waits is not sent any more."""
        held = self._state.conn
        if held is not None:
            unknown = held.waiting[:1] == [_BEGIN]
            self._drop(held)
            if unknown:
                return
        super().rollback()

    def drop_waiting(self) -> None:
        """Let nothing be sent that waits, but the word that a transaction begins."""
        if self._drop(self._state.conn)[:1] == [_BEGIN]:
            self._state.conn.waiting.append(_BEGIN)

    def _drop(self, held: ServerConnection) -> list[bytes]:
        held.settled(well=False)
        return held.taken()


@cache
def _parted(query: str) -> tuple[str, str, str]:
    """Return what stands in an INSERT before the values of a row, those, and what stands after."""
    found = _MARKS.search(query)
    assert found is not None
    return query[: found.start(1)], found[1], query[found.end(1) :]


@cache
def _of_rows(query: str, rows: int) -> str:
    """Return an INSERT of one row as one of several."""
    head, marks, tail = _parted(query)
    return head + ", ".join([marks] * rows) + tail


@cache
def _numbered(query: str) -> tuple[str, str]:
    """Return a statement with numbers for its marks, and the marks for what those numbers stand for."""
    first, *rest = query.split("%s")
    numbered = first + "".join(f"${n}{part}" for n, part in enumerate(rest, 1))
    return numbered, f" ({', '.join(['%s'] * len(rest))})" if rest else ""
