"""In what the real engine and the pure floor are compared after each step of a scenario."""

from collections.abc import Mapping
from typing import Any

from xunfang.prove.scenarios import Failure

COMPARED = (
    "problems",
    "joined",
    "computed",
    "categories",
    "granted",
    "entitlements",
    "in_time",
    "proposed",
    "tasks",
    "printed",
    "issued",
    "reminded",
    "informed",
    "on_duty",
    "withdrawn",
    "started",
    "sums",
    "caps",
    "waits_until",
    "state",
    "overdue",
    "assisting",
    "case_due_at",
    "due_at",
    "alerts",
    "opened",
    "replaced",
    "resumed",
    "stopped",
)
"""What both floors must see alike after each step; besides, `ENGINE_LOOKS` and `papers`."""


def differing(number: int, expected: Mapping[str, Any], lived: Mapping[str, Any]) -> list[Failure]:
    """Return what both floors see differently after a step."""
    both = ((what, _comparable(what, expected[what]), _comparable(what, lived[what])) for what in COMPARED)
    return [Failure(number, what, wanted, got) for what, wanted, got in both if wanted != got]


def _comparable(what: str, value: Any) -> Any:
    if what == "tasks":
        return sorted((task["state"], task["unit"], task["form"], task.get("due_at", "")) for task in value)
    if what == "reminded":
        return sorted((item["to"], item["kind"]) for item in value)
    if what == "on_duty":
        return sorted((item["to"], item["role"], item["closed"], item["of"]) for item in value)
    if what == "opened":
        return sorted((item["duty"], item["due_at"], item["units"], _all_of(item["to"])) for item in value)
    if what == "entitlements":
        return sorted(tuple(map(str, item.values())) for item in value)
    if what == "proposed":
        return sorted((item["lead"], tuple(item["assist"]), tuple(item["informs"]), item["meeting"]) for item in value)
    return sorted(set(value)) if isinstance(value, list) else value


def _all_of(units: str | list[str]) -> list[str]:
    """Return one unit or several in one order: what came about in the same moment has none of its own."""
    return [units] if isinstance(units, str) else sorted(units)
