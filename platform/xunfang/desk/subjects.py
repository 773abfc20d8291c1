"""What an event is about, in words, where its name alone does not say it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from xunfang.desk.labels import Labels
from xunfang.rules.openings import with_openings
from xunfang.rules.publications import BOARDS
from xunfang.rules.rosters import month_words
from xunfang.store import Event

Told = Mapping[str, Any]


def _paper(told: Told, labels: Labels, _flow: str) -> str:
    return labels.notice(told["kind"]) if "kind" in told else ""


def _stage(told: Told, labels: Labels, flow: str) -> str:
    return labels.stage(flow, told.get("to") or told.get("state", ""))


def _result(told: Told, labels: Labels, flow: str) -> str:
    return labels.outcome(flow, told.get("state", ""), told.get("outcome", ""))


def _ending(told: Told, labels: Labels, flow: str) -> str:
    return labels.decided(flow, told["outcome"], told.get("decided", ()))


def _form(told: Told, labels: Labels, _flow: str) -> str:
    form = labels.rulebook.forms.get(told.get("form", ""))
    return form.title if form else ""


def _flow(told: Told, labels: Labels, _flow: str) -> str:
    return labels.flow(told.get("flow", ""))


def _field(told: Told, labels: Labels, _flow: str) -> str:
    return labels.field(told.get("field", ""))


def _ledger(told: Told, labels: Labels, _flow: str) -> str:
    found = labels.rulebook.ledgers.get(str(told.get("ledger", "")))
    whole = "，号码完整" if told.get("whole") == "True" else ""
    title = str(told.get("title") or told.get("ledger", ""))
    return f"{found.label if found else title}（{told.get('count', '')}条{whole}）"


def _duty(told: Told, labels: Labels, _flow: str) -> str:
    return labels.duty(told.get("duty", ""))


def _alert(told: Told, labels: Labels, _flow: str) -> str:
    kind, was = str(told.get("kind", "")), str(told.get("was_level", ""))
    before = f"，原为{labels.level(kind, was)}" if was else ""
    return f"{labels.alert(kind)}（{labels.level(kind, str(told.get('level', '')))}{before}）"


def _sitting(told: Told, labels: Labels, _flow: str) -> str:
    meeting = str(told.get("meeting", ""))
    decided = str(told.get("settled_as", ""))
    words = f"，决定“{labels.decision(meeting, decided)}”" if decided else ""
    return f"{labels.meeting(meeting)}{told.get('session', '')}会议{words}"


def _publication(told: Told, labels: Labels, flow: str) -> str:
    return f"{labels.stage(flow, str(told.get('state', '')))}（{BOARDS.get(str(told.get('board', '')), '')}）"


def _held_up(told: Told, labels: Labels, flow: str) -> str:
    return f"{labels.stage(flow, str(told.get('state', '')))}：{'、'.join(map(str, told.get('objections', ())))}"


def _roll(told: Told, labels: Labels, _flow: str) -> str:
    roster = labels.rulebook.rosters.get(str(told.get("roster", "")))
    month = month_words(date.fromisoformat(str(told["month"]))) if told.get("month") else ""
    return f"{month}{roster.label if roster else ''}"


def _helped(told: Told, labels: Labels, _flow: str) -> str:
    place = labels.place(str(told.get("place", "")))
    return f"{place}{labels.programme(str(told.get('programme', '')))}（{told.get('households', '')}户）"


def _opening(told: Told, labels: Labels, _flow: str) -> str:
    feed = with_openings(labels.rulebook).feeds.get(str(told.get("feed", "")))
    return feed.label if feed else ""


def _paper_case(told: Told, _labels: Labels, _flow: str) -> str:
    paper = str(told.get("paper", ""))
    return f"{told.get('received_on', '')} 受理{f'，原编号 {paper}' if paper else ''}"


SUBJECTS: Mapping[str, Callable[[Told, Labels, str], str]] = {
    "case.moved": _stage,
    "case.waiting": _stage,
    "case.wait_ended": _stage,
    "case.wait_held": _held_up,
    "case.wait_replanned": _stage,
    "case.closed": _ending,
    "case.reopened": _result,
    "task.opened": _stage,
    "task.withdrawn": _stage,
    "task.completed": _result,
    "task.deemed": _result,
    "task.outcome_recorded": _result,
    "clue.submitted": _form,
    "submission.filed": _form,
    "visit.made": _form,
    "flow.started": _flow,
    "person.revealed": _field,
    "ledger.exported": _ledger,
    "ledger.export_asked": _ledger,
    "opening.received": _opening,
    "opening.checked": _opening,
    "opening.taking": _opening,
    "opening.taken": _opening,
    "opening.undoing": _opening,
    "opening.undone": _opening,
    "opening.case_taken": _paper_case,
    "duty.opened": _duty,
    "duty.reported": _duty,
    "duty.nil": _duty,
    "duty.waived": _duty,
    "duty.excused": _duty,
    "duty.noted": _duty,
    "duty.replaced": _duty,
    "duty.owed_again": _duty,
    "duty.withdrawn": _duty,
    "alert.declared": _alert,
    "alert.raised": _alert,
    "alert.lowered": _alert,
    "alert.closed": _alert,
    "publication.posted": _publication,
    "publication.taken_down": _publication,
    "publication.objected": _publication,
    "helped.posted": _helped,
    **dict.fromkeys(
        (
            "sitting.called",
            "sitting.invited",
            "sitting.opened",
            "sitting.closed",
            "sitting.cancelled",
            "sitting.item_put",
            "sitting.item_decided",
            "sitting.item_postponed",
            "sitting.item_withdrawn",
            "sitting.minutes_drafted",
            "sitting.minutes_circulated",
            "sitting.minutes_agreed",
            "sitting.minutes_objected",
            "sitting.minutes_signed",
            "sitting.minutes_issued",
            "sitting.minutes_failed",
            "sitting.minutes_opened",
            "sitting.minutes_missing",
        ),
        _sitting,
    ),
}
"""By the name of an event, how it is told what it is about."""


_SERIES: Mapping[str, Callable[[Told, Labels, str], str]] = {"notice": _paper, "circular": _paper, "roll": _roll}
"""By the subject of events that all tell the same thing."""


_AS_IT_IS = ("decided", "objections")


def about(event: Event, labels: Labels, flow: str) -> str:
    """Return what an event is about, or "" where its name says it."""
    told = {key: value if key in _AS_IT_IS else str(value) for key, value in event.told.items()}
    put = _SERIES.get(event.name.partition(".")[0]) or SUBJECTS.get(event.name)
    return put(told, labels, flow) if put else ""
