"""Minutes 会议纪要 of a whole sitting: drafted by its convener, agreed to by those who came, signed off, numbered."""

from collections.abc import Iterable
from typing import Any

from xunfang.casework.actor import Actor
from xunfang.casework.draft import Draft
from xunfang.casework.handling import need_reason
from xunfang.casework.issuing import number_signed
from xunfang.casework.jobs import minutes_job
from xunfang.casework.meetings import convening, draft_sitting, is_convener, told_of
from xunfang.casework.papers import may_sign_for
from xunfang.casework.rows import Minutes, Sitting
from xunfang.casework.verb import Asked
from xunfang.characters import seen, unprintable_words
from xunfang.clock import local
from xunfang.errors import Conflict, FieldProblem, Invalid, NotAllowed
from xunfang.rulebook.model import Rulebook, UnitRef
from xunfang.rules.units import division_of, unit_id, unit_label

AT_WORK = ("wanted", "signed")
"""How minutes stand while the worker has something to do about them."""
_PERSON, _REMARKS = 50, 2000


def draft_minutes(draft: Draft, asked: Asked) -> None:
    """Draw up the minutes of a sitting that is over, or draw them up anew: whoever agreed before is asked again.

    Raises NotAllowed, Conflict once they are signed off, Invalid with every problem.
    """
    sitting, meeting = convening(draft, asked, "closed")
    if meeting.record not in draft.rulebook.notices:
        raise Conflict("规则没有规定这个会印发整场会议的纪要。", "NOT_NOW")
    told = _told(asked)
    minutes = draft.first(Minutes, sitting=sitting.id)
    _unsigned(minutes, asked.version)
    fresh: dict[str, Any] = {**told, "status": "wanted", "error": "", "objections": {}, "wanted_at": draft.at}
    fresh |= {"agreed": _own_word(draft, sitting), "release": draft.rulebook.digest, "kind": meeting.record}
    if minutes is None:
        new = Minutes(
            id=draft.new_id(), jurisdiction=sitting.jurisdiction, sitting=sitting.id, unit=sitting.unit, **fresh
        )
        minutes = draft.put(new)
    else:
        minutes = draft.change(minutes, **fresh)
    draft.event("sitting.minutes_drafted", data=told_of(sitting), rule=meeting.id, cites=meeting.basis.cites)
    draft.jobs([minutes_job(minutes, draft.at)])


def _told(asked: Asked) -> dict[str, str]:
    """Return what is typed about a sitting besides what is on record."""
    wrong: list[FieldProblem] = []
    told = {name: seen(str(asked.payload.get(name, ""))).strip() for name in ("chair", "recorder", "remarks")}
    labels = {"chair": ("主持人", _PERSON), "recorder": ("记录人", _PERSON), "remarks": ("其他议定事项", _REMARKS)}
    if not told["chair"]:
        wrong.append(FieldProblem("chair", "请填写会议主持人。", "FIELD_MISSING"))
    for name, (label, most) in labels.items():
        if len(told[name]) > most:
            wrong.append(FieldProblem(name, f"{label}最多{most}字。"))
        if problem := unprintable_words(told[name], label):
            wrong.append(FieldProblem(name, problem))
    if wrong:
        raise Invalid(wrong, "纪要没有整理。")
    return told


def _unsigned(minutes: Minutes | None, version: int) -> None:
    if minutes and minutes.status in ("signed", "issued"):
        raise Conflict("这次会议的纪要已经签发，不能再改。", "NOT_NOW")
    if minutes and minutes.version != version:
        raise Conflict("纪要刚刚有变动，请刷新页面，看过最新情况后再办理。", "MINUTES_CHANGED")


def _own_word(draft: Draft, sitting: Sitting) -> dict[str, dict[str, str]]:
    """Whoever convened the sitting agrees to what it draws up itself."""
    return {sitting.unit: _word(draft)} if sitting.unit in sitting.present else {}


def _word(draft: Draft, words: str = "") -> dict[str, str]:
    return {"at": local(draft.at).isoformat(), "by": draft.actor.name, "words": words.strip()}


def agree(draft: Draft, asked: Asked) -> None:
    """Agree to minutes for a unit that came; the convener notes the word of one that gave it otherwise, saying how.

    Once all of them have agreed, whoever signs the minutes off is told. Raises NotAllowed, Conflict, Invalid.
    """
    sitting, minutes = _circulating(draft, asked)
    unit = asked.unit or next(iter(left_to_agree(sitting, minutes, draft.actor.units)), "")
    if unit not in left_to_agree(sitting, minutes):
        raise Conflict("这个单位不用再答复，请刷新页面。", "MINUTES_CHANGED")
    if unit not in draft.actor.units:
        if not is_convener(draft.actor, sitting):
            raise NotAllowed("会议纪要由到会单位自己答复。")
        need_reason(asked.reason, "该单位怎样表示同意的")
    objections = {name: word for name, word in minutes.objections.items() if name != unit}
    agreed = {**minutes.agreed, unit: _word(draft, asked.reason)}
    minutes = draft.change(minutes, agreed=agreed, objections=objections)
    draft.event("sitting.minutes_agreed", data={**told_of(sitting), "unit": unit})
    _all_agreed(draft, sitting, minutes)


def left_to_agree(sitting: Sitting, minutes: Minutes, among: Iterable[str] | None = None) -> list[str]:
    """Return the units that came and have not agreed, those `among` some alone."""
    left = [unit for unit in sitting.present if unit not in minutes.agreed]
    return left if among is None else [unit for unit in left if unit in set(among)]


def _all_agreed(draft: Draft, sitting: Sitting, minutes: Minutes) -> None:
    if left_to_agree(sitting, minutes):
        return
    kind = draft.rulebook.notices[minutes.kind]
    if not kind.signed_off_by:
        _sign(draft, sitting, minutes)
        return
    draft.change(minutes, status="agreed")
    body = f"{_named(draft, sitting)}的纪要，到会单位都已同意，请在“会商”中打开这次会议，核对后签发。"
    key = f"minutes:{minutes.id}:{minutes.version}:agreed"
    draft.tell(sitting.unit, "sitting", "会议纪要待签发", body, key=key, role=kind.signed_off_by)


def object_to(draft: Draft, asked: Asked) -> None:
    """Say what a unit that came wants changed in minutes; their convener draws them up anew. Raises as `agree`."""
    sitting, minutes = _circulating(draft, asked)
    need_reason(asked.reason, "修改意见")
    unit = next((each for each in sitting.present if each in draft.actor.units), "")
    if not unit:
        raise NotAllowed("会议纪要由到会单位答复。")
    agreed = {name: word for name, word in minutes.agreed.items() if name != unit}
    draft.change(minutes, objections={**minutes.objections, unit: _word(draft, asked.reason)}, agreed=agreed)
    draft.event("sitting.minutes_objected", data={**told_of(sitting), "unit": unit})
    body = f"{unit_label(draft.rulebook, unit)}对{_named(draft, sitting)}的纪要提出了修改意见，请在“会商”中查看。"
    key = f"minutes:{minutes.id}:{minutes.version}:objected"
    draft.tell(sitting.unit, "sitting", "会议纪要有修改意见", body, key=key)


def _circulating(draft: Draft, asked: Asked) -> tuple[Sitting, Minutes]:
    sitting = draft_sitting(draft, str(asked.payload["sitting"]))
    minutes = draft.first(Minutes, sitting=sitting.id)
    if minutes is None or minutes.status != "circulated" or minutes.version != asked.version:
        raise Conflict("纪要刚刚有变动，请刷新页面，看过最新情况后再办理。", "MINUTES_CHANGED")
    return sitting, minutes


def sign(draft: Draft, asked: Asked) -> None:
    """Sign minutes off that all who came agree to: they are numbered and printed. Raises NotAllowed, Conflict."""
    sitting = draft_sitting(draft, str(asked.payload["sitting"]))
    minutes = draft.first(Minutes, sitting=sitting.id)
    if minutes is None or minutes.status != "agreed" or minutes.version != asked.version:
        raise Conflict("纪要刚刚有变动，请刷新页面，看过最新情况后再办理。", "MINUTES_CHANGED")
    if not signs(draft.rulebook, draft.actor, sitting, minutes):
        role = draft.rulebook.roles.get(draft.rulebook.notices[minutes.kind].signed_off_by)
        raise NotAllowed(f"这份纪要由召集单位的{role.label if role else '文书岗位'}签发。")
    _sign(draft, sitting, minutes)


def signs(rulebook: Rulebook, actor: Actor, sitting: Sitting, minutes: Minutes) -> bool:
    """Return whether somebody signs the minutes of a sitting off: by the role of their kind, over its convener."""
    return may_sign_for(rulebook, actor, minutes, sitting.residence)


def _sign(draft: Draft, sitting: Sitting, minutes: Minutes) -> None:
    signed = draft.change(minutes, status="signed", signed_by=draft.actor.account, signed_at=draft.at)
    draft.event("sitting.minutes_signed", data=told_of(sitting))
    draft.jobs([minutes_job(signed, draft.at)])


def number_minutes(draft: Draft, asked: Asked) -> None:
    """Take the number of minutes that are signed off."""
    number_signed(draft, _of(draft, asked))


def _of(draft: Draft, asked: Asked) -> Minutes:
    found = draft.find(Minutes, str(asked.payload["minutes"]))
    assert found is not None
    return found


def record_made(draft: Draft, asked: Asked) -> None:
    """Write down what the press made of minutes: a draft for those who came, the issued paper, or a failure."""
    minutes, made = _of(draft, asked), asked.payload
    if minutes.status not in AT_WORK:
        return
    sitting = draft_sitting(draft, minutes.sitting)
    if made.get("error"):
        _fail(draft, sitting, minutes, str(made["error"]))
        return
    kept = {name: made[name] for name in ("facts", "sha256", "pages")}
    if minutes.status == "signed":
        _issue(draft, sitting, draft.change(minutes, status="issued", issued_at=draft.at, **kept))
    else:
        _circulate(draft, sitting, draft.change(minutes, status="circulated", **kept))


def _fail(draft: Draft, sitting: Sitting, minutes: Minutes, error: str) -> None:
    draft.change(minutes, status="failed", error=error, signed_by="", signed_at=None)
    draft.event("sitting.minutes_failed", data=told_of(sitting))
    key = f"minutes:{minutes.id}:{minutes.version}:failed"
    draft.tell(sitting.unit, "sitting", "会议纪要没有制成", f"{_named(draft, sitting)}的纪要：{error}", key=key)


def _circulate(draft: Draft, sitting: Sitting, minutes: Minutes) -> None:
    body = f"{_named(draft, sitting)}的纪要已经拟好，请在“会商”中打开这次会议，看过后答复同意，或者提出修改意见。"
    for unit in left_to_agree(sitting, minutes):
        key = f"minutes:{minutes.id}:{minutes.version}:{unit}"
        draft.tell(unit, "sitting", "会议纪要征求意见", body, key=key)
    draft.event("sitting.minutes_circulated", data={**told_of(sitting), "pages": minutes.pages})
    _all_agreed(draft, sitting, minutes)


def _issue(draft: Draft, sitting: Sitting, minutes: Minutes) -> None:
    """Tell everybody who belongs to the sitting, and whom the kind of paper names 抄送, that the minutes are issued."""
    kind = draft.rulebook.notices[minutes.kind]
    printed = {"kind": kind.id, "number": minutes.number, "sha256": minutes.sha256, "pages": minutes.pages}
    draft.event("sitting.minutes_issued", data={**told_of(sitting), **printed}, rule=kind.id, cites=kind.basis.cites)
    body = f"{_named(draft, sitting)}的纪要{minutes.number}已印发，请在“会商”中打开。"
    for unit in dict.fromkeys((*sitting.invited, *copied_to(draft.rulebook, kind.copies, sitting.unit), sitting.unit)):
        draft.tell(unit, "sitting", f"会议纪要：{_named(draft, sitting)}", body, key=f"minutes:{minutes.id}:to:{unit}")


def copied_to(rulebook: Rulebook, refs: Iterable[UnitRef], convener: str) -> tuple[str, ...]:
    """Return the units that minutes name as told of them 抄送, where the convener works."""
    home = division_of(convener) or rulebook.code
    facts = {"residence": home, "registration": home, "unit.division": home}
    return tuple(dict.fromkeys(unit_id(rulebook, ref, facts) for ref in refs))


def _named(draft: Draft, sitting: Sitting) -> str:
    meeting = draft.rulebook.meetings.get(sitting.meeting)
    return f"{meeting.label if meeting else sitting.meeting}{told_of(sitting)['session']}会议"
