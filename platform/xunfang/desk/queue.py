"""Queues: the tasks of a unit, and what units below have let pass."""

from collections.abc import Iterator
from dataclasses import replace

from xunfang.actions.deployment import Actor
from xunfang.casework import VERBS
from xunfang.desk.due import due_face
from xunfang.desk.faces import CaseRow, QueueFilter, QueuePage, QueueRow
from xunfang.desk.labels import Labels
from xunfang.desk.releases import Releases, Today
from xunfang.desk.waiting import Waiting, waiting
from xunfang.desk.wording import TASK_ROLE, TASK_STATUS, Standing, end_words
from xunfang.rulebook.model import Rulebook, State
from xunfang.rules.duties import period_words
from xunfang.store.reading import wanted as stored
from xunfang.store.reading.lists import CaseItem
from xunfang.store.reading.queue import QueueItem
from xunfang.store.scoped import ScopedReader

BUCKETS = {
    "late": stored.Nearness.OVERDUE,
    "today": stored.Nearness.TODAY,
    "soon": stored.Nearness.SOON,
    "later": stored.Nearness.LATER,
    "none": stored.Nearness.UNDATED,
}


def queue_face(
    reader: ScopedReader, rules: Releases, wanted: QueueFilter, today: Today, actor: Actor, *, superior: bool
) -> QueuePage:
    """Return a page of the unit's queue, or of the pressing tasks in a superior's sight."""
    narrowed = stored.QueueFilter(
        urgency=wanted.urgency,
        status=wanted.status,
        unit=wanted.unit,
        mine=wanted.mine,
        below=superior,
        pressing=superior,
    )
    counts = reader.queue_counts(narrowed, today.horizon)
    shown = replace(narrowed, nearness=BUCKETS[wanted.bucket]) if wanted.bucket else narrowed
    page = reader.queue(shown, today.horizon, wanted.after)
    waits = waiting(reader, rules, [item.case for item in page.items if item.due_at is None])
    by_bucket = {name: counts[nearness] for name, nearness in BUCKETS.items()}
    return QueuePage(
        rows=tuple(_row(rules.labels(item.release), item, actor, today, waits.get(item.case)) for item in page.items),
        counts=by_bucket,
        next=page.next,
    )


def _row(labels: Labels, item: QueueItem, actor: Actor, today: Today, waits: Waiting | None) -> QueueRow:
    state = _state(labels.rulebook, item)
    routes, role = bool(state and state.routes_by), state.role if state and item.role == "lead" else ""
    status = "suspended" if item.suspended_at else "proposed" if routes else item.status
    status = "on" if item.subject == "alert" and status == "open" else status
    due = due_face(labels, item.due_at, item.due, today, stopped=item.suspended_at)
    return QueueRow(
        task=item.task,
        case=item.case,
        number=item.case_number,
        person=item.person_name or item.case_number or _OF_NO_CASE.get(item.subject) or _period(labels, item),
        place=labels.place(item.residence) if item.case else _PLACES[item.subject],
        needs=tuple(labels.answer("needs", need) for need in item.needs),
        urgency=labels.answer("urgency", item.urgency),
        urgent=labels.is_urgent(item.urgency),
        stage=labels.item(item.subject, item.flow, item.state),
        role=TASK_ROLE[item.role],
        leads=item.role == "lead",
        unit=labels.unit(item.unit),
        claimed_by=item.claimed_by_name,
        status=TASK_STATUS.get(status, status),
        status_id=status,
        supervised=item.supervised_at is not None,
        asks=bool(item.extension),
        due=replace(due, standing=Standing("none", waits.words)) if waits else due,
        basis=labels.clauses(item.cites),
        ours=item.unit == actor.unit,
        hand=bool(item.claimed_by) and item.claimed_by == actor.account,
        routes=routes,
        decides="confirm-dispatch" in actor.acts and routes,
        waits=waits is not None,
        version=item.version,
        picks=tuple(_picks(item, actor, held=not routes and (not role or actor.holds(role)))),
        subject=item.subject,
        about=item.about,
    )


_OF_NO_CASE = {"alert": "应急响应"}
_PLACES = {"duty": "定期任务", "alert": "结束后解除"}
"""What stands in a queue where a case would tell of whom and where."""


def _period(labels: Labels, item: QueueItem) -> str:
    """Return in words for which period something is owed."""
    return period_words(labels.rulebook, item.state, item.every, item.begins_on) if item.begins_on else ""


def _picks(item: QueueItem, actor: Actor, *, held: bool) -> Iterator[str]:
    """Yield what may be done to a task from a list, `held` by those like the reader; `permits` decides when it is."""
    claimed = item.subject in VERBS["claim"].of
    if claimed and item.status == "open" and "claim" in actor.acts and item.unit == actor.unit and held:
        yield "claim"
    if "urge" in actor.acts and item.subject in VERBS["urge"].of:
        yield "urge"


def _state(rulebook: Rulebook, item: QueueItem) -> State | None:
    flow = rulebook.flows.get(item.flow)
    return flow.states.get(item.state) if flow else None


def case_row(labels: Labels, item: CaseItem, today: Today) -> CaseRow:
    """Return one line of the list of cases, by the names of the case's own release."""
    closed = item.closed_at is not None
    due = due_face(labels, item.due_at, None, today, ended=closed)
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
        status_id=status_id(closed=closed, ended_as=item.ended_as),
        archived=item.archived_at is not None,
    )


def status_id(*, closed: bool, ended_as: str) -> str:
    """Return how a case stands: "open", "closed" by an outcome, or "ended" without one."""
    return "ended" if ended_as else "closed" if closed else "open"


def _status(item: CaseItem, labels: Labels) -> str:
    """Return how a case stands, in words."""
    if item.closed_at is not None:
        return end_words(item.ended_as, labels.decided(item.flow, item.outcome, item.decided))
    return "中止" if item.suspended_at else "在办"
