"""Opening balance 期初导入: a list brought as a file, its columns told, taken in, undone; passwords handed out."""

from collections.abc import Callable, Mapping
from datetime import datetime

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.feeds import draft_of, receive_file, remember
from xunfang.actions.storing import store
from xunfang.casework import Delivery, Draft, ListedPerson
from xunfang.casework import openings as casework
from xunfang.casework.deliveries import good_of
from xunfang.errors import Conflict, FieldProblem, Invalid, NotFound
from xunfang.rules.feeds import NEW
from xunfang.rules.openings import STAFF, acts_for, is_opening, with_openings
from xunfang.rules.units import division_of
from xunfang.store import new_id
from xunfang.store.reading.feeds import every_listed

FIRST_PASSWORD = "first_password"
"""Under which name a first password lies sealed with its row until it is handed out, once."""


def bring(deployment: Deployment, actor: Actor, feed: str, name: str, data: bytes, at: datetime) -> tuple[str, bool]:
    """Receive a file as a list of an opening balance; returns its key, and whether the very file was brought before.

    Raises Invalid for what is no workbook, NotAllowed, NotFound, TooOften.
    """
    _need(deployment, actor, feed)

    def received(act: Act, draft: Draft, sha256: str) -> Delivery:
        return casework.receive(draft, _received(act, feed, name, sha256, len(data)))

    return receive_file(deployment, actor, feed, data, at, received)


def _need(deployment: Deployment, actor: Actor, feed: str) -> None:
    if not is_opening(feed) or feed not in with_openings(deployment.rulebooks.of(actor.jurisdiction)).feeds:
        raise NotFound()
    actor.need(*acts_for(feed))


def _received(act: Act, feed: str, name: str, sha256: str, size: int) -> Delivery:
    actor, rulebook = act.actor, act.rules()
    return Delivery(
        id=new_id(),
        jurisdiction=actor.jurisdiction,
        residence=division_of(actor.unit) or rulebook.code,
        feed=feed,
        unit=actor.unit,
        to=(actor.unit,),
        by=actor.account,
        name=name[:200],
        sha256=sha256,
        size=size,
        release=rulebook.digest,
        received_at=act.at,
    )


def tell_columns(
    deployment: Deployment, actor: Actor, delivery_id: str, version: int, told: Mapping[str, str], at: datetime
) -> None:
    """Tell what the columns of a list are, by their words; raises Invalid where one is told twice, Conflict."""

    def do(act: Act, draft: Draft, delivery: Delivery) -> None:
        feed = with_openings(draft.rulebook).feeds[delivery.feed]
        known = {str(name) for name in dict(delivery.head.get("columns", {})).values()}
        chosen = [column for column in told.values() if column]
        if len(set(chosen)) < len(chosen) or not set(chosen) <= feed.columns.keys() - known:
            text = "有两列选成了同一项，请核对。"
            raise Invalid([FieldProblem("columns", text)], text)
        casework.read_again(draft, delivery)
        remember(act, delivery, told)

    _change(deployment, actor, delivery_id, version, at, do)


def discard(deployment: Deployment, actor: Actor, delivery_id: str, version: int, at: datetime) -> None:
    """Take a list back before anything came of it; raises Conflict, NotFound."""
    _change(deployment, actor, delivery_id, version, at, lambda act, draft, one: casework.discard(draft, one))


def take_in(deployment: Deployment, actor: Actor, delivery_id: str, version: int, at: datetime) -> None:
    """Take all rows of a list in that are right, by the worker; raises Conflict, Invalid, NotFound."""
    _change(
        deployment,
        actor,
        delivery_id,
        version,
        at,
        lambda act, draft, one: casework.take_in(draft, one, one.counts.get(NEW, 0) and good_of(one)),
    )


def undo(deployment: Deployment, actor: Actor, delivery_id: str, version: int, at: datetime) -> None:
    """Undo all that came of a list, by the worker; raises Conflict, NotFound."""
    _change(deployment, actor, delivery_id, version, at, lambda act, draft, one: casework.undo(draft, one))


def hand_out_passwords(
    deployment: Deployment, actor: Actor, delivery_id: str, at: datetime
) -> list[tuple[str, str, str, str]]:
    """Return name, unit, login and first password of each account that a list opened: once, and then never again.

    Who took them is on record. Raises NotFound where there are none, NotAllowed.
    """
    with acting(deployment, actor, at, "administer") as act:
        delivery = act.scoped.deliveries.opening(delivery_id)
        if delivery.feed != STAFF or delivery.taken_by != actor.account or delivery.status != "taken":
            raise NotFound()
        found = []
        for person in every_listed(act.tx, delivery.id, NEW):
            if FIRST_PASSWORD in person.told:
                found.append(_slip(person))
                told = {name: value for name, value in person.told.items() if name != FIRST_PASSWORD}
                act.tx.update(ListedPerson, {"id": person.id}, {"told": told})
        if not found:
            raise NotFound("初始密码已经领取过，不能再次领取。忘了的，在“账号”里重设。")
        act.event("opening.passwords_taken", data={"delivery": delivery.id, "count": len(found)})
    return found


def _slip(person: ListedPerson) -> tuple[str, str, str, str]:
    answers, made = dict(person.told["answers"]), dict(person.told["made"])
    return str(answers["name"]), str(answers["unit"]), str(made["login"]), str(person.told[FIRST_PASSWORD])


def _change(
    deployment: Deployment,
    actor: Actor,
    delivery_id: str,
    version: int,
    at: datetime,
    do: Callable[[Act, Draft, Delivery], None],
) -> None:
    with acting(deployment, actor, at, dated=True) as act:
        delivery = act.scoped.deliveries.opening(delivery_id)
        actor.need(*acts_for(delivery.feed))
        if delivery.version != version:
            raise Conflict("这份表刚刚有变动，请刷新页面，看过最新情况后再办理。", "LIST_CHANGED")
        draft = draft_of(act, delivery)
        do(act, draft, delivery)
        store(act, draft.changes())
