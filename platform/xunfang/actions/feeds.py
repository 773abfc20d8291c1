"""Lists of departments 名单: handed in as a file, its columns told, handed over, taken in, undone as a whole."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.limiting import REPORT, limited, spend
from xunfang.actions.loading import file_of
from xunfang.actions.storing import store
from xunfang.casework import Delivery, Draft, DutyPeriod, File, HeadWord, Task
from xunfang.casework import deliveries as casework
from xunfang.errors import Conflict, FieldProblem, Invalid, NotFound
from xunfang.rules.feeds import feeds_of
from xunfang.rules.units import division_of
from xunfang.sheets.heads import plain
from xunfang.sheets.sniffing import SheetRefused, kind_of
from xunfang.steps import reached
from xunfang.store import new_id
from xunfang.store.reading.feeds import acted_on

GONE = ("withdrawn", "failed", "undone")
"""A file that came to nothing may be handed in again."""


def hand_in_list(
    deployment: Deployment, actor: Actor, feed: str, owed: str, name: str, data: bytes, at: datetime
) -> tuple[str, bool]:
    """Receive a file as a list of a feed, and return its key, and whether the very file was handed in before.

    `owed` is what is owed for a period and fulfilled by it, "" for none. Raises Invalid for what is no workbook,
    NotAllowed, NotFound, TooOften.
    """

    def received(act: Act, draft: Draft, sha256: str) -> Delivery:
        row = _received(act, feed, _open_owed(act, feed, owed), name, sha256, len(data))
        return casework.receive(draft, row)

    actor.need(*casework.SENDING)
    return receive_file(deployment, actor, feed, data, at, received)


def receive_file(
    deployment: Deployment,
    actor: Actor,
    feed: str,
    data: bytes,
    at: datetime,
    received: Callable[[Act, Draft, str], Delivery],
) -> tuple[str, bool]:
    """Keep a file and begin the list that it is, unless the very file was handed in before: its key, and whether so.

    Raises Invalid for what is no workbook, TooOften.
    """
    try:
        kind_of(data)
    except SheetRefused as refused:
        raise Invalid([FieldProblem("file", str(refused))], str(refused)) from None
    sha256 = deployment.files.put(data)
    reached("list.kept")
    with limited(deployment, actor, at), acting(deployment, actor, at, dated=True) as act:
        before = [row for row in act.tx.every(Delivery, sha256=sha256) if _is_same(row, actor, feed)]
        if before:
            return before[-1].id, True
        spend(act, REPORT)
        if not deployment.files.has(sha256):  # swept meanwhile, as no row named it
            deployment.files.put(data)
        draft = Draft(act.rules(), File(), actor, at, new_id)
        begun = received(act, draft, sha256)
        store(act, draft.changes())
    return begun.id, False


def _is_same(row: Delivery, actor: Actor, feed: str) -> bool:
    mine = (row.jurisdiction, row.unit, row.feed) == (actor.jurisdiction, actor.unit, feed)
    return mine and row.status not in GONE


def _received(act: Act, feed: str, owed: str, name: str, sha256: str, size: int) -> Delivery:
    actor, rulebook = act.actor, act.rules()
    return Delivery(
        id=new_id(),
        jurisdiction=actor.jurisdiction,
        residence=division_of(actor.unit) or rulebook.code,
        feed=feed,
        unit=actor.unit,
        to=feeds_of(rulebook, actor.unit).get(feed, ()),
        by=actor.account,
        name=name[:200],
        sha256=sha256,
        size=size,
        release=rulebook.digest,
        received_at=act.at,
        owed=owed,
    )


def _open_owed(act: Act, feed: str, wanted: str) -> str:
    """Return the period that a list fulfils: the one asked for, or the oldest that the unit still owes of its feed."""
    if wanted:
        owed = act.scoped.owed(wanted)
        duty = act.rules(owed.release).duties.get(owed.duty)
        return owed.id if owed.unit == act.actor.unit and duty and duty.feed == feed else ""
    duties = [duty.id for duty in act.rules().duties.values() if duty.feed == feed]
    mine = {"jurisdiction": act.actor.jurisdiction, "unit": act.actor.unit, "ended_at": None}
    found = [row for duty in duties for row in act.tx.every(DutyPeriod, duty=duty, **mine)]
    return min(found, key=lambda row: row.begins_on).id if found else ""


def tell_columns(
    deployment: Deployment, actor: Actor, delivery_id: str, version: int, told: Mapping[str, str], at: datetime
) -> None:
    """Tell what the columns of a list are, by their words ("": not needed): remembered for this unit and feed.

    Raises Invalid where a column is told twice, Conflict, NotFound.
    """

    def do(act: Act, draft: Draft, delivery: Delivery) -> None:
        feed = draft.rulebook.feeds[delivery.feed]
        known = {str(name) for name in dict(delivery.head.get("columns", {})).values()}
        chosen = [column for column in told.values() if column]
        if len(set(chosen)) < len(chosen) or not set(chosen) <= feed.columns.keys() - known:
            text = "有两列选成了同一项，请核对。"
            raise Invalid([FieldProblem("columns", text)], text)
        casework.read_again(draft, delivery, {})
        remember(act, delivery, told)

    _change(deployment, actor, delivery_id, version, at, do)


def remember(act: Act, delivery: Delivery, told: Mapping[str, str]) -> None:
    """Remember for a unit and feed what the words of some columns mean."""
    words = {plain(str(word)) for word in dict(delivery.head.get("unknown", {})).values()}
    for word, column in told.items():
        if plain(word) not in words:
            continue
        of = {"jurisdiction": act.actor.jurisdiction, "unit": delivery.unit, "feed": delivery.feed, "word": plain(word)}
        if not act.tx.update(HeadWord, of, {"column": column, "by": act.actor.account, "at": act.at}):
            act.tx.insert(HeadWord(id=new_id(), column=column, by=act.actor.account, at=act.at, **of))


def hand_over(deployment: Deployment, actor: Actor, delivery_id: str, version: int, at: datetime) -> None:
    """Hand a checked list over, which fulfils what is owed; raises Conflict, Invalid, NotAllowed, NotFound."""

    def do(act: Act, draft: Draft, delivery: Delivery) -> None:
        task = draft.first(Task, about=delivery.owed) if delivery.owed else None
        casework.hand_over(draft, delivery, task if task and task.ended_at is None else None)

    _change(deployment, actor, delivery_id, version, at, do)


def discard(deployment: Deployment, actor: Actor, delivery_id: str, version: int, at: datetime) -> None:
    """Take a list back before it was handed over; raises Conflict, NotFound."""
    _change(deployment, actor, delivery_id, version, at, lambda act, draft, one: casework.discard(draft, one))


def take_in(deployment: Deployment, actor: Actor, delivery_id: str, version: int, at: datetime) -> None:
    """Take a list in: clues are opened by the worker; raises Conflict, NotAllowed, NotFound."""
    _change(
        deployment, actor, delivery_id, version, at, lambda act, draft, one: casework.take_in(draft, one), own=False
    )


def undo(deployment: Deployment, actor: Actor, delivery_id: str, version: int, at: datetime) -> None:
    """Take back all that came of a list, while nobody has acted on it; raises Conflict, NotAllowed, NotFound."""

    def do(act: Act, draft: Draft, delivery: Delivery) -> None:
        casework.undo(draft, delivery, acted_on(act.tx, delivery.id))

    _change(deployment, actor, delivery_id, version, at, do, own=False)


def _change(
    deployment: Deployment,
    actor: Actor,
    delivery_id: str,
    version: int,
    at: datetime,
    do: Callable[[Act, Draft, Delivery], None],
    *,
    own: bool = True,
) -> None:
    with acting(deployment, actor, at, dated=True) as act:
        delivery = act.scoped.deliveries.one(delivery_id)
        if own and delivery.unit not in (actor.unit, *actor.formerly):
            raise NotFound()
        if delivery.version != version:
            raise Conflict("这份名单刚刚有变动，请刷新页面，看过最新情况后再办理。", "LIST_CHANGED")
        draft = draft_of(act, delivery)
        do(act, draft, delivery)
        store(act, draft.changes())


def draft_of(act: Act, delivery: Delivery) -> Draft:
    """Return a draft of a list, with what is owed and fulfilled by it."""
    owed = act.tx.find(DutyPeriod, delivery.owed) if delivery.owed else None
    whole = file_of(act, *((owed,) if owed else ()))
    file = replace(whole, rows=(*whole.rows, delivery))
    return Draft(act.rules(delivery.release), file, act.actor, act.at, new_id)
