"""What a PostgreSQL server suffers from, asked of a real one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import date

import psycopg2
import pytest

from postgres import Server, server
from store.world import NOW
from xunfang.store import Keys, database_ailments, open_database, upgrade

ON = date(2026, 6, 10)


@pytest.fixture
def own() -> Iterator[Server]:
    """A server that others do not connect to."""
    with server() as running:
        yield running


def _codes(address: str, on: date = ON) -> list[str]:
    database = open_database(address, reading=True)
    found = [each.code for each in database_ailments(database, on)]
    database.close()
    return found


def test_a_server_that_is_well_then_crowded_then_slow(own: Server, keys: Keys) -> None:
    address = own.database()
    database = open_database(address)
    upgrade(database, keys, NOW)
    database.close()
    assert _codes(address) == []
    assert _codes(address, date(2090, 1, 1)) == ["DATABASE_OUTDATED"]
    with ExitStack() as crowd:
        for _ in range(46):  # of 60, of which 3 are kept for the administrator
            crowd.enter_context(closing(psycopg2.connect(address)))
        assert _codes(address) == ["DATABASE_CONNECTIONS_FEW"]
    _count_statements(own, address)
    assert _codes(address) == []
    with ThreadPoolExecutor(5) as pool:
        assert [*pool.map(lambda _: _sleep(address), range(5))] == [True] * 5
    (found,) = _ailments(address)
    assert found.startswith("[DATABASE_SLOW]")
    assert "：SELECT pg_sleep($1)" in found


def _ailments(address: str) -> list[str]:
    database = open_database(address, reading=True)
    found = [str(each) for each in database_ailments(database, ON)]
    database.close()
    return found


def _sleep(address: str) -> bool:
    with closing(psycopg2.connect(address)) as raw, raw.cursor() as cursor:
        cursor.execute("PREPARE s0 AS SELECT pg_sleep($1); EXECUTE s0 (1.1)")  # as what is asked often
    return True


def _count_statements(own: Server, address: str) -> None:
    """Let the server count its statements from now on."""
    with closing(psycopg2.connect(address)) as raw:
        raw.autocommit = True
        with raw.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
    own.stop()
    own.start()
    with closing(psycopg2.connect(address)) as raw:
        raw.autocommit = True
        with raw.cursor() as cursor:
            cursor.execute("CREATE EXTENSION pg_stat_statements")
