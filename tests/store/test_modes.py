"""Whatever the umask, what the store makes is its owner's alone; what an older version left open is closed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.world import NOW
from xunfang.store import FileKeys, FileStore, Keys, open_database, upgrade
from xunfang.worker import Bell


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def _modes(folder: Path) -> dict[str, int]:
    return {str(each.relative_to(folder)): each.stat().st_mode & 0o777 for each in folder.rglob("*")}


def test_all_that_is_made_is_its_owners_alone(tmp_path: Path) -> None:
    provider = FileKeys(tmp_path / "var" / "keys" / "data.key")
    provider.create()
    keys = Keys(provider)
    database = open_database(f"sqlite:///{tmp_path / 'var' / 'xunfang.db'}")
    upgrade(database, keys, NOW)
    FileStore(tmp_path / "var" / "files", keys).put(b"paper")
    bell = Bell(f"sqlite:///{tmp_path / 'var' / 'bell.db'}")
    bell.ring()
    found = _modes(tmp_path)
    bell.close()
    database.close()
    assert {"var/xunfang.db", "var/xunfang.db-wal", "var/xunfang.db-shm", "var/bell.db", "var/bell.db-wal"} <= {*found}
    assert {name: oct(mode) for name, mode in found.items() if mode & 0o077} == {}


def test_what_was_left_open_is_closed_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "xunfang.db"
    older = open_database(f"sqlite:///{path}")
    for each in tmp_path.glob("xunfang.db*"):
        each.chmod(0o644)
    newer = open_database(f"sqlite:///{path}")
    found = _modes(tmp_path)
    newer.close()
    older.close()
    assert len(found) == 3
    assert {*found.values()} == {0o600}
