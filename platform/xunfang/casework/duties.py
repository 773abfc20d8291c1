"""Duties 定期任务: what a unit owes for a period is opened, handed in 报送, reported as nil 零报告, or waived 免报."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from xunfang.casework.clocks import jobs_of
from xunfang.casework.draft import Draft
from xunfang.casework.handling import Overtaken, need_reason, take
from xunfang.casework.items import kind_of
from xunfang.casework.rows import DutyPeriod, Task
from xunfang.casework.tasks import end_task, is_in_time
from xunfang.clock import local
from xunfang.errors import Invalid
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.describe.duties import when_words
from xunfang.rules.duties import PlannedDuty, duty_due, receiver
from xunfang.rules.submission import cleaned, problems
from xunfang.rules.units import division_of
from xunfang.worktime import Due, Period, period_of


def told_of(planned: PlannedDuty) -> dict[str, str]:
    """Return what the verb that opens a planned duty needs to know of it."""
    assert planned.period is not None
    return {"duty": planned.duty, "unit": planned.unit, "begins_on": planned.period.first.isoformat()}


def open_duty(draft: Draft, told: Mapping[str, Any]) -> None:
    """Open what a unit owes for a period that has begun: its task with its clock, reminders and message."""
    duty, unit = draft.rulebook.duties[str(told["duty"])], str(told["unit"])
    assert duty.every is not None
    first = date.fromisoformat(str(told["begins_on"]))
    period = period_of(duty.every, first, first)
    owed = draft.put(_owed(draft, duty, unit, period))
    due = duty_due(duty, period, draft.rulebook.calendar)
    task = draft.put(_task(draft, duty, owed, due))
    data = {"unit": unit, "duty": duty.id, "due_at": local(due.due_at).isoformat()}
    draft.event("duty.opened", task=task.id, data=data, rule=duty.id, cites=duty.basis.cites)
    draft.jobs(jobs_of(draft, task))
    if unit not in draft.staffed:  # whoever joins it later finds it in the queue
        return
    body = f"{kind_of(task).named(draft.rulebook, owed)}应于{local(due.due_at):%-m月%-d日 %H:%M}前报送。"
    draft.tell(unit, "task", f"新的定期任务：{duty.label}", body, key=f"task:{task.id}", task=task.id)


def _owed(draft: Draft, duty: Duty, unit: str, period: Period) -> DutyPeriod:
    rulebook = draft.rulebook
    return DutyPeriod(
        id=draft.new_id(),
        jurisdiction=draft.actor.jurisdiction,
        duty=duty.id,
        unit=unit,
        to=receiver(rulebook, duty, unit),
        residence=division_of(unit) or rulebook.code,
        every=period.every.value,
        begins_on=period.first,
        release=rulebook.digest,
        opened_at=draft.at,
    )


def _task(draft: Draft, duty: Duty, owed: DutyPeriod, due: Due) -> Task:
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
        due_at=due.due_at,
        due=explained(draft.rulebook, duty, due),
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
        "fixed": True,
        "cites": list(duty.basis.cites),
    }


def hand_in(draft: Draft, task: Task, version: int, answers: Mapping[str, Any], text: str, submission: str) -> None:
    """Hand in what is owed 报送: on the form of the duty where it names one, else in a few words.

    Raises Invalid with every problem, Overtaken when somebody was faster.
    """
    task, owed = take(draft, task, version), draft.owed(task)
    form = draft.rulebook.forms.get(draft.rulebook.duties[owed.duty].form)
    if form is None:
        need_reason(text, "报送内容")
        _done(draft, task, owed, "reported", {"reason": text.strip()})
        return
    answers = cleaned(form, answers)
    if wrong := problems(draft.rulebook, form, answers, draft.at):
        raise Invalid(wrong)
    draft.fill(form.id, answers, submission, owed.release)
    _done(draft, task, draft.change(owed, answers=submission), "reported", {"submission": submission})


def report_nil(draft: Draft, task: Task, version: int) -> None:
    """Report that there is nothing to report 零报告; raises Overtaken when somebody was faster."""
    task = take(draft, task, version)
    _done(draft, task, draft.owed(task), "nil", {})


def _done(draft: Draft, task: Task, owed: DutyPeriod, status: str, data: Mapping[str, Any]) -> None:
    in_time = is_in_time(task, draft)
    ended = end_task(draft, task, "done", outcome=status, answers=owed.answers, completed_in_time=in_time)
    draft.change(owed, status=status, ended_at=draft.at)
    draft.event(f"duty.{status}", task=ended.id, data={**data, "duty": owed.duty, "in_time": in_time}, cites=task.cites)


def waive(draft: Draft, task: Task, version: int, reason: str) -> None:
    """Waive what is owed for a period 免报, with a reason: nobody is reminded any more; raises Invalid, Overtaken."""
    need_reason(reason, "免报理由")
    if task.ended_at or task.version != version:
        raise Overtaken(task)
    owed = draft.owed(task)
    ended = end_task(draft, task, "withdrawn", outcome="waived")
    draft.change(owed, status="waived", ended_at=draft.at)
    data = {"duty": owed.duty, "reason": reason.strip()}
    draft.event("duty.waived", task=ended.id, data=data)
    body = f"{kind_of(task).named(draft.rulebook, owed)}不用再报。理由见该项的办理经过。"
    draft.tell(task.unit, "withdrawn", "定期任务已免报", body, key=f"waived:{task.id}", task=task.id)


def note(draft: Draft, task: Task, text: str) -> None:
    """Write down how things go with what is owed, without ending it; raises Invalid when nothing is written."""
    need_reason(text, "批注")
    draft.event("duty.noted", task=task.id, data={"reason": text.strip(), "duty": draft.owed(task).duty})
