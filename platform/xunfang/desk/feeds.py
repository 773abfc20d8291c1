"""Lists of departments 名单: what a unit hands in and owes, the lists in sight, and one of them with its people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xunfang.actions.deployment import Actor
from xunfang.casework import Delivery, ListedPerson
from xunfang.casework.deliveries import RECEIVING, SENDING, good_of
from xunfang.desk.duties import duty_row
from xunfang.desk.faces.feeds import FeedFace, ListedFace, ListFace, ListRow
from xunfang.desk.labels import Labels
from xunfang.desk.releases import Releases, Today
from xunfang.identity import mask_id
from xunfang.rulebook.model import Feed
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.duties import period_words
from xunfang.rules.feeds import BAD, LEFT_OUT, NEW, VERDICTS, feeds_of, feeds_to
from xunfang.store import PAGE_LENGTH, DutyPeriod
from xunfang.store.reading.duties import DutyItem
from xunfang.store.reading.feeds import DeliveryItem
from xunfang.store.scoped import ScopedReader

STATUS: Mapping[str, str] = {
    "received": "正在核对",
    "asking": "请说明各列",
    "checked": "已核对，待报送",
    "handed": "已报送，待核收",
    "taking": "正在核收",
    "taken": "已核收",
    "undoing": "正在撤销",
    "undone": "已撤销",
    "failed": "读不了",
    "withdrawn": "已撤回",
}
"""How a list stands, as pages call it."""
WORKING = frozenset({"received", "taking", "undoing"})
_SENDERS = frozenset({BAD, LEFT_OUT})
"""What a sender is told of the people in a list; what else is known of them is for whoever gets it."""


def feed_faces(reader: ScopedReader, labels: Labels, actor: Actor, today: Today) -> tuple[FeedFace, ...]:
    """Return the feeds that somebody's unit hands in, with what it owes of each."""
    rulebook = labels.rulebook
    if actor.acts.isdisjoint(SENDING):
        return ()
    owed = reader.deliveries.owed()
    found = []
    for feed_id, to in feeds_of(rulebook, actor.unit).items():
        feed = rulebook.feeds[feed_id]
        mine = [item for item in owed if _feed_of(labels, item) == feed_id]
        found.append(_feed_face(feed, to, mine, labels, today))
    return tuple(found)


def _feed_of(labels: Labels, item: tuple[DutyItem, str, int]) -> str:
    duty = labels.rulebook.duties.get(item[0].duty)
    return duty.feed if duty else ""


def _feed_face(
    feed: Feed, to: Sequence[str], owed: Sequence[tuple[DutyItem, str, int]], labels: Labels, today: Today
) -> FeedFace:
    rows = tuple(duty_row(item, labels, today) for item, _, _ in owed)
    duties = labels.rulebook.duties
    nil = tuple(
        (item.id, task, version, row.period)
        for (item, task, version), row in zip(owed, rows, strict=True)
        if duties[item.duty].zero_report
    )
    return FeedFace(
        id=feed.id,
        label=feed.label,
        to="、".join(labels.unit(unit) for unit in to),
        heads=tuple(heads[0] for heads in feed.columns.values()),
        asks=condition_words(labels.rulebook, feed.keep_when, feed.row_form),
        basis=labels.basis(feed.basis),
        owed=rows,
        nil=nil,
    )


def list_row(item: DeliveryItem | Delivery, labels: Labels) -> ListRow:
    """Return one line of the list of lists."""
    feed = labels.rulebook.feeds.get(item.feed)
    return ListRow(
        id=item.id,
        feed=feed.label if feed else item.feed,
        unit=labels.unit(item.unit),
        name=item.name,
        status=STATUS[item.status],
        status_id=item.status,
        count=sum(item.counts.values()) or None,
        bad=item.counts.get(BAD, 0),
        received_at=item.received_at,
        handed_at=item.handed_at,
    )


def receives_lists(labels: Labels, actor: Actor) -> bool:
    """Return whether lists come to somebody's unit."""
    return bool(feeds_to(labels.rulebook, actor.unit))


def list_face(
    reader: ScopedReader, rules: Releases, actor: Actor, delivery: Delivery, show: str, after: int
) -> ListFace:
    """Return one list in sight, with a page of the people in it."""
    labels = rules.labels(delivery.release)
    ours, gets = delivery.unit in (actor.unit, *actor.formerly), actor.unit in delivery.to
    known = [verdict for verdict in VERDICTS if delivery.counts.get(verdict) and (gets or verdict in _SENDERS)]
    shown = show if show in known else (BAD if BAD in known else known[0] if known else "")
    people = (
        reader.deliveries.people(delivery, shown, after)
        if shown and delivery.status not in WORKING - {"taking"}
        else []
    )
    head = delivery.head
    missing = [name for name in _columns(labels, delivery) if name not in dict(head.get("columns", {})).values()]
    period = reader.owed(delivery.owed) if delivery.owed else None
    done, whole = _progress(reader, delivery, gets=gets)
    return ListFace(
        row=list_row(delivery, labels),
        version=delivery.version,
        ours=ours,
        to="、".join(labels.unit(unit) for unit in delivery.to),
        owed=delivery.owed,
        period=_period(labels, period),
        error=delivery.error,
        sheet=str(head.get("sheet", "")),
        counts=tuple((verdict, VERDICTS[verdict], delivery.counts[verdict]) for verdict in known),
        show=shown,
        people=[_person(reader, labels, delivery, each, known) for each in people],
        after=str(people[-1].n) if len(people) == PAGE_LENGTH else "",
        asked=tuple(dict(head.get("unknown", {})).items()) if ours and delivery.status == "asking" else (),
        choices=tuple((name, _columns(labels, delivery)[name]) for name in missing),
        can=tuple(_can(actor, delivery, ours=ours, gets=gets)),
        working=delivery.status in WORKING,
        done=done,
        whole=whole,
    )


def _columns(labels: Labels, delivery: Delivery) -> Mapping[str, str]:
    feed = labels.rulebook.feeds[delivery.feed]
    return {name: heads[0] for name, heads in feed.columns.items()}


def _period(labels: Labels, owed: DutyPeriod | None) -> str:
    return period_words(labels.rulebook, owed.duty, owed.every, owed.begins_on) if owed else ""


def _progress(reader: ScopedReader, delivery: Delivery, *, gets: bool) -> tuple[int, int]:
    """Return how far a list is; how many of its people are new, and so not known here, is for whoever gets it."""
    if delivery.status == "received":
        return reader.deliveries.read_so_far(delivery), 0
    if gets and delivery.status in ("taking", "undoing"):
        whole = delivery.counts.get(NEW, 0)
        opened = reader.deliveries.opened_so_far(delivery)
        return (opened if delivery.status == "taking" else whole - opened), whole
    return 0, 0


def _can(actor: Actor, delivery: Delivery, *, ours: bool, gets: bool) -> Iterable[str]:
    if ours and not actor.acts.isdisjoint(SENDING):
        if delivery.status == "checked" and good_of(delivery):
            yield "hand-over"
        if delivery.status in ("asking", "checked", "failed"):
            yield "discard"
    if gets and not actor.acts.isdisjoint(RECEIVING):
        if delivery.status == "handed":
            yield "take-in"
        if delivery.status == "taken" and delivery.taken_by == actor.account:
            yield "undo"


def _person(
    reader: ScopedReader, labels: Labels, delivery: Delivery, listed: ListedPerson, known: Sequence[str]
) -> ListedFace:
    form = labels.rulebook.forms[labels.rulebook.feeds[delivery.feed].row_form]
    told: Mapping[str, Any] = {**listed.told.get("cells", {}), **listed.told.get("answers", {})}
    number = str(told.get(form.person.get("id_number", ""), ""))
    verdict = listed.verdict if listed.verdict in known else ""
    return ListedFace(
        line=listed.line + 1,
        name=str(told.get(form.person.get("name", ""), "")),
        number=mask_id(number) if number.isalnum() else "",
        verdict=VERDICTS.get(verdict, ""),
        verdict_id=verdict,
        problems=tuple(str(words) for _, words in listed.told.get("problems", ())),
        case=listed.case if listed.case and reader.sees_case(listed.case) else "",
    )
