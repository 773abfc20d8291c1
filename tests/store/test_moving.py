"""A database moved to another: all of it, compared, or nothing."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest

import databases
from databases import KINDS, kept_in, stored_values
from dying import in_child
from store.world import EAST_VILLAGE, HERE, NOW, account, case, message, task
from xunfang.store import (
    Account,
    Busy,
    Database,
    FileKeys,
    Keys,
    Mismatch,
    NewEvent,
    NotMoved,
    append_event,
    chain_head,
    connection,
    move_database,
    open_database,
    schema_version,
    take_number,
    transaction,
    upgrade,
    verify_chain,
)

OTHER = "888888-other"


@pytest.fixture
def filled(database: Database, keys: Keys) -> Database:
    """A database with something in most tables, and events of two jurisdictions."""
    with transaction(database, HERE) as tx:
        for n in range(1203):  # more than are read at once
            account(tx, f"name-{n}", must_change=n % 2 == 0)
        made = case(tx, EAST_VILLAGE)
        task(tx, made, "centre", urgent=True)
        message(tx, "centre", "title")
        take_number(tx, HERE, "series", 2026)
    for jurisdiction in (HERE, OTHER, HERE):
        with transaction(database, jurisdiction) as tx:
            append_event(tx, keys.chain, NewEvent(at=NOW, jurisdiction=jurisdiction, name="x.y", data={"reason": "甲"}))
    return database


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database, of each kind in turn."""
    with kept_in(request.param):
        target = open_database(databases.address(tmp_path, "other.db"))
        yield target
        target.close()


def test_everything_is_there_and_work_goes_on(filled: Database, empty: Database, keys: Keys) -> None:
    before = sorted(stored_values(filled))
    counted = move_database(filled, empty, keys, NOW)
    assert counted["account"] == 1203
    assert sorted(map(_plain, stored_values(empty))) == sorted(map(_plain, before))
    assert verify_chain(empty, keys.chain) is None
    assert upgrade(empty, keys, NOW)
    with transaction(empty, HERE) as tx:
        assert take_number(tx, HERE, "series", 2026) == 2
        n = append_event(tx, keys.chain, NewEvent(at=NOW, jurisdiction=HERE, name="x.y"))
    with connection(empty) as reader:
        assert (n, chain_head(empty, HERE).n) == (4, 3)
        assert reader.first(Account, login="name-7") == _first(filled)
    with connection(empty), pytest.raises(Exception, match="append-only"):
        empty.run("DELETE FROM event")


def _plain(value: bytes) -> bytes:
    return {b"True": b"1", b"False": b"0"}.get(value, value)


def _first(database: Database) -> Account | None:
    with connection(database) as reader:
        return reader.first(Account, login="name-7")


def test_a_database_that_holds_anything_is_not_written_over(filled: Database, empty: Database, keys: Keys) -> None:
    upgrade(empty, keys, NOW)
    with pytest.raises(NotMoved, match="不是空的"):
        move_database(filled, empty, keys, NOW)


def test_what_would_not_be_whole_does_not_come_to_be(
    filled: Database, empty: Database, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Database.run_many

    def losing(database: Database, sql: str, rows: list[tuple[object, ...]]) -> int:
        return whole(database, sql, rows[1:] if '"account"' in sql else rows)

    monkeypatch.setattr(Database, "run_many", losing)
    with pytest.raises(NotMoved, match="account"):
        move_database(filled, empty, keys, NOW)
    with connection(empty):
        assert not empty.peewee.table_exists("account")


def test_another_key_moves_nothing(filled: Database, empty: Database, tmp_path: Path) -> None:
    provider = FileKeys(tmp_path / "others.key")
    provider.create()
    with pytest.raises(Mismatch, match="不是这个数据库的密钥"):
        move_database(filled, empty, Keys(provider), NOW)


def test_while_somebody_writes_nothing_is_moved(
    filled: Database, empty: Database, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds, over = Signal(), Signal()

    def write() -> None:
        with transaction(filled, ""):
            holds.set()
            over.wait(30)

    other = Thread(target=write)
    other.start()
    holds.wait(30)
    with connection(filled):
        filled.run("PRAGMA busy_timeout = 50" if filled.dialect.mark == "?" else "SET lock_timeout = 50")
        with pytest.raises(Busy):
            move_database(filled, empty, keys, NOW)
    over.set()
    other.join()


def test_a_server_that_others_work_on_is_left_alone(filled: Database, empty: Database, keys: Keys) -> None:
    if filled.dialect.mark == "?":
        pytest.skip("who works on a file holds a lock beside it, see tests/cli/test_alone.py")

    def move() -> None:
        """In a process of its own, be refused by the connections of the one it was forked from."""
        with pytest.raises(NotMoved, match="个连接在使用"):
            move_database(open_database(filled.url), open_database(empty.url), keys, NOW)

    assert in_child(move) == 0
    assert schema_version(empty) == 0
