"""How an installation is, in numbers only: for whoever watches over it, of no person and no case."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from xunfang.ailments import Ailment
from xunfang.store.database import Database, Reader, connection
from xunfang.store.reading.administration import due_jobs
from xunfang.store.reading.paging import capped_count
from xunfang.store.rows import model_of
from xunfang.store.tables import Job, Task

_JOB, _TASK = model_of(Job), model_of(Task)


def database_ailments(database: Database, on: date) -> tuple[Ailment, ...]:
    """Return what a database itself is not well with on a day: connections, speed, support, its log."""
    with connection(database):
        return tuple(database.dialect.ailments(database.peewee, on))


def parked_kinds(reader: Reader) -> dict[str, Counter[str]]:
    """Return, by jurisdiction, the kinds of jobs that are parked, and how many of each."""
    found: dict[str, Counter[str]] = {}
    for job in reader.every(Job, status="parked"):
        found.setdefault(str(job.payload.get("jurisdiction", "")), Counter())[job.kind] += 1
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
        (_TASK.jurisdiction == jurisdiction) & _TASK.ended_at.is_null() & (_TASK.due_at < before)
    )
