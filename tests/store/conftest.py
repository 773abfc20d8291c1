from collections.abc import Iterator
from pathlib import Path

import pytest

from store.world import NOW
from xunfang.store import Database, FileKeys, Keys, open_database, upgrade


@pytest.fixture
def database(tmp_path: Path, keys: Keys) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/xunfang.db")
    upgrade(database, keys, NOW)
    yield database
    database.close()


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    provider = FileKeys(tmp_path / "keys" / "data.key")
    provider.create()
    return Keys(provider)
