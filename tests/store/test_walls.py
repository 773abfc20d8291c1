"""Row-level security, table by table: what is of another jurisdiction is neither seen nor written."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import MISSING, fields
from datetime import date, datetime
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import psycopg2
import pytest

import databases
from databases import built, kept_in, shared_server
from dying import together
from store.world import EAST_VILLAGE, HERE, KEYS, NOW, WATCH, account, case, dispatch, message, scope, task
from xunfang.store import (
    Account,
    Attachment,
    Case,
    ChainHead,
    Database,
    Message,
    NewEvent,
    Notice,
    ReadMark,
    Task,
    Told,
    Transaction,
    Wait,
    add_job,
    append_event,
    chain_head,
    connection,
    is_empty,
    open_database,
    scoped,
    take_number,
    transaction,
    upgrade,
    verify_chain,
)
from xunfang.store.dialects import PromiseBroken
from xunfang.store.dialects.walls import OPEN, PARENTS
from xunfang.store.rows import Table, all_tables
from xunfang.store.schema import STEP_TABLE, VERSION_TABLE, NotTheOwner, build
from xunfang.store.tables import Alert, Correction, Deputy, DutyPeriod, Factor, Held, Identity, Question

THERE = "888888-there"
WALLED = sorted({table.name for table in all_tables()} - OPEN)


@pytest.fixture
def walled(tmp_path: Path) -> Iterator[Database]:
    """A database behind walls, with something of two jurisdictions in every table that has one."""
    with kept_in("walled"):
        database = open_database(databases.address(tmp_path, "xunfang.db"))
        upgrade(database, KEYS, NOW)
        for of in (THERE, HERE):  # what is made is of HERE, and becomes the other's
            with transaction(database, "") as tx:
                _fill(tx, of)
        yield database
        database.close()


def _fill(tx: Transaction, of: str) -> None:
    made, key = case(tx, EAST_VILLAGE, of, jurisdiction=of), f"key-{of}"
    who, done = account(tx, of), task(tx, made, "centre")
    dispatch(tx, made)
    message(tx, "centre", of)
    for table in ("account", "task", "dispatch", "message"):
        tx.database.run(f"UPDATE \"{table}\" SET jurisdiction = '{of}' WHERE jurisdiction = '{HERE}'")
    told = tx.select(Message, jurisdiction=of)[0]
    common: dict[str, Any] = {"id": key, "jurisdiction": of}
    tx.insert(ReadMark(account=who, message=told.id, read_at=NOW))
    tx.insert(Told(id=key, case=made.case, task=done, state="s", outcome="o", submission="", at=NOW))
    tx.insert(Wait(id=key, case=made.case, state="s", until=NOW, began_at=NOW))
    tx.insert(Notice(**common, key=key, case=made.case, task="", kind="slip", unit="u", wanted_at=NOW))
    tx.insert(Attachment(**common, name="n", media_type="t", size=1, sha256="0", by="b", at=NOW))
    tx.insert(Question(**common, case=made.case, person=made.person, other=made.person, asked_at=NOW))
    tx.insert(Held(jurisdiction=of, at=NOW, digest="d", problems=[]))
    tx.insert(Deputy(**common, account=who, deputy=who, since_on=NOW, until_on=NOW, named_by="x", named_at=NOW))
    tx.insert(Factor(account=who, jurisdiction=of))
    tx.insert(Identity(mark=key, issuer="i", name="n", account=who, jurisdiction=of, bound_at=NOW))
    add_job(tx, "k", key, {}, NOW, jurisdiction=of)
    take_number(tx, of, "series", 2026)
    append_event(tx, KEYS.chain, NewEvent(at=NOW, jurisdiction=of, name="x.y"))
    _fill_the_rest(tx, of, made)


def _fill_the_rest(tx: Transaction, of: str, made: Any) -> None:
    (release,) = {row.release for row in tx.select(Case, id=made.case)}
    clue = tx.database.run(f"SELECT id, submission FROM clue WHERE \"case\" = '{made.case}'").fetchone()
    values = {"id": f"c-{of}", "case": made.case, "clue": clue[0], "before": clue[1], "submission": clue[1]}
    tx.insert(Correction(**values, at=NOW, fields=(), acted=False))
    place = {"id": f"d-{of}", "jurisdiction": of, "unit": "u", "residence": EAST_VILLAGE, "release": release}
    tx.insert(DutyPeriod(**place, duty="d", to="", every="month", begins_on=NOW.date(), opened_at=NOW))
    tx.insert(Alert(**place, kind="k", places=(), steps=(), declared_at=NOW))
    for table in _parents_first():
        if not tx.select(table.row, jurisdiction=of):
            tx.insert(_made_up(tx, table, of))


def _parents_first() -> list[Table[Any]]:
    """Return the tables that name a jurisdiction, each after those it refers to."""
    waiting, found = [table for table in all_tables() if "jurisdiction" in table.columns], list[Table[Any]]()
    while waiting:
        names = {table.name for table in waiting}
        ready = [each for each in waiting if not _refers(each) & (names - {each.name})]
        found += ready
        waiting = [each for each in waiting if each not in ready]
    return found


def _refers(table: Table[Any]) -> set[str]:
    return {column.references for column in table.columns.values() if column.references}


def _made_up(tx: Transaction, table: Table[Any], of: str) -> Any:
    """Return some row of a table: what has no value of its own is of the kind it should be, and refers to what is."""
    needed = {each.name: each for each in fields(table.row) if each.default is MISSING}
    hints, values = get_type_hints(table.row), dict[str, Any]()
    for name in (name for name, each in needed.items() if each.default_factory is MISSING):
        column = table.columns[name]
        if column.references:
            (key,) = tx.database.run(
                f'SELECT "id" FROM "{column.references}" WHERE jurisdiction = %s', (of,)
            ).fetchone()
            values[name] = key
        else:
            values[name] = f"x-{of}" if hints[name] is str else _value(hints[name])
    own = {"id": f"{table.name}-{of}"} if "id" in table.columns else {}
    return table.row(**values | own | {"jurisdiction": of})


def _value(kind: Any) -> Any:
    if NoneType in get_args(kind):
        return None
    known = {int: 1, bool: False, bytes: b"x", date: NOW.date(), datetime: NOW}
    return known.get(kind, {} if get_origin(kind) is Mapping else ())


def _count(database: Database, table: str) -> int:
    return int(database.run(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0])


def test_every_table_stands_behind_a_wall_or_is_named_as_open() -> None:
    named = {table.name for table in all_tables() if "jurisdiction" in table.columns}
    every = {table.name for table in all_tables()} | {VERSION_TABLE, STEP_TABLE}
    assert (named & OPEN, named & PARENTS.keys()) == (set(), set())
    assert named | PARENTS.keys() | OPEN == every


@pytest.mark.parametrize("table", WALLED)
def test_what_is_of_another_jurisdiction_is_not_there(walled: Database, table: str) -> None:
    with connection(walled):
        every = _count(walled, table)
    with connection(walled, HERE):
        here = _count(walled, table)
    with connection(walled, THERE):
        there = _count(walled, table)
    with connection(walled, "nowhere"):
        assert _count(walled, table) == 0
    assert here > 0
    assert there > 0
    assert here + there == every


@pytest.mark.parametrize("table", WALLED)
def test_whoever_names_no_jurisdiction_sees_nothing(walled: Database, table: str) -> None:
    with closing(psycopg2.connect(walled.url)) as raw, raw.cursor() as cursor:
        cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("table", sorted(set(WALLED) - {"event"}))
def test_nothing_of_another_jurisdiction_is_changed_or_taken_away(walled: Database, table: str) -> None:
    column = next(each for each in all_tables() if each.name == table).names[-1]
    with transaction(walled, THERE) as tx, tx.part():
        own = _count(walled, table)
        assert walled.run(f'UPDATE "{table}" SET "{column}" = "{column}"').rowcount == own
        if table not in PARENTS:
            assert walled.run(f'DELETE FROM "{table}" WHERE jurisdiction = %s', (HERE,)).rowcount == 0


@pytest.mark.parametrize("table", sorted(set(WALLED) - PARENTS.keys() - {"event"}))
def test_nothing_is_moved_to_another_jurisdiction_or_written_there(walled: Database, table: str) -> None:
    with pytest.raises(Exception, match="row-level security"), transaction(walled, THERE):
        walled.run(f'UPDATE "{table}" SET jurisdiction = %s', (HERE,))


@pytest.mark.parametrize("table", WALLED)
def test_no_row_of_another_jurisdiction_is_put_in(walled: Database, table: str) -> None:
    found = next(each for each in all_tables() if each.name == table)
    names = ", ".join(f'"{name}"' for name in found.names)
    with connection(walled, HERE):
        row = walled.run(f'SELECT {names} FROM "{table}" LIMIT 1').fetchone()
    marks = ", ".join(["%s"] * len(row))
    with pytest.raises(Exception, match=r"row-level security|FOREIGN KEY"), transaction(walled, THERE):
        walled.run(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', tuple(row))


def test_a_task_about_the_case_of_another_jurisdiction_is_refused(walled: Database) -> None:
    with connection(walled, HERE) as reader:
        (foreign,) = reader.select(Case)
    with pytest.raises(Exception, match="FOREIGN KEY"), transaction(walled, THERE) as tx:
        tx.update(Task, {"jurisdiction": THERE}, {"case": foreign.id})


def test_one_connection_goes_from_one_to_the_other_and_keeps_nothing(walled: Database) -> None:
    for n in range(40):
        of, other = (HERE, THERE) if n % 2 else (THERE, HERE)
        with scoped(walled, scope("centre", "999999", "administer", jurisdiction=of)) as reader:
            assert {each.login for each in reader.accounts(WATCH).items} == {of}
        with connection(walled) as every:
            assert {each.login for each in every.select(Account)} == {HERE, THERE}
        with transaction(walled, other) as tx:
            assert {each.login for each in tx.select(Account)} == {other}
        assert walled.peewee.idle() == 1


def test_within_one_jurisdiction_nobody_turns_to_another(walled: Database) -> None:
    with connection(walled, HERE) as reader:
        with pytest.raises(RuntimeError, match="only"), connection(walled, THERE):
            pass
        with connection(walled) as same:
            assert len(same.select(Account)) == 1
        with pytest.raises(RuntimeError, match="already open"), transaction(walled, HERE):
            pass
        assert len(reader.select(Account)) == 1
    with transaction(walled, HERE), connection(walled, HERE) as same:
        assert len(same.select(Account)) == 1


def test_the_chain_goes_on_from_the_common_one_though_its_last_event_is_of_another(walled: Database) -> None:
    (last,) = (walled_event for walled_event in [_last_event(walled)])
    with transaction(walled, ""):
        walled.run("UPDATE installation SET common_until = %s, common_hash = %s", last)
    walled.common_end = None
    with transaction(walled, "777777-new") as tx:
        append_event(tx, KEYS.chain, NewEvent(at=NOW, jurisdiction="777777-new", name="x.y"))
    with connection(walled):
        assert chain_head(walled, "777777-new").n == last[0] + 1
        prev = walled.run("SELECT prev FROM event WHERE jurisdiction = '777777-new'").fetchone()[0]
    assert prev == last[1]


def _last_event(database: Database) -> tuple[int, str]:
    with connection(database):
        n, known = database.run("SELECT n, hash FROM event ORDER BY n DESC LIMIT 1").fetchone()
    return int(n), str(known)


def test_the_record_is_whole_however_many_write_it(walled: Database) -> None:
    assert verify_chain(walled, KEYS.chain) is None
    with connection(walled):
        assert isinstance(chain_head(walled, HERE), ChainHead)


def test_whoever_owns_the_tables_does_not_serve(walled: Database) -> None:
    owner = shared_server().url(databases.name_in(walled.url))
    with pytest.raises(PromiseBroken, match="行级安全对它不起作用"):
        open_database(owner)
    open_database(owner, owning=True).close()


@pytest.mark.parametrize(
    "undone",
    ["ALTER ROLE {0} INHERIT", "REVOKE {0}_everywhere FROM {0}"],
    ids=["it inherits", "it is no member"],
)
def test_a_user_whom_the_walls_do_not_hold_is_refused(walled: Database, undone: str) -> None:
    server = shared_server()
    name = f"other{len(undone)}"
    for statement in ("CREATE ROLE {0} LOGIN NOINHERIT", "CREATE ROLE {0}_everywhere", "GRANT {0}_everywhere TO {0}"):
        server.run(statement.format(name))
    owner = open_database(server.url(databases.name_in(walled.url)), owning=True)
    build(owner, name, KEYS, NOW)
    owner.close()
    url = server.url(databases.name_in(walled.url), name)
    open_database(url).close()
    server.run(undone.format(name))
    with pytest.raises(PromiseBroken, match="_everywhere"):
        open_database(url)


def test_what_its_owner_has_built_is_empty_until_somebody_serves(tmp_path: Path) -> None:
    with kept_in("walled"):
        url = databases.address(tmp_path, "xunfang.db")
        assert is_empty(url)
        database = open_database(url)
        upgrade(database, KEYS, NOW)
        assert not is_empty(url)
        with transaction(database, "") as tx:
            append_event(tx, KEYS.chain, NewEvent(at=NOW, jurisdiction=HERE, name="x.y"))
            tx.database.run("DELETE FROM installation")
        with pytest.raises(Exception, match="没有安装标记"):
            upgrade(database, KEYS, NOW)
        database.close()


def test_whoever_serves_makes_no_tables_and_says_who_does(tmp_path: Path) -> None:
    with kept_in("walled"):
        server = shared_server()
        built(server)
        bare = server.database()
        server.run(f"ALTER DATABASE {databases.name_in(bare)} OWNER TO xunfang")
        database = open_database(server.url(databases.name_in(bare), "app"))
        with pytest.raises(NotTheOwner, match="xunfang database build --owner"):
            upgrade(database, KEYS, NOW)
        database.close()


def test_two_owners_build_at_once_and_again(tmp_path: Path) -> None:
    with kept_in("walled"):
        server = shared_server()
        built(server)
        address = server.database()

        def work() -> None:
            owner = open_database(address, owning=True)
            build(owner, "app", None, NOW)
            owner.close()

        together(work, work)
        work()
        database = open_database(server.url(databases.name_in(address), "app"))
        upgrade(database, KEYS, NOW)
        database.close()
