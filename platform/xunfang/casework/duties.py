"""Duties 定期任务: what a unit owes for a period is opened, handed in 报送, reported as nil 零报告, or waived 免报."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from xunfang.casework.actor import Actor
from xunfang.casework.clocks import catch_breach, jobs_of
from xunfang.casework.draft import Draft
from xunfang.casework.handling import Overtaken, need_reason, take
from xunfang.casework.items import alert_named, kind_of
from xunfang.casework.jobs import collecting_job
from xunfang.casework.quotas import told_of_quota, wanted_of
from xunfang.casework.reports import Counts, keep_counts, reasons_wanting
from xunfang.casework.rows import Alert, DutyPeriod, OwedThing, Task
from xunfang.casework.standing_in import in_place_of, put_aside
from xunfang.casework.tasks import end_task, is_in_time
from xunfang.clock import local, local_date, parse
from xunfang.errors import Invalid
from xunfang.rulebook.model import Duty, IntakeForm, Rulebook
from xunfang.rules.alerts import due_under, level_of
from xunfang.rules.contradictions import confirmed_of, contradicting, contradiction_problems
from xunfang.rules.describe.duties import when_words
from xunfang.rules.duties import PlannedDuty, due_since, duty_due, receivers, rhythm_of
from xunfang.rules.facts import facts_of
from xunfang.rules.occasions import is_done_thing_by_thing
from xunfang.rules.submission import cleaned, problems
from xunfang.rules.units import division_of, unit_label
from xunfang.worktime import Due, Every, Period, period_of

_NOTHING = Counts()
_MOST_NAMED = 20
"""So many units are named in a message; the record names all."""


def told_of(planned: PlannedDuty, lacking: Sequence[str] = ()) -> dict[str, Any]:
    """Return what the verb that opens a planned duty needs to know of it; `lacking`: whose returns are not in."""
    told: dict[str, Any] = {"duty": planned.duty, "unit": planned.unit, "begins_on": planned.begins_on.isoformat()}
    told |= {"alert": planned.alert, "turn": str(planned.turn)} if planned.alert else {}
    return told | ({"lacking": list(lacking)} if lacking else {})


def open_duty(draft: Draft, told: Mapping[str, Any]) -> None:
    """Open what a unit owes for a period that has begun, or for an event that is on: with clock, reminders and message.

    Nothing comes of it when the event was closed or changed meanwhile. What an event stands in place of is put aside.
    """
    duty, unit = draft.rulebook.duties[str(told["duty"])], str(told["unit"])
    alert = draft.find(Alert, str(told.get("alert", ""))) if duty.while_ else None
    when = _when(draft, duty, told, alert)
    if when is None:
        return
    due = when[1]
    aside = in_place_of(draft, duty, unit, due.due_at) if due and not duty.while_ else None
    if told.get("alert") and not (alert or aside):
        return
    owed = draft.put(_owed(draft, duty, told, alert))
    task = draft.put(_task(draft, duty, owed, due))
    lacking = [str(each) for each in told.get("lacking", ())]
    data: dict[str, Any] = {"unit": unit, "duty": duty.id, "due_at": local(due.due_at).isoformat() if due else None}
    data |= {"lacking": lacking} if lacking else {}
    data |= {"reason": str(told["reason"])} if told.get("reason") else {}
    draft.event("duty.opened", task=task.id, data=data, rule=duty.id, cites=duty.basis.cites)
    if aside:
        put_aside(draft, task, *aside)
        return
    draft.jobs(jobs_of(draft, task))
    if unit not in draft.staffed:  # whoever joins it later finds it in the queue
        return
    while_ = f"{alert_named(draft.rulebook, alert)}正在进行。" if alert else ""
    how = "完成" if is_done_thing_by_thing(duty) else "报送"
    by = f"应于{local(due.due_at):%-m月%-d日 %H:%M}前{how}" if due else f"应当{how}"
    found = wanted_of(draft, duty, owed)
    quota = f"{found.words}。" if found else ""
    body = f"{while_}{kind_of(task).named(draft.rulebook, owed)}{by}。{quota}{_lacking_words(draft, lacking)}"
    draft.tell(unit, "task", f"新的定期任务：{duty.label}", body, key=f"task:{task.id}", task=task.id)


def _lacking_words(draft: Draft, units: Sequence[str]) -> str:
    """Return whose returns are not in though what collects them begins; "" where all are."""
    if not units:
        return ""
    names = "、".join(unit_label(draft.rulebook, unit) for unit in units[:_MOST_NAMED])
    return f"尚未报来：{names}{f'等{len(units)}个单位' if len(units) > _MOST_NAMED else ''}。"


def _when(
    draft: Draft, duty: Duty, told: Mapping[str, Any], alert: Alert | None
) -> tuple[Period | None, Due | None] | None:
    """Return for which period (None: once) and by when something is owed, None when it is owed no more."""
    begins_on = date.fromisoformat(str(told["begins_on"]))
    if alert:
        return due_under(draft.rulebook, duty, alert, int(str(told.get("turn", 0))), begins_on, draft.at)
    if told.get("since"):
        return None, _due_since(draft, duty, told)
    every = _every(draft.rulebook, duty, told)
    assert every is not None
    period = period_of(every, begins_on, begins_on)
    dated = duty if every == duty.every else replace(duty, due=None)
    return period, duty_due(dated, period, draft.rulebook.calendar)


def _due_since(draft: Draft, duty: Duty, told: Mapping[str, Any]) -> Due | None:
    """Return by when something is done that runs from a moment; a draw without a limit by the end of its period."""
    due = due_since(draft.rulebook, duty, str(told["unit"]), parse(str(told["since"])))
    if due is None and told.get("every"):
        period = period_of(Every(str(told["every"])), local_date(draft.at))
        return duty_due(replace(duty, due=None), period, draft.rulebook.calendar)
    return due


def _every(rulebook: Rulebook, duty: Duty, told: Mapping[str, Any]) -> Every | None:
    """Return how often it recurs by which something is owed: one of the rhythms of its duty, or the duty's own."""
    if told.get("every"):
        return Every(str(told["every"]))
    return None if told.get("since") else rhythm_of(rulebook, duty)


def _owed(draft: Draft, duty: Duty, told: Mapping[str, Any], alert: Alert | None) -> DutyPeriod:
    rulebook, unit, every = draft.rulebook, str(told["unit"]), _every(draft.rulebook, duty, told)
    to = receivers(rulebook, duty, unit)
    return DutyPeriod(
        id=str(told.get("key") or draft.new_id()),
        jurisdiction=draft.actor.jurisdiction,
        duty=duty.id,
        unit=unit,
        to=to,
        receivers=len(to),
        residence=division_of(unit) or rulebook.code,
        every=every.value if every else "",
        begins_on=date.fromisoformat(str(told["begins_on"])),
        release=rulebook.digest,
        opened_at=draft.at,
        alert=alert.id if alert else "",
        turn=int(str(told.get("turn", 0))),
    )


def _task(draft: Draft, duty: Duty, owed: DutyPeriod, due: Due | None) -> Task:
    return Task(
        id=draft.new_id(),
        case="",
        jurisdiction=owed.jurisdiction,
        flow="",
        state=duty.id,
        unit=owed.unit,
        residence=owed.residence,
        opened_at=draft.at,
        cites=duty.basis.cites,
        due_at=due.due_at if due else None,
        due=explained(draft.rulebook, duty, due) if due else None,
        subject="duty",
        about=owed.id,
        release=owed.release,
    )


def explained(rulebook: Rulebook, duty: Duty, due: Due) -> dict[str, Any]:
    """Return what is kept of when a duty is due; `fixed`: it is a day of the calendar, no days are counted to it."""
    return {
        "deadline": "",
        "label": duty.label,
        "limit": when_words(rulebook, duty),
        "due_at": local(due.due_at).isoformat(),
        "counted": [day.isoformat() for day in due.counted],
        "skipped": [{"date": skip.date.isoformat(), "reason": skip.reason} for skip in due.skipped],
        "provisional": due.provisional,
        "fixed": duty.limit is None,
        "cites": list(duty.basis.cites),
    }


def hand_in(
    draft: Draft,
    task: Task,
    version: int,
    answers: Mapping[str, Any],
    text: str,
    submission: str,
    counts: Counts = _NOTHING,
    confirmed: tuple[str, ...] = (),
) -> None:
    """Hand in what is owed 报送: on the form of the duty where it names one, else in a few words.

    What was counted for it beforehand is kept beside what is handed in; `confirmed` are the contradictions which the
    person says are so. Raises Invalid with every problem, Overtaken when somebody was faster.
    """
    task, owed = take(draft, task, version), draft.owed(task)
    duty = draft.rulebook.duties[owed.duty]
    data: dict[str, Any] = fill_or_tell(draft, duty.form, answers, text, submission, "报送内容", counts, confirmed)
    data |= told_of_quota(draft, duty, owed, answers)
    if submission in draft.answers and (corrected := keep_counts(draft, owed, counts, draft.answers[submission])):
        data["corrected"] = corrected
    _done(draft, task, draft.change(owed, answers=data.get("submission", "")), "reported", data)


def fill_or_tell(
    draft: Draft,
    form_id: str,
    answers: Mapping[str, Any],
    text: str,
    submission: str,
    what: str,
    counts: Counts = _NOTHING,
    confirmed: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Take in what is handed in on a form, or in a few words where there is none; returns it for the event.

    Raises Invalid with every problem.
    """
    form = draft.rulebook.forms.get(form_id)
    if form is None:
        need_reason(text, what)
        return {"reason": text.strip()}
    answers = cleaned(form, answers)
    if wrong := (*problems(draft.rulebook, form, answers, draft.at), *reasons_wanting(counts, answers)):
        raise Invalid(wrong)
    sure = _sure(draft, form, answers, confirmed)
    draft.fill(form.id, answers, submission, draft.rulebook.digest)
    return {"submission": submission, **({"confirmed": list(sure)} if sure else {})}


def _sure(draft: Draft, form: IntakeForm, answers: Mapping[str, Any], confirmed: tuple[str, ...]) -> tuple[str, ...]:
    """Return which contradictions of a form were there and were confirmed; raises Invalid for any other."""
    facts, _ = facts_of(draft.rulebook, form, answers, draft.at)
    found = contradicting(form, facts) if form.contradictions else ()
    if wrong := contradiction_problems(found, confirmed):
        raise Invalid(wrong)
    return confirmed_of(found, confirmed)


def report_nil(draft: Draft, task: Task, version: int) -> None:
    """Report that there is nothing to report 零报告; raises Overtaken when somebody was faster."""
    task = take(draft, task, version)
    _done(draft, task, draft.owed(task), "nil", {})


def _done(draft: Draft, task: Task, owed: DutyPeriod, status: str, data: Mapping[str, Any]) -> None:
    in_time = is_in_time(task, draft)
    ended = end_task(draft, task, "done", outcome=status, answers=owed.answers, completed_in_time=in_time)
    draft.change(owed, status=status, ended_at=draft.at)
    draft.event(f"duty.{status}", task=ended.id, data={**data, "duty": owed.duty, "in_time": in_time}, cites=task.cites)
    let_collect(draft, ended, owed)


def done_by(draft: Draft, task: Task, data: Mapping[str, Any]) -> None:
    """Let what is owed be done by something else than a report, such as a roster that was handed over."""
    _done(draft, task, draft.owed(task), "reported", data)


def waive(draft: Draft, task: Task, version: int, reason: str) -> None:
    """Waive what is owed for a period 免报, with a reason: nobody is reminded any more; raises Invalid, Overtaken.

    One of several that it is reported to waives only what is its own: it is owed to the others all the same.
    """
    need_reason(reason, "免报理由")
    if task.ended_at or task.version != version:
        raise Overtaken(task)
    owed = draft.owed(task)
    if still_asking(draft.actor, task, owed):
        _excuse(draft, task, owed, reason.strip())
        return
    ended = end_task(draft, task, "withdrawn", outcome="waived")
    draft.change(owed, status="waived", ended_at=draft.at)
    for thing in draft.select(OwedThing, period=owed.id, status="owed"):
        draft.change(thing, status="waived", ended_at=draft.at)
    data = {"duty": owed.duty, "reason": reason.strip()}
    draft.event("duty.waived", task=ended.id, data=data)
    body = f"{kind_of(task).named(draft.rulebook, owed)}不用再报。理由见该项的办理经过。"
    draft.tell(task.unit, "withdrawn", "定期任务已免报", body, key=f"waived:{task.id}", task=task.id)
    let_collect(draft, ended, owed)


def still_asking(actor: Actor, task: Task, owed: DutyPeriod) -> tuple[str, ...]:
    """Return who else is reported to and did not waive it, none where one who directs there waives it for all."""
    others = {*owed.to} - {actor.unit} if actor.unit in owed.to else set()
    return tuple(unit for unit in owed.to if unit in others and unit not in task.excused)


def _excuse(draft: Draft, task: Task, owed: DutyPeriod, reason: str) -> None:
    """Note that one of those reported to asks for it no more, and tell whoever owes it that the others still do."""
    unit, left = draft.actor.unit, still_asking(draft.actor, task, owed)
    draft.change(task, excused=(*task.excused, unit))
    data = {"duty": owed.duty, "reason": reason, "left": list(left)}
    draft.event("duty.excused", task=task.id, data=data)
    names = "、".join(unit_label(draft.rulebook, each) for each in left)
    body = f"{unit_label(draft.rulebook, unit)}不再要求报送{kind_of(task).named(draft.rulebook, owed)}，仍须报{names}。"
    draft.tell(task.unit, "excused", "一个收报单位免报", body, key=f"excused:{task.id}:{unit}", task=task.id)


def let_collect(draft: Draft, task: Task, owed: DutyPeriod) -> None:
    """Let it be seen whether what collects this return may begin now: it has come in, or its time is up."""
    if any(duty.collects == owed.duty for duty in draft.rulebook.duties.values()):
        draft.jobs([collecting_job(task, draft.at)])


def withdraw(draft: Draft, task: Task) -> None:
    """Take back what is owed for an event no more, because it was closed or stands lower; a breach stays recorded."""
    if task.ended_at:
        return
    catch_breach(draft, task)
    owed = draft.owed(task)
    because = _why_no_more(draft, draft.find(Alert, owed.alert))
    ended = end_task(draft, task, "withdrawn", outcome="withdrawn")
    draft.change(owed, status="withdrawn", ended_at=draft.at)
    draft.event("duty.withdrawn", task=ended.id, data={"duty": owed.duty, "because": because})
    if task.unit in draft.staffed:
        body = f"{kind_of(task).named(draft.rulebook, owed)}不用再报：{because}。"
        draft.tell(task.unit, "withdrawn", "应急任务已停止", body, key=f"withdrawn:{task.id}", task=task.id)


def _why_no_more(draft: Draft, alert: Alert | None) -> str:
    kind = draft.rulebook.alerts.get(alert.kind) if alert else None
    if alert is None or kind is None:
        return "规则不再要求"
    how = "已经解除" if alert.ended_at else f"已调整为{kind.labels.get(level_of(alert), level_of(alert))}"
    return f"“{kind.label}”应急响应{how}"


def note(draft: Draft, task: Task, text: str) -> None:
    """Write down how things go with what is owed, without ending it; raises Invalid when nothing is written."""
    need_reason(text, "批注")
    draft.event("duty.noted", task=task.id, data={"reason": text.strip(), "duty": draft.owed(task).duty})
