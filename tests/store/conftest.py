from collections.abc import Iterator
from pathlib import Path

import pytest

from store.world import NOW
from xunfang.store import Database, FileKeys, Keys, open_database, upgrade


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/xunfang.db"
    return str(request.getfixturevalue("postgresql").database())


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
