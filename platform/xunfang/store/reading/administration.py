"""What administrators see: accounts without their secrets, and how the machinery is."""

from dataclasses import dataclass
from datetime import datetime

from peewee import fn

from xunfang.store.database import Reader
from xunfang.store.reading.paging import Page, capped_count, read_page
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Account, Heartbeat, Job

_ACCOUNT, _JOB = model_of(Account), model_of(Job)


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


@dataclass(frozen=True, slots=True)
class MachineryView:
    """How the machinery is. `oldest_due_at` is the earliest job that should have run already, None when none waits."""

    parked: tuple[JobView, ...]
    waiting: int
    oldest_due_at: datetime | None
    heartbeats: tuple[Heartbeat, ...]


def account_page(reader: Reader, scope: Scope, after: str, unit: str = "") -> Page[AccountView]:
    """Return a page of the jurisdiction's accounts, oldest first."""
    shown = [getattr(_ACCOUNT, name) for name in AccountView.__dataclass_fields__]
    query = _ACCOUNT.select(*shown).where(_ACCOUNT.jurisdiction == scope.jurisdiction)
    query = query.where(_ACCOUNT.unit == unit) if unit else query
    fields = AccountView.__dataclass_fields__
    by = (_ACCOUNT.created_at, _ACCOUNT.id)
    return read_page(reader, query, by, lambda row: AccountView(**{name: row[name] for name in fields}), after)


def machinery(reader: Reader, scope: Scope, now: datetime) -> MachineryView:
    """Return how the machinery is at this moment, with the parked jobs of the jurisdiction."""
    due = _JOB.select().where((_JOB.status == "ready") & (_JOB.run_at <= now))
    parked = reader.select(Job, limit=200, status="parked")
    oldest = reader.fetch(due.select(_JOB.run_at).order_by(_JOB.run_at).limit(1))
    return MachineryView(
        parked=tuple(_job_view(job) for job in parked if job.payload.get("jurisdiction") == scope.jurisdiction),
        waiting=capped_count(reader, due),
        oldest_due_at=oldest[0]["run_at"] if oldest else None,
        heartbeats=tuple(reader.select(Heartbeat)),
    )


def members(reader: Reader, jurisdiction: str, unit: str) -> int:
    """Return how many active accounts a unit has, so that escalation never ends at an empty post."""
    query = _ACCOUNT.select(fn.COUNT(_ACCOUNT.id).alias("n")).where(
        (_ACCOUNT.jurisdiction == jurisdiction) & (_ACCOUNT.unit == unit) & (_ACCOUNT.state == "active")
    )
    return int(reader.fetch(query)[0]["n"])


def _job_view(job: Job) -> JobView:
    return JobView(**{name: getattr(job, name) for name in JobView.__dataclass_fields__})
