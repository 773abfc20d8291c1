"""Opening balance 期初导入: what somebody may bring along, the lists their unit brought, one of them with its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.openings import FIRST_PASSWORD
from xunfang.casework import Delivery, ListedPerson
from xunfang.clock import local, parse
from xunfang.desk.faces.openings import BroughtFace, OpeningFace, OpeningKind, OpeningRow
from xunfang.desk.labels import Labels
from xunfang.desk.releases import Releases
from xunfang.identity import mask_id
from xunfang.rules.feeds import BAD, ENTITLED, NEW, OPEN_CASE, REPEATED, UNDONE, needed
from xunfang.rules.labels import answer_text
from xunfang.rules.openings import CASES, HELPED, STAFF, openings_for, with_openings
from xunfang.store import PAGE_LENGTH
from xunfang.store.reading.feeds import DeliveryItem
from xunfang.store.scoped import ScopedReader, scoped

STATUS: Mapping[str, str] = {
    "received": "正在核对",
    "asking": "请说明各列",
    "checked": "已核对，待导入",
    "taking": "正在导入",
    "taken": "已导入",
    "undoing": "正在撤销",
    "undone": "已撤销",
    "failed": "读不了",
    "withdrawn": "已撤回",
}
"""How a list stands, as pages call it."""
WORKING = frozenset({"received", "taking", "undoing"})
_HAVE = {HELPED: "已在享受，不重复导入", STAFF: "已有账号，不重复开通"}
_TOLD = {HELPED: "programme", STAFF: "unit"}


@dataclass(frozen=True, slots=True)
class OpeningDesk:
    """Reads opening balances from the store, of the unit of whoever asks and of what they may bring."""

    deployment: Deployment

    def _rules(self, actor: Actor) -> Releases:
        return Releases(self.deployment.rulebooks, actor.jurisdiction)

    def kinds(self, actor: Actor) -> tuple[OpeningKind, ...]:
        """Return what somebody may bring along."""
        rulebook = self._rules(actor).in_force
        wide = with_openings(rulebook)
        found = []
        for key, feed in openings_for(rulebook, actor.acts).items():
            must = needed(wide, feed)
            heads = {name: words[0] for name, words in feed.columns.items()}
            musts = tuple(head for name, head in heads.items() if name in must)
            others = tuple(head for name, head in heads.items() if name not in must)
            label = feed.label.rpartition("：")[2]
            found.append(OpeningKind(key, label, musts, others, key.startswith(CASES)))
        return tuple(found)

    def page(self, actor: Actor, after: str = "") -> tuple[Sequence[OpeningRow], str]:
        """Return a page of the lists that the unit brought, newest first."""
        rules = self._rules(actor)
        kinds = tuple(openings_for(rules.in_force, actor.acts))
        if not kinds:
            return (), ""
        with scoped(self.deployment.database, actor.scope) as reader:
            page = reader.deliveries.openings(kinds, after)
        return [_row(item, rules.labels(item.release)) for item in page.items], page.next

    def one(self, actor: Actor, delivery_id: str, show: str, after: int) -> OpeningFace:
        """Return a list with some of its rows; raises NotFound for one that they may not see."""
        with scoped(self.deployment.database, actor.scope) as reader:
            delivery = reader.deliveries.opening(delivery_id)
            return _face(reader, self._rules(actor).labels(delivery.release), actor, delivery, show, after)


def _row(item: DeliveryItem | Delivery, labels: Labels) -> OpeningRow:
    feed = with_openings(labels.rulebook).feeds.get(item.feed)
    label = feed.label.rpartition("：")[2] if feed else item.feed
    count = sum(item.counts.values()) or None
    stands = STATUS[item.status]
    return OpeningRow(item.id, label, item.name, stands, item.status, count, item.counts.get(BAD, 0), item.received_at)


def _face(reader: ScopedReader, labels: Labels, actor: Actor, delivery: Delivery, show: str, after: int) -> OpeningFace:
    words = verdicts(delivery)
    known = [verdict for verdict in words if delivery.counts.get(verdict)]
    shown = show if show in known else (BAD if BAD in known else known[0] if known else "")
    listed = reader.deliveries.people(delivery, shown, after) if shown and delivery.status != "received" else []
    done, whole = _progress(reader, delivery)
    columns = with_openings(labels.rulebook).feeds[delivery.feed].columns
    missing = columns.keys() - set(dict(delivery.head.get("columns", {})).values())
    asking = delivery.status == "asking"
    return OpeningFace(
        row=_row(delivery, labels),
        version=delivery.version,
        error=delivery.error,
        sheet=str(delivery.head.get("sheet", "")),
        counts=tuple((verdict, words[verdict], delivery.counts[verdict]) for verdict in known),
        show=shown,
        rows=[_brought(reader, labels, delivery, each, words) for each in listed],
        after=str(listed[-1].n) if len(listed) == PAGE_LENGTH else "",
        asked=tuple(dict(delivery.head.get("unknown", {})).items()) if asking else (),
        choices=tuple((name, heads[0]) for name, heads in columns.items() if name in missing),
        can=_can(actor, delivery),
        working=delivery.status in WORKING,
        done=done,
        whole=whole,
        good=delivery.counts.get(NEW, 0),
        passwords=_has_passwords(reader, delivery),
    )


def verdicts(delivery: Delivery) -> Mapping[str, str]:
    """Return what may become of a row, as the page of a list calls it, by how that stands."""
    new = {"taken": "已导入", "undoing": "已导入", "undone": "保留未撤销", "taking": "待导入"}
    return {
        BAD: "有问题，未导入",
        NEW: new.get(delivery.status, "可以导入"),
        ENTITLED: _HAVE.get(delivery.feed, "已有，不重复导入"),
        OPEN_CASE: "已有在办个案，不重复导入",
        REPEATED: "重复的行，不再导入",
        UNDONE: "已撤销",
    }


def _progress(reader: ScopedReader, delivery: Delivery) -> tuple[int, int]:
    if delivery.status == "received":
        return reader.deliveries.read_so_far(delivery), 0
    if delivery.status == "taking":
        return reader.deliveries.opened_so_far(delivery), delivery.counts.get(NEW, 0)
    whole = delivery.counts.get(NEW, 0) + delivery.counts.get(UNDONE, 0)
    return (delivery.counts.get(UNDONE, 0), whole) if delivery.status == "undoing" else (0, 0)


def _can(actor: Actor, delivery: Delivery) -> tuple[str, ...]:
    if delivery.status == "checked":
        return ("take-in", "discard") if delivery.counts.get(NEW) else ("discard",)
    if delivery.status in ("asking", "failed"):
        return ("discard",)
    mine = delivery.taken_by == actor.account
    left = delivery.status == "taken" or (delivery.status == "undone" and delivery.counts.get(NEW))
    return ("undo",) if mine and left else ()


def _has_passwords(reader: ScopedReader, delivery: Delivery) -> bool:
    if delivery.feed != STAFF or delivery.status != "taken":
        return False
    return any(FIRST_PASSWORD in row.told for row in reader.deliveries.people(delivery, NEW, -1))


def _brought(
    reader: ScopedReader, labels: Labels, delivery: Delivery, listed: ListedPerson, words: Mapping[str, str]
) -> BroughtFace:
    wide = with_openings(labels.rulebook)
    form = wide.forms[delivery.feed]
    told: Mapping[str, Any] = {**listed.told.get("cells", {}), **listed.told.get("answers", {})}
    number = str(told.get(form.person.get("id_number", ""), ""))
    column = _TOLD.get(delivery.feed, "")
    more = [mask_id(number) if number.isalnum() else ""]
    if column in listed.told.get("answers", {}):
        more.append(answer_text(wide, form.fields[column], told[column]))
    made = dict(listed.told.get("made", {}))
    more.append(f"用户名 {made['login']}" if "login" in made else "")
    due = str(listed.told.get("due", ""))
    more.append(f"期限 {local(parse(due)):%Y-%m-%d %H:%M}" if due else "")
    case = listed.case if listed.case and reader.sees_case(listed.case) else ""
    return BroughtFace(
        line=listed.line + 1,
        name=str(told.get(form.person.get("name", ""), "")),
        told="　".join(filter(None, more)),
        verdict=words.get(listed.verdict, ""),
        problems=tuple(str(said) for _, said in listed.told.get("problems", ())),
        case=case,
        person=str(made.get("person", "")) if listed.verdict == NEW else "",
    )
