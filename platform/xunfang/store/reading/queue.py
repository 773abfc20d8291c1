"""The queue 待办: tasks by how near their deadline is, of one's own unit or, for a superior, of those below."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from peewee import JOIN, Case, fn

from xunfang.store.database import Reader
from xunfang.store.reading.paging import MOST_COUNTED, WINDOW, Count, Listing, Page, are_few, ask_page, ask_through
from xunfang.store.reading.sight import CASE, DUTY, PERSON, TASK, cases_in_sight, of_unit, within
from xunfang.store.rows import model_of, table_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Account, Task, Wait

_ACCOUNT, _WAIT = model_of(Account), model_of(Wait)
_BELOW = TASK.alias("below")


class Nearness(StrEnum):
    """How near a deadline is."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Horizon:
    """The moments that part the queue: now, the last of today, and the last that is still soon."""

    now: datetime
    today_ends: datetime
    soon_ends: datetime


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What to leave out of the queue. `below` looks at all tasks in sight instead of the unit's own.

    `pressing` keeps those overdue, supervised or asking for more time, `finished` shows what has left the queue.
    """

    nearness: Nearness | None = None
    flow: str = ""
    state: str = ""
    unit: str = ""
    urgency: str = ""
    status: str = ""
    mine: bool = False
    below: bool = False
    pressing: bool = False
    finished: bool = False


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One line of the queue. Of a duty, `about` is the key of what is owed, for the period that `every` and `begins_on`
    name; it has no case.
    """

    task: str
    version: int
    case: str
    case_number: str
    release: str
    person_name: str
    residence: str
    needs: tuple[str, ...]
    urgency: str
    flow: str
    state: str
    unit: str
    role: str
    status: str
    routes: tuple[str, ...]
    cites: tuple[str, ...]
    claimed_by: str
    claimed_by_name: str
    opened_at: datetime
    due_at: datetime | None
    due: Mapping[str, Any] | None
    outcome: str
    ended_at: datetime | None
    completed_in_time: bool | None
    overdue_at: datetime | None
    supervised_at: datetime | None
    suspended_at: datetime | None
    extension: Mapping[str, Any] | None
    subject: str
    about: str
    every: str
    begins_on: date | None


def queue_page(reader: Reader, scope: Scope, wanted: QueueFilter, horizon: Horizon, after: str) -> Page[QueueItem]:
    """Return a page of tasks: urgent ones, then the others, each by due moment; those without a deadline come last.

    Finished ones come newest first.
    """
    few = _few_below(reader, scope, wanted)
    asked = (scope, wanted, horizon, few)
    page_of = ask_through if _is_narrowed(wanted) and not few else ask_page
    if wanted.finished:
        return page_of(reader, _item, after, _finished, *asked)
    begin = _UNDATED if after.startswith(".") else _URGENT if after.startswith(_LEADS) or not after else _DATED
    stages: tuple[int, ...] = (_UNDATED,) if wanted.nearness is Nearness.UNDATED else (_URGENT, _DATED, _UNDATED)
    stages = stages[:2] if wanted.nearness is not None else stages
    items: tuple[QueueItem, ...] = ()
    for stage in (stage for stage in stages if stage >= begin):
        page = page_of(reader, _item, after.removeprefix(_LEADS), _stretch, *asked, stage)
        items, after = items + page.items, ""
        if page.next:
            return Page(items, f"{_LEADS}{page.next}" if stage == _URGENT else page.next)
    return Page(items, "")


def _finished(scope: Scope, wanted: QueueFilter, horizon: Horizon, few: bool) -> Listing:
    in_order, by = _in_order(scope, wanted, horizon), (TASK.ended_at, TASK.id)
    through = TASK.select().where(in_order)
    return Listing(_items().where(in_order & _narrowed(wanted, horizon)), by, newest_first=True, through=through)


def _stretch(scope: Scope, wanted: QueueFilter, horizon: Horizon, few: bool, stage: int) -> Listing:
    by = (TASK.due_at, TASK.id)
    if few:
        return Listing(_items(), by, spans=(_few_in_order(scope, wanted, horizon, stage),))
    in_order = _in_order(scope, wanted, horizon) & _stage(TASK, stage)
    through = TASK.select().where(in_order)
    return Listing(_items().where(in_order & _narrowed(wanted, horizon)), by, led=(TASK.ended_at,), through=through)


def _few_in_order(scope: Scope, wanted: QueueFilter, horizon: Horizon, stage: int) -> Listing:
    """Return the span of the few tasks below that are wanted: found and ordered before anything is joined to them."""
    found = _few(scope, wanted, horizon, _stage(_BELOW, stage)) & _narrowed(wanted, horizon)
    return Listing(_with_case(found, wanted, TASK.id.alias("key")), (TASK.due_at, TASK.id))


_LEADS = "!"
"""How the place begins at which a page among the urgent ones ended."""
_URGENT, _DATED, _UNDATED = range(3)
"""The stretches of the queue one after another, each found and ordered by an index."""


def _stage(tasks: Any, stage: int) -> Any:
    """Return the condition that tasks are of one stretch."""
    if stage == _UNDATED:
        return tasks.due_at.is_null()
    return (tasks.urgent == (1 if stage == _URGENT else 0)) & tasks.due_at.is_null(False)


def queue_counts(reader: Reader, scope: Scope, wanted: QueueFilter, horizon: Horizon) -> dict[Nearness, Count]:
    """Return how many tasks each nearness holds, up to MOST_COUNTED.

    What no index finds is counted among the first WINDOW of those that one does; then there are at least so many.
    """
    few = _few_below(reader, scope, wanted)
    return {nearness: _count(reader, nearness, scope, wanted, horizon, few) for nearness in Nearness}


def _count(reader: Reader, nearness: Nearness, *asked: Any) -> Count:
    found = reader.ask(_counted, nearness, *asked)[0]
    n, looked_through = int(found["n"] or 0), int(found["looked_through"])
    return Count(min(n, MOST_COUNTED), more=n >= MOST_COUNTED or looked_through >= WINDOW)


def _counted(nearness: Nearness, scope: Scope, wanted: QueueFilter, horizon: Horizon, few: bool) -> Any:
    """Count what is wanted among the first of those that an index finds, as many as it takes."""
    most = WINDOW if _is_narrowed(wanted) else MOST_COUNTED
    if few:
        found = _few(scope, wanted, horizon, _near(_BELOW, nearness, horizon))
    else:
        found = _in_order(scope, wanted, horizon) & _near(TASK, nearness, horizon)
    here = Case(None, ((_narrowed(wanted, horizon), 1),), 0).alias("here")
    some = _with_case(found, wanted, here).limit(most).alias("some")
    return some.select_from(fn.SUM(some.c.here).alias("n"), fn.COUNT(some.c.here).alias("looked_through"))


def waits(reader: Reader, scope: Scope, cases: Iterable[str]) -> dict[str, datetime]:
    """Return when the wait of each of these cases is over, where one runs and is in sight."""
    return {row["case"]: row["until"] for row in reader.ask(_waits, scope, tuple(cases))}


def _waits(scope: Scope, cases: tuple[str, ...]) -> Any:
    running = _WAIT.ended_at.is_null() & (_WAIT.state == CASE.state) & CASE.id.in_(cases) & cases_in_sight(scope)
    return _WAIT.select(_WAIT.case, _WAIT.until).join(CASE, on=(_WAIT.case == CASE.id)).where(running)


def _with_case(found: Any, wanted: QueueFilter, *chosen: Any) -> Any:
    """Return the query of tasks that are found, with their cases where it is asked how urgent these are."""
    query = TASK.select(*chosen).where(found)
    return query.join(CASE, JOIN.LEFT_OUTER, on=(TASK.case == CASE.id)) if wanted.urgency else query


def _in_order(scope: Scope, wanted: QueueFilter, horizon: Horizon) -> Any:
    """Return the part of what is wanted that an index finds, in the order of the queue."""
    condition = TASK.ended_at.is_null(not wanted.finished)
    if wanted.mine:  # nobody has claimed anything in another jurisdiction
        condition &= TASK.claimed_by == scope.account
    else:
        condition &= TASK.jurisdiction == scope.jurisdiction
    if not scope.is_system:  # either lies in sight
        condition &= within(_UNORDERED, scope) if wanted.below else of_unit(TASK.unit, scope)
    condition = condition & (TASK.unit == wanted.unit) if wanted.unit else condition
    return condition if wanted.nearness is None else condition & _near(TASK, wanted.nearness, horizon)


def _few(scope: Scope, wanted: QueueFilter, horizon: Horizon, part: Any) -> Any:
    """Return the condition that a task is wanted and one of the few below, in one part of the queue.

    The index by which these are found holds what parts the queue, so that rows of other parts are not looked at.
    """
    part = part if wanted.nearness is None else part & _near(_BELOW, wanted.nearness, horizon)
    found = TASK.id.in_(_below(scope).where(part)) & TASK.ended_at.is_null()
    found = found & (TASK.claimed_by == scope.account) if wanted.mine else found
    return found & (TASK.unit == wanted.unit) if wanted.unit else found


_UNORDERED = fn.COALESCE(TASK.residence, "")
"""The place of a task as no index is looked up by: where tasks are many, they are gone through in order."""


def _is_narrowed(wanted: QueueFilter) -> bool:
    return bool(wanted.pressing or wanted.flow or wanted.state or wanted.status or wanted.urgency)


def _narrowed(wanted: QueueFilter, horizon: Horizon) -> Any:
    """Return the rest of what is wanted."""
    condition = TASK.id.is_null(False)
    for column, value in (
        (TASK.flow, wanted.flow),
        (TASK.state, wanted.state),
        (TASK.status, wanted.status),
        (fn.COALESCE(CASE.urgency, ""), wanted.urgency),  # tasks come first, then their cases, not the other way round
    ):
        condition = condition & (column == value) if value else condition
    if wanted.pressing:
        late = TASK.overdue_at.is_null(False) | TASK.supervised_at.is_null(False) | (TASK.due_at < horizon.now)
        condition &= late | TASK.extension.is_null(False)
    return condition


def _few_below(reader: Reader, scope: Scope, wanted: QueueFilter) -> bool:
    """Return whether so few open tasks lie in sight below that they are found first and then ordered."""
    looks = wanted.below and not wanted.finished and not scope.is_system
    return looks and are_few(reader, _below, scope)


def _below(scope: Scope) -> Any:
    """Return the query of the open tasks below, by where their people live."""
    open_ones = (_BELOW.jurisdiction == scope.jurisdiction) & _BELOW.ended_at.is_null()
    return _BELOW.select(_BELOW.id).where(open_ones & within(_BELOW.residence, scope))


def _near(tasks: Any, nearness: Nearness, horizon: Horizon) -> Any:
    due = tasks.due_at
    return {
        Nearness.OVERDUE: due < horizon.now,
        Nearness.TODAY: (due >= horizon.now) & (due <= horizon.today_ends),
        Nearness.SOON: (due > horizon.today_ends) & (due >= horizon.now) & (due <= horizon.soon_ends),
        Nearness.LATER: due > horizon.soon_ends,
        Nearness.UNDATED: due.is_null(),
    }[nearness]


_OF_TASK = tuple(name for name in QueueItem.__dataclass_fields__ if name in table_of(Task).columns)


def _items() -> Any:
    return (
        TASK.select(
            TASK.id.alias("task"),
            *(getattr(TASK, name) for name in _OF_TASK),
            CASE.number.alias("case_number"),
            CASE.release.alias("case_release"),
            CASE.needs,
            CASE.urgency,
            DUTY.every,
            DUTY.begins_on,
            PERSON.name.alias("person_name"),
            _ACCOUNT.name.alias("claimed_by_name"),
        )
        .join(CASE, JOIN.LEFT_OUTER, on=(TASK.case == CASE.id))
        .join(PERSON, JOIN.LEFT_OUTER, on=(CASE.person == PERSON.id))
        .join(DUTY, JOIN.LEFT_OUTER, on=(TASK.about == DUTY.id))
        .join(_ACCOUNT, JOIN.LEFT_OUTER, on=(TASK.claimed_by == _ACCOUNT.id))
    )


_OF_OTHERS = ("claimed_by_name", "case_number", "person_name", "urgency", "every")
"""What is not of the task itself, and not there for every task."""


def _item(row: Mapping[str, Any]) -> QueueItem:
    values = {name: row[name] for name in QueueItem.__dataclass_fields__}
    values |= {name: values[name] or "" for name in _OF_OTHERS}
    return QueueItem(**values | {"needs": values["needs"] or (), "release": row["case_release"] or row["release"]})
