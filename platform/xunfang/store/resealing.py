"""Sealing anew what lies sealed, with the key that seals now: a piece of one table, of one jurisdiction, at a time.

An envelope names its key, so that what is left is told by the data itself, not by a note of how far somebody came.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xunfang.store import statements
from xunfang.store.copying import files_named
from xunfang.store.database import Database, Transaction, connection
from xunfang.store.files import FileStore
from xunfang.store.rows import Table, all_tables
from xunfang.store.sealing import Keys, Place, SealBroken, key_of

PIECE = 200
"""How many rows are sealed anew in one transaction: a few milliseconds' work."""
OF_NONE = ""
"""In place of a jurisdiction, for tables whose rows belong to none."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is sealed anew by itself: the rows of one table, of one jurisdiction."""

    table: str
    jurisdiction: str


def parts(database: Database) -> list[Part]:
    """Return every table that holds envelopes, with each jurisdiction of which it has rows."""
    with connection(database):
        return [Part(table.name, of) for table in _enveloping() for of in _jurisdictions(database, table)]


def _enveloping() -> list[Table[Any]]:
    return [table for table in all_tables() if table.envelopes]


def _jurisdictions(database: Database, table: Table[Any]) -> list[str]:
    if "jurisdiction" not in table.columns:
        return [OF_NONE]
    return [str(found) for (found,) in database.run(statements.jurisdictions_in(table.name)).fetchall()]


@dataclass(frozen=True, slots=True)
class Anew:
    """One envelope of a row, and what is to take its place: None when it is broken and stays as it lies."""

    column: str
    key: tuple[Any, ...]
    before: bytes
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Piece:
    """What takes the place of what in the next rows, and the key of the last of them, () when none follow."""

    anew: Sequence[Anew]
    last: tuple[Any, ...]


def piece_anew(database: Database, keys: Keys, part: Part, after: Sequence[Any]) -> Piece:
    """Seal the envelopes of the next rows after a key anew, and write nothing.

    To find them takes long in a large table, and nobody is kept from writing meanwhile.
    """
    table = _named(part.table)
    mark, names, length = database.dialect.mark, (*table.key, *table.envelopes), len(table.key)
    of = database.dialect.of_jurisdiction if "jurisdiction" in table.columns else ""
    sql = statements.walk(table.name, names, of, table.key, mark, beyond=bool(after))
    values = (*((part.jurisdiction,) if of else ()), *after, PIECE)
    with connection(database, part.jurisdiction or None):
        rows = [tuple(row) for row in database.run(sql, values).fetchall()]
    anew = [
        Anew(name, row[:length], envelope, _sealed_anew(keys, envelope, table.place(name, row[:length])))
        for row in rows
        for name, envelope in zip(table.envelopes, (bytes(each or b"") for each in row[length:]), strict=True)
        if envelope and key_of(envelope) != keys.current
    ]
    return Piece(anew, rows[-1][:length] if len(rows) == PIECE else ())


def _named(name: str) -> Table[Any]:
    return next(each for each in _enveloping() if each.name == name)


def _sealed_anew(keys: Keys, envelope: bytes, place: Place) -> bytes | None:
    try:
        return keys.sealed_anew(envelope, place)
    except SealBroken:
        return None


def put_anew(tx: Transaction, part: Part, anew: Sequence[Anew]) -> list[str]:
    """Write what was sealed anew, and return what is broken.

    An envelope that somebody has written over meanwhile is the newer one and stays.
    """
    table = _named(part.table)
    for each in anew:
        if each.after is not None:
            sql = statements.update(table.name, (each.column,), (*table.key, each.column), (), tx.database.dialect.mark)
            tx.database.run(sql, (each.after, *each.key, each.before))
    return [f"{table.name}.{each.column} {'|'.join(map(str, each.key))}" for each in anew if each.after is None]


@dataclass(frozen=True, slots=True)
class KeyCount:
    """How many envelopes lie under each key in the columns of the tables and in the files, by `key_of`."""

    columns: dict[str, Counter[bytes]]
    files: Counter[bytes]

    def under(self, *keys: bytes) -> int:
        """Return how many lie under these keys."""
        return sum(counted[key] for counted in (*self.columns.values(), self.files) for key in keys)

    @property
    def keys(self) -> set[bytes]:
        """The ids of all keys that anything lies under."""
        return {*self.files}.union(*self.columns.values())


def count_keys(database: Database, files: FileStore) -> KeyCount:
    """Count every envelope there is, in every row and every file that a row names, by its key; slow, and exact."""
    with connection(database):
        columns = dict(_columns_held(database))
        named = set(files_named(database))
    keys = (files.key_of(sha256) for sha256 in named)
    return KeyCount(columns, Counter(key for key in keys if key))


def _columns_held(database: Database) -> Iterator[tuple[str, Counter[bytes]]]:
    for table in _enveloping():
        for name in table.envelopes:
            found = database.run(statements.envelopes_by_key(table.name, name)).fetchall()
            yield f"{table.name}.{name}", Counter({bytes(key): int(number) for key, number in found})
