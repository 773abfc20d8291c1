"""Papers in lists."""

from collections.abc import Iterator, Mapping
from datetime import date

from xunfang.actions.deployment import Actor
from xunfang.casework import may_open, paper_verbs
from xunfang.casework.permits import READY
from xunfang.casework.signing import awaiting
from xunfang.desk.faces import PaperFace
from xunfang.desk.labels import Labels
from xunfang.desk.moments import moment
from xunfang.desk.releases import Releases
from xunfang.rulebook.delivery import WAYS, ways_of
from xunfang.rulebook.model import Rulebook
from xunfang.store.reading.case_file import NoticeView
from xunfang.store.reading.lists import NoticeItem

STATUS = {
    "wanted": "制作中",
    "draft": "待签发",
    "signed": "已签发，印制中",
    "issued": "已制成",
    "filed": "已送达",
    "refused": "不予签发",
    "failed": "制作失败",
    "void": "作废",
    "withdrawn": "不再制作",
}
Reasons = Mapping[str, str]


def listed_paper(item: NoticeItem, rules: Releases, actor: Actor) -> PaperFace:
    """Return one paper for the list of all, with whom it is about, by the names of its case's release."""
    edition = rules.edition(item.notice.release)
    return paper_face(
        item.notice, rules.labels(item.release), actor, item.case_number, item.person_name, edition=edition
    )


def paper_face(
    notice: NoticeView,
    labels: Labels,
    actor: Actor,
    case_number: str,
    person: str = "",
    names: Reasons | None = None,
    reasons: Reasons | None = None,
    edition: str = "",
) -> PaperFace:
    """Return one paper, with what this person may do to it.

    `names` are those of the accounts that occur, `reasons` why papers were refused or made void, by their keys;
    `edition` is by which release it is printed.
    """
    kind = labels.rulebook.notices.get(notice.kind)
    return PaperFace(
        id=notice.id,
        label=labels.notice(notice.kind),
        number=notice.number,
        case=notice.case,
        case_number=case_number,
        addressee="、".join(labels.unit(unit) for unit in notice.addressees) or "本人",
        status=STATUS.get(notice.status, notice.status),
        status_id=notice.status,
        at=notice.issued_at or notice.wanted_at,
        pages=notice.pages,
        ready=notice.status in READY and may_open(actor, notice.unit, notice.addressees),
        person=person,
        version=notice.version,
        can=paper_verbs(labels.rulebook, actor, notice) if kind else (),
        ways=tuple((way, WAYS[way]) for way in ways_of(kind)) if kind else (),
        told=tuple(_told(notice, labels, names or {}, reasons or {})),
        awaiting=_awaiting(notice, labels),
        edition=edition,
    )


def _awaiting(notice: NoticeView, labels: Labels) -> tuple[tuple[str, str], ...]:
    """Return the units that a paper to several has not reached yet; none where there is nothing to choose."""
    left = awaiting(notice.addressees, notice.deliveries) if len(notice.addressees) > 1 else ()
    return tuple((unit, labels.unit(unit)) for unit in left)


def _told(notice: NoticeView, labels: Labels, names: Reasons, reasons: Reasons) -> Iterator[str]:
    """Yield what became of a paper, in the order of time."""
    if notice.signed_at:
        yield f"{moment(notice.signed_at)} {names.get(notice.signed_by, '')}签发"
    for each in notice.deliveries:
        to = labels.unit(each["to"]) if len(notice.addressees) > 1 else ""
        yield f"{date.fromisoformat(each['on']):%-m月%-d日}送达{to}：{WAYS.get(each['way'], each['way'])}"
    if notice.status == "failed":
        yield f"没有制成：{notice.error}"
    if notice.status in ("refused", "void") and notice.id in reasons:
        yield f"理由：{reasons[notice.id]}"


def signable(rulebook: Rulebook, actor: Actor) -> tuple[str, ...]:
    """Return the kinds of paper that somebody's roles sign off."""
    roles = actor.roles
    return tuple(kind.id for kind in rulebook.notices.values() if kind.signed_off_by in roles)
