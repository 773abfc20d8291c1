"""Events in words: what happened, who did it, by which rule."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from xunfang.casework import VERBS
from xunfang.clock import local_date
from xunfang.desk.details import DETAILS, units_in_words
from xunfang.desk.event_words import WORDS
from xunfang.desk.faces import EventFace
from xunfang.desk.labels import Labels
from xunfang.desk.subjects import about
from xunfang.store import Event

UNTOLD = frozenset({"notice.numbered", "message.read", "attachment.kept", "case.clock_set"})
"""Events of the record that add nothing for somebody who reads the case."""

TOLD_ALREADY = frozenset({("case.moved", "to")})

WRITTEN: Mapping[str, str] = {verb.event: verb.reason_name for verb in VERBS.values() if verb.reason_name}
"""What that is called which somebody wrote, where it is no reason."""

BY_RULES = frozenset({
    "dispatch.proposed", "dispatch.sent_at_once", "task.opened", "task.withdrawn", "notice.wanted",
    "case.moved", "case.waiting", "case.closed", "flow.started", "case.urgency_raised", "case.due_changed",
    "case.due_lengthened",
    "case.extended", "case.wait_interrupted", "publication.posted", "publication.taken_down",
    "task.due_changed", "task.due_followed", "task.deemed", "notice.withdrawn", "case.informed", "case.duty_told",
})  # fmt: skip
"""What nobody does: the rules bring it about when somebody acts."""

ASKING = frozenset({"notice.wanted", "notice.signed"})
"""What comes of asking for a paper, when nothing else was done."""

MANY = 3
"""So often something comes one after another before it is told once for all."""

ACTS: Mapping[str, str] = {
    "clue.submitted": "上报", "clue.joined": "上报", "dispatch.confirmed": "批示", "dispatch.changed": "批示",
    "task.completed": "办理", "task.outcome_recorded": "办理", "task.returned": "退回", "task.transferred": "转办",
    "case.voided": "作废", "case.reopened": "重新办理",
    "case.objected": "登记异议", "clue.corrected": "更正", "clue.withdrawn": "撤回",
    "clue.linked": "归并", "clue.split": "分开",
}  # fmt: skip
"""The acts of a person from which the rules bring something about, as one says that it began with them."""


def acts_behind(events: Iterable[Event]) -> Mapping[int, str]:
    """Return, by number, the act of the same person at the same moment that an event of the rules follows from.

    A paper that stands alone was asked for by its person, and follows from nothing.
    """
    at_once: dict[tuple[datetime, str], list[Event]] = {}
    for event in events:
        if event.actor:
            at_once.setdefault((event.at, event.actor), []).append(event)
    return {
        event.n: _nearest_act(event, together)
        for together in at_once.values()
        for event in together
        if event.name in BY_RULES and not all(other.name in ASKING for other in together)
    }


def _nearest_act(event: Event, together: Iterable[Event]) -> str:
    acts = [other for other in together if other.name in ACTS]
    return ACTS[min(acts, key=lambda act: abs(act.n - event.n)).name] if acts else "办理"


def event_face(event: Event, labels: Labels, flow: str, act: str = "") -> EventFace:
    """Return one event for the timeline; `act` is what a person did by which the rules caused it."""
    labels = labels.on(local_date(event.at))
    who = "　".join(part for part in doer(event, labels, act) if part)
    return EventFace(event.at, what_happened(event, labels, flow), who, particulars(event, labels, act))


def in_runs(faces: Iterable[EventFace]) -> tuple[EventFace, ...]:
    """Return what happened, newest first, with what came again and again told once: reminders, week after week."""
    found: list[EventFace] = []
    for same in (list(run) for _, run in groupby(faces, lambda face: (face.what, face.who, face.details))):
        few = len(same) < MANY
        found += same if few else [replace(same[0], before=tuple(face.at for face in same[1:]))]
    return tuple(found)


def doer(event: Event, labels: Labels, act: str = "") -> tuple[str, str]:
    """Return who did what an event tells, and of which unit: what follows from an act is done by the rules."""
    if _by_rules(event, act):
        return "系统按规则", ""
    name = event.actor_name or "系统"
    if stead := event.told.get("stead"):
        name = f"{name}（代{stead}）"
    return name, labels.unit(event.unit) if event.unit else ""


def _by_rules(event: Event, act: str) -> bool:
    asked_for = event.name == "notice.wanted" and event.actor and not act
    return event.name in BY_RULES and not asked_for


def what_happened(event: Event, labels: Labels, flow: str) -> str:
    """Return an event in words, with what it is about."""
    words = WORDS.get(event.name, event.name)
    subject = about(event, labels, flow)
    return f"{words}：{subject}" if subject else words


def particulars(event: Event, labels: Labels, act: str = "") -> tuple[str, ...]:
    """Return what else an event tells, each as "name: value", and the clauses it rests on."""
    told = [part for part in (_origin(event, labels, act), _changed_lead(event, labels)) if part]
    for key, (name, put) in DETAILS.items():
        value = event.told.get(key)
        if value not in (None, False, "", [], {}) and (event.name, key) not in TOLD_ALREADY:
            told.append(f"{_called(event, key, name)}：{put(value, labels)}")
    if event.cites:
        told.append(f"依据：{labels.in_short(event.cites)}")
    return tuple(told)


def _called(event: Event, key: str, name: str) -> str:
    """Return what a value is called: not all that is written is a reason, and an account's unit handles nothing."""
    if key == "reason":
        return WRITTEN.get(event.name, name)
    return "单位" if key == "unit" and event.name.startswith("account.") else name


def _origin(event: Event, labels: Labels, act: str) -> str:
    if not event.actor or not _by_rules(event, act):
        return ""
    unit = f"（{labels.unit(event.unit)}）" if event.unit else ""
    return f"起于：{event.actor_name}{unit}的{act or '办理'}"


def _changed_lead(event: Event, labels: Labels) -> str:
    if event.name != "dispatch.changed":
        return ""
    proposed, leads = event.told.get("proposed", ()), event.told.get("leads", ())
    before = units_in_words([unit for unit in proposed if unit and unit not in leads], labels)
    after = units_in_words([unit for unit in leads if unit not in proposed], labels)
    if before and after:
        return f"改派：由{before}改为{after}"
    return f"不再分派：{before}" if before else ""
