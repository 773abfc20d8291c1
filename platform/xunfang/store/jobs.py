"""Jobs 作业: put beside the change that causes them, claimed under a lease, finished under a token."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile
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
MOST_AT_ONCE = 20
"""No more jobs are claimed together."""


class Hopeless(Exception):
    """Raised by whoever carries out a job when trying again cannot help; the job is parked at once."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def add_job(
    tx: Transaction,
    kind: str,
    key: str,
    payload: Mapping[str, Any],
    run_at: datetime,
    task: str = "",
    jurisdiction: str = "",
) -> bool:
    """Put a job, unless one of this key was ever put; returns whether it is new. `payload` holds ids only."""
    job = Job(id=new_id(), kind=kind, key=key, payload=payload, run_at=run_at, task=task, jurisdiction=jurisdiction)
    return add_jobs(tx, [job]) == 1


def add_jobs(tx: Transaction, jobs: Sequence[Job]) -> int:
    """Put jobs, but those whose key was ever put; returns how many are new."""
    new = tx.insert_all_unless(jobs, "key")
    reached("jobs.put")
    return new


def add_jobs_later(tx: Transaction, jobs: Sequence[Job]) -> None:
    """Put jobs, but those whose key was ever put, where nobody asks how many are new: see `Transaction.insert_all`."""
    tx.insert_later_unless(jobs, "key")
    reached("jobs.put")


def cancel_jobs(tx: Transaction, at: datetime, **of: str) -> None:
    """Cancel the ready jobs of a task, a case or a key, even one being worked on."""
    tx.update_later(Job, {**of, "status": "ready"}, {"status": "cancelled", "token": "", "ended_at": at})


def forget_cancelled(tx: Transaction, before: datetime, most: int) -> int:
    """Delete so many jobs at most that were cancelled and should have run before a moment; returns how many it were.

    One that is wanted after all is put anew whether a row says that it was cancelled or none says anything.
    """
    asked = ("cancelled", _TABLE.store("run_at", before), most)
    return int(tx.database.run(statements.forget_jobs(tx.database.dialect.mark), asked).rowcount)


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
    with connection(database) as reader:
        found = _due(reader, now, None, 1)
    return found[0] if found else None


def due_jurisdictions(database: Database, now: datetime) -> list[str]:
    """Return the jurisdictions that have jobs due which nobody holds, the longest waiting first."""
    moment = _TABLE.store("run_at", now)
    with connection(database):
        asked = ("ready", "ready", "ready", moment, moment)
        found = database.run(statements.due_jurisdictions(database.dialect.mark), asked)
        return [str(name) for (name,) in found.fetchall()]


def _due(reader: Reader, now: datetime, of: str | None, most: int, taken: str = "") -> list[Job]:
    database, moment = reader.database, _TABLE.store("run_at", now)
    sql = statements.due_jobs(tuple(_TABLE.columns), database.dialect.mark, of_one=of is not None, taken=taken)
    own = () if of is None else (of,)
    rows = database.run(sql, ("ready", moment, moment, *own, most)).fetchall()
    return [_TABLE.read(row, database.keys) for row in rows]


@dataclass(frozen=True, slots=True)
class Claim:
    """Who claims jobs and for how long, and which kinds go together; of any other kind, one is claimed at a time."""

    holder: str
    lease: timedelta
    brief: Callable[[str], bool] = lambda kind: False


def claim_jobs(database: Database, now: datetime, claim: Claim, of: str | None = None) -> list[Job]:
    """Take the earliest due jobs, of one jurisdiction or any, under a lease, and return them as claimed.

    What was tried before is claimed alone: a job that ends its worker takes others along once at most. One already
    claimed as often as allowed is parked instead. None are returned only when nothing is due that others leave.
    """
    while True:
        with transaction(database, None) as tx:
            going = len(_together(_due(tx, now, of, MOST_AT_ONCE), claim))
            found = _due(tx, now, of, max(1, going), database.dialect.skip_taken)
            worn = [job for job in found if job.attempts >= MOST_ATTEMPTS]
            for job in worn:
                error = job.last_error or "处理该作业的进程多次意外中止。"
                _settle(tx, job, status="parked", ended_at=now, last_error=error)
            if claimed := _together(found, claim):
                return _claim(tx, claimed, now + claim.lease, claim.holder)
        if not worn:
            return []


def claim_job(database: Database, now: datetime, lease: timedelta, holder: str) -> Job | None:
    """Take the earliest due job under a lease and return it as claimed, or None when nothing is due."""
    claimed = claim_jobs(database, now, Claim(holder, lease))
    return claimed[0] if claimed else None


def _together(jobs: Sequence[Job], claim: Claim) -> list[Job]:
    """Return what is to be claimed of the jobs that are due: the first of them, and what may go with it."""
    able = [job for job in jobs if job.attempts < MOST_ATTEMPTS]
    if not able or not _goes_along(able[0], claim):
        return able[:1]
    return list(takewhile(lambda job: _goes_along(job, claim), able))


def _goes_along(job: Job, claim: Claim) -> bool:
    return job.attempts == 0 and claim.brief(job.kind)


def _claim(tx: Transaction, jobs: Sequence[Job], lease_until: datetime, holder: str) -> list[Job]:
    token = secrets.token_hex(16)
    values = (_TABLE.store("lease_until", lease_until), token, holder, *(job.id for job in jobs))
    tx.database.run(statements.claim_jobs(len(jobs), tx.database.dialect.mark), values)
    reached("job.claiming")
    change: dict[str, Any] = {"lease_until": lease_until, "token": token, "holder": holder}
    return [replace(job, attempts=job.attempts + 1, **change) for job in jobs]


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


def let_go(tx: Transaction, job: Job) -> bool:
    """End the lease of a claimed job, which stays tried; False when it is no longer ours."""
    return _settle(tx, job)


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
    with transaction(database, None) as tx:
        change = {"lease_until": None, "token": "", "holder": ""}
        freed = sum(tx.update(Job, {"holder": holder, "status": "ready"}, change) for holder in holders)
        reached("job.freed")
    return freed


def parked_jobs(reader: Reader) -> list[Job]:
    """Return the jobs that wait for a person to look at them."""
    return list(reader.every(Job, status="parked"))
