from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from store.world import HERE, NOW
from xunfang.store import (
    ChainHead,
    ChainPiece,
    Database,
    NewEvent,
    append_event,
    chain_head,
    connection,
    transaction,
    verify_chain,
    verify_piece,
)
from xunfang.store.events import _hash

KEY = b"k" * 32


def _write(database: Database, how_many: int) -> None:
    for n in range(how_many):
        with transaction(database, "") as tx:
            append_event(
                tx, KEY, NewEvent(at=NOW, jurisdiction=HERE, name="clue.submitted", data={"number": n, "名": "值"})
            )


def _tamper(database: Database, sql: str) -> None:
    drops = [f"DROP TRIGGER event_no_{what}" for what in ("update", "delete", "other_envelope")]
    if database.dialect.mark != "?":
        drops = [f'DROP TRIGGER {name} ON "event"' for name in ("event_kept", "event_envelope_kept")]
        sql = sql.replace("= x''", "= ''")
    with connection(database):
        for statement in (*drops, sql):
            database.run(statement)


def test_a_whole_chain_is_whole(database: Database) -> None:
    assert verify_chain(database, KEY) is None
    _write(database, 30)
    assert verify_chain(database, KEY) is None
    assert verify_chain(database, b"x" * 32) == 1


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE event SET actor = 'x' WHERE n = 7", 7),
        ("UPDATE event SET data = '{}' WHERE n = 1", 1),
        ("UPDATE event SET typed = x'' WHERE n = 6", 6),
        ("UPDATE event SET typed = (SELECT typed FROM event WHERE n = 3) WHERE n = 2", 2),
        ("UPDATE event SET typed = 'x' WHERE n = 9", 9),
        ("UPDATE event SET at = at + 1 WHERE n = 12", 12),
        ("DELETE FROM event WHERE n = 5", 5),
        ("UPDATE event SET n = CASE n WHEN 3 THEN -4 ELSE n END", 3),
        ("UPDATE event SET place = CASE place WHEN 3 THEN -4 ELSE place END", 1),
        ("UPDATE event SET jurisdiction = 'other' WHERE n = 5", 5),
    ],
    ids=[
        "edited",
        "emptied",
        "told away",
        "told of another",
        "no envelope",
        "redated",
        "removed",
        "moved",
        "placed elsewhere",
        "given to another",
    ],
)
def test_any_change_is_found(database: Database, sql: str, broken: int) -> None:
    _write(database, 12)
    _tamper(database, sql)
    assert verify_chain(database, KEY) == broken


def test_events_cut_off_the_end_are_found_by_a_head_kept_elsewhere(database: Database) -> None:
    _write(database, 12)
    with connection(database):
        head = chain_head(database, HERE)
    _tamper(database, "DELETE FROM event WHERE n > 10")
    assert verify_chain(database, KEY) is None
    assert verify_chain(database, KEY, head) == 11


def test_a_rewritten_chain_is_found_by_a_head_kept_elsewhere(database: Database) -> None:
    _write(database, 3)
    assert verify_chain(database, KEY, ChainHead(2, "0" * 64)) == 2


@pytest.mark.parametrize("sql", ["UPDATE event SET actor = 'x'", "DELETE FROM event"])
def test_the_database_itself_refuses_to_change_an_event(database: Database, sql: str) -> None:
    _write(database, 1)
    with pytest.raises(Exception, match="append-only"), transaction(database, "") as tx:
        tx.database.run(sql)


def test_eight_threads_make_one_chain(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: _write(database, 20), range(8)))
    with connection(database):
        assert chain_head(database, HERE).n == 160
    assert verify_chain(database, KEY) is None


def test_a_chain_is_verified_in_pieces(database: Database) -> None:
    _write(database, 10)
    assert verify_piece(database, KEY, HERE, 0, 4) == ChainPiece(4, None, more=True)
    assert verify_piece(database, KEY, HERE, 4, 4) == ChainPiece(8, None, more=True)
    assert verify_piece(database, KEY, HERE, 8, 4) == ChainPiece(10, None, more=False)
    assert verify_piece(database, KEY, HERE, 8, 2) == ChainPiece(10, None, more=False)
    assert verify_piece(database, KEY, HERE, 10, 4) == ChainPiece(10, None, more=False)
    assert verify_piece(database, KEY, HERE, 11, 4) == ChainPiece(10, 11, more=False)
    _tamper(database, "UPDATE event SET actor = 'x' WHERE n = 5")
    assert verify_piece(database, KEY, HERE, 0, 4) == ChainPiece(4, None, more=True)
    assert verify_piece(database, KEY, HERE, 4, 4) == ChainPiece(4, 5, more=False)


def test_the_beginning_of_a_hash_written_down_is_enough(database: Database) -> None:
    _write(database, 5)
    with connection(database):
        head = chain_head(database, HERE)
    assert verify_chain(database, KEY, ChainHead(5, head.hash[:12])) is None
    assert verify_chain(database, KEY, ChainHead(4, head.hash[:12])) == 4


OTHER = "888888-other"


def _write_of(database: Database, jurisdiction: str, how_many: int) -> None:
    for n in range(how_many):
        with transaction(database, jurisdiction) as tx:
            append_event(tx, KEY, NewEvent(at=NOW, jurisdiction=jurisdiction, name="case.opened", data={"number": n}))


def test_each_jurisdiction_has_a_chain_of_its_own(database: Database) -> None:
    for jurisdiction in (HERE, OTHER, HERE):
        _write_of(database, jurisdiction, 4)
    with connection(database):
        assert [chain_head(database, each).n for each in (HERE, OTHER, "nobody")] == [8, 4, 0]
        head = chain_head(database, HERE)
    assert verify_chain(database, KEY, head) is None
    _tamper(database, f"DELETE FROM event WHERE jurisdiction = '{HERE}' AND place = 8")
    assert verify_chain(database, KEY) is None
    assert verify_chain(database, KEY, head) == 8
    assert verify_piece(database, KEY, OTHER, head=replace(head, jurisdiction=OTHER)) == ChainPiece(4, None, more=False)


@pytest.fixture
def parted(database: Database) -> Database:
    """A record whose first ten events lie in the chain that all had in common, as version 5 wrote them."""
    with connection(database):
        for n in range(1, 11):
            told = {"n": n, "id": str(n), "at": 0, "jurisdiction": (HERE, OTHER)[n % 2], "name": "x.y", "case": ""}
            told |= {"task": "", "actor": "", "actor_name": "", "unit": "", "data": "{}", "rule": "", "row": ""}
            prev = database.run(f"SELECT COALESCE(MAX(hash), '') FROM event WHERE n = {n - 1}").fetchone()[0]
            told |= {"cites": "[]", "prev": prev}
            told |= {"hash": _hash(KEY, tuple(told.values())), "place": n, "typed": b""}
            names, marks = ", ".join(f'"{name}"' for name in told), ", ".join([database.dialect.mark] * len(told))
            database.run(f"INSERT INTO event ({names}) VALUES ({marks})", tuple(told.values()))
        database.run("UPDATE installation SET common_until = 10, common_hash = (SELECT hash FROM event WHERE n = 10)")
        if database.dialect.mark != "?":
            database.run("SELECT setval('event_n', 10)")
    database.common_end = None
    for jurisdiction in (HERE, OTHER, HERE):
        _write_of(database, jurisdiction, 3)
    return database


def test_chains_of_their_own_go_on_where_the_common_one_ends(parted: Database) -> None:
    with connection(parted):
        assert [chain_head(parted, each).n for each in (HERE, OTHER)] == [16, 13]
    assert verify_chain(parted, KEY) is None
    assert verify_piece(parted, KEY, OTHER, 4, 8) == ChainPiece(12, None, more=True)
    assert verify_piece(parted, KEY, OTHER, 12, 8) == ChainPiece(13, None, more=False)


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE event SET actor = 'x' WHERE n = 4", 4),
        ("DELETE FROM event WHERE n = 10", 10),
        ("UPDATE event SET place = 14, jurisdiction = '888888-other' WHERE n = 9", 9),
        ("UPDATE installation SET common_until = 9", 10),
        ("UPDATE installation SET common_until = 11", 11),
        ("UPDATE event SET n = n + 9000 WHERE n = 12", 12),
    ],
    ids=["edited", "cut off the common one", "moved over", "less in common", "more in common", "renumbered"],
)
def test_a_change_in_either_part_is_found(parted: Database, sql: str, broken: int) -> None:
    _tamper(parted, sql)
    parted.common_end = None
    assert verify_chain(parted, KEY) == broken
