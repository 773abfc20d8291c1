"""Alerts 应急响应: every event that was declared."""

from xunfang.casework.rows import Alert
from xunfang.store.rows import table

table(
    "alert",
    indexes=[("jurisdiction", "ended_at"), ("jurisdiction", "declared_at", "id"), ("answers",)],
    checks=["residence <> ''"],
    references={"release": "release"},
)(Alert)

__all__ = ["Alert"]
