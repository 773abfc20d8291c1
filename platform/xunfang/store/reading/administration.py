"""What administrators see: accounts without their secrets, and how the machinery is."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from xunfang.store import statements
from xunfang.store.columns import from_seconds, to_strings
from xunfang.store.database import Reader
from xunfang.store.reading.case_file import NoticeView, notice_view
from xunfang.store.reading.paging import Page, capped_count, read_page
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Account, Factor, Heartbeat, Job, Notice, Session, Task

MOST_PARKED = 200
"""How many parked jobs a page shows; it says when there are more."""

_ACCOUNT, _JOB, _SESSION, _TASK = model_of(Account), model_of(Job), model_of(Session), model_of(Task)
_FACTOR = model_of(Factor)


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as its administrator sees it."""

    id: str
    login: str
    name: str
    unit: str
    roles: tuple[str, ...]
    division: str
    state: str
    locked_until: datetime | None
    must_change: bool
    created_at: datetime
    version: int
    signed_in_at: datetime | None
    running: int
    bound_at: datetime | None


@dataclass(frozen=True, slots=True)
class Presence:
    """By what it is told whether somebody is signed in: the moment, and after how long without use a session ends."""

    at: datetime
    idle: timedelta


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as its administrator sees it: what it was for and why it failed, but no person's data."""

    id: str
    kind: str
    key: str
    run_at: datetime
    attempts: int
    last_error: str
    task: str
    case: str


_BESIDE = ("signed_in_at", "running", "bound_at")
_OWN = tuple(name for name in AccountView.__dataclass_fields__ if name not in _BESIDE)


@dataclass(frozen=True, slots=True)
class MachineryView:
    """How the machinery is. `oldest_due_at` is the earliest job that should have run already, None when none waits.

    `failed` are the papers that could not be printed.
    """

    parked: tuple[JobView, ...]
    more_parked: bool
    waiting: int
    oldest_due_at: datetime | None
    heartbeats: tuple[Heartbeat, ...]
    failed: tuple[NoticeView, ...] = ()


def account_page(
    reader: Reader, scope: Scope, now: Presence, after: str, unit: str = "", find: str = ""
) -> Page[AccountView]:
    """Return a page of the jurisdiction's accounts, oldest first; `find` is a part of a name or login."""
    query = _accounts(scope, now)
    query = query.where(_ACCOUNT.unit == unit) if unit else query
    query = query.where(_ACCOUNT.name.contains(find) | _ACCOUNT.login.contains(find)) if find else query
    return read_page(reader, query, (_ACCOUNT.created_at, _ACCOUNT.id), _account_view, after)


def account_view(reader: Reader, scope: Scope, now: Presence, account_id: str) -> AccountView | None:
    """Return one account of the jurisdiction, or None."""
    found = reader.fetch(_accounts(scope, now).where(_ACCOUNT.id == account_id))
    return _account_view(found[0]) if found else None


def _accounts(scope: Scope, now: Presence) -> Any:
    own = [getattr(_ACCOUNT, name) for name in _OWN]
    theirs = _SESSION.account == _ACCOUNT.id
    lasting = _SESSION.ended_at.is_null() & (_SESSION.ends_at > now.at) & (_SESSION.last_seen_at > now.at - now.idle)
    last = _SESSION.select(fn.MAX(_SESSION.created_at)).where(theirs)
    running = _SESSION.select(fn.COUNT(_SESSION.token_hash)).where(theirs & lasting)
    bound = _FACTOR.select(_FACTOR.bound_at).where(_FACTOR.account == _ACCOUNT.id)
    query = _ACCOUNT.select(*own, last.alias("signed_in_at"), running.alias("running"), bound.alias("bound_at"))
    return query.where(_ACCOUNT.jurisdiction == scope.jurisdiction)


def _account_view(row: Mapping[str, Any]) -> AccountView:
    own = {name: row[name] for name in _OWN}
    return AccountView(
        **own, signed_in_at=_moment(row["signed_in_at"]), running=row["running"], bound_at=_moment(row["bound_at"])
    )


def _moment(found: datetime | int | None) -> datetime | None:
    """Return a moment that a query worked out, which is not always read as a column is: seconds still."""
    return from_seconds(found) if isinstance(found, int) else found


def machinery(reader: Reader, scope: Scope, now: datetime) -> MachineryView:
    """Return how the machinery is at this moment, with the jobs of the jurisdiction."""
    parked = reader.select(Job, limit=MOST_PARKED + 1, status="parked", jurisdiction=scope.jurisdiction)
    oldest = reader.fetch(due_jobs(now, scope.jurisdiction).select(_JOB.run_at).order_by(_JOB.run_at).limit(1))
    return MachineryView(
        parked=tuple(_job_view(job) for job in parked[:MOST_PARKED]),
        more_parked=len(parked) > MOST_PARKED,
        waiting=capped_count(reader, due_jobs, now, scope.jurisdiction),
        oldest_due_at=oldest[0]["run_at"] if oldest else None,
        heartbeats=tuple(reader.select(Heartbeat)),
        failed=tuple(notice_view(row) for row in _failed(reader, scope)),
    )


def due_jobs(now: datetime, jurisdiction: str = "") -> Any:
    """Return the query of the jobs, of one jurisdiction or all, that should have been carried out by a moment."""
    due = _JOB.select().where((_JOB.status == "ready") & (_JOB.run_at <= now))
    return due.where(_JOB.jurisdiction == jurisdiction) if jurisdiction else due


def _failed(reader: Reader, scope: Scope) -> list[Notice]:
    """Return the papers of the jurisdiction that could not be printed: their kind and why, nothing of their case."""
    return reader.select(Notice, limit=200, jurisdiction=scope.jurisdiction, status="failed")


def roles_in(reader: Reader, jurisdiction: str, units: Collection[str]) -> dict[str, list[tuple[str, ...]]]:
    """Return, by unit, the roles of each active account there, so that nothing ends at an empty post."""
    if len(units) == 1:
        (unit,) = units
        sql = statements.roles_in(reader.database.dialect.mark)
        return {unit: [to_strings(roles) for (roles,) in reader.database.often(sql, (jurisdiction, unit, "active"))]}
    where = {"jurisdiction": jurisdiction, "state": "active"}
    found: dict[str, list[tuple[str, ...]]] = {unit: [] for unit in units}
    for _, unit, roles in sorted(reader.among("account", ("id", "unit", "roles"), where, "unit", units)):
        found[unit].append(to_strings(roles))
    return found


def rosters(reader: Reader, jurisdiction: str) -> dict[str, Counter[str]]:
    """Return, by unit, every role that somebody with an active account has there, and how many do."""
    active = (_ACCOUNT.jurisdiction == jurisdiction) & (_ACCOUNT.state == "active")
    found: dict[str, Counter[str]] = {}
    for row in reader.fetch(_ACCOUNT.select(_ACCOUNT.unit, _ACCOUNT.roles).where(active)):
        found.setdefault(row["unit"], Counter()).update(set(row["roles"]))
    return found


def busy_units(reader: Reader, jurisdiction: str) -> tuple[str, ...]:
    """Return every unit that holds an open task."""
    open_ones = (_TASK.jurisdiction == jurisdiction) & _TASK.ended_at.is_null()
    return tuple(row["unit"] for row in reader.fetch(_TASK.select(_TASK.unit).where(open_ones).distinct()))


def _job_view(job: Job) -> JobView:
    return JobView(**{name: getattr(job, name) for name in JobView.__dataclass_fields__})
