"""How an installation is, in numbers only: for whoever watches over it, of no person and no case."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import SQL, fn

from xunfang.ailments import Ailment
from xunfang.rules.overdue import overdue
from xunfang.store.database import Database, Reader, connection
from xunfang.store.reading.administration import due_jobs
from xunfang.store.reading.paging import capped_count
from xunfang.store.releases import release_lines
from xunfang.store.rows import model_of
from xunfang.store.tables import Heartbeat, Job, Session, Task

_JOB, _SESSION, _TASK = model_of(Job), model_of(Session), model_of(Task)


def database_ailments(database: Database, on: date) -> tuple[Ailment, ...]:
    """Return what a database itself is not well with on a day: connections, speed, support, its log."""
    with connection(database):
        return tuple(database.dialect.ailments(database.peewee, on))


def parked_kinds(reader: Reader) -> dict[str, Counter[str]]:
    """Return, by jurisdiction, the kinds of jobs that are parked, and how many of each."""
    found: dict[str, Counter[str]] = {}
    for job in reader.every(Job, status="parked"):
        found.setdefault(job.jurisdiction, Counter())[job.kind] += 1
    return found


def oldest_due(reader: Reader, now: datetime) -> tuple[datetime | None, int]:
    """Return when the oldest job should have run that is due and not done, and how many such there are, capped."""
    oldest = reader.fetch(due_jobs(now).select(_JOB.run_at).order_by(_JOB.run_at).limit(1))
    return (oldest[0]["run_at"] if oldest else None), capped_count(reader, due_jobs, now)


def overdue_since(reader: Reader, jurisdiction: str, before: datetime) -> tuple[datetime | None, int]:
    """Return when the oldest open task was due that was due before a moment, and how many such there are, capped."""
    oldest = reader.fetch(_overdue(jurisdiction, before).select(_TASK.due_at).order_by(_TASK.due_at).limit(1))
    return (oldest[0]["due_at"] if oldest else None), capped_count(reader, _overdue, jurisdiction, before)


def _overdue(jurisdiction: str, before: datetime) -> Any:
    return _TASK.select().where(
        (_TASK.jurisdiction == jurisdiction) & _TASK.ended_at.is_null() & overdue(_TASK.due_at, before)
    )


@dataclass(frozen=True, slots=True)
class Backlog:
    """What the machinery has before it. `due` and `held` jobs are those ready now: nobody, or somebody, works on them.

    `oldest_due_at`: the earliest of the due. `beats`: the last sign of life of each part. Jobs that ended are not
    counted: there are millions.
    """

    later: int
    due: int
    held: int
    parked: int
    oldest_due_at: datetime | None
    sessions: int
    beats: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Load:
    """How many tasks of a jurisdiction are open, and how many of these are overdue."""

    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class InForce:
    """How many releases a jurisdiction has, and the number of the one in force; 0 for none."""

    releases: int
    number: int


def backlog(reader: Reader, now: datetime, idle: timedelta) -> Backlog:
    """Return what the machinery has before it; a session that was not used for so long has ended."""
    ready, held = _JOB.status == "ready", _JOB.lease_until > now
    free = ready & (_JOB.run_at <= now) & (_JOB.lease_until.is_null() | (_JOB.lease_until <= now))
    oldest = reader.fetch(_JOB.select(_JOB.run_at).where(free).order_by(_JOB.run_at).limit(1))
    running = _SESSION.ended_at.is_null() & (_SESSION.last_seen_at > now - idle) & (_SESSION.ends_at > now)
    return Backlog(
        later=_many(reader, _JOB, ready & (_JOB.run_at > now)),
        due=_many(reader, _JOB, free),
        held=_many(reader, _JOB, ready & held),
        parked=_many(reader, _JOB, _JOB.status == "parked"),
        oldest_due_at=oldest[0]["run_at"] if oldest else None,
        sessions=_many(reader, _SESSION, running),
        beats={each.name: each.at for each in reader.select(Heartbeat)},
    )


def load(reader: Reader, jurisdiction: str, now: datetime) -> Load:
    """Return how many tasks of a jurisdiction are open at a moment, and overdue."""
    own = (_TASK.jurisdiction == jurisdiction) & _TASK.ended_at.is_null()
    return Load(_many(reader, _TASK, own), _many(reader, _TASK, own & overdue(_TASK.due_at, now)))


def in_force(reader: Reader, jurisdiction: str) -> InForce:
    """Return how many releases a jurisdiction has and which is in force."""
    lines = release_lines(reader, jurisdiction)
    return InForce(len(lines), next((line.number for line in lines if line.current), 0))


def _many(reader: Reader, model: Any, where: Any) -> int:
    return int(reader.fetch(model.select(fn.COUNT(SQL("1")).alias("n")).where(where))[0]["n"])
