"""A believable sitting, as the minutes of a real one would tell it: for trying out templates before one is held."""

from typing import Any

from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.rules.labels import labelled
from xunfang.rules.meetings import number_words
from xunfang.rules.sample import sample_moment, values_of
from xunfang.rules.units import unit_label

_STATUSES = ("decided", "postponed", "withdrawn")
_ITEM = {
    "case": "2025-12-0001",
    "name": "示例某",
    "place": "示例村",
    "stage": "会商",
    "decision": "一事一议",
    "outcome": "会议已研究",
    "words": "示例条件",
    "recused": ["示例单位"],
    "votes_for": 3,
    "votes_against": 0,
    "objections": "公示期间没有收到异议",
}


def sample_sitting(rulebook: Rulebook, kind: NoticeKind) -> dict[str, Any]:
    """Return what minutes of a kind may say of a sitting: one case of each standing; nothing for any other kind."""
    meeting = next((each for each in rulebook.meetings.values() if each.record == kind.id), None)
    if meeting is None:
        return {}
    at, flow = sample_moment(rulebook), next(iter(rulebook.flows.values()), None)
    units = [unit_label(rulebook, unit) for unit in meeting.members] or [unit_label(rulebook, meeting.convenes)]
    item = {**_ITEM, "matter": flow.label if flow else "", "told": _told(rulebook)}
    return {
        "label": meeting.label,
        "session": number_words(at.year, 1),
        "sat_on": at.date().isoformat(),
        "began_at": at.isoformat(),
        "place": "示例会议室",
        "chair": "示例主持人",
        "recorder": "示例记录人",
        "remarks": "示例事项",
        "invited": len(units),
        "came": 1,
        "present": [{"unit": units[0], "names": "示例人员"}],
        "absent": units[1:],
        "items": len(_STATUSES),
        **{status: [{**item, "status": status, "n": n, "place_in": 1}] for n, status in enumerate(_STATUSES, start=1)},
    }


def _told(rulebook: Rulebook) -> dict[str, Any]:
    """Return what the forms tell by which meetings decide."""
    states = [state for flow in rulebook.flows.values() for state in flow.states.values() if state.meeting]
    forms = [rulebook.forms[name] for name in dict.fromkeys(state.form for state in states) if name in rulebook.forms]
    answers = {name: value for form in forms for name, value in values_of(rulebook, form).items()}
    return labelled(rulebook, forms, answers)
