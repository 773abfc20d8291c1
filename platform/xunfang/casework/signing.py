"""What people do to papers: sign off 签发 or refuse to, void 作废, make again 重新制作, deliver 送达."""

from collections.abc import Mapping, Sequence
from datetime import date

from xunfang.casework.draft import Draft
from xunfang.casework.handling import need_reason
from xunfang.casework.issuing import told_of
from xunfang.casework.jobs import notice_job
from xunfang.casework.papers import ask_for_notice, record_signature, want_again
from xunfang.casework.rows import Notice
from xunfang.casework.subjects import bar_put_away
from xunfang.clock import local_date
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.rulebook.delivery import WAYS, ways_of
from xunfang.rules.units import unit_label

_REASON = 500


def _same(notice: Notice, version: int) -> None:
    """Make sure that what somebody decides about is what they have seen."""
    if notice.version != version:
        raise Conflict("这份文书刚刚有变动，请刷新页面，看过最新情况后再办理。", "PAPER_CHANGED")


def sign_off(draft: Draft, notice: Notice, version: int) -> None:
    """Sign a draft off 签发: it is numbered, dated and printed as it was seen; raises Conflict when it has changed."""
    _same(notice, version)
    signed = draft.change(notice, status="signed", signed_by=draft.actor.account, signed_at=draft.at)
    record_signature(draft, signed)
    draft.jobs([notice_job(signed, draft.at)])


def refuse_sign_off(draft: Draft, notice: Notice, version: int, reason: str) -> None:
    """Give a draft back unsigned 不予签发, with a reason; raises Conflict, and Invalid without a reason."""
    need_reason(reason, "不予签发的理由")
    _same(notice, version)
    draft.change(notice, status="refused")
    data = {"kind": notice.kind, "notice": notice.id, "reason": reason.strip()[:_REASON]}
    draft.event("notice.refused", case=notice.case, task=notice.task, data=data)
    kind, number = draft.rulebook.notices[notice.kind], draft.case(notice.case).number
    body = f"个案 {number} 的{kind.label}没有签发，理由见个案的办理经过。更正后请在个案页“重新制作”。"
    for unit in told_of(draft, notice):
        key = f"notice:{notice.id}:refused:{draft.at.isoformat()}:{unit}"
        title = f"文书不予签发：{kind.label}"
        draft.tell(unit, "notice", title, body, key=key, case=notice.case, task=notice.task)


def void_paper(draft: Draft, notice: Notice, version: int, reason: str) -> None:
    """Take a paper out of force 作废, with a reason; its number stays in the series. Raises Conflict, Invalid."""
    need_reason(reason, "作废的理由")
    _same(notice, version)
    draft.change(notice, status="void")
    data = {"kind": notice.kind, "number": notice.number, "notice": notice.id, "reason": reason.strip()[:_REASON]}
    draft.event("notice.voided", case=notice.case, task=notice.task, data=data)
    if notice.issued_at:
        _tell_void(draft, notice)


def _tell_void(draft: Draft, notice: Notice) -> None:
    """Tell everybody who may have a paper in hand that it is in force no more."""
    kind, number = draft.rulebook.notices[notice.kind], draft.case(notice.case).number
    title, key = f"文书作废：{kind.label}", f"notice:{notice.id}:void"
    own = told_of(draft, notice)
    for unit in own:
        body = (
            f"个案 {number} 的{kind.label}{notice.number}已作废，理由见个案的办理经过。"
            "已经送出的请收回或者告知收件人；需要的请在个案页“重新制作”。"
        )
        draft.tell(unit, "notice", title, body, key=f"{key}:{unit}", case=notice.case, task=notice.task)
    for unit in dict.fromkeys((*notice.addressees, *notice.copies)):
        if unit not in own and unit in draft.staffed:
            body = f"{unit_label(draft.rulebook, notice.unit)}的{kind.label}{notice.number}已作废，请不要再据以办理。"
            draft.tell(unit, "copy", title, body, key=f"{key}:{unit}")


def remake_paper(draft: Draft, notice: Notice, release: str) -> None:
    """Have a paper made again: one that failed or was refused as the same one, for one that is void another.

    `release` is the one in force, from whose template a paper is printed that the case's own could not print.
    """
    case = draft.case(notice.case)
    if why := bar_put_away(case):
        raise Conflict(why, "NOT_NOW")
    if notice.status == "void":
        task = draft.task(notice.task) if notice.task else None
        ask_for_notice(draft, case, notice.kind, task)
    else:
        want_again(draft, notice, release)


def awaiting(addressees: Sequence[str], deliveries: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Return the units that a paper goes to and has not reached; "" stands for a person."""
    reached = {each["to"] for each in deliveries}
    return tuple(unit for unit in addressees or ("",) if unit not in reached)


def deliver(draft: Draft, notice: Notice, to: str, way: str, day: str) -> None:
    """Write down how and on which day a paper reached whoever it is for 送达: once it reached all, it is filed 归档.

    `to` may be left out where only one is still to be reached. Raises Invalid for somebody it does not go to or has
    reached, a way its kind does not have, or a day before it was issued or still to come.
    """
    on, problems = _day(day), []
    left = awaiting(notice.addressees, notice.deliveries)
    to = to or (left[0] if len(left) == 1 else "")
    if to not in left:
        problems.append(FieldProblem("addressee", "请选择送达哪个单位。", "FIELD_MISSING"))
    if way not in ways_of(draft.rulebook.notices[notice.kind]):
        problems.append(FieldProblem("way", "请选择送达方式。", "FIELD_MISSING"))
    if on is None or on > local_date(draft.at):
        problems.append(FieldProblem("day", "请填写送达日期，不能晚于今天。", "DAY_WRONG"))
    elif notice.issued_at and on < local_date(notice.issued_at):
        text = f"送达日期不能早于文书制成之日（{local_date(notice.issued_at):%-m月%-d日}）。"
        problems.append(FieldProblem("day", text, "DAY_WRONG"))
    if problems:
        raise Invalid(problems, "送达没有登记。")
    delivery = {"to": to, "on": day, "way": way, "by": draft.actor.account}
    status = "filed" if left == (to,) else notice.status
    draft.change(notice, status=status, deliveries=(*notice.deliveries, delivery))
    told = {"number": notice.number, "delivered": day, "way": WAYS[way], **({"unit": to} if to else {})}
    draft.event("notice.delivered", case=notice.case, task=notice.task, data={"kind": notice.kind, **told})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
