"""What is owed under duties 定期任务: the list, and everything about one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from peewee import JOIN, SQL

from xunfang.rules.overdue import overdue
from xunfang.store.composing import in_few_shapes
from xunfang.store.database import Reader
from xunfang.store.reading.case_file import SubmissionView, names_of, submission_views
from xunfang.store.reading.paging import Listing, Page, ask_page, ask_through
from xunfang.store.reading.sight import (
    ALWAYS,
    DUTY,
    OF_DUTY,
    TASK,
    duties_in_sight,
    goes_only_to,
    is_county_wide,
    parts_within,
)
from xunfang.store.scope import Scope
from xunfang.store.tables import DutyPeriod, Event, Task


class Shown(StrEnum):
    """Which of what is owed a list shows."""

    ALL = "all"
    OPEN = "open"
    LATE = "late"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class DutyItem:
    """One line of the list. `late`: handed in or still to be handed in after it was due."""

    id: str
    duty: str
    unit: str
    to: tuple[str, ...]
    every: str
    begins_on: date
    release: str
    status: str
    opened_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    due: Mapping[str, Any] | None
    claimed_by: str
    overdue_at: datetime | None
    completed_in_time: bool | None
    excused: tuple[str, ...] | None


OF_TASK = ("due_at", "due", "claimed_by", "overdue_at", "completed_in_time", "excused")
"""What of a line is told by the task."""


@dataclass(frozen=True, slots=True)
class DutyFile:
    """What is owed for one period with its task and record; `names` of the accounts that occur, by key."""

    owed: DutyPeriod
    task: Task
    events: tuple[Event, ...]
    submission: SubmissionView | None
    names: Mapping[str, str]


def duty_page(reader: Reader, scope: Scope, show: Shown, now: datetime, after: str) -> Page[DutyItem]:
    """Return a page of what is owed in sight, that opened last first; what is late is looked for in a WINDOW."""
    if show is Shown.LATE:
        return ask_through(reader, _item, after, _listed, scope, show, now, True)
    return ask_page(reader, _item, after, _listed, scope, show, now, is_county_wide(scope))


def _listed(scope: Scope, show: Shown, now: datetime, everywhere: bool) -> Listing:
    own = (getattr(DUTY, name) for name in DutyItem.__dataclass_fields__ if name not in OF_TASK)
    query = DUTY.select(*own, *(getattr(TASK, name) for name in OF_TASK))
    query = query.join(TASK, JOIN.LEFT_OUTER, on=OF_DUTY)
    past = TASK.overdue_at.is_null(False) | (TASK.completed_in_time == 0)
    late = past | (TASK.ended_at.is_null() & overdue(TASK.due_at, now))
    wanted = {
        Shown.OPEN: DUTY.ended_at.is_null(),
        Shown.LATE: late & (DUTY.status != "waived"),
        Shown.DONE: DUTY.ended_at.is_null(False),
    }
    found, by = duties_in_sight(scope), (DUTY.opened_at, DUTY.id)
    found = found & wanted[show] if show in wanted else found
    if everywhere:
        through = DUTY.select().where(DUTY.jurisdiction == scope.jurisdiction)
        return Listing(query.where(found), by, newest_first=True, through=through)
    return Listing(query, by, newest_first=True, spans=tuple(spans_of_duties(scope, found)))


def spans_of_duties(scope: Scope, found: Any = ALWAYS) -> Iterator[Listing]:
    """Yield the spans of keys in which all lie that are owed by the unit, to it, or within the division."""
    ours = (condition for unit in scope.units for condition in (DUTY.unit == unit, goes_only_to(unit)))
    for condition in (*ours, DUTY.receivers > 1, *parts_within(DUTY.residence, scope)):
        here = (DUTY.jurisdiction == scope.jurisdiction) & condition
        yield Listing(
            DUTY.select(DUTY.id.alias("key")).where(here & found), (DUTY.opened_at, DUTY.id), newest_first=True
        )


def _item(row: Mapping[str, Any]) -> DutyItem:
    return DutyItem(**{name: row[name] for name in DutyItem.__dataclass_fields__})


def read_duty_file(reader: Reader, owed: DutyPeriod) -> DutyFile:
    """Return everything about what is owed for a period that the caller has found to be in sight."""
    task = reader.first(Task, about=owed.id)
    assert task is not None
    events = tuple(reader.every(Event, task=task.id))
    submission = submission_views(reader, [owed.answers]).get(owed.answers)
    people = {event.actor for event in events} | {task.claimed_by}
    return DutyFile(owed, task, events, submission, names_of(reader, people))


def returns_before(
    reader: Reader, jurisdiction: str, duty: str, units: Sequence[str], first: date, before: date
) -> list[DutyPeriod]:
    """Return what units handed in on the form of a duty, for periods begun since a day and before another."""
    begun = (DUTY.begins_on >= first) & (DUTY.begins_on < before) & (DUTY.answers != "")
    theirs = (DUTY.jurisdiction == jurisdiction) & (DUTY.duty == duty) & DUTY.unit.in_(list(units))
    keys = reader.fetch(DUTY.select(DUTY.id).where(theirs & begun))
    rows = (reader.find(DutyPeriod, row["id"]) for row in keys)
    return sorted((row for row in rows if row), key=lambda row: row.begins_on)


Told = list[tuple[date, Mapping[str, Any]]]
"""What was handed in for periods: their first days, and the answers."""


def told_before(reader: Reader, owed: DutyPeriod, units: Sequence[str], first: date) -> Told:
    """Return what units handed in under the duty of a period, for the earlier ones since a day."""
    rows = returns_before(reader, owed.jurisdiction, owed.duty, units, first, owed.begins_on)
    told = submission_views(reader, [row.answers for row in rows])
    return [(row.begins_on, told[row.answers].answers) for row in rows if row.answers in told]


def owed_for(reader: Reader, jurisdiction: str, periods: Iterable[tuple[str, date]]) -> set[tuple[str, str, str, date]]:
    """Return duty, unit and period of all that was opened for some periods, each by how often and its first day."""
    found = set[tuple[str, str, str, date]]()
    for every, first in periods:
        rows = reader.ask(_opened_for, jurisdiction, every, first.isoformat())
        found.update((row["duty"], row["unit"], every, first) for row in rows)
    return found


def _opened_for(jurisdiction: str, every: str, first: str) -> Any:
    theirs = (DUTY.jurisdiction == jurisdiction) & (SQL('"begins_on"') == first) & (DUTY.every == every)
    return DUTY.select(DUTY.duty, DUTY.unit).where(theirs)


def owed_by(
    reader: Reader, jurisdiction: str, duties: Iterable[str], units: Iterable[str], days: Iterable[date]
) -> list[DutyPeriod]:
    """Return what some units owe under some duties for periods begun on some days."""
    asked = (in_few_shapes(each) for each in (duties, units, (day.isoformat() for day in days)))
    return reader.ask_rows(DutyPeriod, _owed_by, jurisdiction, *asked) if duties else []


def _owed_by(jurisdiction: str, duties: tuple[str, ...], units: tuple[str, ...], days: tuple[str, ...]) -> Any:
    theirs = (DUTY.jurisdiction == jurisdiction) & DUTY.duty.in_(duties) & DUTY.unit.in_(units)
    return DUTY.select().where(theirs & SQL('"begins_on"').in_(days))


def ended_since(
    reader: Reader, jurisdiction: str, duty: str, day: date
) -> dict[tuple[str, str, date], datetime | None]:
    """Return when what is owed under a duty was ended, by unit and period, of all for periods begun since a day."""
    rows = reader.fetch(
        DUTY.select(DUTY.unit, DUTY.every, DUTY.begins_on, DUTY.ended_at).where(
            (DUTY.jurisdiction == jurisdiction) & (DUTY.begins_on >= day) & (DUTY.duty == duty)
        )
    )
    return {(row["unit"], row["every"], row["begins_on"]): row["ended_at"] for row in rows}
