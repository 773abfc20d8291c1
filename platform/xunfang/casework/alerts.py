"""Alerts 应急响应: an event is declared for places, raised and lowered, and closed with a summary.

What units owe meanwhile is opened and taken back by the worker, a handful at a time.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from xunfang.casework.actor import Actor
from xunfang.casework.draft import Draft
from xunfang.casework.duties import fill_or_tell
from xunfang.casework.handling import Overtaken, need_reason, take
from xunfang.casework.jobs import alert_job
from xunfang.casework.rows import Alert, Task
from xunfang.casework.tasks import end_task
from xunfang.casework.verb import Asked
from xunfang.clock import local, parse
from xunfang.errors import Conflict, FieldProblem, Invalid, NotAllowed
from xunfang.rulebook.acts import DECLARE
from xunfang.rulebook.model import AlertKind, Rulebook
from xunfang.rules.alerts import level_of, place_of
from xunfang.rules.units import kind_of as kind_of_unit

FARTHEST = timedelta(days=30)
"""How far before or after it is declared an event may begin."""
MOST_PLACES = 200


def declarable(rulebook: Rulebook, actor: Actor) -> tuple[AlertKind, ...]:
    """Return the kinds of event that somebody may declare, for the division of their own unit or parts of it."""
    return tuple(kind for kind in rulebook.alerts.values() if not _why_not(rulebook, actor, kind))


def _why_not(rulebook: Rulebook, actor: Actor, kind: AlertKind) -> str:
    if DECLARE not in actor.acts or kind_of_unit(actor.unit) not in kind.by:
        return f"“{kind.label}”应急响应不由您的单位或者岗位启动。"
    return only_by(rulebook, kind) if kind.role and not actor.holds(kind.role) else ""


def only_by(rulebook: Rulebook, kind: AlertKind) -> str:
    """Return that only holders of its role declare, change and close a kind of event."""
    role = rulebook.roles[kind.role].label if kind.role in rulebook.roles else kind.role
    return f"“{kind.label}”应急响应由{role}启动、调整和解除，您不能办理。"


def declare(draft: Draft, asked: Asked) -> None:
    """Declare an event for places at a level, from a moment on, with a reason.

    Raises NotAllowed, Invalid with every problem, Conflict where the same is on everywhere already.
    """
    kind = draft.rulebook.alerts.get(asked.kind)
    if kind is None:
        raise Invalid([FieldProblem("kind", "请选择启动哪一种应急响应。", "FIELD_MISSING")])
    if why := _why_not(draft.rulebook, draft.actor, kind):
        raise NotAllowed(why)
    home = place_of(draft.rulebook, draft.actor.unit)
    if wrong := [*_wrong_places(draft, home, asked.places), *_wrong_terms(draft, kind, asked)]:
        raise Invalid(wrong)
    need_reason(asked.reason, "启动理由")
    places = _outermost(asked.places)
    _bar_twice(draft, kind, asked.level, places)
    begins = _moment(asked.moment) or local(draft.at)
    alert = draft.put(
        _declared(draft, kind, asked.level, max(begins, local(draft.at)).replace(microsecond=0), home, places)
    )
    task = draft.put(_task(draft, kind, alert))
    data: dict[str, Any] = {"kind": kind.id, "level": asked.level, "places": list(places), "begins": begins.isoformat()}
    data |= {"reason": asked.reason.strip()}
    draft.event("alert.declared", task=task.id, data=data, rule=kind.id, cites=kind.basis.cites)
    draft.jobs([alert_job(alert, draft.at)])


def _wrong_places(draft: Draft, home: str, places: tuple[str, ...]) -> Iterable[FieldProblem]:
    known = draft.rulebook.divisions
    if not places:
        yield FieldProblem("places", "请选择在哪些地方启动。", "FIELD_MISSING")
    elif len(places) > MOST_PLACES:
        yield FieldProblem("places", f"一次至多选{MOST_PLACES}个地方；范围更大的，请选上一级区划。")
    elif outside := [place for place in places if not (place in known and place.startswith(home))]:
        names = "、".join(known.label(place) for place in outside)
        yield FieldProblem("places", f"{names}不在本单位的辖区内，不能启动。")


def _wrong_terms(draft: Draft, kind: AlertKind, asked: Asked) -> Iterable[FieldProblem]:
    if asked.level not in kind.levels:
        yield FieldProblem("level", "请选择级别。", "FIELD_MISSING")
    begins = _moment(asked.moment) if asked.moment else draft.at
    if begins is None or abs(begins - draft.at) > FARTHEST:
        yield FieldProblem("from", f"启动时间须在今天前后{FARTHEST.days}天以内。")


def _moment(text: str) -> datetime | None:
    try:
        return parse(text)
    except ValueError:
        return None


def _outermost(places: tuple[str, ...]) -> tuple[str, ...]:
    """Return the places without those that lie in another of them."""
    chosen = sorted(set(places))
    return tuple(one for one in chosen if not any(one != other and one.startswith(other) for other in chosen))


def _bar_twice(draft: Draft, kind: AlertKind, level: str, places: tuple[str, ...]) -> None:
    """Raise Conflict where events of the kind are on at the level or above it in every one of the places."""
    open_ones = (one for one in draft.select(Alert, ended_at=None) if one.kind == kind.id)
    on = [one for one in open_ones if kind.rank(level_of(one)) >= kind.rank(level)]
    covered = [place for place in places if any(place.startswith(other) for one in on for other in one.places)]
    if len(covered) == len(places):
        message = f"所选地方的“{kind.label}”应急响应正在进行，级别不低于所选；需要改变的，请调整级别。"
        raise Conflict(message, "ALREADY_ON")


def _declared(draft: Draft, kind: AlertKind, level: str, begins: datetime, home: str, places: tuple[str, ...]) -> Alert:
    """Return the event. What units owe runs from its begin, but for nobody from before it was declared."""
    return Alert(
        id=draft.new_id(),
        jurisdiction=draft.actor.jurisdiction,
        kind=kind.id,
        places=places,
        steps=({"level": level, "at": begins.isoformat()},),
        unit=draft.actor.unit,
        residence=home,
        release=draft.rulebook.digest,
        declared_at=draft.at,
    )


def _task(draft: Draft, kind: AlertKind, alert: Alert) -> Task:
    return Task(
        id=draft.new_id(),
        case="",
        jurisdiction=alert.jurisdiction,
        flow="",
        state=kind.id,
        unit=alert.unit,
        residence=alert.residence,
        opened_at=draft.at,
        cites=kind.basis.cites,
        subject="alert",
        about=alert.id,
        release=alert.release,
    )


def change_level(draft: Draft, task: Task, version: int, level: str, reason: str) -> None:
    """Raise or lower the level of an event that is on, with a reason; raises Invalid, Overtaken."""
    alert, kind = draft.alert(task), draft.rulebook.alerts[draft.alert(task).kind]
    was = level_of(alert)
    if level not in kind.levels or level == was:
        raise Invalid([FieldProblem("level", "请选择与现在不同的级别。", "FIELD_MISSING")])
    need_reason(reason, "调整理由")
    _need_newest(alert, task, version)
    changed = draft.change(alert, steps=_with_level(alert, level, draft.at))
    raised = kind.rank(level) > kind.rank(was)
    data: Mapping[str, Any] = {"kind": kind.id, "level": level, "was_level": was, "reason": reason.strip()}
    name = "alert.raised" if raised else "alert.lowered"
    draft.event(name, task=task.id, data=data, rule=kind.id, cites=kind.basis.cites)
    draft.jobs([alert_job(changed, draft.at)])


def _need_newest(alert: Alert, task: Task, version: int) -> None:
    """Raise Overtaken unless an event that is on stands as it was seen."""
    if task.ended_at or alert.version != version:
        raise Overtaken(task)


def _with_level(alert: Alert, level: str, at: datetime) -> tuple[Mapping[str, Any], ...]:
    """Return the steps of an event with another level from a moment on; one that has not begun begins at that level."""
    first = parse(str(alert.steps[0]["at"]))
    if at < first:
        return ({"level": level, "at": local(first).isoformat()},)
    return (*alert.steps, {"level": level, "at": local(at).replace(microsecond=0).isoformat()})


def close(
    draft: Draft,
    task: Task,
    version: int,
    answers: Mapping[str, Any],
    text: str,
    submission: str,
    confirmed: tuple[str, ...] = (),
) -> None:
    """Close an event with a summary, on the form of its kind or in a few words; raises Invalid, Overtaken."""
    alert = draft.alert(task)
    kind = draft.rulebook.alerts[alert.kind]
    _need_newest(alert, task, version)
    data = fill_or_tell(draft, kind.form, answers, text, submission, "总结", confirmed=confirmed)
    key = data.get("submission", "")
    taken = take(draft, task, task.version)
    end_task(draft, taken, "done", outcome="closed", answers=key, completed_in_time=True)
    ended = draft.change(alert, ended_at=draft.at, answers=key)
    told = {"kind": kind.id, "level": level_of(alert), **data}
    draft.event("alert.closed", task=task.id, data=told, rule=kind.id, cites=kind.basis.cites)
    draft.jobs([alert_job(ended, draft.at)])
