"""Sittings 会议 of meetings, and their agenda."""

from xunfang.casework.rows import AgendaItem, Sitting
from xunfang.store.rows import table

table(
    "sitting",
    unique=[("jurisdiction", "meeting", "unit", "year", "n")],
    indexes=[("jurisdiction", "planned_at", "id")],
    checks=["residence <> ''"],
    references={"release": "release"},
    sealed=("place", "present", "reason"),
)(Sitting)

table(
    "agenda_item",
    unique=[("task", "turn")],
    indexes=[("sitting", "n"), ("case",)],
    references={"sitting": "sitting", "case": "case", "task": "task"},
    sealed=("words",),
)(AgendaItem)

__all__ = ["AgendaItem", "Sitting"]
