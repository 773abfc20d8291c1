"""What must hold whatever died: read from the database file itself, beside the code that wrote it."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import peewee
import psycopg2

from databases import past_walls
from xunfang.clock import local
from xunfang.rulebook.model import Rulebook
from xunfang.rules.deadlines import REPEATED, plan_reminders
from xunfang.store import Keys, Place
from xunfang.store.rows import all_tables

NEVER_TWICE = {
    "clue of one submission": "SELECT submission FROM clue",
    "case.opened of one case": "SELECT \"case\" FROM event WHERE name = 'case.opened'",
    "case.closed of one case": "SELECT \"case\" FROM event WHERE name = 'case.closed'",
    "task.opened of one task": "SELECT task FROM event WHERE name = 'task.opened'",
    "task.completed of one task": "SELECT task FROM event WHERE name IN ('task.completed', 'task.assisted')",
    "task.fell_overdue of one task": "SELECT task FROM event WHERE name = 'task.fell_overdue'",
    "reminder of one rule, task and due moment": (
        "SELECT name, \"case\", task, rule, json_extract(data, '$.due'), json_extract(data, '$.kind') FROM event "
        "WHERE name IN ('task.reminded', 'task.supervised', 'task.escalated', 'task.reported')"
    ),
    "notice of one key": "SELECT key FROM notice",
    "notice.numbered of one number": (
        "SELECT \"case\", task, json_extract(data, '$.kind'), json_extract(data, '$.number') FROM event "
        "WHERE name = 'notice.numbered'"
    ),
    "notice.issued of one notice": (
        "SELECT \"case\", json_extract(data, '$.kind'), json_extract(data, '$.notice') FROM event "
        "WHERE name = 'notice.issued'"
    ),
    "message of one key": "SELECT key FROM message",
    "job of one key": "SELECT key FROM job",
    "attachment of one key": "SELECT id FROM attachment",
}
"""What each of these yields must be different from row to row."""

SAME_NUMBER = {
    "clues and clue.submitted": (
        "SELECT count(*) FROM clue",
        "SELECT count(*) FROM event WHERE name = 'clue.submitted'",
    ),
    "cases and case.opened": (
        'SELECT count(*) FROM "case"',
        "SELECT count(*) FROM event WHERE name = 'case.opened'",
    ),
    "tasks of cases and task.opened": (
        "SELECT count(*) FROM task WHERE subject = 'case'",
        "SELECT count(*) FROM event WHERE name = 'task.opened'",
    ),
    "issued notices and notice.issued": (
        "SELECT count(*) FROM notice WHERE issued_at IS NOT NULL",
        "SELECT count(*) FROM event WHERE name = 'notice.issued'",
    ),
    "signed notices and notice.signed": (
        "SELECT count(*) FROM notice WHERE signed_at IS NOT NULL",
        "SELECT count(DISTINCT json_extract(data, '$.notice')) FROM event WHERE name = 'notice.signed'",
    ),
    "numbered notices and notice.numbered": (
        "SELECT count(*) FROM notice WHERE n IS NOT NULL",
        "SELECT count(*) FROM event WHERE name = 'notice.numbered'",
    ),
    "overdue tasks and task.fell_overdue": (
        "SELECT count(*) FROM task WHERE overdue_at IS NOT NULL",
        "SELECT count(*) FROM event WHERE name = 'task.fell_overdue'",
    ),
    "ended jobs with a holder and none": (
        "SELECT count(*) FROM job WHERE status IN ('done', 'cancelled') AND token <> ''",
        "SELECT 0",
    ),
}


def look(address: Path | str, keys: Keys | None = None) -> sqlite3.Connection:
    """Return a reading connection that sees one moment of a database, whatever is written meanwhile.

    What a server keeps is copied for that. With the keys, `reason(n, typed)` is the reason that an event gives.
    """
    if str(address).startswith("postgresql:"):
        reader = _copied(past_walls(str(address)))
    else:
        path = str(address).removeprefix("sqlite:///")
        reader = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    reader.execute("PRAGMA busy_timeout = 20000")
    if keys is not None:
        opened = partial(_reason, keys)
        reader.create_function("reason", 2, opened)
    reader.execute("BEGIN")
    return reader


def _copied(address: str) -> sqlite3.Connection:
    """Return a copy in memory of what a server keeps at one moment, by the tables of today."""
    copy = peewee.SqliteDatabase(":memory:")
    copy.connect()
    raw: sqlite3.Connection = copy.connection()
    with closing(psycopg2.connect(address)) as server:
        server.set_session(isolation_level="REPEATABLE READ", readonly=True)
        cursor = server.cursor()
        for table in all_tables():
            peewee.SchemaManager(table.model, database=copy).create_table()
            columns = ", ".join(f'"{name}"' for name in table.names)
            cursor.execute(f'SELECT {columns} FROM "{table.name}"')
            marks = ", ".join("?" * len(table.names))
            raw.executemany(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', cursor)
    return raw


def _reason(keys: Keys, n: int, envelope: bytes) -> str:
    return str(keys.open_values(envelope, Place("event", "typed", str(n))).get("reason", ""))


def doubled(reader: sqlite3.Connection) -> list[str]:
    """Return every effect that happened twice."""
    found = []
    for what, query in NEVER_TWICE.items():
        counts = Counter(reader.execute(query).fetchall())
        found += [f"twice: {what}: {row}" for row, times in counts.items() if times > 1]
    for what, (one, other) in SAME_NUMBER.items():
        left, right = (reader.execute(query).fetchone()[0] for query in (one, other))
        if left != right:
            found.append(f"unequal: {what}: {left} and {right}")
    return found + _doubled_task_sets(reader)


def _doubled_task_sets(reader: sqlite3.Connection) -> list[str]:
    """One task for each lead that was decided: as many as there are, where nothing was given back or handed over."""
    leads: Counter[str] = Counter()
    for case, confirmed in reader.execute("SELECT \"case\", confirmed FROM dispatch WHERE status = 'confirmed'"):
        leads[case] += len(json.loads(confirmed))
    if reader.execute("SELECT 1 FROM event WHERE name IN ('task.returned', 'task.transferred') LIMIT 1").fetchone():
        return []
    tasks: Counter[str] = Counter()
    for case, count in reader.execute(
        "SELECT \"case\", count(*) FROM task WHERE role = 'lead' AND routes <> '[]' GROUP BY 1"
    ):
        tasks[case] = count
    return [f"dispatch of case {case}: {leads[case]} leads, {tasks[case]} tasks" for case in leads
            if tasks[case] != leads[case]]  # fmt: skip


def gaps(reader: sqlite3.Connection) -> list[str]:
    """Return every series of numbers that has a gap, or whose counter is ahead of what was given out."""
    found = []
    given: dict[tuple[str, str, int], list[int]] = {}
    for jurisdiction, series, year, n in reader.execute(
        "SELECT jurisdiction, series, year, n FROM notice WHERE n IS NOT NULL"
    ):
        given.setdefault((jurisdiction, series, year), []).append(n)
    for jurisdiction, series, year, last in reader.execute("SELECT jurisdiction, series, year, n FROM number_series"):
        numbers = given.get((jurisdiction, series, year)) or _case_numbers(reader, jurisdiction, series, year)
        if sorted(numbers) != list(range(1, last + 1)):
            found.append(f"gap: {series} {year}: {len(numbers)} numbers, the last is {last}")
    return found


def _case_numbers(reader: sqlite3.Connection, jurisdiction: str, series: str, year: int) -> list[int]:
    before, _, after = series.replace("{year}", str(year)).partition("{n}")
    rows = reader.execute('SELECT number FROM "case" WHERE jurisdiction = ?', (jurisdiction,))
    inner = [number[len(before) : len(number) - len(after)] for (number,) in rows
             if number.startswith(before) and number.endswith(after)]  # fmt: skip
    return [int(text) for text in inner if text.isdigit()]


def wrong_reminders(reader: sqlite3.Connection, rulebook: Rulebook) -> list[str]:
    """Return every open task that lacks a job its rules give it, or has one that they do not."""
    jobs, done = dict[str, set[str]](), set[str]()
    for task, key, status in reader.execute(
        "SELECT task, key, status FROM job WHERE task <> '' AND kind <> 'issue-notice'"
    ):
        jobs.setdefault(task, set()).add(key)
        done |= {key} if status == "done" else set()
    found = []
    for row in reader.execute(
        "SELECT id, flow, state, unit, residence, opened_at, due_at FROM task "
        "WHERE ended_at IS NULL AND role = 'lead' AND due_at IS NOT NULL AND subject = 'case'"
    ):
        there = jobs.get(row[0], set())
        wanted = _jobs_of(rulebook, *row)
        if wanted is None:
            continue
        wanted |= {again for key in wanted for again in _repeats(key, there, done)}
        if wanted != there:
            found.append(f"reminders of task {row[0]}: {sorted(wanted ^ there)[:3]}")
    stray = reader.execute(
        "SELECT count(*) FROM job JOIN task ON task.id = job.task WHERE job.status = 'ready' "
        "AND job.kind <> 'issue-notice' AND task.ended_at IS NOT NULL"
    ).fetchone()[0]
    return [*found, *([f"{stray} reminders of ended tasks"] if stray else [])]


def _jobs_of(
    rulebook: Rulebook, task: str, flow: str, state: str, unit: str, residence: str, opened_at: int, due_at: int
) -> set[str] | None:
    name = rulebook.flows[flow].states[state].deadline
    if not name:
        return None
    due, opened = local(datetime.fromtimestamp(due_at, UTC)), datetime.fromtimestamp(opened_at, UTC)
    reminders = plan_reminders(rulebook, rulebook.deadlines[name], due, unit, opened, {"residence": residence})
    keys = {f"remind:{task}:{reminder.rule}:{due.isoformat()}" for reminder in reminders}
    return keys | {f"breach:{task}:{due.isoformat()}"}


def _repeats(key: str, there: set[str], done: set[str]) -> Iterator[str]:
    """Yield what follows a reminder that comes again until a task is done: each once that before it was sent.

    What would have come while nobody was there to send it is left out.
    """
    if REPEATED not in key:
        return
    rule, number, due = re.fullmatch(rf"(.*{re.escape(REPEATED)})(\d+)(:.*)", key).groups()  # type: ignore[union-attr]
    later = sorted(n for n in range(int(number) + 1, int(number) + 1000) if f"{rule}{n}{due}" in there)
    for n in [*later, int(number) + 1000]:
        if key not in done:
            return
        key = f"{rule}{n}{due}"
        yield key


def damage(reader: sqlite3.Connection) -> list[str]:
    """Return what SQLite itself finds wrong with the file."""
    found = [f"integrity: {row[0]}" for row in reader.execute("PRAGMA integrity_check") if row[0] != "ok"]
    return found + [f"foreign key: {row}" for row in reader.execute("PRAGMA foreign_key_check")]


def last_event(reader: sqlite3.Connection) -> int:
    """Return the number of the last event."""
    return int(reader.execute("SELECT coalesce(max(n), 0) FROM event").fetchone()[0])


TRACES = ("account.signed_in", "person.revealed", "notice.opened", "access.refused", "access.missed")
"""What is recorded by whatever the clock says: somebody must be able to sign in, look, and vouch for it."""


def dated_wrong(reader: sqlite3.Connection, after: int, before: datetime, now: datetime) -> list[str]:
    """Return what was dated by a clock that had leapt: what came after an event, and not between these moments."""
    least, most = int(before.timestamp()) - 60, int(now.timestamp()) + 1
    rows = reader.execute("SELECT name, at FROM event WHERE at > ? OR (n > ? AND at < ?)", (most, after, least))
    found = [f"dated by a clock that leapt: {name} at {at}" for name, at in rows if name not in TRACES]
    overdue = reader.execute("SELECT id, overdue_at FROM task WHERE overdue_at > ?", (most,)).fetchmany(5)
    return found + [f"overdue by a clock that leapt: {task} at {at}" for task, at in overdue]


ACKNOWLEDGED: Mapping[str, str] = {
    "report": "SELECT 1 FROM submission JOIN clue ON clue.submission = submission.id WHERE submission.id = ?",
    "done": "SELECT 1 FROM submission JOIN task ON task.answers = submission.id WHERE submission.id = ?",
    "confirmed": "SELECT 1 FROM dispatch WHERE id = ? AND status = 'confirmed'",
    "revealed": "SELECT 1 FROM event WHERE name = 'person.revealed' AND reason(n, typed) = ?",
    "photo": "SELECT 1 FROM attachment WHERE id = ?",
    "opened": "SELECT 1 FROM event WHERE name = 'notice.opened' AND json_extract(data, '$.notice') = ?",
    "signed": "SELECT 1 FROM notice WHERE id = ? AND signed_at IS NOT NULL",
}
"""What somebody was told has happened, and where it must be found."""


def lost(reader: sqlite3.Connection, acknowledged: Iterable[tuple[str, str]]) -> list[str]:
    """Return every acknowledged act of which nothing is there."""
    return [f"lost: {kind} {key}" for kind, key in acknowledged
            if reader.execute(ACKNOWLEDGED[kind], (key,)).fetchone() is None]  # fmt: skip
