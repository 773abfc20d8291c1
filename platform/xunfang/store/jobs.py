"""Jobs 作业: put beside the change that causes them, claimed under a lease, finished under a token."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from xunfang.steps import reached
from xunfang.store import statements
from xunfang.store.database import MOST_ROWS, Database, Reader, Transaction, connection, transaction
from xunfang.store.ids import new_id
from xunfang.store.rows import table_of
from xunfang.store.tables import Job

MOST_ATTEMPTS = 5
BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
_TABLE = table_of(Job)
_ERROR_LENGTH = 500
_OF_WORKERS = "*"
"""Whoever claims or frees jobs does that alone, and waits for no act of any jurisdiction."""


class Hopeless(Exception):
    """Raised by whoever carries out a job when trying again cannot help; the job is parked at once."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def add_job(
    tx: Transaction, kind: str, key: str, payload: Mapping[str, Any], run_at: datetime, task: str = "", case: str = ""
) -> bool:
    """Put a job, unless one of this key was ever put; returns whether it is new. `payload` holds ids only."""
    return (
        add_jobs(tx, [Job(id=new_id(), kind=kind, key=key, payload=payload, run_at=run_at, task=task, case=case)]) == 1
    )


def add_jobs(tx: Transaction, jobs: Sequence[Job]) -> int:
    """Put jobs, but those whose key was ever put; returns how many are new."""
    new = tx.insert_all_unless(jobs, "key")
    reached("jobs.put")
    return new


def cancel_jobs(tx: Transaction, at: datetime, **of: str) -> int:
    """Cancel the ready jobs of a task, a case or a key, even one being worked on; returns how many there were."""
    return tx.update(Job, {**of, "status": "ready"}, {"status": "cancelled", "token": "", "ended_at": at})


def job_states(reader: Reader, keys: Sequence[str]) -> dict[str, str]:
    """Return by key how the jobs stand that were ever put of some."""
    found = {}
    for begin in range(0, len(keys), MOST_ROWS):
        some = keys[begin : begin + MOST_ROWS]
        sql = statements.among("job", ("key", "status"), "key", len(some), reader.database.dialect.mark)
        found.update(reader.database.run(sql, tuple(some)).fetchall())
    return found


def next_due(database: Database, now: datetime) -> Job | None:
    """Return the earliest job that is due and that nobody holds; a look only, it claims nothing."""
    moment = _TABLE.store("run_at", now)
    sql = statements.due_job(tuple(_TABLE.columns), database.dialect.mark)
    with connection(database):
        found = database.run(sql, ("ready", moment, moment)).fetchone()
    return _TABLE.read(found, database.keys) if found else None


def claim_job(database: Database, now: datetime, lease: timedelta, holder: str) -> Job | None:
    """Take the earliest due job under a lease and return it as claimed, or None when nothing is due.

    A job already claimed as often as allowed is parked instead: it ended each of its workers.
    """
    while next_due(database, now) is not None:
        with transaction(database, _OF_WORKERS) as tx:
            job = next_due(database, now)
            if job is None:
                continue
            if job.attempts < MOST_ATTEMPTS:
                if claimed := _claim(tx, job, now + lease, holder):
                    return claimed
                continue
            _settle(
                tx, job, status="parked", ended_at=now, last_error=job.last_error or "处理该作业的进程多次意外中止。"
            )
    return None


def _claim(tx: Transaction, job: Job, lease_until: datetime, holder: str) -> Job | None:
    """Return the job as claimed, None where an act took it back in this very moment."""
    change: dict[str, Any] = {
        "lease_until": lease_until,
        "token": secrets.token_hex(16),
        "holder": holder,
        "attempts": job.attempts + 1,
    }
    if not tx.update(Job, {"id": job.id, "token": job.token, "status": "ready"}, change):
        return None
    reached("job.claiming")
    return replace(job, **change)


def finish_job(tx: Transaction, job: Job, now: datetime) -> bool:
    """Mark a claimed job done in the transaction of its effect; False when it is no longer ours: then drop all."""
    return _settle(tx, job, status="done", ended_at=now, last_error="")


def fail_job(tx: Transaction, job: Job, error: str, now: datetime) -> bool:
    """Give a claimed job back to be tried later, or park it after its last attempt; False when no longer ours."""
    error = error[:_ERROR_LENGTH]
    if job.attempts >= MOST_ATTEMPTS:
        return _settle(tx, job, status="parked", ended_at=now, last_error=error)
    return _settle(tx, job, run_at=now + BACKOFF[job.attempts - 1], last_error=error)


def park_job(tx: Transaction, job: Job, error: str, now: datetime) -> bool:
    """Park a claimed job at once, because trying again cannot help; False when no longer ours."""
    return _settle(tx, job, status="parked", ended_at=now, last_error=error[:_ERROR_LENGTH])


def release_job(tx: Transaction, job: Job) -> bool:
    """Let a claimed job go as if it had never been claimed; False when it is no longer ours."""
    return _settle(tx, job, attempts=job.attempts - 1)


def retry_job(tx: Transaction, job_id: str, now: datetime) -> bool:
    """Make a parked job ready again, with all its attempts; returns whether it was parked."""
    change = {"status": "ready", "run_at": now, "attempts": 0, "ended_at": None}
    return tx.update(Job, {"id": job_id, "status": "parked"}, change) == 1


def renew_lease(tx: Transaction, job: Job, until: datetime) -> bool:
    """Lengthen the lease of a claimed job; False when it is no longer ours."""
    return tx.update(Job, {"id": job.id, "token": job.token, "status": "ready"}, {"lease_until": until}) == 1


def _settle(tx: Transaction, job: Job, **change: Any) -> bool:
    freed = {"lease_until": None, "token": "", "holder": "", **change}
    return tx.update(Job, {"id": job.id, "token": job.token, "status": "ready"}, freed) == 1


def job_holders(database: Database) -> list[str]:
    """Return everyone who holds a job now."""
    with connection(database):
        sql = statements.job_holders(database.dialect.mark)
        return [str(holder) for (holder,) in database.run(sql, ("ready",)).fetchall()]


def free_leases(database: Database, holders: Iterable[str]) -> int:
    """End the leases of these holders, who are known to be dead; returns how many jobs came free."""
    with transaction(database, _OF_WORKERS) as tx:
        change = {"lease_until": None, "token": "", "holder": ""}
        freed = sum(tx.update(Job, {"holder": holder, "status": "ready"}, change) for holder in holders)
        reached("job.freed")
    return freed


def parked_jobs(reader: Reader) -> list[Job]:
    """Return the jobs that wait for a person to look at them."""
    return list(reader.every(Job, status="parked"))
