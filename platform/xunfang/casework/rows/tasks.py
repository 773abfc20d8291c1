"""Tasks 任务: what somebody has to do about a case, a duty or an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task. `status`: open, claimed, done, returned, transferred, withdrawn; `ended_at` is set with the last four.

    `unit` holds it; `residence` is the case's, kept here so that one index serves a queue. `due` explains `due_at`:
    limit, deadline, counted, skipped, provisional, clauses. `overdue_at` records a breach and is never taken back.
    `answers` is the key of the submission it was completed with. `sent_as` is the task as it was first sent, from
    which this one came by being transferred, or "" for that one itself; an assisting task `helps` the leads, as they
    were sent, that named its unit. `counts_from` is when its clock began, where that was not when it was opened.
    `urgent` is the case's, kept here so that urgent ones lead the queue.
    A work item that needs no case has an empty `case` and `flow`: `subject` is then of what kind it is ("duty",
    "alert"), `about` the key of what it is about, `state` the rule it is an instance of, `release` the rules it is by.
    `returned`: how often its unit had given the case back in this state when it was sent there once more.
    While it is suspended 中止 (`suspended_at`) it has no `due_at`. `extension`: the time asked for and not yet decided
    about (workdays, by whom, when). `excused`: of several units that a duty reports to, those that ask for it no more.
    """

    id: str
    case: str
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
    sent_as: str = ""
    helps: tuple[str, ...] = ()
    counts_from: datetime | None = None
    suspended_at: datetime | None = None
    extension: Mapping[str, Any] | None = None
    urgent: bool = False
    subject: str = "case"
    about: str = ""
    release: str = ""
    returned: int = 0
    excused: tuple[str, ...] = ()
