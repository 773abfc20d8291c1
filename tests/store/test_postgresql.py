"""What is true of PostgreSQL only: its promises, its locks, its server going away and coming back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from postgres import Server, server
from store.world import HERE, KEYS, NOW, ON_A_SERVER, account, case, task
from xunfang.store import (
    Account,
    Busy,
    Database,
    Keys,
    NewEvent,
    Unreachable,
    append_event,
    connection,
    is_empty,
    look_over,
    look_through,
    open_database,
    take_number,
    transaction,
    upgrade,
    verify_chain,
)
from xunfang.store.dialects import PromiseBroken, lasting


@pytest.fixture
def own() -> Iterator[Server]:
    """A server that may be killed."""
    with server() as running:
        yield running


@ON_A_SERVER
def test_what_is_read_by_keys_is_looked_up_even_in_a_table_not_counted_yet(database: Database) -> None:
    def whole() -> str:
        return str(database.run("SHOW enable_seqscan").fetchone()[0])

    with connection(database) as reader:
        with reader.by_keys():
            assert whole() == "off"
        assert whole() == "on"
    with transaction(database, HERE) as tx, tx.by_keys():
        assert whole() == "off"
    with connection(database):
        assert (whole(), database.peewee.in_transaction()) == ("on", False)


@ON_A_SERVER
def test_an_address_tells_whether_anything_was_ever_kept_there(address: str, keys: Keys) -> None:
    assert is_empty(address)
    database = open_database(address)
    upgrade(database, keys, NOW)
    database.close()
    assert not is_empty(address)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'", ""),
        ("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'", "server_encoding 现为 LATIN1，须为 UTF8。请这样建库：CREATE"),
    ],
)
def test_a_database_that_was_made_otherwise_is_refused(postgresql: Server, made: str, said: str) -> None:
    name = f"odd{len(said)}"
    postgresql.run(f"CREATE DATABASE {name} TEMPLATE template0 {made}")
    if not said:
        open_database(postgresql.url(name)).close()
        return
    with pytest.raises(PromiseBroken, match=said):
        open_database(postgresql.url(name))


@pytest.mark.parametrize("setting", ["synchronous_commit"])
def test_a_server_that_would_forget_what_it_answered_is_refused(postgresql: Server, setting: str) -> None:
    address = postgresql.database()
    postgresql.run(f"ALTER DATABASE {address.split('/')[3].split('?')[0]} SET {setting} = off")
    with pytest.raises(PromiseBroken, match=f"{setting} 现为 off"):
        open_database(address)


@ON_A_SERVER
def test_who_only_reads_can_write_nothing(database: Database) -> None:
    reading = open_database(database.url, reading=True)
    reading.keys = database.keys
    with pytest.raises(Exception, match="只能读"), transaction(reading, "") as tx:
        account(tx, "jia")
    reading.close()


@ON_A_SERVER
def test_a_writer_waits_for_another_and_gives_up_with_a_sentence(database: Database) -> None:
    holds, over = Event(), Event()

    def hold() -> None:
        with transaction(database, ""):
            holds.set()
            over.wait(20)

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(hold)
        holds.wait(20)
        with pytest.raises(Busy), transaction(database, "", 0.05):
            pass
        with connection(database) as reader:  # who reads waits for nobody
            assert reader.select(Account) == []
        over.set()
        other.result()
    with transaction(database, "", 0.05) as tx:
        account(tx, "jia")


@ON_A_SERVER
def test_who_writes_in_one_jurisdiction_waits_for_nobody_in_another(database: Database) -> None:
    with ThreadPoolExecutor(1) as pool, transaction(database, HERE) as tx:
        append_event(tx, KEYS.chain, NewEvent(at=NOW, jurisdiction=HERE, name="clue.submitted"))

        def elsewhere(of: str) -> None:
            with transaction(database, of, 0.05) as other:
                append_event(other, KEYS.chain, NewEvent(at=NOW, jurisdiction="other", name="clue.submitted"))

        pool.submit(elsewhere, "other").result()
        with pytest.raises(Busy):
            pool.submit(elsewhere, HERE).result()
    assert verify_chain(database, KEYS.chain) is None


@ON_A_SERVER
def test_the_record_is_kept_by_the_database_itself(database: Database) -> None:
    with transaction(database, "") as tx:
        append_event(tx, KEYS.chain, NewEvent(at=NOW, jurisdiction=HERE, name="clue.submitted"))
    for statement in ('UPDATE "event" SET "actor" = \'x\'', 'DELETE FROM "event"', 'TRUNCATE "event"'):
        with connection(database), pytest.raises(Exception, match="append-only"):
            database.run(statement)
    assert verify_chain(database, KEYS.chain) is None


@ON_A_SERVER
def test_what_is_whole_is_found_whole_and_a_look_stops_in_time(database: Database) -> None:
    with transaction(database, "") as tx:
        task(tx, case(tx, "999999101201"), "centre")
    assert look_over(database).broken == ()
    assert look_through(database) == ()
    assert not look_over(database, 0.0).finished or look_over(database, 0.0).broken == ()
    with connection(database):
        assert database.run("SHOW statement_timeout").fetchone()[0] == "0"


def test_a_server_that_was_killed_has_kept_what_was_answered_and_is_found_again(own: Server, keys: Keys) -> None:
    database = open_database(own.database())
    upgrade(database, keys, NOW)
    with transaction(database, "") as tx:
        key = account(tx, "jia")
        take_number(tx, HERE, "series", 2026)
    with pytest.raises(Unreachable, match="数据库服务器连不上"):
        _killed_within(database, own)
    with pytest.raises(Unreachable, match="数据库服务器连不上"), connection(database):
        pass
    own.start()
    with transaction(database, "") as tx:
        assert [found.id for found in tx.select(Account)] == [key]
        assert take_number(tx, HERE, "series", 2026) == 2
    database.close()


def _killed_within(database: Database, own: Server) -> None:
    with transaction(database, "") as tx:
        account(tx, "yi")
        own.kill()
        take_number(tx, HERE, "series", 2026)


def test_connections_that_idled_while_the_server_was_restarted_are_not_used(
    own: Server, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lasting, "TRUSTED_SECONDS", -1)
    database = open_database(own.database())
    upgrade(database, keys, NOW)
    assert database.peewee.idle() == 1
    own.kill()
    own.start()
    with connection(database) as reader:
        assert reader.select(Account) == []
    database.close()
