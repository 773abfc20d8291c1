from collections.abc import Iterator
from pathlib import Path

import pytest

import databases
from databases import KINDS, kept_in, shared_server
from postgres import Server
from store.world import NOW
from xunfang.store import Database, FileKeys, Keys, open_database, upgrade


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, of each kind in turn."""
    with kept_in(request.param):
        yield databases.address(tmp_path, "xunfang.db")


@pytest.fixture
def postgresql() -> Iterator[Server]:
    """A server on which databases are dropped after the test."""
    with kept_in("postgresql"):
        yield shared_server()


@pytest.fixture
def database(address: str, keys: Keys) -> Iterator[Database]:
    database = open_database(address)
    upgrade(database, keys, NOW)
    yield database
    database.close()


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    provider = FileKeys(tmp_path / "keys" / "data.key")
    provider.create()
    return Keys(provider)
