"""Queues: the tasks of a unit, and what units below have let pass."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from xunfang.rulebook.model import Rulebook
from xunfang.store import Scope
from xunfang.store.desk import Desk
from xunfang.store.reading import queue as stored
from xunfang.store.reading.lists import CaseItem
from xunfang.web.faces import CaseRow, QueueFilter, QueuePage, QueueRow
from xunfang.web.labels import Labels
from xunfang.web.readings.due import due_face, horizon
from xunfang.web.wording import TASK_ROLE, TASK_STATUS, Standing, end_words, until_words

BUCKETS = {
    "late": stored.Nearness.OVERDUE,
    "today": stored.Nearness.TODAY,
    "soon": stored.Nearness.SOON,
    "later": stored.Nearness.LATER,
    "none": stored.Nearness.UNDATED,
}


def queue_face(desk: Desk, rulebook: Rulebook, wanted: QueueFilter, now: datetime, *, superior: bool) -> QueuePage:
    """Return a page of the unit's queue, or of the pressing tasks in a superior's sight."""
    narrowed = stored.QueueFilter(
        urgency=wanted.urgency,
        status=wanted.status,
        unit=wanted.unit,
        mine=wanted.mine,
        below=superior,
        pressing=superior,
    )
    parts = horizon(rulebook, now)
    counts = desk.queue_counts(narrowed, parts)
    shown = replace(narrowed, nearness=BUCKETS[wanted.bucket]) if wanted.bucket else narrowed
    page = desk.queue(shown, parts, wanted.after)
    waits = desk.waits([item.case for item in page.items if item.due_at is None])
    by_bucket = {name: counts[nearness] for name, nearness in BUCKETS.items()}
    return QueuePage(
        rows=tuple(_row(rulebook, item, desk.scope, now, waits.get(item.case)) for item in page.items),
        counts=by_bucket,
        next=page.next,
    )


def _row(
    rulebook: Rulebook, item: stored.QueueItem, scope: Scope, now: datetime, waits_until: datetime | None
) -> QueueRow:
    labels = Labels(rulebook)
    status, look = TASK_STATUS.get(item.status, (item.status, ""))
    if _routes(rulebook, item):
        status, look = "待批示", "blue"
    if item.suspended_at:
        status, look = TASK_STATUS["suspended"]
    due = due_face(rulebook, item.due_at, item.due, now, stopped=item.suspended_at)
    return QueueRow(
        task=item.task,
        case=item.case,
        number=item.case_number,
        person=item.person_name or item.case_number,
        place=labels.place(item.residence),
        needs=tuple(labels.answer("needs", need) for need in item.needs),
        urgency=labels.answer("urgency", item.urgency),
        urgent=labels.is_urgent(item.urgency),
        stage=labels.stage(item.flow, item.state),
        role=TASK_ROLE[item.role],
        leads=item.role == "lead",
        unit=labels.unit(item.unit),
        claimed_by=item.claimed_by_name,
        status=status,
        status_look=look,
        supervised=item.supervised_at is not None,
        asks=bool(item.extension),
        due=replace(due, standing=Standing("none", until_words(waits_until))) if waits_until else due,
        basis=labels.clauses(item.cites),
        ours=item.unit == scope.unit,
        hand=bool(item.claimed_by) and item.claimed_by == scope.account,
        routes=_routes(rulebook, item),
        decides="confirm-dispatch" in scope.acts and _routes(rulebook, item),
        waits=waits_until is not None,
        version=item.version,
        picks=tuple(_picks(rulebook, item, scope)),
    )


def _picks(rulebook: Rulebook, item: stored.QueueItem, scope: Scope) -> Iterator[str]:
    """Yield what may be done to a task from a list; `permits` decides when it is done."""
    if item.status == "open" and "claim" in scope.acts and item.unit == scope.unit and not _routes(rulebook, item):
        yield "claim"
    if "urge" in scope.acts:
        yield "urge"


def _routes(rulebook: Rulebook, item: stored.QueueItem) -> bool:
    flow = rulebook.flows.get(item.flow)
    return flow is not None and item.state in flow.states and bool(flow.states[item.state].routes_by)


def case_row(rulebook: Rulebook, item: CaseItem, now: datetime) -> CaseRow:
    """Return one line of the list of cases."""
    labels = Labels(rulebook)
    closed = item.closed_at is not None
    due = due_face(rulebook, item.due_at, None, now, ended=closed)
    return CaseRow(
        case=item.case,
        number=item.number,
        person=item.person_name or item.number,
        place=labels.place(item.residence),
        needs=tuple(labels.answer("needs", need) for need in item.needs),
        urgency=labels.answer("urgency", item.urgency),
        urgent=labels.is_urgent(item.urgency),
        flow=labels.flow(item.flow),
        stage=labels.stage(item.flow, item.state),
        opened_at=item.opened_at,
        due=replace(due, standing=Standing("", "")) if closed else due,
        status=_status(item, labels),
        status_look="good" if closed and not item.ended_as else "",
        archived=item.archived_at is not None,
    )


def _status(item: CaseItem, labels: Labels) -> str:
    """Return how a case stands, in words."""
    if item.closed_at is not None:
        return end_words(item.ended_as, labels.decided(item.flow, item.outcome, item.decided))
    return "中止" if item.suspended_at else "在办"
