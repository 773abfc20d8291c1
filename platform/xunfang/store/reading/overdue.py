"""What is overdue at a moment, whoever owes it: that due first first, as much as one paper can tell of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import fn

from xunfang.rules.overdue import overdue
from xunfang.store.database import Reader
from xunfang.store.reading.sight import CASE, DUTY, TASK, tasks_in_sight
from xunfang.store.scope import Scope

MOST = 500
"""So many overdue tasks are told of one by one; of more, how many each unit has is counted by itself."""
_FIRST = 5
"""So many are told of a unit that has none among those."""


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


@dataclass(frozen=True, slots=True)
class OverdueOf:
    """How much a unit has overdue in all, and since when the oldest of it."""

    count: int
    due_at: datetime


def overdue_tasks(reader: Reader, scope: Scope, now: datetime) -> tuple[list[Overdue], dict[str, OverdueOf]]:
    """Return what is overdue in sight; of more than can be told, some of every unit, and how much each has in all."""
    rows = reader.fetch(_late(scope, now).limit(MOST + 1))
    if len(rows) <= MOST:
        return _told(reader, rows), {}
    whole, rows = _of_units(reader, scope, now), rows[:MOST]
    for unit in whole.keys() - {row["unit"] for row in rows}:
        rows += reader.fetch(_late(scope, now).where(TASK.unit == unit).limit(_FIRST))
    return _told(reader, rows), whole


def _of_units(reader: Reader, scope: Scope, now: datetime) -> dict[str, OverdueOf]:
    columns = (TASK.unit, fn.COUNT(TASK.id).alias("many"), fn.MIN(TASK.due_at).alias("first"))
    rows = reader.fetch(TASK.select(*columns).where(_found(scope, now)).group_by(TASK.unit))
    return {row["unit"]: OverdueOf(row["many"], row["first"]) for row in rows}


def _told(reader: Reader, rows: Sequence[Any]) -> list[Overdue]:
    cases = _numbers(reader, [row["case"] for row in rows if row["case"]])
    owed = _periods(reader, [row["about"] for row in rows if not row["case"]])
    return [_overdue(row, cases, owed) for row in rows]


def _found(scope: Scope, now: datetime) -> Any:
    return TASK.ended_at.is_null() & overdue(TASK.due_at, now) & tasks_in_sight(scope)


def _late(scope: Scope, now: datetime) -> Any:
    names = ("id", "unit", "flow", "state", "subject", "release", "due_at", "case", "about")
    return (
        TASK.select(*(getattr(TASK, name) for name in names)).where(_found(scope, now)).order_by(TASK.due_at, TASK.id)
    )


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
