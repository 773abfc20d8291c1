"""In which kind of database tests keep what they make: SQLite, or the tests' own PostgreSQL server."""

import atexit
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from postgres import Server, name_in, server
from xunfang.store import Database, connection, open_database
from xunfang.store.rows import all_tables
from xunfang.store.schema import build

_ADDRESS = ".address"
"""How the file ends that tells, in a test's folder, where on the server its database is."""
_server: Server | None = None
_walled = False
_open = ExitStack()
atexit.register(_open.close)


KINDS = ("sqlite", "postgresql")
WALLED = ("sqlite", "walled")
"""With "walled", whoever serves owns nothing on the server, and row-level security holds them."""


@cache
def shared_server() -> Server:
    """Return this process's server, started by the first test that needs it; it ends with the process."""
    return _open.enter_context(server(None, "autovacuum=off"))  # no database here outlives its test


@cache
def kept_up_server() -> Server:
    """Return one that keeps its tables up as any does that serves a bureau, looking every five seconds."""
    return _open.enter_context(server(None, "autovacuum=on", "autovacuum_naptime=5"))


@contextmanager
def kept_in(kind: str, *, kept_up: bool = False) -> Iterator[str]:
    """Let databases be of a kind for the length of the block; those made on the server are dropped after it."""
    with _kept_on(None if kind == "sqlite" else (kept_up_server if kept_up else shared_server)(), kind == "walled"):
        try:
            yield kind
        finally:
            if _server:
                _server.drop_loose()


@contextmanager
def kept_on(on: Server) -> Iterator[None]:
    """Let databases be on a server for the length of the block, and stay there."""
    with _kept_on(on, walled=False):
        yield


@contextmanager
def _kept_on(on: Server | None, walled: bool) -> Iterator[None]:
    global _server, _walled
    before = _server, _walled
    _server, _walled = on, walled
    if _server and _walled:
        built(_server)  # here and not in a child of this process
    try:
        yield
    finally:
        _server, _walled = before


def kind_now() -> str:
    """Return the kind of database that is made now."""
    if _server is None:
        return "sqlite"
    return "walled" if _walled else "postgresql"


def address(folder: Path, name: str) -> str:
    """Return the address of a folder's database of this name, which may not be there yet."""
    if _server is None:
        return f"sqlite:///{folder / name}"
    told = folder / f"{name}{_ADDRESS}"
    if not told.exists():
        told.write_text(_server.copy(built(_server)) if _walled else _server.database())
    return told.read_text()


def address_told(folder: Path, name: str) -> str:
    """Return the address of a folder's database, in a process too that was not told in which kind to keep it."""
    told = folder / f"{name}{_ADDRESS}"
    return told.read_text() if told.exists() else address(folder, name)


def unbuilt(folder: Path, name: str) -> str:
    """Let a folder's database be one that whoever owns it has yet to build; returns the owner's address of it."""
    assert _server is not None
    owner = _server.database()
    folder.mkdir(parents=True)
    (folder / f"{name}{_ADDRESS}").write_text(_server.url(name_in(owner), "app"))
    return owner


@cache
def built(running: Server) -> str:
    """Return the address of a database that its owner has built and nobody has used, to be copied."""
    running.run("CREATE ROLE app LOGIN NOINHERIT")
    running.run("CREATE ROLE app_everywhere NOLOGIN")
    running.run("GRANT app_everywhere TO app")
    address = running.database()
    owner = open_database(address, owning=True)
    build(owner, "app", None, datetime.now(UTC))
    owner.close()
    running.keep(address)
    return running.url(name_in(address), "app")


def past_walls(address: str) -> str:
    """Return the address by which whoever tests sees all of a database, walls or not."""
    return _server.url(name_in(address)) if _server and urlsplit(address).username == "app" else address


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
