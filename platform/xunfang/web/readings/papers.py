"""Papers in lists."""

from xunfang.casework import may_open
from xunfang.rulebook.model import Rulebook
from xunfang.store.reading.case_file import NoticeView
from xunfang.store.reading.lists import NoticeItem
from xunfang.web.faces import PaperFace
from xunfang.web.labels import Labels
from xunfang.web.site import Member

STATUS = {"wanted": ("制作中", "blue"), "issued": ("已制成", "good"), "failed": ("制作失败", "late")}


def listed_paper(item: NoticeItem, rulebook: Rulebook, member: Member) -> PaperFace:
    """Return one paper for the list of all, with whom it is about."""
    return paper_face(item.notice, rulebook, member, item.case_number, item.person_name)


def paper_face(notice: NoticeView, rulebook: Rulebook, member: Member, case_number: str, person: str = "") -> PaperFace:
    """Return one paper."""
    labels = Labels(rulebook)
    status, look = STATUS.get(notice.status, (notice.status, ""))
    return PaperFace(
        id=notice.id,
        label=labels.notice(notice.kind),
        number=notice.number,
        case=notice.case,
        case_number=case_number,
        addressee=labels.unit(notice.addressee) if notice.addressee else "本人",
        status=status,
        status_look=look,
        at=notice.issued_at or notice.wanted_at,
        pages=notice.pages,
        ready=notice.status == "issued" and may_open(member.actor, notice.unit, notice.addressee),
        person=person,
    )
