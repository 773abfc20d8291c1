"""A page of the database that is zeroed or garbled is found: at start, at night, by verify, and when it is read."""

import random
import sqlite3
from pathlib import Path

import pytest

from store.world import KEYS, NOW, account
from xunfang.errors import Refused
from xunfang.store import (
    Account,
    Damaged,
    Database,
    connection,
    look_over,
    look_through,
    open_database,
    refuse_broken,
    transaction,
    upgrade,
)

ROWS = 600


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "data.db"
    database = open_database(f"sqlite:///{path}")
    upgrade(database, KEYS, NOW)
    for start in range(0, ROWS, 100):
        with transaction(database, "") as tx:
            for n in range(start, start + 100):
                account(tx, f"login-{n:04}")
    database.close()
    return path


def _page_size(path: Path) -> int:
    with sqlite3.connect(path) as raw:
        return int(raw.execute("PRAGMA page_size").fetchone()[0])


def _spoilt(path: Path, page: int, size: int, content: bytes) -> Path:
    copy = path.with_name(f"page-{page}.db")
    copy.write_bytes(path.read_bytes())
    with copy.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(content)
    return copy


def _found(path: Path) -> bool:
    """Return whether a start, or a thorough look, refuses a file."""
    try:
        database = open_database(f"sqlite:///{path}")
        upgrade(database, KEYS, NOW)
    except Refused:
        return True
    try:
        refuse_broken(look_over(database))
    except Damaged:
        return bool(look_through(database))
    finally:
        database.close()
    return False


@pytest.mark.parametrize("kind", ["zeroed", "garbled"])
def test_any_page_that_is_lost_is_found_before_the_first_request(whole: Path, kind: str) -> None:
    size, chance = _page_size(whole), random.Random(3)
    pages = whole.stat().st_size // size
    missed = []
    for page in range(2, pages + 1):
        content = bytes(size) if kind == "zeroed" else chance.randbytes(size)
        copy = _spoilt(whole, page, size, content)
        if not _found(copy):
            missed.append(page)
        copy.unlink()
    assert missed == []
    assert pages > 40


def test_a_whole_database_is_found_whole(whole: Path) -> None:
    database = open_database(f"sqlite:///{whole}")
    assert look_over(database).broken == look_through(database) == ()
    assert look_over(database).finished
    database.close()


def test_a_look_that_may_take_no_time_ends_unfinished_and_harms_nothing(whole: Path) -> None:
    database = open_database(f"sqlite:///{whole}")
    with connection(database):
        database.run("CREATE TABLE IF NOT EXISTS big AS SELECT * FROM account")
    look = look_over(database, seconds=-1.0)
    assert look.broken == ()
    with transaction(database, "") as tx:
        assert len(tx.select(Account)) == ROWS
    database.close()


def test_whoever_reads_a_lost_page_is_told_in_words(whole: Path) -> None:
    size = _page_size(whole)
    with sqlite3.connect(whole) as raw:
        (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'account'").fetchone()
    copy = _spoilt(whole, root, size, bytes(size))
    database: Database = open_database(f"sqlite:///{copy}")
    with pytest.raises(Damaged, match="已损坏"), connection(database) as reader:
        reader.select(Account)
    database.close()
