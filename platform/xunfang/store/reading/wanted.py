"""What may be wanted of the queue, and where the open tasks below a superior are found: by an index that holds all."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from peewee import Select, fn

from xunfang.rules.overdue import in_time, overdue
from xunfang.store.database import Reader
from xunfang.store.reading.for_files import Apart, FoundBy
from xunfang.store.reading.open_places import open_places
from xunfang.store.reading.paging import Listing, are_few
from xunfang.store.reading.sight import TASK, is_county_wide, within
from xunfang.store.scope import Scope


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


URGENT, DATED, UNDATED = range(3)
"""The stretches of the queue one after another, each found and ordered by an index."""


def of_stage(tasks: Any, stage: int) -> Any:
    """Return the condition that tasks are of one stretch."""
    if stage == UNDATED:
        return tasks.due_at.is_null()
    return (tasks.urgent == (1 if stage == URGENT else 0)) & tasks.due_at.is_null(False)


_BELOW = TASK.alias("below")


@dataclass(frozen=True, slots=True)
class _Below:
    """The columns by which tasks below are found: of those that stand in another function no index is looked up by."""

    residence: Any
    urgent: Any
    due_at: Any


_WALKED = _Below(fn.COALESCE(_BELOW.residence, ""), _BELOW.urgent, _BELOW.due_at)
"""Where those that are wanted are many, the tasks of all places are gone through in their order."""
_NOTED = _Below(fn.COALESCE(_BELOW.residence, ""), Apart(_BELOW.urgent), _BELOW.due_at)
"""Those that press are looked for in the index that holds no others."""
_WALKED_BY = (_BELOW.due_at, _BELOW.id)
FEW_BELOW = 2_000
"""Fewer are found by where their people live, by an index that holds all that orders them, and ordered then."""
MOST_PLACES = 256
"""More than a township has villages."""
Places = tuple[str, ...] | None
"""Where the people of those live that are looked for, place by place; None: all places are gone through."""


def is_of_below(scope: Scope, wanted: QueueFilter) -> bool:
    """Return whether the open tasks of a division are wanted; what somebody has claimed is found by that."""
    return wanted.below and not (wanted.finished or wanted.mine or scope.is_system)


def places_below(reader: Reader, scope: Scope, wanted: QueueFilter) -> Places:
    """Return the places below where somebody lives about whom a task is open; None where that is the whole county."""
    if is_county_wide(scope) or not is_of_below(scope, wanted):  # whatever comes next in order is in sight
        return None
    return open_places(reader, scope, MOST_PLACES)


def few_below(reader: Reader, scope: Scope, wanted: QueueFilter, horizon: Horizon, *, pressing: bool) -> Places:
    """Return the places of those below, where so few are as near as wanted that they are found first, then ordered.

    Where all is wanted that is `pressing`, only what is overdue is found so, whatever of the rest is noted.
    """
    places = places_below(reader, scope, wanted)
    if places is None:
        return None
    nearness = Nearness.OVERDUE if pressing and wanted.nearness is None else wanted.nearness
    as_near = QueueFilter(below=True, nearness=nearness)
    return places if are_few(reader, FEW_BELOW, below, scope, as_near, horizon, places) else None


def below(scope: Scope, wanted: QueueFilter, horizon: Horizon, places: Places, stage: int | None = None) -> Any:
    """Return the query of the open tasks below, of one stretch if one is given; an index holds all that it asks.

    With `places` it looks for these, otherwise it goes through the tasks of all places in their order.
    """
    found = (_BELOW.jurisdiction == scope.jurisdiction) & _BELOW.ended_at.is_null()
    if places is None:
        found = found & within(_WALKED.residence, scope)
        found = found if stage is None else found & of_stage(_WALKED, stage)
    else:
        found = found & _BELOW.residence.in_(places) & _of_stretch(stage)
    found = found if wanted.nearness is None else found & near(_BELOW, wanted.nearness, horizon)
    return _BELOW.select(_BELOW.id.alias("key")).where(found)


def _of_stretch(stage: int | None) -> Any:
    """Return the same as `of_stage`; whoever reads "one of two" looks for it in no index that begins with urgency."""
    flags = (stage == URGENT,) * 2 if stage in (URGENT, DATED) else (True, False)
    found = _BELOW.urgent.in_(flags)
    return found if stage is None else found & _BELOW.due_at.is_null(stage == UNDATED)


def pressing_below(scope: Scope, wanted: QueueFilter, horizon: Horizon) -> Any:
    """Return the query of those below that are overdue by the record, supervised, or ask for more time.

    An index holds them all and no others.
    """
    noted = _BELOW.overdue_at.is_null(False) | _BELOW.supervised_at.is_null(False) | _BELOW.extension.is_null(False)
    found = (_BELOW.jurisdiction == scope.jurisdiction) & _BELOW.ended_at.is_null() & noted
    found = found & within(_NOTED.residence, scope)
    found = found if wanted.nearness is None else found & near(_BELOW, wanted.nearness, horizon)
    return _BELOW.select(_BELOW.id.alias("key")).from_(FoundBy(_BELOW, "task_pressing")).where(found)


def near(tasks: Any, nearness: Nearness, horizon: Horizon) -> Any:
    """Return the condition that tasks are as near as that."""
    due = tasks.due_at
    return {
        Nearness.OVERDUE: overdue(due, horizon.now),
        Nearness.TODAY: in_time(due, horizon.now) & (due <= horizon.today_ends),
        Nearness.SOON: (due > horizon.today_ends) & in_time(due, horizon.now) & (due <= horizon.soon_ends),
        Nearness.LATER: due > horizon.soon_ends,
        Nearness.UNDATED: due.is_null(),
    }[nearness]


def below_in_order(scope: Scope, wanted: QueueFilter, horizon: Horizon, places: Places, stage: int) -> Listing:
    """Return the span of those that are of one stretch of the queue."""
    found = below(scope, wanted, horizon, places, stage)
    if places is None:
        return Listing(found, _WALKED_BY, led=(_BELOW.ended_at,))
    few = found.select_extend(_BELOW.due_at).limit(FEW_BELOW).alias("few")  # these first, lest they are found in order
    return Listing(Select([few], [few.c.key]), (few.c.due_at, few.c.key))


def pressing_in_order(
    scope: Scope, wanted: QueueFilter, horizon: Horizon, places: Places, stage: int
) -> Iterator[Listing]:
    """Yield the spans of those below that press, of one stretch: what is overdue now, and what else is noted."""
    noted = pressing_below(scope, wanted, horizon).where(of_stage(_NOTED, stage))
    if wanted.nearness is None and stage != UNDATED:
        yield below_in_order(scope, replace(wanted, nearness=Nearness.OVERDUE), horizon, places, stage)
        noted = noted.where(in_time(_BELOW.due_at, horizon.now))
    yield Listing(noted, _WALKED_BY)
