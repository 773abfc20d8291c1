"""Version 3, what lay in clear: texts that people typed, whole forms, masked numbers and days of birth beside them.

A part of a number in clear is worth what lies beside it in clear: masked digits and a day of birth were the number.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from xunfang.steps import reached
from xunfang.store.columns import to_json
from xunfang.store.database import Database
from xunfang.store.sealing import Keys, Place

_PIECE = 500
_EMPTY = ("", "{}", "[]")

_SEALED = {
    "message": ("title", "body"),
    "notice": ("error",),
    "job": ("last_error",),
    "attachment": ("name",),
    "submission": ("answers",),
}
_IN_CLEAR = frozenset({
    "attachment", "beside", "broken", "confirmed_by", "count", "digest", "due", "due_at", "ended", "endpoint",
    "failures", "field", "first", "flow", "form", "from", "in_time", "job", "kind", "last", "lead", "leads",
    "login", "message", "missing", "nobody_at", "number", "outcome", "pages", "person", "proposed", "role", "roles",
    "sha256", "size", "state", "submission", "to", "unit", "until",
})  # fmt: skip
_GUARDS = {
    verb: f'CREATE TRIGGER "event_no_{verb.lower()}" BEFORE {verb} ON "event" '
    "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
    for verb in ("UPDATE", "DELETE")
}

Row = tuple[Any, ...]


def seal_what_lay_open(database: Database, keys: Keys) -> None:
    """Seal everything that version 2 held in clear, and ask for the old bytes to be cleared off the disk.

    Columns keep the type they were declared with: SQLite keeps an envelope in them byte for byte all the same.
    """
    for name in ("masked_id", "masked_phone", "birth_on"):
        database.run(f'ALTER TABLE "person" DROP COLUMN "{name}"')
    for table, columns in _SEALED.items():
        _rewrite(database, table, "id", columns, _sealing(keys, table, columns))
    _rewrite(database, "submission", "id", ("body_hash",), lambda row: (keys.keyed(row[1]),))
    _seal_events(database, keys)
    database.run('CREATE TABLE IF NOT EXISTS "unclean" ("why" TEXT NOT NULL)')
    reached("upgrade.sealed")


def _sealing(keys: Keys, table: str, columns: Sequence[str]) -> Callable[[Row], Row]:
    def made(row: Row) -> Row:
        return tuple(_envelope(keys, text, table, name, row[0]) for name, text in zip(columns, row[1:], strict=True))

    return made


def _seal_events(database: Database, keys: Keys) -> None:
    """Part each event's data; its hash goes on covering the whole, so the chain and every head noted of it hold."""
    for verb in _GUARDS:
        database.run(f'DROP TRIGGER IF EXISTS "event_no_{verb.lower()}"')
    database.run("""ALTER TABLE "event" ADD COLUMN "typed" BLOB NOT NULL DEFAULT x''""")

    def parted(row: Row) -> Row:
        data = json.loads(row[1])
        typed = {name: value for name, value in data.items() if name not in _IN_CLEAR}
        clear = {name: value for name, value in data.items() if name in _IN_CLEAR}
        return to_json(clear), _envelope(keys, to_json(typed), "event", "typed", row[0])

    _rewrite(database, "event", "n", ("data", "typed"), parted)
    for statement in _GUARDS.values():
        database.run(statement)


def _envelope(keys: Keys, text: str, table: str, column: str, key: Any) -> bytes:
    return b"" if text in _EMPTY else keys.seal(text.encode(), Place(table, column, str(key)))


def _rewrite(database: Database, table: str, key: str, columns: Sequence[str], made: Callable[[Row], Row]) -> None:
    """Write these columns of every row anew, a piece of the table in memory at a time."""
    sets = ", ".join(f'"{name}" = ?' for name in columns)
    for piece in _pieces(database, table, key, columns):
        database.run_many(f'UPDATE "{table}" SET {sets} WHERE "{key}" = ?', [(*made(row), row[0]) for row in piece])


def _pieces(database: Database, table: str, key: str, columns: Sequence[str]) -> Iterator[list[Row]]:
    names = ", ".join(f'"{name}"' for name in (key, *columns))
    order = f'ORDER BY "{key}" LIMIT {_PIECE}'
    piece = database.run(f'SELECT {names} FROM "{table}" {order}').fetchall()
    while piece:
        yield piece
        piece = database.run(f'SELECT {names} FROM "{table}" WHERE "{key}" > ? {order}', (piece[-1][0],)).fetchall()
