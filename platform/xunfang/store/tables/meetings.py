"""Sittings 会议 of meetings, their agenda, and their minutes."""

from xunfang.casework.rows import AgendaItem, Minutes, Sitting
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

table(
    "minutes",
    unique=[("sitting",), ("jurisdiction", "series", "year", "n")],
    indexes=[("sha256",)],
    references={"sitting": "sitting", "release": "release"},
    sealed=("chair", "recorder", "remarks", "agreed", "objections", "error"),
)(Minutes)

__all__ = ["AgendaItem", "Minutes", "Sitting"]
