import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import peewee
import pytest

from store.world import KEYS, NOW, ON_A_FILE, account, case, release, task
from xunfang.store import (
    SCHEMA_VERSION,
    Account,
    Busy,
    Database,
    Duplicate,
    Keys,
    Person,
    ReadOnly,
    Release,
    SchemaTooNew,
    Task,
    connection,
    open_database,
    take_number,
    transaction,
    upgrade,
)
from xunfang.store.dialects.lasting import LastingSqlite
from xunfang.store.dialects.sqlite import Sqlite
from xunfang.store.dialects.turnstile import turn


@ON_A_FILE
def test_every_connection_keeps_the_promises(database: Database) -> None:
    with connection(database):
        found = {
            name: database.run(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "busy_timeout": 20000,
    }


@pytest.mark.parametrize(("name", "value"), [("synchronous", 1), ("foreign_keys", 0), ("busy_timeout", 0)])
def test_a_connection_that_breaks_a_promise_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: int
) -> None:
    def careless(dialect: Sqlite, *, reading: bool = False) -> LastingSqlite:
        pragmas = [*Sqlite._promises.items(), (name, value)]
        return LastingSqlite(dialect.path, dialect.path, pragmas=pragmas, autoconnect=False)

    monkeypatch.setattr(Sqlite, "connect", careless)
    with pytest.raises(RuntimeError, match=f"数据库设置 {name}"):
        open_database(f"sqlite:///{tmp_path / 'x.db'}")


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///", "postgresql://x", "postgresql://x/"])
def test_an_address_of_another_kind_is_refused_in_chinese(url: str) -> None:
    with pytest.raises(ValueError, match="数据库地址"):
        open_database(url)


def test_a_row_comes_back_as_it_was_written(database: Database) -> None:
    with transaction(database, "") as tx:
        key = account(tx, "jia", roles=("clerk", "leader"), locked_until=NOW, phone=b"\x00\x01")
        written = tx.find(Account, key)
    with connection(database) as reader:
        assert reader.find(Account, key) == written
    assert written is not None
    assert written.roles == ("clerk", "leader")
    assert written.locked_until == NOW
    assert written.must_change is False


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="zone"), transaction(database, "") as tx:
        account(tx, "jia", locked_until=datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with transaction(database, "") as tx:
            account(tx, "jia")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with connection(database) as reader:
        assert reader.select(Account) == []


def test_a_transaction_within_another_is_refused(database: Database) -> None:
    with transaction(database, ""), pytest.raises(RuntimeError, match="already open"), transaction(database, ""):
        pass


def test_a_taken_unique_value_is_a_duplicate(database: Database) -> None:
    def twice() -> None:
        with transaction(database, "") as tx:
            account(tx, "jia")
            account(tx, "jia")

    with pytest.raises(Duplicate):  # by a server at the latest with the end
        twice()
    with connection(database) as reader:
        assert reader.first(Account, login="jia") is None


def test_an_orphan_is_refused(database: Database) -> None:
    with transaction(database, "") as tx:
        made = case(tx, "999999101201")
        found = tx.find(Task, task(tx, made, "centre"))
        assert found is not None
    with pytest.raises(Exception, match="FOREIGN KEY"), transaction(database, "") as tx:
        tx.insert(replace(found, id="other", case="no-such-case"))
    with pytest.raises(Exception, match="FOREIGN KEY"), transaction(database, "") as tx:
        tx.update(Task, {"id": found.id}, {"case": "no-such-case"})
    with pytest.raises(Exception, match="FOREIGN KEY"), transaction(database, "") as tx:
        tx.insert(replace(found, id="other", case=""))  # about nothing at all


def test_only_the_first_of_two_editors_wins(database: Database) -> None:
    with transaction(database, "") as tx:
        key = account(tx, "jia")
        assert tx.compare_and_set(Account, key, 1, {"state": "active"}, {"name": "乙"})
        assert not tx.compare_and_set(Account, key, 1, {"state": "active"}, {"name": "丙"})
        assert not tx.compare_and_set(Account, key, 2, {"state": "disabled"}, {"name": "丁"})
        assert not tx.compare_and_set(Account, key, 2, {"locked_until": NOW}, {"name": "戊"})
        assert tx.compare_and_set(Account, key, 2, {"locked_until": None}, {"locked_until": NOW})
        found = tx.find(Account, key)
    assert found is not None
    assert (found.name, found.version, found.locked_until) == ("乙", 3, NOW)


def test_eight_threads_count_to_a_thousand_without_loss(database: Database) -> None:
    def count(_: int) -> None:
        for _ in range(125):
            with transaction(database, "") as tx:
                take_number(tx, "j", "s", 2026)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(8)))
    with transaction(database, "") as tx:
        assert take_number(tx, "j", "s", 2026) == 1001


@ON_A_FILE
def test_whoever_waits_to_write_has_it_before_whoever_has_just_had_it(database: Database) -> None:
    """Otherwise one who writes piece after piece keeps all others waiting, however short the pieces are."""
    order = list[str]()

    def wait() -> None:
        with transaction(database, ""):
            order.append("who waited")

    with ThreadPoolExecutor(1) as pool:
        with transaction(database, ""):
            order.append("first")
            waiting = pool.submit(wait)
            while not _somebody_stands_in(database):
                time.sleep(0.001)
        with transaction(database, ""):
            order.append("again")
        waiting.result()
    assert order == ["first", "who waited", "again"]


@ON_A_FILE
def test_who_stands_behind_others_too_long_is_told_so(database: Database) -> None:
    with turn(Path(database.url.removeprefix("sqlite:///")), 1), pytest.raises(Busy), transaction(database, "", 0.01):
        pass


def _somebody_stands_in(database: Database) -> bool:
    """Return whether anybody waits for the right to write."""
    with suppress(peewee.OperationalError), turn(Path(database.url.removeprefix("sqlite:///")), 0):
        return False
    return True


def test_numbers_have_no_gap_after_a_failure(database: Database) -> None:
    def fail() -> None:
        with transaction(database, "") as tx:
            assert take_number(tx, "j", "s", 2026) == 2
            raise LookupError

    with transaction(database, "") as tx:
        assert take_number(tx, "j", "s", 2026) == 1
    with pytest.raises(LookupError):
        fail()
    with transaction(database, "") as tx:
        assert take_number(tx, "j", "s", 2026) == 2
        assert take_number(tx, "j", "other", 2026) == 1
        assert take_number(tx, "j", "s", 2027) == 1


def test_connections_are_given_back(database: Database) -> None:
    with connection(database), connection(database), transaction(database, ""):
        pass
    assert database.peewee.is_closed()


def test_the_schema_is_made_once(database: Database, keys: Keys) -> None:
    assert upgrade(database, keys, NOW) == SCHEMA_VERSION


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with sqlite3.connect(path) as raw:
        raw.execute('CREATE TABLE "schema_version" ("version" BIGINT PRIMARY KEY, "at" BIGINT NOT NULL)')
        raw.execute("INSERT INTO schema_version VALUES (99, 0)")
    raw.close()
    database = open_database(f"sqlite:///{path}")
    with pytest.raises(SchemaTooNew, match="99"):
        upgrade(database, KEYS, NOW)
    database.close()


def test_a_case_without_a_place_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)check"), transaction(database, "") as tx:
        case(tx, "")


def test_a_read_never_takes_everything(database: Database) -> None:
    with transaction(database, "") as tx:
        release(tx)
        for n in range(1005):
            tx.insert(
                Person(id=f"{n:04}", jurisdiction="j", residence="9", registration="9", name=f"测试{n}", created_at=NOW)
            )
        assert len(tx.select(Person, limit=5000)) == 1000
        assert [row.id for row in tx.select(Person, limit=2)] == ["0000", "0001"]
        assert len(tx.select(Release)) == 1


def test_a_database_that_can_only_be_read_says_so_when_it_is_written(database: Database) -> None:
    reading = open_database(database.url, reading=True)
    with pytest.raises(ReadOnly, match="只能读"), transaction(reading, "") as tx:
        tx.database.run("DELETE FROM account")
    reading.close()
