"""Lists hold what is in sight, all of it, once and in order; what they ask is found by an index, at any depth."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scale.desks import BESIDE, HORIZON, LISTS, READERS, Asked, pages, searches
from scale.growing import Grown
from scale.moulds import CaseMould
from scale.seeds import NOW, Seed
from xunfang.store import Case, Clue, Job, Notice, Person, Scope, Task, composing, connection, transaction
from xunfang.store.jobs import due_jurisdictions
from xunfang.store.reading import belonging, ledgers, paging, wanted
from xunfang.store.reading.ledger_wanted import LedgerFilter
from xunfang.store.reading.lists import CaseFilter
from xunfang.store.reading.paging import WINDOW
from xunfang.store.reading.sight import CASE, CLUE, TASK, cases_in_sight, of_unit, within
from xunfang.store.reading.wanted import Nearness, QueueFilter
from xunfang.store.rows import model_of
from xunfang.store.scoped import ScopedReader

Found = tuple[Seed, Grown, list[CaseMould]]
BIG = frozenset({
    "case", "case_in_sight", "clue", "dispatch", "event", "job", "message", "notice", "person", "read_mark",
    "submission", "task", "duty_period",
})  # fmt: skip
SMALL = 50
"""A table of fewer rows PostgreSQL walks through whatever indexes it has."""
MOST_STATEMENTS = {
    "queue": 3, "queue, mine": 3, "queue, later": 2, "queue below": 6, "queue, urgent ones": 6, "supervision": 9,
    "papers": 3, "papers to sign": 3, "dispatch": 3, "inbox, unread": 2, "duties, late": 2, "record, of a name": 2,
    "queue, of a step": 6, "queue, suspended": 6, "supervision, late": 7, "supervision, urgent ones": 7,
    "papers, none of a kind": 3, "record, of somebody": 3, "record, of both": 3, "ledger of cases": 2,
    "ledger of cases, rare": 2, "ledger of entitlements": 4, "ledger of visits": 4, "ledger of people": 4,
    "ledger of clues": 3, "ledger of tasks": 4, "ledger of papers": 3, "ledger of duties": 2,
    "ledger of cases, oldest": 2, "ledger of tasks, oldest": 4, "ledger of duties, oldest": 2,
    "ledger of cases, of a place": 2, "ledger of people, of a place": 4, "cases, urgent ones": 2, "cases, archived": 2,
}  # fmt: skip
"""How many statements a page may take where one is not enough: a queue has three stretches, a window has an end, and
whether few things are in sight, and where in each division that is served, is asked first.
"""
TAKEN_BY_KEYS = {"ledger of clues", "ledger of tasks", "ledger of tasks, oldest", "ledger of papers"}
"""Of few rows PostgreSQL goes through all in the order of their keys; of how many it does, a test of its own tells."""


@contextmanager
def told(seed: Seed, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, tuple[Any, ...]]]]:
    """Give the list of the statements that are run in the block."""
    said: list[tuple[str, tuple[Any, ...]]] = []
    database = seed.database.peewee

    def noting(run: Callable[..., Any]) -> Callable[..., Any]:
        def noted(sql: str, parameters: Any = None) -> Any:
            said.append((sql, tuple(parameters or ())))
            return run(sql, parameters)

        return noted

    with monkeypatch.context() as patched:
        for way in ("execute_sql", "rows", "often"):
            patched.setattr(database, way, noting(getattr(database, way)))
        yield said


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("show", ["", "current", "open", "archived", "void"])
def test_a_list_of_cases_holds_what_is_in_sight_once_and_in_order(grown: Found, who: str, show: str) -> None:
    seed, scope = grown[0], READERS[who]
    with connection(seed.database, seed.rulebook.id) as reader:
        columns = (CASE.id, CASE.opened_at, CASE.closed_at, CASE.archived_at, CASE.ended_as)
        rows = reader.fetch(CASE.select(*columns).where(cases_in_sight(scope)))
        asked: Asked = lambda desk, after: desk.cases(CaseFilter(show=show), after)  # noqa: E731
        seen = [item.case for page in pages(ScopedReader(reader, scope), asked) for item in page.items]
    shown: dict[str, Callable[[dict[str, Any]], bool]] = {
        "": lambda row: True,
        "current": lambda row: row["archived_at"] is None and not row["ended_as"],
        "open": lambda row: row["closed_at"] is None,
        "archived": lambda row: row["archived_at"] is not None,
        "void": lambda row: bool(row["ended_as"]),
    }
    wanted = sorted(((row["opened_at"], row["id"]) for row in rows if shown[show](row)), reverse=True)
    assert seen == [key for _, key in wanted]
    if who in ("centre", "department", "village", "of two villages") and show in ("", "current", "open"):
        assert len(seen) > 20


@pytest.mark.parametrize("of", ["case", "clue", "task", "notice", "entitlement", "visit", "duty", "publication"])
def test_a_ledger_from_its_other_end_holds_the_same_turned_round(grown: Found, of: str) -> None:
    seed = grown[0]
    with connection(seed.database, seed.rulebook.id) as reader:
        for who, scope in READERS.items():
            desk = ScopedReader(reader, scope)
            newest, oldest, longer = (
                [item.key for page in pages(desk, asked) for item in page.items]
                for asked in (
                    lambda desk, after: desk.ledger(of, LedgerFilter(), after, WINDOW),
                    lambda desk, after: desk.ledger(of, LedgerFilter(oldest=True), after, WINDOW),
                    lambda desk, after: desk.ledger(of, LedgerFilter(), after, WINDOW, 200),
                )
            )
            assert oldest == newest[::-1], who
            assert longer == newest, who
            assert of in ("entitlement", "visit", "publication") or who != "centre" or len(newest) > 60


def test_what_is_written_anew_is_looked_for_where_it_is_now(grown: Found) -> None:
    seed = grown[0]
    empty, idle = READERS["empty village"], READERS["idle department"]

    def listed(scope: Scope, show: str = "open") -> list[str]:
        with connection(seed.database, seed.rulebook.id) as reader:
            return [item.case for item in ScopedReader(reader, scope).cases(CaseFilter(show=show)).items]

    with connection(seed.database, seed.rulebook.id) as reader:
        case = reader.find(Case, listed(READERS["centre"])[0])
        assert case is not None
        task = reader.first(Task, case=case.id)
    assert task is not None
    assert listed(empty) == listed(idle) == []
    with transaction(seed.database, seed.rulebook.id) as tx:
        tx.update(Case, {"id": case.id}, {"residence": empty.division})
        tx.update(Task, {"id": task.id}, {"unit": idle.unit})
    assert listed(empty) == listed(idle) == [case.id]
    with transaction(seed.database, seed.rulebook.id) as tx:
        tx.update(Case, {"id": case.id}, {"closed_at": NOW, "archived_at": NOW})
    assert (listed(empty), listed(empty, "archived"), listed(empty, "current")) == ([], [case.id], [])
    with transaction(seed.database, seed.rulebook.id) as tx:
        tx.update(Case, {"id": case.id}, {"closed_at": None, "archived_at": None, "residence": case.residence})
        tx.update(Task, {"id": task.id}, {"unit": task.unit})
    assert listed(empty) == listed(idle) == []  # its line is still there, its sight is not


@pytest.mark.parametrize("name", LISTS)
def test_a_page_takes_as_many_statements_however_deep_it_lies(
    grown: Found, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed, most = grown[0], MOST_STATEMENTS.get(name, 1)
    for scope in READERS.values():
        with connection(seed.database, seed.rulebook.id) as reader, told(seed, monkeypatch) as said:
            for _ in pages(ScopedReader(reader, scope), LISTS[name], 5):
                assert len(said) <= most, [sql for sql, _ in said]
                said.clear()


@pytest.mark.parametrize("who", READERS)
def test_whatever_a_list_asks_is_found_by_an_index(grown: Found, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seed, sought = grown[0], _searches(grown[0])
    with connection(seed.database, seed.rulebook.id) as reader:
        desk = ScopedReader(reader, READERS[who])
        with told(seed, monkeypatch) as said:
            for name in LISTS if seed.database.dialect.mark == "?" else LISTS.keys() - TAKEN_BY_KEYS:
                for _ in pages(desk, LISTS[name], 3):
                    pass
            for beside in BESIDE.values():
                beside(desk)
        plain = [walk for sql, values in dict.fromkeys(said) for walk in _walks_anyhow(seed, sql, values)]
        with told(seed, monkeypatch) as said:
            for search in sought.values():
                assert search(desk, "") is not None
        found = [each for each in said if not each[0].startswith("SELECT COUNT")]  # a count ends where it is many
        plain += [walk for sql, values in found for walk in _walks(seed, sql, values, finds=True)]
    assert not plain, plain


def _searches(seed: Seed) -> dict[str, Asked]:
    with connection(seed.database, seed.rulebook.id) as reader:
        person, case, clue = (reader.select(row, limit=1)[0] for row in (Person, Case, Clue))
    return searches(person.name, case.number, clue.receipt[:8])


MOST_LOOKED_AT = 250
"""Rows that a page looks at which looks through forty, and then finds their cases, people and accounts."""
NARROWED = ("queue, urgent ones", "queue, of a step", "queue, suspended", "supervision, urgent ones", "inbox, unread")


@pytest.mark.parametrize("who", ["centre", "department", "township", "idle department", "merged"])
def test_what_is_looked_for_among_some_keys_is_not_gone_through_in_order(
    grown: Found, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite takes an index that orders a page for cheaper than the keys it may be among, whatever rows that has."""
    seed = grown[0]
    if seed.database.dialect.mark != "?":
        pytest.skip("a server knows how many rows an index has")
    monkeypatch.setattr(paging, "WINDOW", 40)
    composing.forget()
    with connection(seed.database, seed.rulebook.id) as reader, told(seed, monkeypatch) as said:
        desk = ScopedReader(reader, READERS[who])
        for name in NARROWED:
            for _ in pages(desk, LISTS[name], 2):
                pass
        asked = list(said)
        walked = [sql for sql, values in asked if _rows_looked_at(seed, sql, values) > MOST_LOOKED_AT]
    composing.forget()
    assert asked
    assert walked == []


@pytest.mark.parametrize("who", ["centre", "department", "township", "village", "merged"])
def test_what_presses_is_found_where_nothing_else_is(grown: Found, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seed = grown[0]
    if seed.database.dialect.mark != "?":
        pytest.skip("a server knows how few rows that index has")
    with connection(seed.database, seed.rulebook.id) as reader, told(seed, monkeypatch) as said:
        desk = ScopedReader(reader, READERS[who])
        assert desk.queue(QueueFilter(below=True, pressing=True), HORIZON) is not None
        assert desk.queue_counts(QueueFilter(below=True, pressing=True), HORIZON)
        pressing = [(sql, values) for sql, values in tuple(said) if '"supervised_at" IS NOT NULL' in sql]
        plans = [
            [str(row[3]) for row in seed.database.run(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()]
            for sql, values in pressing
        ]
    assert plans
    assert [plan for plan in plans if not any("INDEX task_pressing" in step for step in plan)] == []


def test_a_paper_is_found_by_what_its_file_holds(grown: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    seed = grown[0]
    with connection(seed.database, seed.rulebook.id) as reader, told(seed, monkeypatch) as said:
        assert reader.first(Notice, sha256="0" * 64) is None
        assert not _walks(seed, *said[-1])


def test_who_has_jobs_due_is_told_by_few_rows_however_many_are_due(
    grown: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed, much_later = grown[0], NOW + timedelta(days=400)
    with connection(seed.database) as reader:
        jobs = [job for job in reader.every(Job) if job.status == "ready" and job.run_at <= much_later]
        with told(seed, monkeypatch) as said:
            assert due_jurisdictions(seed.database, much_later) == [seed.rulebook.id]
        assert due_jurisdictions(seed.database, min(job.run_at for job in jobs) - timedelta(seconds=1)) == []
        assert _rows_looked_at(seed, *said[-1]) < 20 < len(jobs) / 20


def _rows_looked_at(seed: Seed, sql: str, values: tuple[Any, ...]) -> float:
    """Return about how many rows a statement looks at: PostgreSQL counts them, SQLite its own steps, some for each."""
    if seed.database.dialect.mark != "?":
        (plan,) = seed.database.run(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values).fetchone()
        return sum(
            node["Actual Rows"] * node["Actual Loops"]
            for node in _nodes(plan[0]["Plan"])
            if "Scan" in node["Node Type"]
        )
    steps = iter(range(1_000_000))
    raw = seed.database.peewee.connection()
    raw.set_progress_handler(lambda: next(steps) < 0, 10)
    try:
        seed.database.run(sql, values).fetchall()
    finally:
        raw.set_progress_handler(None, 0)
    return next(steps) / 5


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)


def _walks_anyhow(seed: Seed, sql: str, values: tuple[Any, ...]) -> list[str]:
    """Return the walks that a statement takes if it may not sort; none where it takes none if it may, as few are."""
    return _walks(seed, sql, values, in_order=True) and _walks(seed, sql, values)


def _walks(seed: Seed, sql: str, values: tuple[Any, ...], *, in_order: bool = False, finds: bool = False) -> list[str]:
    """Return the walks through whole big tables that a statement takes; `in_order`: even if it may not sort.

    What `finds` a few does not go through a jurisdiction either, however well that is ordered.
    """
    if seed.database.dialect.mark == "?":
        steps = [str(row[3]) for row in seed.database.run(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()]
        sorts = "USE TEMP B-TREE FOR ORDER BY" in steps
        return [f"{sql[:60]}… {step}" for step in steps if _walks_on_a_file(sql, step, sorts or finds)]
    with seed.database.peewee.atomic():  # a small table is walked through whatever indexes it has, unless told not to
        for setting in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", *["enable_sort"] * in_order):
            seed.database.run(f"SET LOCAL {setting} = off")
        (plan,) = seed.database.run(f"EXPLAIN (FORMAT JSON) {sql}", values).fetchone()
        small = {name for name in BIG if _rows(seed, name) < SMALL}
    return [f"{sql[:60]}… {walk}" for walk in _walked(plan[0]["Plan"], BIG - small)]


def _walks_on_a_file(sql: str, step: str, whole_one: bool) -> bool:
    """Return whether a step of SQLite's plan goes through a big table, or the whole of a jurisdiction's."""
    whole = step.startswith("SCAN") or (whole_one and step.endswith("(jurisdiction=?)"))
    return whole and _table_in(sql, step.split()[1]) in BIG


def _rows(seed: Seed, table: str) -> int:
    return int(seed.database.run(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0])


def _table_in(sql: str, alias: str) -> str:
    """Return the table that an alias of SQLite's stands for."""
    return alias if alias in BIG else next((t for t in BIG if f'"{t}" AS "{alias}"' in sql), alias)


def _walked(node: dict[str, Any], big: frozenset[str]) -> Iterator[str]:
    """Yield what a plan of PostgreSQL walks through: tables, or indexes without a place to begin at."""
    if node.get("Relation Name") in big and "Index Cond" not in node and node["Node Type"] != "Bitmap Heap Scan":
        yield f"{node['Node Type']} {node['Relation Name']} {node.get('Index Name', '')}"
    for inner in node.get("Plans", ()):
        yield from _walked(inner, big)


@pytest.mark.parametrize("who", ["centre", "department", "township", "village"])
def test_no_list_reads_a_table_whole_to_look_rows_up_in_it(
    grown: Found, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = grown[0]
    if seed.database.dialect.mark == "?":
        pytest.skip("only PostgreSQL would do so")
    with connection(seed.database, seed.rulebook.id) as reader, told(seed, monkeypatch) as said:
        for asked in LISTS.values():
            for _ in pages(ScopedReader(reader, READERS[who]), asked, 2):
                pass
    with connection(seed.database, seed.rulebook.id):
        plans = ["\n".join(row[0] for row in seed.database.run(f"EXPLAIN {sql}", values)) for sql, values in said]
    assert not [plan for plan in plans if "hashed SubPlan" in plan and "Seq Scan" in plan]


@pytest.mark.parametrize("of", ["clue", "task", "notice"])
@pytest.mark.parametrize("few", [10_000, 0])  # as if little were in sight, and as if much were
def test_a_ledger_lists_what_is_in_sight_and_looks_through_no_more_than_it_may(
    grown: Found, of: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed, model = grown[0], {"clue": CLUE, "task": TASK, "notice": model_of(Notice)}[of]
    monkeypatch.setattr(ledgers, "FEW", few)
    asked: Asked = lambda desk, after: desk.ledger(of, LedgerFilter(), after, 100)  # noqa: E731
    with connection(seed.database, seed.rulebook.id) as reader:
        readers = [READERS[who] for who in ("department", "township", "empty village")]
        elsewhere = "370304109"  # where none of the cases are that the department works on
        both = [replace(readers[0], division=elsewhere)] if of == "task" else []
        for scope in (*readers, *both):
            with told(seed, monkeypatch) as said:
                listed = [item.key for page in pages(ScopedReader(reader, scope), asked) for item in page.items]
            seen = CASE.select(CASE.id).where(cases_in_sight(scope))
            theirs = of_unit(TASK.unit, scope) | within(TASK.residence, scope) if of == "task" else model.case.in_(seen)
            rows = reader.fetch(model.select(model.id).where(theirs & (_LEDGERED[of](model))))
            assert sorted(listed) == sorted(row["id"] for row in rows)
            assert few or max(_rows_looked_at(seed, *each) for each in said) < 0.25 * _rows(seed, of)


_LEDGERED: dict[str, Callable[[Any], Any]] = {
    "clue": lambda clue: clue.withdrawn_at.is_null(),
    "task": lambda task: (task.role == "lead") & task.status.not_in(["transferred", "withdrawn"]) & (task.case != ""),
    "notice": lambda notice: notice.issued_at.is_null(False),
}
"""Which of the things in sight their ledger lists."""


@pytest.mark.parametrize("name", ["papers", "dispatch"])
def test_what_is_not_in_sight_is_passed_over_by_one_look_at_an_index(
    grown: Found, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = grown[0]
    monkeypatch.setattr(belonging, "FEW", 0)  # as if there were many
    with connection(seed.database, seed.rulebook.id) as reader, told(seed, monkeypatch) as said:
        desk = ScopedReader(reader, READERS["idle department"])
        assert [item for page in pages(desk, LISTS[name]) for item in page.items] == []
        table = {"papers": "notice", "dispatch": "dispatch"}[name]
        assert _rows_looked_at(seed, *said[-1]) < 0.13 * _rows(seed, table)


@pytest.mark.parametrize("name", ["papers", "dispatch"])
def test_who_sees_the_whole_county_is_shown_the_first_page_without_all_being_gathered(
    grown: Found, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = grown[0]
    with connection(seed.database, seed.rulebook.id) as reader, told(seed, monkeypatch) as said:
        assert LISTS[name](ScopedReader(reader, READERS["centre"]), "").items
        assert len(said) == 1, "nobody asks whether the cases in sight are few: all are"


@pytest.mark.parametrize("narrowed", [{"status": "open"}, {"urgency": "ordinary"}, {"state": "handling"}])
def test_what_presses_below_and_is_narrowed_is_listed_whole_however_many_others_are_open(
    grown: Found, narrowed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seed, asked = grown[0], QueueFilter(below=True, pressing=True, **narrowed)

    def listed(asked: QueueFilter, few: int) -> list[str]:
        monkeypatch.setattr(wanted, "FEW_BELOW", few)
        composing.forget()
        with connection(seed.database, seed.rulebook.id) as reader:
            desk = ScopedReader(reader, READERS["township"])
            found = pages(desk, lambda desk, after: desk.queue(asked, HORIZON, after))
            return [item.task for page in found for item in page.items]

    late = len(listed(QueueFilter(below=True, nearness=Nearness.OVERDUE), 2_000))
    assert late < len(listed(QueueFilter(below=True), 2_000)), "fewer are late than are open"
    all_of_them = listed(asked, 2_000)
    assert all_of_them
    assert listed(asked, late + 1) == all_of_them  # as if few were late, and many open
    composing.forget()


def test_pressing_tasks_below_are_few_rows_and_a_window(grown: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    seed, found = grown[0], dict[bool, list[str]]()
    for few in (True, False):
        monkeypatch.setattr(wanted, "FEW_BELOW", 2_000 if few else 0)
        monkeypatch.setattr(paging, "WINDOW", 40)
        composing.forget()
        with connection(seed.database, seed.rulebook.id) as reader, told(seed, monkeypatch) as said:
            desk, keys = ScopedReader(reader, READERS["village"]), []
            for page in pages(desk, LISTS["supervision"]):
                keys += [item.task for item in page.items]
                assert len(said) <= MOST_STATEMENTS["supervision"]
                said.clear()
            found[few] = keys
    composing.forget()
    assert found[True] == found[False]
    assert len(found[True]) == len(set(found[True])) > 0
