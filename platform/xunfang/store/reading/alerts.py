"""Events 应急响应: those that are on, the list of all, everything about one, and what was opened for them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import JOIN, fn

from xunfang.rules.standing_in import Ordinary
from xunfang.store.database import Reader
from xunfang.store.reading.case_file import SubmissionView, submission_views
from xunfang.store.reading.paging import Listing, Page, ask_page
from xunfang.store.reading.sight import DUTY, OF_DUTY, TASK, duties_in_sight, tasks_in_sight
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Alert, Event, Task

_ALERT = model_of(Alert)


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened of a duty for an event."""

    id: str
    duty: str
    unit: str
    every: str
    begins_on: date
    alert: str
    turn: int
    status: str


@dataclass(frozen=True, slots=True)
class AlertItem:
    """One line of the list of events."""

    id: str
    kind: str
    places: tuple[str, ...]
    steps: tuple[Mapping[str, Any], ...]
    unit: str
    release: str
    declared_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AlertFile:
    """An event with its task and its record; `summary` where the reader may see it.

    `counts` tells, of each duty, how many units owe or owed it in sight, by how that stands.
    """

    alert: Alert
    task: Task
    events: tuple[Event, ...]
    summary: SubmissionView | None
    counts: Mapping[str, Mapping[str, int]]


def alerts_in_sight(scope: Scope) -> Any:
    """Return the condition on events: those of the jurisdiction, for whoever works there; they tell of no person."""
    return _ALERT.jurisdiction == scope.jurisdiction


def alerts_on(reader: Reader, jurisdiction: str) -> list[Alert]:
    """Return the events of a jurisdiction that are not closed, the first declared first."""
    return sorted(reader.select(Alert, jurisdiction=jurisdiction, ended_at=None), key=lambda row: row.id)


def alerts_since(reader: Reader, jurisdiction: str, since: datetime) -> list[Alert]:
    """Return the events of a jurisdiction that are not closed, or were closed since a moment."""
    found = reader.fetch(
        _ALERT.select(_ALERT.id).where((_ALERT.jurisdiction == jurisdiction) & (_ALERT.ended_at >= since))
    )
    closed = (reader.find(Alert, row["id"]) for row in found)
    return [*alerts_on(reader, jurisdiction), *(row for row in closed if row)]


def opened_for(reader: Reader, jurisdiction: str, alerts: Collection[str], since: date) -> list[Opened]:
    """Return what was opened for some events, once or for periods begun since a day, and all still owed for any."""
    for_these = DUTY.alert.in_(list(alerts)) & ((DUTY.begins_on >= since) | (DUTY.every == ""))
    owed = (DUTY.alert != "") & DUTY.ended_at.is_null()
    columns = (getattr(DUTY, name) for name in Opened.__dataclass_fields__)
    rows = reader.fetch(DUTY.select(*columns).where((DUTY.jurisdiction == jurisdiction) & (for_these | owed)))
    return [Opened(**{name: row[name] for name in Opened.__dataclass_fields__}) for row in rows]


def ordinary_open(reader: Reader, jurisdiction: str, duties: Collection[str], since: date) -> list[Ordinary]:
    """Return what was opened of duties that others stand in place of: open, to be owed again, or begun since a day."""
    own = (getattr(DUTY, name) for name in Ordinary.__dataclass_fields__ if name != "due_at")
    aside = (DUTY.status == "replaced") & (_ALERT.ended_at.is_null() | (TASK.due_at > _ALERT.ended_at))
    query = (
        DUTY.select(*own, TASK.due_at)
        .join(TASK, on=OF_DUTY)
        .join(_ALERT, JOIN.LEFT_OUTER, on=(_ALERT.id == DUTY.alert))
        .where((DUTY.jurisdiction == jurisdiction) & DUTY.duty.in_(list(duties)))
        .where(TASK.due_at.is_null(False) & (DUTY.ended_at.is_null() | aside | (DUTY.begins_on >= since)))
    )
    return [Ordinary(**{name: row[name] for name in Ordinary.__dataclass_fields__}) for row in reader.fetch(query)]


def alert_page(reader: Reader, scope: Scope, after: str) -> Page[AlertItem]:
    """Return a page of the events of the jurisdiction, that declared last first."""
    return ask_page(reader, _item, after, _listed, scope)


def _listed(scope: Scope) -> Listing:
    columns = (getattr(_ALERT, name) for name in AlertItem.__dataclass_fields__)
    query = _ALERT.select(*columns).where(alerts_in_sight(scope))
    return Listing(query, (_ALERT.declared_at, _ALERT.id), newest_first=True)


def _item(row: Mapping[str, Any]) -> AlertItem:
    return AlertItem(**{name: row[name] for name in AlertItem.__dataclass_fields__})


def read_alert_file(reader: Reader, scope: Scope, alert: Alert) -> AlertFile:
    """Return everything about an event that the caller has found to be in sight."""
    task = reader.first(Task, about=alert.id)
    assert task is not None
    sees = bool(reader.fetch(TASK.select(TASK.id).where((TASK.id == task.id) & tasks_in_sight(scope))))
    summary = submission_views(reader, [alert.answers]).get(alert.answers) if sees else None
    events = tuple(reader.every(Event, task=task.id))
    return AlertFile(alert, task, events, summary, _counts(reader, scope, alert.id))


def _counts(reader: Reader, scope: Scope, alert: str) -> dict[str, dict[str, int]]:
    counted = fn.COUNT(DUTY.id).alias("counted")
    late = fn.COUNT(TASK.overdue_at).alias("late")
    query = (
        DUTY.select(DUTY.duty, DUTY.status, counted, late)
        .join(TASK, on=OF_DUTY)
        .where((DUTY.alert == alert) & duties_in_sight(scope))
        .group_by(DUTY.duty, DUTY.status)
    )
    found: dict[str, dict[str, int]] = {}
    for row in reader.fetch(query):
        of_duty = found.setdefault(row["duty"], {})
        of_duty[row["status"]] = row["counted"]
        of_duty["late"] = of_duty.get("late", 0) + row["late"]
    return found
