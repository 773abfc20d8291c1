"""What waits for the next statement on its way to a server: it comes there in its order, once, or not at all."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

import psycopg2.extensions
import pytest

from store.world import EAST_VILLAGE, HERE, NOW, ON_A_SERVER, account, case, task
from xunfang.store import Account, Database, Duplicate, Task, connection, take_number, transaction
from xunfang.store.dialects import sending
from xunfang.store.dialects.sending import ServerCursor

pytestmark = ON_A_SERVER


ACCOUNT = Account(
    id="", login="", name="", password_hash="", jurisdiction=HERE, unit="centre", roles=(), created_at=NOW
)


class Noting(psycopg2.extensions.cursor):
    """Notes every text that goes to the server, in one piece as it goes."""

    went: ClassVar[list[str]] = []

    def execute(self, query: Any, vars: Any = None) -> None:
        self.went.append(query.decode() if isinstance(query, bytes) else query)
        super().execute(query, vars)


class NotingCursor(ServerCursor, Noting):
    pass


@pytest.fixture
def sent(database: Database) -> Iterator[list[str]]:
    with connection(database):
        database.peewee.connection().cursor_factory = NotingCursor  # type: ignore[no-untyped-call]
        Noting.went.clear()
        yield Noting.went


def test_what_nobody_waits_for_goes_along_with_the_end(database: Database, sent: list[str]) -> None:
    with transaction(database, HERE) as tx:
        account(tx, "jia")
        assert len(sent) == 1
        assert "pg_advisory_xact_lock" in sent[0]
    assert len(sent) == 2
    assert sent[1].endswith("COMMIT")
    with connection(database) as reader:
        assert reader.first(Account, login="jia") is not None


def test_what_is_asked_next_sees_what_waited(database: Database) -> None:
    with transaction(database, HERE) as tx:
        made = case(tx, EAST_VILLAGE)
        task(tx, made, "centre")
        assert [each.case for each in tx.select(Task)] == [made.case]
        assert [take_number(tx, HERE, "series", 2026) for _ in range(3)] == [1, 2, 3]


def test_a_transaction_of_which_nothing_was_asked_is_not_told_of(database: Database, sent: list[str]) -> None:
    with transaction(database, None):
        pass
    with pytest.raises(LookupError), transaction(database, None):
        raise LookupError
    assert sent == []


def test_what_waits_is_undone_with_its_part_and_with_the_whole(database: Database) -> None:
    with transaction(database, HERE) as tx:
        account(tx, "jia")
        with pytest.raises(LookupError), tx.part():
            raise LookupError(account(tx, "yi"))
        account(tx, "bing")
    with pytest.raises(LookupError), transaction(database, HERE) as tx:
        raise LookupError(account(tx, "ding"))
    with connection(database) as reader:
        assert [each.login for each in reader.every(Account)] == ["jia", "bing"]


def test_a_statement_that_never_came_there_is_made_ready_anew(database: Database) -> None:
    def twice() -> None:
        with transaction(database, HERE) as tx:
            account(tx, "jia")
            account(tx, "jia")
            tx.first(Task, unit="never asked before")

    with connection(database):  # on one connection
        for _ in range(2):
            with pytest.raises(Duplicate):
                twice()
        with transaction(database, HERE) as tx:
            account(tx, "jia")
            assert tx.first(Task, unit="never asked before") is None


def test_more_than_may_wait_is_sent(database: Database, sent: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "MOST_BYTES", 1000)
    with transaction(database, HERE) as tx:
        tx.insert_all([replace(ACCOUNT, id=f"n{n}", login=f"n{n}") for n in range(sending.FEW + 1)])
        assert len(sent) == 2
        tx.insert_all([replace(ACCOUNT, id=f"m{n}", login=f"m{n}") for n in range(sending.FEW)])
        assert len(sent) == 2
        assert len(list(tx.every(Account))) == 2 * sending.FEW + 1
