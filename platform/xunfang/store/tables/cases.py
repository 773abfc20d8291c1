"""Cases 个案, the dispatch 拟办分派 of each, the tasks 任务 that come of it, and what they told and wait for."""

from dataclasses import dataclass
from datetime import datetime

from xunfang.casework.rows import Case, Dispatch, Task, Told, Wait
from xunfang.store.rows import table

table(
    "case",
    unique=[("jurisdiction", "number")],
    indexes=[
        ("person", "flow", "closed_at"),
        ("residence", "closed_at"),
        ("jurisdiction", "opened_at", "id"),
        ("jurisdiction", "id"),
    ],
    checks=["residence <> ''"],
    references={"release": "release", "person": "person"},
)(Case)

table(
    "dispatch",
    indexes=[("case",), ("jurisdiction", "status", "proposed_at", "id")],
    references={"case": "case"},
)(Dispatch)

table(
    "task",
    indexes=[
        ("case",),
        ("jurisdiction", "unit", "ended_at", "due_at", "id"),
        ("jurisdiction", "unit", "urgent", "ended_at", "due_at", "id"),
        ("jurisdiction", "ended_at", "due_at", "id", "residence"),
        ("jurisdiction", "ended_at", "overdue_at"),
        ("lead_task",),
        ("answers",),
        ("jurisdiction", "urgent", "ended_at", "due_at", "id", "residence"),
        ("about",),
        ("claimed_by", "ended_at", "due_at", "id"),
        ("jurisdiction", "ended_at", "residence", "urgent", "due_at", "id"),
        ("jurisdiction", "id"),
    ],
    partial={
        "task_pressing": (
            ("jurisdiction", "due_at", "id", "residence"),
            '"ended_at" IS NULL AND ("overdue_at" IS NOT NULL OR "supervised_at" IS NOT NULL '
            'OR "extension" IS NOT NULL)',
        )
    },
)(Task)

table("told", indexes=[("case",)], references={"case": "case", "task": "task"})(Told)

table("wait", indexes=[("case",)], references={"case": "case"})(Wait)


@table("case_in_sight", key=("jurisdiction", "who", "stage", "at", "case"), indexes=[("case", "who")])
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInSight:
    """Where lists look for cases: one line for each division a case lives within, and each unit that has sight of it.

    The database itself writes it, by triggers, whenever a case, task, clue or dispatch is written. A line may outlive
    what it was written for: whether a case is in sight is always decided anew. `stage` is "open", "closed", "archived",
    "void" (closed without an outcome) or "shelved", which is archived and void; `at` is when the case was opened.
    """

    jurisdiction: str
    who: str
    stage: str
    at: datetime
    case: str


__all__ = ["Case", "CaseInSight", "Dispatch", "Task", "Told", "Wait"]
