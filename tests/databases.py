"""In which kind of database tests keep what they make: SQLite, or the tests' own PostgreSQL server."""

import atexit
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from postgres import Server, server
from xunfang.store import Database, connection
from xunfang.store.rows import all_tables

_ADDRESS = ".address"
"""How the file ends that tells, in a test's folder, where on the server its database is."""
_server: Server | None = None
_open = ExitStack()
atexit.register(_open.close)


KINDS = ("sqlite", "postgresql")


@cache
def shared_server() -> Server:
    """Return this process's server, started by the first test that needs it; it ends with the process."""
    return _open.enter_context(server())


@contextmanager
def kept_in(kind: str) -> Iterator[str]:
    """Let databases be of a kind for the length of the block; those made on the server are dropped after it."""
    global _server
    before, _server = _server, shared_server() if kind == "postgresql" else None
    try:
        yield kind
    finally:
        if _server:
            _server.drop_loose()
        _server = before


def kind_now() -> str:
    """Return the kind of database that is made now."""
    return "postgresql" if _server else "sqlite"


def address(folder: Path, name: str) -> str:
    """Return the address of a folder's database of this name, which may not be there yet."""
    if _server is None:
        return f"sqlite:///{folder / name}"
    told = folder / f"{name}{_ADDRESS}"
    if not told.exists():
        told.write_text(_server.database())
    return told.read_text()


def texts_in_clear(database: Database) -> Iterator[str]:
    """Yield every value of every row, as whoever has no key reads it, but the files of the rules."""
    yield from (str(value) for value in _values(database))


def stored_values(database: Database) -> Iterator[bytes]:
    """Yield every value of every row as bytes, but the files of the rules."""
    yield from (value if isinstance(value, bytes) else str(value).encode() for value in _values(database))


def _values(database: Database) -> Iterator[Any]:
    with connection(database):
        for table in all_tables():
            rows = database.run(f'SELECT * FROM "{table.name}"').fetchall() if table.name != "release" else ()
            yield from (value for row in rows for value in row)


def keep_as_template(folder: Path) -> None:
    """Let the databases of a folder be those that others are copied from."""
    for told in folder.glob(f"*{_ADDRESS}"):
        assert _server is not None
        _server.keep(told.read_text())


def copy_databases(folder: Path) -> None:
    """Give a copied folder databases of its own, as those are that it was copied with."""
    for told in folder.glob(f"*{_ADDRESS}"):
        assert _server is not None
        told.write_text(_server.copy(told.read_text()))
