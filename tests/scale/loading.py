"""Loading 灌入: what lets many rows into a database at once, and what is made good when they are in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from xunfang.store import Database, connection
from xunfang.store.dialects.in_sight import fill
from xunfang.store.statements import insert

_SERVER_INDEXES = (
    "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON oid = indrelid "
    "WHERE relnamespace = current_schema()::regnamespace AND NOT indisunique"
)
_SERVER_TRIGGERS = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
"""Those by which it holds references are among them: what is cast anew refers to what is cast with it."""
_FILE = "SELECT name, sql FROM sqlite_master WHERE sql LIKE ?"
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


_HASTY_SERVER = ("SET synchronous_commit = off", "SET maintenance_work_mem = '1GB'")
_CAREFUL_SERVER = ("RESET synchronous_commit", "RESET maintenance_work_mem", "CHECKPOINT")
_HASTY_FILE = (
    "PRAGMA foreign_keys = 0", "PRAGMA synchronous = 0", "PRAGMA cache_size = -500000", "PRAGMA threads = 2",
)  # fmt: skip
_CAREFUL_FILE = (
    "PRAGMA foreign_keys = 1", "PRAGMA synchronous = 2", "PRAGMA cache_size = -2000", "PRAGMA threads = 0",
    "PRAGMA wal_checkpoint(TRUNCATE)",
)  # fmt: skip


def is_server(database: Database) -> bool:
    """Return whether the database is a server's, which takes rows in a copy of its own form."""
    return database.dialect.mark != "?"


@contextmanager
def loading(database: Database) -> Iterator[None]:
    """Let rows in without the indexes that only lists need, and write those and where lists look afterwards.

    Meanwhile nothing is waited for, the disk least of all: whoever is interrupted begins with a new database.
    """
    hasty, careful = (_HASTY_SERVER, _CAREFUL_SERVER) if is_server(database) else (_HASTY_FILE, _CAREFUL_FILE)
    with connection(database):
        for statement in hasty:
            database.run(statement)
        again = list(_set_aside_on_server(database) if is_server(database) else _set_aside_in_file(database))
        yield
        for statement in _made_good_on_server(again) if is_server(database) else (*fill("instr"), *again):
            database.run(statement)
        for statement in careful:
            database.run(statement)


def _made_good_on_server(again: Sequence[str]) -> Iterator[str]:
    yield from fill("strpos")
    yield from again
    yield "VACUUM ANALYZE"  # as its own upkeep does; SQLite plans by its indexes alone


def _set_aside_on_server(database: Database) -> Iterator[str]:
    for name, made in database.rows(_SERVER_INDEXES):
        database.run(f"DROP INDEX {name}")
        yield made
    for (table,) in database.rows(_SERVER_TRIGGERS):
        database.run(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        yield f"ALTER TABLE {table} ENABLE TRIGGER ALL"


def _set_aside_in_file(database: Database) -> Iterator[str]:
    for kind, like in (("INDEX", "CREATE INDEX %"), ("TRIGGER", 'CREATE TRIGGER %"case_in_sight%')):
        for name, made in database.rows(_FILE, (like,)):
            database.run(f'DROP {kind} "{name}"')
            yield made


def load(database: Database, table: str, columns: Sequence[str], rows: bytes | Sequence[tuple[Any, ...]]) -> None:
    """Write rows into a table at once: a server takes the lines of a copy, see `written`."""
    if not isinstance(rows, bytes):
        database.run_many(insert(table, tuple(columns), database.dialect.mark), rows)
        return
    names = ", ".join(f'"{name}"' for name in columns)
    raw = database.peewee.connection()  # type: ignore[no-untyped-call]
    with raw.cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', BytesIO(rows), 1 << 18)


def written(value: Any) -> str:
    """Return a value as it stands in a line of a copy."""
    if type(value) is str:
        return value.translate(_ESCAPED) if _needs(value) else value
    if value is None:
        return "\\N"
    if isinstance(value, bytes | memoryview):
        return "\\\\x" + bytes(value).hex()
    return str(value)


def _needs(text: str) -> bool:
    return "\\" in text or "\n" in text or "\t" in text or "\r" in text
