"""Duties 定期任务: what each unit owes for each period, and each thing that it falls on."""

from xunfang.casework.rows import Drawing, DutyPeriod, OwedThing
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

table(
    "owed_thing",
    unique=[("about", "subject", "matter", "every", "begins_on")],
    indexes=[
        ("person", "ends_on"),
        ("period", "status", "planned_at", "id"),
        ("jurisdiction", "unit", "status", "planned_at", "id"),
        ("jurisdiction", "status", "ends_on", "id"),
    ],
    checks=["residence <> ''"],
    references={"period": "duty_period"},
)(OwedThing)

table(
    "drawing",
    unique=[("jurisdiction", "duty", "unit", "every", "begins_on")],
    indexes=[("period",)],
    checks=["residence <> ''"],
    references={"release": "release", "period": "duty_period"},
    sealed=("lots", "strata"),
)(Drawing)

__all__ = ["Drawing", "DutyPeriod", "OwedThing"]
