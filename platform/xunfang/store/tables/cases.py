"""Cases 个案, the dispatch 拟办分派 of each, the tasks 任务 that come of it, and what they told and wait for."""

from xunfang.casework.rows import Case, Dispatch, Task, Told, Wait
from xunfang.store.rows import table

table(
    "case",
    unique=[("jurisdiction", "number")],
    indexes=[
        ("person", "flow", "closed_at"),
        ("residence", "closed_at"),
        ("jurisdiction", "opened_at", "id"),
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
        ("jurisdiction", "ended_at", "due_at", "id"),
        ("jurisdiction", "ended_at", "overdue_at"),
        ("lead_task",),
        ("answers",),
        ("jurisdiction", "urgent", "ended_at", "due_at", "id"),
        ("about",),
    ],
)(Task)

table("told", indexes=[("case",)], references={"case": "case", "task": "task"})(Told)

table("wait", indexes=[("case",)], references={"case": "case"})(Wait)

__all__ = ["Case", "Dispatch", "Task", "Told", "Wait"]
