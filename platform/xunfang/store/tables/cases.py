"""Cases 个案, the dispatch 拟办分派 of each, and the tasks 任务 that come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from xunfang.store.columns import References
from xunfang.store.rows import table


@table(
    "case",
    unique=[("jurisdiction", "number")],
    indexes=[
        ("person", "flow", "closed_at"),
        ("residence", "closed_at"),
        ("jurisdiction", "opened_at", "id"),
    ],
    checks=["residence <> ''"],
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case. `residence` decides who sees it and is never empty: where it is unknown, the code of the county stands.

    `due` explains the case's own clock as `Task.due` does. `parent` is the case that started this one's flow, or "".
    """

    id: str
    number: str
    jurisdiction: str
    release: Annotated[str, References("release")]
    flow: str
    state: str
    person: Annotated[str, References("person")]
    residence: str
    registration: str
    opened_at: datetime
    urgency: str = ""
    needs: tuple[str, ...] = ()
    due_at: datetime | None = None
    due: Mapping[str, Any] | None = None
    closed_at: datetime | None = None
    outcome: str = ""
    parent: str = ""
    version: int = 1


@table("dispatch", indexes=[("case",), ("jurisdiction", "status", "proposed_at", "id")])
@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """What routing proposed for a case in a state, and what a person confirmed. `status`: "proposed" or "confirmed"."""

    id: str
    jurisdiction: str
    case: Annotated[str, References("case")]
    state: str
    proposed: Sequence[Mapping[str, Any]]
    proposed_at: datetime
    status: str = "proposed"
    confirmed: Sequence[Mapping[str, Any]] | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    version: int = 1


@table(
    "task",
    indexes=[
        ("case",),
        ("unit", "ended_at", "due_at", "id"),
        ("jurisdiction", "ended_at", "due_at", "id"),
        ("jurisdiction", "ended_at", "overdue_at"),
        ("lead_task",),
        ("answers",),
    ],
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task. `status`: open, claimed, done, returned, transferred, withdrawn; `ended_at` is set with the last four.

    `unit` holds it; `residence` is the case's, kept here so that one index serves a queue. `due` explains `due_at`:
    limit, deadline, counted, skipped, provisional, clauses. `overdue_at` records a breach and is never taken back.
    `answers` is the key of the submission it was completed with.
    """

    id: str
    case: Annotated[str, References("case")]
    jurisdiction: str
    flow: str
    state: str
    unit: str
    residence: str
    opened_at: datetime
    role: str = "lead"
    lead_task: str = ""
    status: str = "open"
    routes: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    claimed_by: str = ""
    claimed_at: datetime | None = None
    due_at: datetime | None = None
    due: Mapping[str, Any] | None = None
    outcome: str = ""
    answers: str = ""
    ended_at: datetime | None = None
    completed_in_time: bool | None = None
    overdue_at: datetime | None = None
    supervised_at: datetime | None = None
    version: int = 1
