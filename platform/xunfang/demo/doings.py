"""What a demonstration's people do besides handling cases: lists, sittings, visits, what is owed, the registry."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from xunfang.actions import feeds, openings
from xunfang.actions.circulars import do_to_circular, draft_circular
from xunfang.actions.deployment import Actor
from xunfang.actions.duties import begin_duties, hand_in
from xunfang.actions.figures import count_again
from xunfang.actions.handling import do_to_case, do_to_task
from xunfang.actions.meetings import call_sitting, decide_item, do_to_sitting
from xunfang.actions.minutes import do_to_minutes
from xunfang.actions.registry import do_to_person
from xunfang.actions.reports import count_report_again, prepared_report
from xunfang.actions.submitting import submit
from xunfang.actions.visits import begin_visits
from xunfang.casework import AgendaItem, Asked, Delivery, DutyPeriod, Minutes, Person, Sitting, Task
from xunfang.clock import local, local_date, parse
from xunfang.demo.clearing import CLEARING
from xunfang.demo.paying import PAYING
from xunfang.demo.playing import Playing
from xunfang.demo.rhythm import COUNT, COUNT_REPORT, HAND_IN, NIL, OPEN, VISIT
from xunfang.demo.step import Step
from xunfang.desk.circular import CircularReadings, told_by
from xunfang.desk.visits import every_thing, prefilled
from xunfang.errors import Conflict, Refused
from xunfang.sheets.blank import listed
from xunfang.store import connection
from xunfang.store.reading.reported import ReportSource

_MOST, _NAMED = 20, 4


def _open(playing: Playing, step: Step) -> None:
    """Let what is owed for the periods of the day be opened, and the visits of the day be planned."""
    begin_duties(playing.alone, step.moment)
    begin_visits(playing.alone, step.moment)


def _visit_due(playing: Playing, step: Step) -> None:
    """Visit whoever is due, and tell of each on the form of the visit."""
    actor, told = playing.actor(step), step.told
    due = [row for row in every_thing(playing.deployment, actor, step.moment) if row.form in told["forms"]]
    for row in due[: told.get("most", _MOST)]:
        known = prefilled(playing.rulebook, row.form, row, row.residence, local_date(step.moment).isoformat())
        answers = {**{name: value for name, (value,) in known.items()}, **told["answers"]}
        key = playing.key(step, about=row.id)
        submit(playing.deployment, actor, row.form, answers, key, step.moment, (), row.id)


def _owed(playing: Playing, step: Step, actor: Actor) -> tuple[DutyPeriod, Task] | None:
    """Return what a unit still owes of a duty, with its task: the newest period, as what was missed stays so."""
    found = playing.rows(DutyPeriod, duty=step.told["duty"], unit=actor.unit, ended_at=None)
    if not found:
        return None
    pick = min if step.told.get("oldest") else max
    owed = pick(found, key=lambda row: row.begins_on)
    task = next(iter(playing.rows(Task, about=owed.id, ended_at=None)), None)
    return (owed, task) if task else None


def _as_counted(playing: Playing, owed: DutyPeriod, answers: dict[str, Any]) -> dict[str, Any]:
    """Return the answers of a report with the figures that were counted beforehand, as its page fills them in."""
    with connection(playing.deployment.database, playing.rulebook.id) as reader:
        report = prepared_report(ReportSource(reader, playing.rulebook.id), playing.rulebook, owed)
    figures = report.figures if report else ()
    return {**answers, **{each.field: each.value for each in figures if each.value is not None}}


def _hand_in(playing: Playing, step: Step) -> None:
    actor = playing.actor(step)
    if found := _owed(playing, step, actor):
        owed, task = found
        counted, text = _as_counted(playing, owed, step.told["answers"]), step.told.get("text", "")
        answers = {**counted, **{name: counted[other] for name, other in step.told.get("same", {}).items()}}
        hand_in(playing.deployment, actor, task.id, task.version, answers, text, playing.key(step), step.moment)


def _count_report(playing: Playing, step: Step) -> None:
    """Let the figures of a report that is owed be counted, as they stand when it is about to be handed in."""
    actor = playing.actor(step)
    if found := _owed(playing, step, actor):
        count_report_again(playing.deployment, actor, found[0].id, step.moment)


def _nil(playing: Playing, step: Step) -> None:
    actor = playing.actor(step)
    if found := _owed(playing, step, actor):
        _, task = found
        do_to_task(
            playing.deployment,
            Asked(verb="report-nil", actor=actor, task=task.id, version=task.version, reason=step.told["text"]),
            step.moment,
        )


def _hand_in_list(playing: Playing, step: Step) -> None:
    told = step.told
    data = listed("名单", told["heads"], told["rows"])
    feeds.hand_in_list(playing.deployment, playing.actor(step), told["feed"], "", told["file"], data, step.moment)


def _bring_list(playing: Playing, step: Step) -> None:
    """Bring along a list of what was there before the county began."""
    told = step.told
    data = listed("名单", told["heads"], told["rows"])
    openings.bring(playing.deployment, playing.actor(step), told["list"], told["file"], data, step.moment)


def _with_list(do: Callable[..., None]) -> Callable[[Playing, Step], None]:
    """Return what does something with the list that a story began with."""

    def act(playing: Playing, step: Step) -> None:
        found = [row for row in playing.rows(Delivery) if row.name == step.told["file"]]
        if not found:
            raise Refused("没有这份名单。")
        last = max(found, key=lambda row: row.received_at)
        do(playing.deployment, playing.actor(step), last.id, last.version, step.moment)

    return act


def _call(playing: Playing, step: Step) -> None:
    actor, told = playing.actor(step), step.told
    planned = local(parse(told["planned"])).replace(tzinfo=None).isoformat(timespec="minutes")
    tasks = [_waits_in(playing, step, story, actor).id for story in told["about"]]
    call_sitting(playing.deployment, actor, told["meeting"], planned, told["room"], tasks, step.moment)


def _waits_in(playing: Playing, step: Step, story: str, actor: Actor) -> Task:
    """Return the task that a convener holds in the case of a story."""
    case = playing.case(step, story)
    held = playing.rows(Task, case=case.id, unit=actor.unit, ended_at=None, role="lead")
    if not held:
        raise Conflict(f"“{story}”没有等待会议研究的任务。")
    found: Task = held[0]
    return found


def _sitting(playing: Playing, step: Step) -> Sitting:
    """Return the sitting of a meeting that was called last."""
    found = [row for row in playing.rows(Sitting, meeting=step.told["meeting"]) if row.called_at <= step.moment]
    if not found:
        raise Refused("没有排过会议。")
    last: Sitting = max(found, key=lambda row: row.called_at)
    return last


def _hold(playing: Playing, step: Step) -> None:
    """Invite to a sitting, open it with those who came, close it."""
    told, sitting = step.told, _sitting(playing, step)
    present = told.get("present", {})
    actor = playing.actor(step)
    do_to_sitting(playing.deployment, actor, told["verb"], sitting.id, step.moment, present=present)


def _item(playing: Playing, step: Step) -> AgendaItem:
    case = playing.case(step, step.told["about"])
    found: AgendaItem = playing.rows(AgendaItem, sitting=_sitting(playing, step).id, case=case.id)[0]
    return found


def _decide(playing: Playing, step: Step) -> None:
    told, item = step.told, _item(playing, step)
    given = {name: told.get(name, "") for name in ("decision", "words", "votes_for", "votes_against")}
    given["recused"] = tuple(told.get("recused", ()))
    decide_item(
        playing.deployment, playing.actor(step), item.id, item.version, given, told["outcome"], told["answers"],
        playing.key(step), step.moment,
    )  # fmt: skip


def _postpone(playing: Playing, step: Step) -> None:
    item = _item(playing, step)
    told = {"item": item.id, "version": item.version, "reason": step.told["reason"]}
    do_to_sitting(playing.deployment, playing.actor(step), "postpone-item", item.sitting, step.moment, **told)


def _minutes(playing: Playing, step: Step) -> None:
    """Draw up the minutes of a sitting, agree to them, sign them off."""
    told, sitting = step.told, _sitting(playing, step)
    minutes = playing.rows(Minutes, sitting=sitting.id)
    given = {name: str(told.get(name, "")) for name in ("chair", "recorder", "remarks")}
    do_to_minutes(
        playing.deployment, playing.actor(step), told["verb"], sitting.id, step.moment,
        version=minutes[0].version if minutes else 0, reason=told.get("reason", ""), unit=told.get("unit", ""),
        told=given,
    )  # fmt: skip


def _circular(playing: Playing, step: Step) -> None:
    """Draft a circular about those who have most overdue, or sign off what waits."""
    actor, readings = playing.actor(step), CircularReadings(playing.deployment)
    if step.told["verb"] == "draft-circular":
        form = readings.form(actor, step.moment)
        chosen = [unit.unit for unit in form.units[:_NAMED]]
        draft_circular(playing.deployment, actor, told_by(form, form.words, chosen), chosen, step.moment)
        return
    for row in readings.to_sign(actor):
        do_to_circular(
            playing.deployment, actor, step.told["verb"], row.id, step.moment, version=row.version
        )  # fmt: skip


def _case_verb(playing: Playing, step: Step) -> None:
    told, case = step.told, playing.case(step)
    asked = Asked(
        verb=told["verb"], actor=playing.actor(step), case=case.id, version=case.version, reason=told.get("reason", "")
    )
    do_to_case(playing.deployment, asked, step.moment)


def _person_verb(playing: Playing, step: Step) -> None:
    told, person = step.told, _person(playing, step)
    named = {name: told[name] for name in ("kind", "unit", "reason", "clause") if name in told}
    named["day"] = told.get("on", local_date(step.moment).isoformat())
    asked = Asked(
        verb=told["verb"], actor=playing.actor(step), person=person.id, version=person.version,
        answers=told.get("answers", {}), **named,
    )  # fmt: skip
    do_to_person(playing.deployment, asked, step.moment)


def _person(playing: Playing, step: Step) -> Person:
    """Return the person of a story, or whom an act names."""
    name, people = step.told.get("name"), list[Person]()
    people += playing.rows(Person, **({} if name else {"id": playing.case(step).person}))
    found = next((row for row in people if not name or row.name == name), None)
    if found is None:
        raise Conflict(f"没有{name}的档案。")
    return found


def _count(playing: Playing, step: Step) -> None:
    count_again(playing.deployment, playing.actor(step), date.fromisoformat(step.told["day"]), step.moment)


DOINGS: Mapping[str, Callable[[Playing, Step], None]] = {
    OPEN: _open,
    VISIT: _visit_due,
    HAND_IN: _hand_in,
    COUNT_REPORT: _count_report,
    NIL: _nil,
    COUNT: _count,
    "hand-in-list": _hand_in_list,
    "hand-over-list": _with_list(feeds.hand_over),
    "take-in-list": _with_list(feeds.take_in),
    "bring-list": _bring_list,
    "take-in-opening": _with_list(openings.take_in),
    "call-sitting": _call,
    "hold-sitting": _hold,
    "decide-item": _decide,
    "postpone-item": _postpone,
    "minutes": _minutes,
    "circular": _circular,
    "case": _case_verb,
    "person": _person_verb,
    **CLEARING,
    **PAYING,
}
"""Each act by its name."""
