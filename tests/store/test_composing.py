"""Queries composed once: whatever is asked next, the same statement runs that composing it anew would give."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from peewee import SQL

from store.world import HERE, NOW, account
from xunfang.store import Account, Database, Horizon, QueueFilter, Scope, composing, connection, transaction
from xunfang.store.reading.lists import CaseFilter
from xunfang.store.reading.wanted import Nearness
from xunfang.store.rows import model_of
from xunfang.store.scoped import ScopedReader

ACCOUNT = model_of(Account)
HORIZONS = [Horizon(NOW, NOW + timedelta(hours=n), NOW + timedelta(days=n)) for n in (1, 2)]
QUEUES = [
    QueueFilter(),
    QueueFilter(nearness=Nearness.SOON, flow="x", mine=True),
    QueueFilter(nearness=Nearness.LATER, flow="y", mine=True),
    QueueFilter(below=True, pressing=True, urgency="ordinary"),
    QueueFilter(finished=True, unit="elsewhere"),
]
CASES = [CaseFilter(), CaseFilter(name="甲", show="open"), CaseFilter(name="乙", show="void"), CaseFilter(receipt="0a")]
SCOPES = [
    Scope("a", "j", "u", "370304", frozenset()),
    Scope("b", "k", "v", "3703", frozenset({"claim"})),
    Scope("c", "j", "w", "", frozenset()),
    Scope.system("sweeping", "j"),
    Scope.system("reminding", "k"),
]


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    composing.forget()
    yield
    composing.forget()


@pytest.fixture
def compared(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Compare each statement that runs with the one its values themselves would have made; returns those that ran."""
    ran: list[str] = []
    said: list[tuple[str, tuple[Any, ...]]] = []

    def noting(execute: Callable[..., Any]) -> Callable[..., Any]:
        def noted(sql: str, parameters: Any = None) -> Any:
            said.append((sql, tuple(parameters or ())))
            return execute(sql, parameters)

        return noted

    def comparing(run: Callable[..., Any]) -> Callable[..., Any]:
        def both(of: Any, compose: Any, *asked: Any) -> Any:
            rows = run(of, compose, *asked)
            sql, parameters = of.get_sql_context().sql(compose(*asked)).query()
            assert said[-1] == (sql, tuple(parameters))
            ran.append(sql)
            return rows

        return both

    for way in ("execute_sql", "rows", "often"):
        monkeypatch.setattr(database.peewee, way, noting(getattr(database.peewee, way)))
    for run in ("run", "run_plain"):
        monkeypatch.setattr(composing, run, comparing(getattr(composing, run)))
    return ran


def test_a_kept_statement_is_the_one_its_values_would_make(database: Database, compared: list[str]) -> None:
    with connection(database) as reader:
        for scope in SCOPES:
            desk = ScopedReader(reader, scope)
            for horizon in HORIZONS:
                for queue in QUEUES:
                    desk.queue(queue, horizon, "1790000000.a" if queue.finished else "")
                    desk.queue_counts(queue, horizon)
            for case in CASES:
                desk.cases(case)
                desk.cases(case, "1790000001.b")
            for kinds in (None, ("x",), ("y",), ("x", "y")):
                desk.notices(status="issued", kinds=kinds)
            desk.reports(), desk.inbox(unread_only=True), desk.inbox(), desk.dispatches()
            desk.unread_count(), desk.waits(["a", "b"]), desk.questions("a", "b")
            assert not desk.sees_case("nobody's")
            assert desk.records_with("index") == ()
    assert len(set(compared)) < len(compared) / 2, "most were composed before"


def by_name(scope: Scope, name: str) -> Any:
    return ACCOUNT.select(ACCOUNT.login).where((ACCOUNT.jurisdiction == scope.jurisdiction) & (ACCOUNT.name == name))


def test_no_value_is_kept(database: Database) -> None:
    with transaction(database, "") as tx:
        account(tx, "jia", name="甲")
        account(tx, "yi", name="乙")
    with connection(database) as reader:
        found = [
            [row["login"] for row in reader.ask(by_name, replace(SCOPES[0], jurisdiction=place), name)]
            for place in (HERE, "elsewhere")
            for name in ("甲", "乙")
        ]
    assert found == [["jia"], ["yi"], [], []]
    assert not any(value in repr(composing._kept) for value in (HERE, "elsewhere", "甲", "乙"))


def test_a_query_that_works_with_a_value_is_refused(database: Database) -> None:
    def worked(name: str) -> Any:
        return ACCOUNT.select().where(ACCOUNT.name == f"{name}!")

    def added(name: str) -> Any:
        return ACCOUNT.select(SQL("1")).where(ACCOUNT.name < name + "!")

    with connection(database) as reader:
        with pytest.raises(TypeError, match="as they are"):
            reader.ask(worked, "甲")
        assert reader.ask(added, "甲") == []


def test_what_is_kept_is_bounded(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "MOST_SHAPES", 3)
    with connection(database) as reader:
        for n in range(1, 10):
            reader.ask(lambda names: ACCOUNT.select().where(ACCOUNT.name.in_(names)), ("甲",) * n)
    assert len(composing._kept) <= 3


def test_of_what_is_kept_ready_the_numbers_are_written_out_by_which_a_server_plans() -> None:
    said = composing._with_numbers("SELECT %s WHERE a = %s LIMIT %s OFFSET %s", (True, "x", 51, 0), "%s")
    assert said == ("SELECT %s WHERE a = %s LIMIT 51 OFFSET 0", (True, "x"))
