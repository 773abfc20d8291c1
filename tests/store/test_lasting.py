"""Connections that last: one user at a time, none across a fork, none on a file that is no longer there."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from dying import in_child
from store.world import NOW, ON_A_FILE, account
from xunfang.errors import NotFound, Refused
from xunfang.store import Account, Busy, Database, Keys, connection, open_database, transaction, upgrade
from xunfang.store.dialects.lasting import MOST_IDLE


def held(database: Database) -> object:
    return database.peewee.connection()  # type: ignore[no-untyped-call]


def test_the_next_use_is_on_the_same_connection_and_none_is_in_use_after(database: Database) -> None:
    with connection(database):
        first = held(database)
    assert (database.peewee.is_closed(), database.peewee.idle()) == (True, 1)
    with connection(database), transaction(database, ""):
        assert held(database) is first
        assert database.peewee.idle() == 0
    assert (database.peewee.is_closed(), database.peewee.idle()) == (True, 1)


def test_two_threads_never_share_one(database: Database) -> None:
    both = Barrier(2)

    def use(_: int) -> object:
        with connection(database):
            both.wait(20)
            mine = held(database)
            both.wait(20)
        return mine

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(use, range(2))
    assert one is not other
    assert database.peewee.idle() == 2


def test_no_more_idle_than_that_many(database: Database) -> None:
    together = Barrier(MOST_IDLE + 3)

    def use(_: int) -> None:
        with connection(database):
            together.wait(60)

    with ThreadPoolExecutor(MOST_IDLE + 3) as pool:
        list(pool.map(use, range(MOST_IDLE + 3)))
    assert database.peewee.idle() <= MOST_IDLE


def test_one_that_failed_is_not_used_again(database: Database) -> None:
    with pytest.raises(LookupError), connection(database):
        raise LookupError
    assert (database.peewee.is_closed(), database.peewee.idle()) == (True, 0)


def test_who_was_refused_by_the_rules_leaves_it_for_the_next_and_who_met_a_failure_does_not(database: Database) -> None:
    def refused() -> None:
        with transaction(database, "") as tx:
            account(tx, "jia")
            raise NotFound()

    with connection(database):
        first = held(database)
    with pytest.raises(NotFound):
        refused()
    with connection(database) as reader:
        assert held(database) is first
        assert reader.first(Account, login="jia") is None
    with pytest.raises(Busy), connection(database):
        raise Busy()
    assert (database.peewee.is_closed(), database.peewee.idle()) == (True, 0)


def test_a_transaction_left_open_is_undone_before_the_next_use(database: Database) -> None:
    with connection(database):
        database.peewee.begin()
        database.run("DELETE FROM schema_version")
    with connection(database):
        assert database.run("SELECT COUNT(*) FROM schema_version").fetchone()[0] > 0
    with transaction(database, "", patience=0.0) as tx:
        account(tx, "jia")


def test_an_unfinished_reading_keeps_no_old_state(database: Database) -> None:
    with transaction(database, "") as tx:
        keys = [account(tx, f"jia-{n}") for n in range(3)]
    with connection(database):
        unfinished = database.run("SELECT id FROM account")
        unfinished.fetchone()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_emptied, database).result()
    with connection(database) as reader:
        assert [reader.find(Account, key) for key in keys] == [None] * 3
        if database.dialect.mark == "?":
            assert database.run("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    del unfinished


def _emptied(database: Database) -> None:
    with transaction(database, "") as tx:
        tx.database.run("DELETE FROM account")


def test_none_crosses_a_fork(database: Database) -> None:
    with connection(database):
        ours = held(database)

    def child() -> None:
        assert not database.peewee.resume()
        with connection(database):
            assert held(database) is not ours
        assert database.peewee.idle() == 1

    assert in_child(child) == 0
    with connection(database):
        assert held(database) is ours


@ON_A_FILE
def test_a_file_put_in_the_place_of_another_is_noticed(tmp_path: Path, keys: Keys, database: Database) -> None:
    restored = open_database(f"sqlite:///{tmp_path / 'copy.db'}")
    upgrade(restored, keys, NOW)
    with transaction(restored, "") as tx:
        key = account(tx, "yi")
    restored.close()
    with connection(database) as reader:
        assert reader.find(Account, key) is None
    database.close()
    for name in ("xunfang.db-wal", "xunfang.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "copy.db").replace(tmp_path / "xunfang.db")
    with connection(database) as reader:
        assert reader.find(Account, key) is not None


@ON_A_FILE
def test_an_idle_one_is_left_when_its_file_is_gone(tmp_path: Path, database: Database) -> None:
    with connection(database):
        pass
    assert database.peewee.idle() == 1
    (tmp_path / "xunfang.db").rename(tmp_path / "aside.db")
    assert not database.peewee.resume()
    assert database.peewee.idle() == 0
    (tmp_path / "aside.db").rename(tmp_path / "xunfang.db")


def test_closing_closes_the_idle_of_every_thread_and_keeps_none_after(database: Database) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_emptied, database).result()
    assert database.peewee.idle() == 1
    database.close()
    assert database.peewee.idle() == 0
    with connection(database):
        pass
    assert database.peewee.idle() == 0


def test_a_refusal_inside_leaves_none_in_use(database: Database) -> None:
    for _ in range(100):
        with pytest.raises(Refused), transaction(database, ""):
            raise Refused("否", "NO")
        with connection(database):
            pass
    assert (database.peewee.is_closed(), database.peewee.idle()) == (True, 1)
