"""A database made by an earlier version is brought up to date with everything in it."""

import gzip
import json
import shutil
import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import peewee
import pytest

from dying import in_child
from store.world import KEYS, NOW
from xunfang.actions.filling import body_hash
from xunfang.store import (
    SCHEMA_VERSION,
    Account,
    Alert,
    Busy,
    Case,
    ChainHead,
    Clue,
    Database,
    Duplicate,
    DutyPeriod,
    Event,
    FileKeys,
    Keys,
    Message,
    Person,
    Place,
    Release,
    Session,
    Standing,
    Submission,
    Task,
    connection,
    dialects,
    open_database,
    publish_release,
    release_lines,
    standing,
    transaction,
    upgrade,
    verify_chain,
)
from xunfang.store.columns import to_seconds
from xunfang.store.reading.case_file import person_view
from xunfang.store.rows import all_tables
from xunfang.store.upgrades import UPGRADES
from xunfang.store.upgrades.returns_counted import count_returns
from xunfang.store.upgrades.several_addressees import address_several
from xunfang.store.upgrades.several_receivers import know_several

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


def test_releases_are_counted_in_the_order_they_came_each_jurisdiction_for_itself(tmp_path: Path) -> None:
    _first_version(tmp_path / "old.db")
    with closing(sqlite3.connect(tmp_path / "old.db")) as raw:
        for digest, jurisdiction, at in (("b", "j", 20), ("a", "j", 30), ("c", "j", 20), ("d", "k", 10)):
            columns = '"id", "jurisdiction", "files", "published_at", "published_by", "current"'
            raw.execute(f"INSERT INTO release ({columns}) VALUES (?, ?, x'', ?, '', 0)", (digest, jurisdiction, at))
        raw.commit()
    database = open_database(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade(database, KEYS, NOW)
    with connection(database) as reader:
        assert [(line.id, line.number) for line in release_lines(reader, "j")] == [("a", 3), ("c", 2), ("b", 1)]
        (other,) = release_lines(reader, "k")
        assert (other.number, other.set_aside_at, other.label) == (1, None, "规则 1970-01-01 第1版")
        assert standing(reader, ("j", "k")) == Standing()
    with transaction(database, "") as tx:
        assert publish_release(tx, "e", "j", {}, NOW, "控制台")
        assert release_lines(tx, "j")[0].number == 4
        assert standing(tx, ("j", "k")).releases == (("j", "e"),)
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


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A filled database of version 2 and, beside it, its key."""
    raw = sqlite3.connect(tmp_path / "filled.db")
    raw.executescript(gzip.decompress((SCHEMAS / "filled-2.sql.gz").read_bytes()).decode())
    raw.execute("PRAGMA journal_mode = wal")
    raw.close()
    shutil.copy(SCHEMAS / "filled-2.key", tmp_path / "filled.key")
    (tmp_path / "filled.key").chmod(0o600)
    return tmp_path


def _keys(folder: Path) -> Keys:
    return Keys(FileKeys(folder / "filled.key"))


def _brought_up(folder: Path) -> Database:
    database = open_database(f"sqlite:///{folder / 'filled.db'}")
    assert upgrade(database, _keys(folder), NOW) == SCHEMA_VERSION
    return database


def _in_clear_before(folder: Path) -> set[str]:
    """What version 2 held in clear and version 3 does not: answers, reasons, messages, masks, days of birth."""
    with closing(sqlite3.connect(folder / "filled.db")) as raw:
        found = {text for row in raw.execute("SELECT masked_id, birth_on FROM person") for text in row}
        found |= {text for row in raw.execute("SELECT title, body FROM message") for text in row}
        found |= {row[0] for row in raw.execute("SELECT body_hash FROM submission")}
        found |= {row[0] for row in raw.execute("SELECT json_extract(data, '$.reason') FROM event")}
        for (answers,) in raw.execute("SELECT answers FROM submission"):
            found |= {text for text in json.loads(answers).values() if isinstance(text, str) and not text.isascii()}
        kept = {text for row in raw.execute("SELECT number, residence, opened_at FROM 'case'") for text in row}
        kept |= {text for row in raw.execute("SELECT residence, registration FROM person") for text in row}
    return {text for text in found if text and len(text) > 5} - kept


def test_what_version_2_held_in_clear_is_sealed_and_gone_from_the_disk(filled: Path) -> None:
    before = _in_clear_before(filled)
    assert len(before) > 200
    assert all(text.encode() in everything_at(filled) for text in before)
    database = _brought_up(filled)
    found = everything_at(filled)
    assert [text for text in before if text.encode() in found] == []
    with connection(database) as reader:
        assert "answers" in {row[1] for row in database.run('PRAGMA table_info("submission")')}
        assert all(row.answers for row in reader.select(Submission))
        assert all(row.title for row in reader.select(Message))
        assert any("reason" in row.told for row in reader.select(Event))
        assert person_view(reader.select(Person)[0], database.keys).born is not None
    database.close()


def test_the_record_of_version_2_holds_with_every_head_noted_of_it(filled: Path) -> None:
    with closing(sqlite3.connect(filled / "filled.db")) as raw:
        heads = [ChainHead(*row) for row in raw.execute("SELECT n, hash FROM event WHERE n IN (7, 300, 564)")]
    database = _brought_up(filled)
    assert len(heads) == 3
    for head in (None, *heads):
        assert verify_chain(database, _keys(filled).chain, head) is None
    for sql in ("UPDATE event SET actor = 'x'", "DELETE FROM event"):
        with connection(database), pytest.raises(peewee.IntegrityError, match="append-only"):
            database.run(sql)
    database.close()


def test_a_form_sent_before_the_upgrade_is_still_known_after_it(filled: Path) -> None:
    with closing(sqlite3.connect(filled / "filled.db")) as raw:
        before = dict(raw.execute("SELECT id, body_hash FROM submission").fetchall())
    database = _brought_up(filled)
    keys = _keys(filled)
    with connection(database) as reader:
        for row in reader.select(Submission):
            answers = {**row.answers, **keys.open_values(row.sealed, Place("submission", "sealed", row.id))}
            assert row.body_hash == body_hash(keys, row.form, answers) != before[row.id]
    database.close()


@pytest.mark.parametrize("step", ["upgrade.sealed", "schema.made", "upgrade.committed", "upgrade.cleared"])
def test_an_upgrade_killed_at_any_step_is_done_again_whole(filled: Path, step: str) -> None:
    before = _in_clear_before(filled)
    assert in_child(lambda: _brought_up(filled).close(), step) == signal.SIGKILL
    database = _brought_up(filled)
    found = everything_at(filled)
    assert [text for text in before if text.encode() in found] == []
    assert verify_chain(database, _keys(filled).chain) is None
    with connection(database):
        assert not database.peewee.table_exists("unclean")
    database.close()


def test_while_another_program_reads_the_old_bytes_the_upgrade_says_so_and_is_tried_again(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialects, "BUSY_SECONDS", 0.1)
    monkeypatch.setitem(dialects.Sqlite._promises, "busy_timeout", 100)  # type: ignore[arg-type]
    with closing(sqlite3.connect(filled / "filled.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM person").fetchone()
        database = open_database(f"sqlite:///{filled / 'filled.db'}")
        with pytest.raises(Busy):
            upgrade(database, _keys(filled), NOW)
    database.close()
    _brought_up(filled).close()


def everything_at(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("filled.db*"))


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


def test_version_5_lets_a_task_be_about_something_else_than_a_case(filled: Path) -> None:
    with closing(sqlite3.connect(filled / "filled.db")) as raw:
        before = dict(raw.execute('SELECT id, "case" FROM task').fetchall())
    assert before
    database = _brought_up(filled)
    with connection(database) as reader:
        tasks = reader.select(Task)
        assert {task.id: task.case for task in tasks} == before
        assert {(task.subject, task.about, task.release) for task in tasks} == {("case", "", "")}
        other = replace(tasks[0], id="other", case="", subject="duty", about="owed")
    with transaction(database, "") as tx:
        tx.insert(other)
        with pytest.raises(peewee.IntegrityError, match="FOREIGN KEY"):
            tx.insert(replace(other, id="orphan", case="no-such-case"))
        with pytest.raises(peewee.IntegrityError, match="FOREIGN KEY"):
            tx.update(Task, {"id": "other"}, {"about": ""})
    database.open_connection()
    assert database.run("PRAGMA foreign_key_check").fetchall() == []
    database.peewee.close()
    database.close()


def test_an_open_task_knows_what_its_unit_gave_back_before(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'tasks.db'}")
    columns = ", ".join(f'"{name}" TEXT' for name in ("id", "case", "state", "unit", "role", "status"))
    rows = [
        ("1", "c", "handling", "east", "lead", "returned", 5),
        ("2", "c", "handling", "west", "lead", "returned", 6),
        ("3", "c", "handling", "east", "lead", "returned", 7),
        ("4", "c", "other", "east", "lead", "returned", 7),
        ("5", "c", "handling", "east", "lead", "open", None),
        ("6", "d", "handling", "east", "lead", "open", None),
        ("7", "c", "handling", "east", "assist", "open", None),
    ]
    with transaction(database, ""):
        database.run(f'CREATE TABLE "task" ({columns}, "ended_at" BIGINT)')
        for row in rows:
            database.run('INSERT INTO "task" VALUES (?, ?, ?, ?, ?, ?, ?)', row)
        count_returns(database)
    database.close()
    with closing(sqlite3.connect(tmp_path / "tasks.db")) as raw:
        assert raw.execute('SELECT "returned" FROM "task" ORDER BY "id"').fetchall() == [
            (0,), (0,), (0,), (0,), (2,), (0,), (0,),
        ]  # fmt: skip


def test_the_unit_reported_to_becomes_the_only_one_of_a_list(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'duties.db'}")
    with transaction(database, ""):
        database.run('CREATE TABLE "duty_period" ("id" TEXT, "jurisdiction" TEXT, "opened_at" BIGINT, "to" TEXT)')
        database.run('CREATE INDEX "duty_period_to" ON "duty_period" ("to")')
        database.run('CREATE TABLE "task" ("id" TEXT)')
        for row in (("1", "civil-affairs"), ("2", "township:370304102"), ("3", "")):
            database.run('INSERT INTO "duty_period" ("id", "to") VALUES (?, ?)', row)
        database.run("INSERT INTO \"task\" VALUES ('1')")
        know_several(database)
    database.close()
    with closing(sqlite3.connect(tmp_path / "duties.db")) as raw:
        assert raw.execute('SELECT "to" FROM "duty_period" ORDER BY "id"').fetchall() == [
            ('["civil-affairs"]',), ('["township:370304102"]',), ("[]",),
        ]  # fmt: skip
        assert raw.execute('SELECT "excused" FROM "task"').fetchall() == [("[]",)]


def test_the_addressee_of_a_paper_and_its_delivery_become_the_only_ones(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'papers.db'}")
    names = ("id", "addressee", "delivered_on", "delivered_way", "delivered_by")
    rows = [
        ("1", "civil-affairs", "2026-03-10", "mail", "account"),
        ("2", "", "2026-03-11", "by-hand", "account"),
        ("3", "township:370304102", None, "", ""),
        ("4", "", None, "", ""),
    ]
    with transaction(database, ""):
        database.run(f'CREATE TABLE "notice" ({", ".join(f"{chr(34)}{name}{chr(34)} TEXT" for name in names)})')
        for row in rows:
            database.run('INSERT INTO "notice" VALUES (?, ?, ?, ?, ?)', row)
        address_several(database)
    database.close()
    with closing(sqlite3.connect(tmp_path / "papers.db")) as raw:
        found = raw.execute('SELECT "addressees", "copies", "deliveries" FROM "notice" ORDER BY "id"').fetchall()
    assert [tuple(map(json.loads, row)) for row in found] == [
        (["civil-affairs"], [], [{"to": "civil-affairs", "on": "2026-03-10", "way": "mail", "by": "account"}]),
        ([], [], [{"to": "", "on": "2026-03-11", "way": "by-hand", "by": "account"}]),
        (["township:370304102"], [], []),
        ([], [], []),
    ]


def test_version_6_knows_events_and_what_is_owed_by_the_calendar_stays_as_it_was(filled: Path) -> None:
    database = _brought_up(filled)
    with transaction(database, "") as tx:
        release = tx.select(Release, limit=1)[0].id
        owed = DutyPeriod(
            id="owed", jurisdiction="j", duty="d", unit="u", to=(), residence="370304", every="month",
            begins_on=date(2026, 9, 1), release=release, opened_at=NOW,
        )  # fmt: skip
        tx.insert(owed)
        tx.insert(replace(owed, id="in-an-event", alert="a", turn=2))
        with pytest.raises(Duplicate):
            tx.insert(replace(owed, id="twice"))
        tx.insert(
            Alert(
                id="a", jurisdiction="j", kind="cold-wave", places=("370304",), unit="u", residence="370304",
                steps=({"level": "red", "at": "2026-09-01T08:00:00+08:00"},), release=release, declared_at=NOW,
            )
        )  # fmt: skip
    with connection(database) as reader:
        found = reader.find(Alert, "a")
        assert found is not None
        assert (found.places, found.steps[0]["level"], found.ended_at) == (("370304",), "red", None)
        assert reader.first(DutyPeriod, id="owed") == owed
    database.close()
