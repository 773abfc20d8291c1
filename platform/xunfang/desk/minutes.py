"""Minutes 会议纪要 of a whole sitting, in words."""

from collections.abc import Iterator
from typing import Any

from xunfang.actions.deployment import Actor
from xunfang.actions.minutes import may_read
from xunfang.casework import VERBS, Minutes, Sitting
from xunfang.casework.meetings import is_convener
from xunfang.casework.minutes import left_to_agree, signs
from xunfang.clock import local, parse
from xunfang.desk.faces.meetings import AnswerFace, MinutesFace
from xunfang.desk.labels import Labels
from xunfang.desk.releases import Releases
from xunfang.store.reading.meetings import SittingFile

STATUS = {
    "": "未整理", "wanted": "正在印制", "circulated": "正在征求意见", "agreed": "待签发", "signed": "正在编号印制",
    "issued": "已印发", "failed": "没有制成",
}  # fmt: skip
_OPEN = ("", "circulated", "agreed", "failed")
"""How minutes stand while they can be drawn up anew."""


def minutes_face(stored: SittingFile, rules: Releases, actor: Actor) -> MinutesFace | None:
    """Return the minutes of a sitting as somebody sees them, None for one that is not over or has none by the rules."""
    sitting, minutes = stored.sitting, stored.minutes
    labels = rules.labels(minutes.release) if minutes else rules.labels(rules.in_force.digest)
    meeting = labels.rulebook.meetings.get(sitting.meeting)
    kind = labels.rulebook.notices.get(minutes.kind if minutes else meeting.record if meeting else "")
    if kind is None or sitting.status != "closed":
        return None
    status = minutes.status if minutes else ""
    return MinutesFace(
        label=kind.label,
        status=STATUS[status],
        status_id=status,
        version=minutes.version if minutes else 0,
        number=minutes.number if minutes else "",
        chair=minutes.chair if minutes else "",
        recorder=minutes.recorder if minutes else "",
        remarks=minutes.remarks if minutes else "",
        pages=minutes.pages if minutes else 0,
        error=minutes.error if minutes else "",
        signed_by=stored.names.get(minutes.signed_by, "") if minutes else "",
        issued_at=minutes.issued_at if minutes else None,
        answers=tuple(_answers(sitting, minutes, labels)) if minutes else (),
        ready=minutes is not None and bool(minutes.sha256) and status != "failed" and may_read(actor, sitting),
        drafts=is_convener(actor, sitting) and status in _OPEN,
        **_may(sitting, minutes, labels, actor),
    )


def _may(sitting: Sitting, minutes: Minutes | None, labels: Labels, actor: Actor) -> dict[str, Any]:
    """Return what somebody can do about minutes as they stand."""
    if minutes is None or minutes.status not in ("circulated", "agreed"):
        return {"answers_for": "", "signs": False, "noted": ()}
    left = left_to_agree(sitting, minutes) if minutes.status == "circulated" else []
    ours = [unit for unit in left if unit in actor.units] if actor.acts & set(VERBS["agree-minutes"].acts) else []
    noted = [unit for unit in left if unit not in actor.units] if is_convener(actor, sitting) else []
    return {
        "answers_for": labels.unit(ours[0]) if ours else "",
        "signs": minutes.status == "agreed" and signs(labels.rulebook, actor, sitting, minutes),
        "noted": tuple((unit, labels.unit(unit)) for unit in noted),
    }


def _answers(sitting: Sitting, minutes: Minutes, labels: Labels) -> Iterator[AnswerFace]:
    for unit in sitting.present:
        word = minutes.agreed.get(unit) or minutes.objections.get(unit)
        answer, look = ("同意", "good") if unit in minutes.agreed else ("有修改意见", "late")
        if word is None:
            yield AnswerFace(unit, labels.unit(unit), "未答复", "", "", "")
            continue
        told = f"{local(parse(word['at'])):%-m月%-d日%H:%M} {word['by']}"
        yield AnswerFace(unit, labels.unit(unit), answer, look, word["words"], told)
