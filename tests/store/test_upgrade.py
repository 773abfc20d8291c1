"""A database made by an earlier version is brought up to date with everything in it."""

import gzip
import shutil
import sqlite3
from pathlib import Path

import pytest

from store.world import KEYS, NOW
from xunfang.store import (
    SCHEMA_VERSION,
    Account,
    Case,
    Clue,
    Event,
    FileKeys,
    Keys,
    Session,
    Submission,
    connection,
    open_database,
    upgrade,
    verify_chain,
)
from xunfang.store.columns import to_seconds
from xunfang.store.rows import all_tables
from xunfang.store.upgrades import UPGRADES

SCHEMAS = Path(__file__).parent / "schemas"
KEY = KEYS.chain
CHANGED = 1_780_000_000


def _first_version(path: Path) -> None:
    """Make a database of version 1 as it lay on disk, with two accounts, a session and a chain of two events."""
    from xunfang.store.events import _hash

    raw = sqlite3.connect(path)
    raw.executescript((SCHEMAS / "1.sql").read_text("utf-8"))
    raw.execute("INSERT INTO schema_version VALUES (1, 0)")
    for key in ("jia", "yi"):
        more = "'测试', 'h', 'j', 'u', '[\"clerk\"]', ?, '', NULL, 'active', 0, NULL, 0, 7"
        raw.execute(f"INSERT INTO account VALUES (?, ?, {more})", (key, key, to_seconds(NOW)))
    raw.execute("INSERT INTO session VALUES ('t', 'jia', 'c', 1, 2, 3, NULL)")
    prev = ""
    for n, at in ((1, 5), (2, CHANGED)):
        stored = (
            n,
            f"e{n}",
            at,
            "j",
            "account.password_changed",
            "",
            "",
            "jia",
            "测试",
            "centre",
            "{}",
            "",
            "",
            "[]",
            prev,
        )
        prev = _hash(KEY, stored)
        raw.execute(f"INSERT INTO event VALUES ({', '.join('?' * 16)})", (*stored, prev))
    raw.commit()
    raw.close()


def test_every_version_has_its_way_up() -> None:
    assert set(UPGRADES) == set(range(2, SCHEMA_VERSION + 1))


def test_a_database_of_version_1_keeps_all_it_holds(tmp_path: Path) -> None:
    _first_version(tmp_path / "old.db")
    database = open_database(f"sqlite:///{tmp_path / 'old.db'}")
    assert upgrade(database, KEYS, NOW) == SCHEMA_VERSION
    with connection(database) as reader:
        jia, yi = reader.find(Account, "jia"), reader.find(Account, "yi")
        assert jia is not None
        assert yi is not None
        assert jia.password_set_at is not None
        assert to_seconds(jia.password_set_at) == CHANGED
        assert (yi.password_set_at, yi.version, yi.created_at) == (None, 7, NOW)
        assert len(reader.select(Session)) == 1
        assert len(reader.select(Event)) == 2
    assert verify_chain(database, KEY) is None
    assert upgrade(database, KEYS, NOW) == SCHEMA_VERSION
    database.close()


@pytest.mark.parametrize("kind", ["table", "index", "trigger"])
def test_an_old_database_brought_up_to_date_is_like_a_new_one(tmp_path: Path, kind: str) -> None:
    _first_version(tmp_path / "old.db")
    found = []
    for name in ("old", "new"):
        database = open_database(f"sqlite:///{tmp_path / name}.db")
        upgrade(database, KEYS, NOW)
        database.close()
        with sqlite3.connect(tmp_path / f"{name}.db") as raw:
            things = {row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = ?", (kind,))}
            columns = [raw.execute(f'PRAGMA table_info("{table.name}")').fetchall() for table in all_tables()]
        raw.close()
        found.append((things, [{(column[1], column[3], column[5]) for column in table} for table in columns]))
    assert found[0] == found[1]


def test_clues_and_closed_cases_of_version_2_say_by_whom_and_from_where(tmp_path: Path) -> None:
    shutil.copy(SCHEMAS / "filled-2.key", tmp_path / "data.key")
    (tmp_path / "data.key").chmod(0o600)
    raw = sqlite3.connect(tmp_path / "old.db")
    raw.executescript(gzip.decompress((SCHEMAS / "filled-2.sql.gz").read_bytes()).decode())
    raw.close()
    database = open_database(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade(database, Keys(FileKeys(tmp_path / "data.key")), NOW)
    with connection(database) as reader:
        clues, closed = reader.select(Clue), [case for case in reader.select(Case) if case.closed_at]
        senders = {clue.id: reader.find(Submission, clue.submission) for clue in clues}
    assert clues
    assert {clue.id: clue.by for clue in clues} == {key: sent.by for key, sent in senders.items() if sent}
    assert closed
    assert all(case.closed_from not in ("", case.state) for case in closed)
    database.close()
