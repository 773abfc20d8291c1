"""Duties 定期任务: what each unit owes for each period."""

from xunfang.casework.rows import DutyPeriod
from xunfang.store.rows import table

table(
    "duty_period",
    unique=[("jurisdiction", "duty", "unit", "every", "begins_on", "alert", "turn")],
    indexes=[
        ("jurisdiction", "begins_on"),
        ("jurisdiction", "opened_at", "id"),
        ("jurisdiction", "unit", "opened_at", "id"),
        ("jurisdiction", "to", "opened_at", "id"),
        ("jurisdiction", "receivers", "opened_at", "id"),
        ("jurisdiction", "residence", "opened_at", "id"),
        ("unit",),
        ("answers",),
        ("alert",),
    ],
    checks=["residence <> ''"],
    references={"release": "release"},
)(DutyPeriod)

__all__ = ["DutyPeriod"]
