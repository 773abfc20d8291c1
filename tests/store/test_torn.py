"""Torn copies: files cut off at any byte, or a spoilt WAL, open to what was committed before, or are refused aloud."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.world import KEYS, NOW, account
from xunfang.errors import Refused
from xunfang.store import Account, Database, NewEvent, append_event, connection, open_database, transaction, upgrade
from xunfang.store.events import verify_chain

COMMITS, COPIES, KEY = 40, 200, b"k" * 32


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a database whose last half of commits lies in the WAL only."""
    folder = tmp_path_factory.mktemp("whole")
    database = open_database(f"sqlite:///{folder / 'live.db'}")
    upgrade(database, KEYS, NOW)
    for n in range(COMMITS):
        with transaction(database, "") as tx:
            account(tx, f"login-{n:03}")
            append_event(tx, KEY, NewEvent(at=NOW, jurisdiction="j", name="account.created", data={"n": n}))
        if n == COMMITS // 2:
            with connection(database):
                database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(folder / "live.db", folder / "data.db")
    shutil.copy(folder / "live.db-wal", folder / "data.db-wal")
    yield folder
    database.close()


def _committed(database: Database) -> int:
    """Return how many commits are there; fails when they are not the first ones, one and all."""
    with connection(database) as reader:
        logins = sorted(row.login for row in reader.select(Account))
        (sound,) = database.run("PRAGMA integrity_check(1)").fetchone()
    if sound != "ok":  # a start looks the file over first, and refuses
        raise sqlite3.DatabaseError(sound)
    assert logins == [f"login-{n:03}" for n in range(len(logins))]
    assert verify_chain(database, KEY) is None
    return len(logins)


def _open(folder: Path) -> int | None:
    """Return how many commits a copy opens to, None when it is refused."""
    try:
        database = open_database(f"sqlite:///{folder / 'data.db'}")
    except Refused:
        return None
    try:
        upgrade(database, KEYS, NOW)
        return _committed(database)
    except (Refused, sqlite3.DatabaseError):
        return None
    finally:
        database.close()


def _copy(whole: Path, to: Path) -> Path:
    to.mkdir()
    for name in ("data.db", "data.db-wal"):
        shutil.copy(whole / name, to / name)
    return to


def test_the_whole_copy_has_everything(tmp_path: Path, whole: Path) -> None:
    assert _open(_copy(whole, tmp_path / "copy")) == COMMITS


@pytest.mark.parametrize("seed", range(COPIES // 25))
def test_a_wal_cut_off_anywhere_opens_to_a_committed_prefix(tmp_path: Path, whole: Path, seed: int) -> None:
    chance, found = random.Random(seed), []
    for n in range(13):
        wal = _copy(whole, tmp_path / str(n)) / "data.db-wal"
        with wal.open("r+b") as file:
            file.truncate(chance.randrange(wal.stat().st_size))
        found.append(_open(wal.parent))
    assert all(commits is not None and commits > COMMITS // 2 for commits in found)


@pytest.mark.parametrize("seed", range(COPIES // 25))
def test_a_file_cut_off_or_a_wal_spoilt_anywhere_is_a_prefix_or_refused(tmp_path: Path, whole: Path, seed: int) -> None:
    chance = random.Random(seed)
    for n in range(12):
        folder = _copy(whole, tmp_path / str(n))
        path = folder / chance.choice(("data.db", "data.db", "data.db-wal"))
        place = chance.randrange(path.stat().st_size)
        with path.open("r+b") as file:
            if path.suffix == ".db":
                file.truncate(place)
            else:
                file.seek(place)
                file.write(bytes(chance.randrange(1, 4096)))
        commits = _open(folder)
        assert commits is None or commits > COMMITS // 2
