"""Jobs 作业 that workers carry out, and the signs of life that workers leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from xunfang.store.columns import Sealed
from xunfang.store.rows import table


@table(
    "job",
    unique=[("key",)],
    indexes=[
        ("status", "run_at", "id"),
        ("status", "jurisdiction", "run_at", "id"),
        ("task", "status"),
        ("case", "status"),
        ("status", "holder"),
    ],
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work to do at `run_at`. `key` says what it is for; `payload` holds ids only, never a person's data.

    `jurisdiction` is the one whose rows it writes. `status`: ready, done, parked or cancelled. While somebody works on
    it, it is ready with a lease, a token and a holder; `attempts` counts claims, so that a job which kills its worker
    cannot do so for ever.
    """

    id: str
    kind: str
    key: str
    payload: Mapping[str, Any]
    run_at: datetime
    status: str = "ready"
    attempts: int = 0
    lease_until: datetime | None = None
    token: str = ""
    holder: str = ""
    last_error: Annotated[str, Sealed()] = ""
    ended_at: datetime | None = None
    task: str = ""
    case: str = ""
    jurisdiction: str = ""


@table("heartbeat", key=("name",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """When something last showed that it lives, and what it had to say; empty when all is well."""

    name: str
    at: datetime
    note: str = ""


@table("seen", key=("name",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The latest moment ever seen, by which a clock that was set back is noticed."""

    name: str
    at: datetime
