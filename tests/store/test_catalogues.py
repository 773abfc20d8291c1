"""Whichever way a database came to be of this version, it is the same: of every version before, moved, or made anew."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect

import psycopg2
import pytest

import databases
from databases import built, kept_in, kind_now, shared_server
from dying import together
from store.catalogue import Catalogue, catalogue
from store.steps import digest_of
from store.world import HERE, KEYS, NOW
from xunfang.store import (
    SCHEMA_VERSION,
    Database,
    Job,
    NewEvent,
    append_event,
    connection,
    move_database,
    open_database,
    transaction,
    upgrade,
    verify_chain,
)
from xunfang.store.schema import OtherSteps, build
from xunfang.store.upgrades import UPGRADES
from xunfang.store.upgrades.digests import DIGESTS

SCHEMAS = Path(__file__).parent / "schemas"
FIRST = {"sqlite": 1, "postgresql": 8}
"""The first version that ever ran on it."""
NEVER_BY_ITSELF = {11}
"""Versions that came together with the next one, so that no database stayed at them."""
OLD = [
    (kind, version)
    for kind, first in FIRST.items()
    for version in range(first, SCHEMA_VERSION)
    if version not in NEVER_BY_ITSELF
]
GUARDED = {"event", "task"} | {"case", "clue", "dispatch"}
"""Tables with triggers: those that refuse what may not be, then those that keep where lists look for cases."""
Fresh = Callable[[str], Catalogue]
STILL_TEXT = (
    ("attachment", "name"), ("job", "last_error"), ("message", "title"), ("message", "body"), ("notice", "error"),
    ("submission", "answers"),
)  # fmt: skip
"""Declared as text by version 2 and never since: envelopes lie there as bytes, which SQLite leaves as they are."""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """What a database is that was made anew, by its kind."""
    found: dict[str, Catalogue] = {}

    def of(kind: str) -> Catalogue:
        if kind not in found:
            with kept_in(kind):
                database = open_database(databases.address(tmp_path_factory.mktemp("fresh"), "x.db"))
                upgrade(database, KEYS, NOW)
                found[kind] = catalogue(database)
                database.close()
        return found[kind]

    return of


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> Iterator[str]:
    with kept_in(request.param) as kind:
        yield kind


def old_address(folder: Path, version: int) -> str:
    """Return the address of an empty database as a version made it, by the code of its day."""
    address = databases.address(folder, "old.db")
    noted = f"INSERT INTO schema_version VALUES ({version}, 0)"
    if kind_now() == "sqlite":
        with closing(connect(address.removeprefix("sqlite:///"))) as raw:
            raw.executescript((SCHEMAS / f"{version}.sql").read_text("utf-8"))
            raw.execute(noted)
            raw.commit()
    else:
        with closing(psycopg2.connect(address)) as raw, raw.cursor() as cursor:
            cursor.execute((SCHEMAS / f"postgresql-{version}.sql").read_text("utf-8"))
            cursor.execute(noted)
            raw.commit()
    return address


def as_new(told: Catalogue, version: int) -> Catalogue:
    """Return what is told of a database with what version 2 declared otherwise put right."""
    if version > 2:
        return told
    columns = {table: dict(found) for table, found in told.columns.items()}
    for table, name in STILL_TEXT:
        assert columns[table][name] == ("text", True, 0)
        columns[table][name] = ("blob", True, 0)
    return replace(told, columns=columns)


def brought_up(address: str) -> Database:
    database = open_database(address)
    assert upgrade(database, KEYS, NOW) == SCHEMA_VERSION
    return database


@pytest.mark.parametrize(("kind", "version"), OLD, indirect=["kind"])
def test_one_of_an_earlier_version_becomes_like_a_new_one(
    tmp_path: Path, fresh: Fresh, kind: str, version: int
) -> None:
    new = fresh(kind)  # first: it leaves nothing on the server but what is kept
    database = brought_up(old_address(tmp_path, version))
    assert as_new(catalogue(database), version) == new
    with transaction(database, HERE) as tx:
        append_event(tx, KEYS.chain, NewEvent(at=NOW, jurisdiction=HERE, name="x.y"))
    assert verify_chain(database, KEYS.chain) is None
    database.close()


def test_both_kinds_are_alike_name_by_name(fresh: Fresh) -> None:
    file, server = fresh("sqlite"), fresh("postgresql")
    assert file.columns == server.columns
    assert file.indexes == server.indexes
    assert file.references == server.references
    assert file.checks == server.checks
    assert {table for table, _ in file.guards} == {table for table, _ in server.guards} == GUARDED


@pytest.mark.parametrize("other", ["sqlite", "postgresql"])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=True)
def test_one_that_was_moved_is_like_a_new_one(tmp_path: Path, fresh: Fresh, kind: str, other: str) -> None:
    new = fresh(other)
    source = brought_up(databases.address(tmp_path, "source.db"))
    with kept_in(other):
        target = open_database(databases.address(tmp_path, "target.db"))
        move_database(source, target, KEYS, NOW)
        assert catalogue(target) == new
        target.close()
    source.close()


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
@pytest.mark.parametrize("version", [version for kind, version in OLD if kind == "postgresql"])
def test_one_that_its_owner_brings_up_is_like_a_new_one(tmp_path: Path, fresh: Fresh, kind: str, version: int) -> None:
    new = fresh(kind)
    address = old_address(tmp_path, version)
    built(shared_server())
    owner = open_database(address, owning=True)
    build(owner, "app", KEYS, NOW)
    assert catalogue(owner) == new
    owner.close()
    brought_up(shared_server().url(databases.name_in(address), "app")).close()


@pytest.mark.parametrize(("kind", "version"), list(FIRST.items()), indirect=["kind"])
def test_two_processes_that_start_at_once_bring_it_up_once(
    tmp_path: Path, fresh: Fresh, kind: str, version: int
) -> None:
    new = fresh(kind)
    address = old_address(tmp_path, version)
    together(*[lambda: brought_up(address).close()] * 3)
    database = open_database(address)
    assert as_new(catalogue(database), version) == new
    with connection(database):
        versions = [row[0] for row in database.run("SELECT version FROM schema_version ORDER BY 1").fetchall()]
        steps = database.run("SELECT version, digest FROM schema_step ORDER BY 1").fetchall()
    assert versions == [*range(version, SCHEMA_VERSION + 1)]
    assert dict(steps) == {step: DIGESTS[step] for step in versions[1:]}
    database.close()


def test_no_step_is_touched_once_it_was_released() -> None:
    """A step of before is never changed, not even its formatting: a later one brings what it lacked."""
    assert {step: digest_of(step) for step in UPGRADES} == {step: DIGESTS[step] for step in UPGRADES}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=True)
def test_a_database_that_came_by_other_steps_is_refused(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = brought_up(old_address(tmp_path, 8))
    assert upgrade(database, KEYS, NOW) == SCHEMA_VERSION
    monkeypatch.setitem(DIGESTS, 9, "another")  # type: ignore[arg-type]
    with pytest.raises(OtherSteps, match="升到第 9 版时所用的步骤与本程序的不同"):
        upgrade(database, KEYS, NOW)
    database.close()


@pytest.mark.parametrize(("kind", "version"), [("sqlite", 9), ("postgresql", 9)], indirect=["kind"])
def test_version_10_knows_of_jobs_and_of_the_common_chain_what_it_was_told(
    tmp_path: Path, kind: str, version: int
) -> None:
    address = old_address(tmp_path, version)
    put = (
        'INSERT INTO job (id, kind, key, payload, run_at, status, attempts, token, holder, last_error, task, "case") '
        "VALUES ('{0}', 'k', '{0}', '{1}', 0, 'ready', 0, '', '', {2}, '', '')"
    )
    raw, blob = open_database(address), "x''" if kind == "sqlite" else "''::bytea"
    with connection(raw):
        for n in range(600):  # more than are looked at together
            raw.run(put.format(f"of-{n:03}", json.dumps({"jurisdiction": f"j{n % 2}"}), blob))
        raw.run(put.format("of-none", "{}", blob))
        raw.run("INSERT INTO installation (id, checks, made_at, common_until) VALUES ('i', '[\"c\"]', 0, 0)")
        values = ", ".join(["1", "'e'", "0", "'j0'", "'x'", *["''"] * 5, "'{}'", "''", "''", "'[]'", "''", "'h'"])
        names = 'n, id, at, jurisdiction, name, "case", task, actor, actor_name, unit, data, rule, "row", cites'
        raw.run(f"INSERT INTO event ({names}, prev, hash, typed, place) VALUES ({values}, {blob}, 1)")
        raw.run("UPDATE installation SET common_until = 1")
        with pytest.raises(Exception, match="密钥"):  # the mark is an invented one
            upgrade(raw, KEYS, NOW)
    with connection(raw) as reader:
        assert raw.run("SELECT common_hash FROM installation").fetchone()[0] == "h"
        jobs = {job.id: job.jurisdiction for job in reader.every(Job)}
    assert jobs == {f"of-{n:03}": f"j{n % 2}" for n in range(600)} | {"of-none": ""}
    raw.close()
