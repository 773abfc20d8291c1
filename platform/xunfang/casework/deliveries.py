"""Lists 名单 that departments hand in: received, asked about, checked, handed over, taken in, undone as a whole."""

from collections.abc import Mapping
from typing import Any

from xunfang.casework.changes import JobWanted
from xunfang.casework.draft import Draft
from xunfang.casework.duties import hand_in
from xunfang.casework.jobs import READ_LIST, TAKE_LIST, UNDO_LIST
from xunfang.casework.permits import why_not
from xunfang.casework.rows import Delivery, Task
from xunfang.casework.verbs import VERBS
from xunfang.errors import Conflict, FieldProblem, Invalid, NotAllowed
from xunfang.rules.feeds import BAD, NEW, feeds_of
from xunfang.rules.units import unit_label

SENDING, RECEIVING = ("submit", "complete"), ("submit",)
"""The acts of which one is needed to hand a list in, and to take one in: its clues are submitted."""


def receive(draft: Draft, delivery: Delivery) -> Delivery:
    """Receive a list as a file: it is read by the worker. Raises NotAllowed for a feed of other units."""
    draft.actor.need(*SENDING)
    if delivery.feed not in feeds_of(draft.rulebook, delivery.unit):
        raise NotAllowed("这份名单不由您所在的单位报送。")
    draft.put(delivery)
    draft.event("delivery.received", data={"feed": delivery.feed, "size": delivery.size, "delivery": delivery.id})
    _want(draft, READ_LIST, delivery)
    return delivery


def read_again(draft: Draft, delivery: Delivery, head: Mapping[str, Any]) -> None:
    """Read a list once more, after somebody told what its columns are."""
    draft.actor.need(*SENDING)
    _need_status(delivery, "asking")
    changed = draft.change(delivery, status="received", head=head)
    draft.event("delivery.columns_told", data={"feed": delivery.feed, "delivery": delivery.id})
    _want(draft, READ_LIST, changed)


def conclude(draft: Draft, delivery: Delivery, status: str, **found: Any) -> None:
    """Note what reading a list came to: it is checked, somebody is asked, or it failed."""
    if delivery.status != "received":
        return
    draft.change(delivery, status=status, **found)
    data = {"feed": delivery.feed, "delivery": delivery.id, **dict(found.get("counts", {}))}
    draft.event(f"delivery.{_CONCLUDED[status]}", data=data)


_CONCLUDED = {"checked": "checked", "asking": "asked", "failed": "failed"}


def discard(draft: Draft, delivery: Delivery) -> None:
    """Take a list back before it was handed over."""
    draft.actor.need(*SENDING)
    _need_status(delivery, "received", "asking", "checked", "failed")
    draft.change(delivery, status="withdrawn", ended_at=draft.at)
    draft.event("delivery.withdrawn", data={"feed": delivery.feed, "delivery": delivery.id})


def hand_over(draft: Draft, delivery: Delivery, task: Task | None) -> None:
    """Hand a checked list over to whoever gets it; `task` is what is owed and fulfilled by it.

    Raises Invalid for a list without one row that is right, Conflict, NotAllowed.
    """
    draft.actor.need(*SENDING)
    _need_status(delivery, "checked")
    good = good_of(delivery)
    if not good:
        text = "名单里没有一行可以收。请改好后重报；本期确实没有的，请报“本期无新增”。"
        raise Invalid([FieldProblem("list", text)], text)
    draft.change(delivery, status="handed", handed_at=draft.at)
    data = {"feed": delivery.feed, "delivery": delivery.id, "count": good, "bad": delivery.counts.get(BAD, 0)}
    draft.event("delivery.handed_over", data=data, cites=draft.rulebook.feeds[delivery.feed].basis.cites)
    if task is not None:
        _fulfil(draft, task, good)
    feed, who = draft.rulebook.feeds[delivery.feed], unit_label(draft.rulebook, delivery.unit)
    body = f"{who}报来“{feed.label}”名单，共{good}人，请核收。"
    for unit in delivery.to:
        if unit != delivery.unit:
            draft.tell(unit, "list", f"收到名单：{feed.label}", body, key=f"list:{delivery.id}:{unit}")


def _fulfil(draft: Draft, task: Task, good: int) -> None:
    if refusal := why_not(draft.rulebook, draft.actor, VERBS["hand-in"], task):
        raise refusal
    hand_in(draft, task, task.version, {}, f"报送名单{good}人。", "")


def good_of(delivery: Delivery) -> int:
    """Return how many people of a list are right."""
    return sum(delivery.counts.values()) - delivery.counts.get(BAD, 0)


def take_in(draft: Draft, delivery: Delivery) -> None:
    """Take a list in that was handed over: the worker opens a clue for each person who is new."""
    _need_receiver(draft, delivery)
    _need_status(delivery, "handed")
    changed = draft.change(delivery, status="taking", taken_by=draft.actor.account)
    data = {"feed": delivery.feed, "delivery": delivery.id, "count": delivery.counts.get(NEW, 0)}
    draft.event("delivery.taking", data=data)
    _want(draft, TAKE_LIST, changed)


def undo(draft: Draft, delivery: Delivery, acted: int) -> None:
    """Undo what came of a list as a whole; raises Conflict where somebody acted on it (`acted` cases)."""
    _need_receiver(draft, delivery)
    _need_status(delivery, "taken")
    if delivery.taken_by != draft.actor.account:
        raise NotAllowed("由核收这份名单的人撤销。")
    if acted:
        text = f"这份名单立的线索中，至少{acted}件已有人批示或签收，不能整份撤销。请逐件处理。"
        raise Conflict(text, "LIST_ACTED_ON")
    changed = draft.change(delivery, status="undoing")
    draft.event("delivery.undoing", data={"feed": delivery.feed, "delivery": delivery.id})
    _want(draft, UNDO_LIST, changed)


def finish(draft: Draft, delivery: Delivery, counts: Mapping[str, int]) -> None:
    """Note that all clues of a list were opened, or all taken back."""
    status = {"taking": "taken", "undoing": "undone"}[delivery.status]
    draft.change(delivery, status=status, ended_at=draft.at, counts=dict(counts))
    data = {"feed": delivery.feed, "delivery": delivery.id, "count": counts.get(NEW, 0)}
    draft.event(f"delivery.{status}", data=data)
    if status == "taken":
        feed = draft.rulebook.feeds[delivery.feed]
        body = f"您单位报送的“{feed.label}”名单已核收。"
        draft.tell(delivery.unit, "list", f"名单已核收：{feed.label}", body, key=f"list-taken:{delivery.id}")


def _need_receiver(draft: Draft, delivery: Delivery) -> None:
    draft.actor.need(*RECEIVING)
    if draft.actor.unit not in delivery.to:
        raise NotAllowed("名单由收报单位核收，您不能代办。")


def _need_status(delivery: Delivery, *wanted: str) -> None:
    if delivery.status not in wanted:
        raise Conflict("这份名单刚刚有变动，请刷新页面，看过最新情况后再办理。", "LIST_CHANGED")


def _want(draft: Draft, kind: str, delivery: Delivery) -> None:
    key = f"{kind}:{delivery.id}:{delivery.version}"
    payload = {"delivery": delivery.id, "after": -1, "key": key}
    draft.jobs([JobWanted(kind=kind, key=key, payload=payload, run_at=draft.at)])
