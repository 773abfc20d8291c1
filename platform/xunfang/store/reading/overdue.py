"""What is overdue at a moment, whoever owes it: that due first first, as much as one paper can tell of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xunfang.rules.overdue import overdue
from xunfang.store.database import Reader
from xunfang.store.reading.sight import CASE, DUTY, TASK, tasks_in_sight
from xunfang.store.scope import Scope

MOST = 500
"""So many overdue tasks are told of one by one; that there are more is told as well."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """One task that is overdue: whose it is, of which case (by number) or of which period of a duty."""

    id: str
    unit: str
    flow: str
    state: str
    subject: str
    release: str
    due_at: datetime
    case: str
    number: str
    duty: str
    every: str
    begins_on: date | None


def overdue_tasks(reader: Reader, scope: Scope, now: datetime) -> tuple[list[Overdue], bool]:
    """Return what is overdue in sight, and whether there is more of it."""
    rows = reader.fetch(_late(scope, now).limit(MOST + 1))
    cases = _numbers(reader, [row["case"] for row in rows if row["case"]])
    owed = _periods(reader, [row["about"] for row in rows if not row["case"]])
    return [_overdue(row, cases, owed) for row in rows[:MOST]], len(rows) > MOST


def _late(scope: Scope, now: datetime) -> Any:
    names = ("id", "unit", "flow", "state", "subject", "release", "due_at", "case", "about")
    found = TASK.ended_at.is_null() & overdue(TASK.due_at, now) & tasks_in_sight(scope)
    return TASK.select(*(getattr(TASK, name) for name in names)).where(found).order_by(TASK.due_at, TASK.id)


def _numbers(reader: Reader, keys: Sequence[str]) -> dict[str, Any]:
    rows = reader.fetch(CASE.select(CASE.id, CASE.number, CASE.release).where(CASE.id.in_(list(keys)))) if keys else []
    return {row["id"]: row for row in rows}


def _periods(reader: Reader, keys: Sequence[str]) -> dict[str, Any]:
    names = (DUTY.id, DUTY.duty, DUTY.every, DUTY.begins_on)
    rows = reader.fetch(DUTY.select(*names).where(DUTY.id.in_(list(keys)))) if keys else []
    return {row["id"]: row for row in rows}


def _overdue(row: Any, cases: dict[str, Any], owed: dict[str, Any]) -> Overdue:
    case, period = cases.get(row["case"], {}), owed.get(row["about"], {})
    told = {name: row[name] for name in ("id", "unit", "flow", "state", "subject", "due_at")}
    return Overdue(
        **told,
        release=row["release"] or case.get("release", ""),
        case=row["case"] or "",
        number=case.get("number", ""),
        duty=row["about"] if period else "",
        every=period.get("every", ""),
        begins_on=period.get("begins_on"),
    )
