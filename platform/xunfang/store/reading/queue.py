"""The queue 待办: tasks by how near their deadline is, of one's own unit or, for a superior, of those below."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from peewee import JOIN, SQL, Case, fn

from xunfang.rules.overdue import overdue
from xunfang.store.database import Reader
from xunfang.store.reading.for_files import Apart
from xunfang.store.reading.paging import (
    MOST_COUNTED,
    Count,
    Listing,
    Page,
    ask_page,
    ask_within,
)
from xunfang.store.reading.sight import ALWAYS, CASE, DUTY, PERSON, TASK, cases_in_sight, of_unit, within
from xunfang.store.reading.wanted import (
    DATED,
    UNDATED,
    URGENT,
    Horizon,
    Nearness,
    Places,
    QueueFilter,
    below,
    below_in_order,
    few_below,
    is_of_below,
    near,
    of_stage,
    places_below,
    pressing_below,
    pressing_in_order,
)
from xunfang.store.rows import model_of, table_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Account, Task, Wait

Ordered = tuple[Any, Any]
_ACCOUNT, _WAIT = model_of(Account), model_of(Wait)


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
    wanted = _implied(wanted)
    pressing = _is_pressing_below(scope, wanted)
    asked = (scope, wanted, horizon, few_below(reader, scope, wanted, horizon, pressing=pressing))
    page_of: Callable[..., Page[QueueItem]] = ask_within if _is_narrowed(wanted) and not pressing else ask_page
    if wanted.finished:
        return page_of(reader, _item, after, _finished, *asked)
    begin = UNDATED if after.startswith(".") else URGENT if after.startswith(_LEADS) or not after else DATED
    stages: tuple[int, ...] = (UNDATED,) if wanted.nearness is Nearness.UNDATED else (URGENT, DATED, UNDATED)
    stages = stages[:2] if wanted.nearness is not None else stages
    items: tuple[QueueItem, ...] = ()
    for stage in (stage for stage in stages if stage >= begin):
        page = page_of(reader, _item, after.removeprefix(_LEADS), _stretch, *asked, stage)
        items, after = items + page.items, ""
        if page.next:
            return Page(items, f"{_LEADS}{page.next}" if stage == URGENT else page.next)
    return Page(items, "")


def _finished(scope: Scope, wanted: QueueFilter, horizon: Horizon, places: Places) -> Listing:
    by = (TASK.ended_at, TASK.id)
    spans = _narrowed_spans(_in_order(scope, wanted, horizon, by), by, scope, wanted, horizon)
    return Listing(_items(), by, newest_first=True, spans=spans)


def _stretch(scope: Scope, wanted: QueueFilter, horizon: Horizon, places: Places, stage: int) -> Listing:
    by = (TASK.due_at, TASK.id)
    if _is_pressing_below(scope, wanted):
        return Listing(_items(), by, spans=tuple(pressing_in_order(scope, wanted, horizon, places, stage)))
    if is_of_below(scope, wanted):
        found = below_in_order(scope, wanted, horizon, places, stage)
    else:
        found = _in_order(scope, wanted, horizon, by, stage)
    return Listing(_items(), by, spans=_narrowed_spans(found, by, scope, wanted, horizon))


def _is_pressing_below(scope: Scope, wanted: QueueFilter) -> bool:
    """Return whether all is wanted that presses below, which indexes hold whole."""
    return wanted.pressing and is_of_below(scope, wanted) and not _is_narrowed(replace(wanted, pressing=False))


def _narrowed_spans(
    found: Listing, by: Ordered, scope: Scope, wanted: QueueFilter, horizon: Horizon
) -> tuple[Listing, ...]:
    """Return the spans of what an index finds, or of what else is wanted among as many as one page looks through."""
    if not _is_narrowed(wanted):
        return found.spans or (found,)
    ours = (Apart(TASK.jurisdiction) == scope.jurisdiction) & Apart(TASK.ended_at).is_null(not wanted.finished)
    narrowed = _with_case(ours & _narrowed(wanted, horizon), wanted, TASK.id.alias("key"))
    return (Listing(narrowed, by, found.newest_first, among=found),)


_LEADS = "!"
"""How the place begins at which a page among the urgent ones ended."""


def queue_counts(reader: Reader, scope: Scope, wanted: QueueFilter, horizon: Horizon) -> dict[Nearness, Count]:
    """Return how many tasks each nearness holds, up to MOST_COUNTED.

    What no index finds is counted among the first so many of those that one does; then there are at least so many.
    """
    places = places_below(reader, scope, wanted)
    return {nearness: _count(reader, nearness, scope, wanted, horizon, places) for nearness in Nearness}


def _count(reader: Reader, nearness: Nearness, *asked: Any) -> Count:
    found = reader.ask(_counted, nearness, *asked)[0]
    n, looked_through = int(found["n"] or 0), int(found["looked_through"])
    return Count(n, more=looked_through >= MOST_COUNTED)


def _counted(nearness: Nearness, scope: Scope, wanted: QueueFilter, horizon: Horizon, places: Places) -> Any:
    """Count what is wanted among the first of those that an index finds, as many as it takes."""
    wanted = _implied(replace(wanted, nearness=nearness))
    if not is_of_below(scope, wanted):
        of_index = TASK.select(TASK.id).where(_of_index(scope, wanted, horizon))
    else:
        of_index = pressing_below(scope, wanted, horizon) if wanted.pressing else below(scope, wanted, horizon, places)
        wanted = replace(wanted, pressing=False)  # of those that are not overdue, these are all
    if not _is_narrowed(wanted):
        return _summed(of_index.select(SQL("1").alias("here")).limit(MOST_COUNTED))
    here = Case(None, ((_narrowed(wanted, horizon), 1),), 0).alias("here")
    return _summed(_with_case(TASK.id.in_(of_index.limit(MOST_COUNTED)), wanted, here).limit(MOST_COUNTED))


def _implied(wanted: QueueFilter) -> QueueFilter:
    """Return what is wanted without what goes without saying: whatever is overdue is pressing."""
    return replace(wanted, pressing=wanted.pressing and wanted.nearness is not Nearness.OVERDUE)


def _summed(some: Any) -> Any:
    some = some.alias("some")
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


def _in_order(scope: Scope, wanted: QueueFilter, horizon: Horizon, by: Ordered, stage: int | None = None) -> Listing:
    """Return what an index finds of one's own in the order of the queue; where a unit follows others, of each apart."""
    if not scope.formerly or scope.is_system or wanted.mine or wanted.below:
        found = TASK.select(TASK.id.alias("key")).where(_of_index(scope, wanted, horizon))
        found = found if stage is None else found.where(of_stage(TASK, stage))
        return Listing(found, by, newest_first=wanted.finished, led=() if stage is None else (TASK.ended_at,))
    spans = tuple(_in_order(each, wanted, horizon, by, stage) for each in scope.apart())
    return replace(spans[0], spans=spans)


def _of_index(scope: Scope, wanted: QueueFilter, horizon: Horizon) -> Any:
    """Return the part of what is wanted that an index finds."""
    condition = TASK.ended_at.is_null(not wanted.finished)
    if wanted.mine:  # nobody has claimed anything in another jurisdiction
        condition &= TASK.claimed_by == scope.account
    else:
        condition &= TASK.jurisdiction == scope.jurisdiction
    if not scope.is_system:  # either lies in sight
        condition &= within(_UNORDERED, scope) if wanted.below else of_unit(TASK.unit, scope)
    condition = condition & (TASK.unit == wanted.unit) if wanted.unit else condition
    return condition if wanted.nearness is None else condition & near(TASK, wanted.nearness, horizon)


_UNORDERED = fn.COALESCE(TASK.residence, "")
"""The place of a task as no index is looked up by: where tasks are many, they are gone through in order."""


def _is_narrowed(wanted: QueueFilter) -> bool:
    """Return whether more is wanted than an index holds."""
    of_unit_below = wanted.below and wanted.unit and not wanted.finished
    return bool(wanted.pressing or wanted.flow or wanted.state or wanted.status or wanted.urgency or of_unit_below)


def _narrowed(wanted: QueueFilter, horizon: Horizon) -> Any:
    """Return the rest of what is wanted."""
    condition: Any = ALWAYS
    for column, value in (
        (TASK.flow, wanted.flow),
        (TASK.state, wanted.state),
        (TASK.unit, wanted.unit if wanted.below else ""),
        (TASK.status, wanted.status),
        (fn.COALESCE(CASE.urgency, ""), wanted.urgency),  # tasks come first, then their cases, not the other way round
    ):
        condition = condition & (column == value) if value else condition
    if wanted.pressing:
        late = TASK.overdue_at.is_null(False) | TASK.supervised_at.is_null(False) | overdue(TASK.due_at, horizon.now)
        condition &= late | TASK.extension.is_null(False)
    return condition


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
