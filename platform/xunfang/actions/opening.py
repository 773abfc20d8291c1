"""Opening and ending tasks: with their clocks, reminders, events and messages."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from xunfang.actions.acting import Act
from xunfang.clock import local
from xunfang.rulebook.model import Flow, Rulebook, UnitRef
from xunfang.rules.deadlines import PlannedReminder, plan_deadline, plan_reminders
from xunfang.rules.explain import due_data
from xunfang.rules.flow import PlannedTask
from xunfang.rules.units import unit_id, unit_label
from xunfang.store import Case, Job, Task, cancel_jobs, new_id, take_number

REMIND = "remind"
BREACH = "record-breach"


def number_for(act: Act, pattern: str) -> str:
    """Return the next number of a series, such as 博救〔2026〕7号; gapless per pattern and year."""
    year = local(act.at).year
    n = take_number(act.tx, act.actor.jurisdiction, pattern, year)
    return pattern.replace("{year}", str(year)).replace("{n}", str(n))


def case_deadline(act: Act, rulebook: Rulebook, flow: Flow, case: Case) -> Case:
    """Return a new case with its own clock set, its reminders put."""
    if not flow.case_deadline:
        return case
    deadline = rulebook.deadlines[flow.case_deadline]
    planned = plan_deadline(rulebook, deadline, {}, act.at)
    due = {**due_data(planned), "cites": list(planned.cites)}
    timed = replace(case, due_at=planned.due.due_at, due=due)
    put_case_jobs(act, rulebook, timed)
    return timed


def put_case_jobs(act: Act, rulebook: Rulebook, case: Case) -> int:
    """Put the reminders of a case's own clock; returns how many were new."""
    flow = rulebook.flows[case.flow]
    if case.due_at is None or not flow.case_deadline:
        return 0
    facts = {"residence": case.residence, "registration": case.registration}
    start, due_at = flow.states[flow.start], local(case.due_at)
    unit = unit_id(rulebook, UnitRef(start.unit, start.unit_of), facts) if start.unit else ""
    deadline = rulebook.deadlines[flow.case_deadline]
    reminders = plan_reminders(rulebook, deadline, due_at, unit, case.opened_at, facts)
    return act.jobs([_reminder_job(act, reminder, due_at.isoformat(), case.id) for reminder in reminders])


def open_task(act: Act, rulebook: Rulebook, case: Case, planned: PlannedTask, lead_task: str = "") -> Task:
    """Write one task, its event, its reminders and the message that tells its unit."""
    due = None
    if planned.deadline:
        due = {**due_data(planned.deadline), "cites": list(planned.deadline.cites)}
    task = Task(
        id=new_id(),
        case=case.id,
        jurisdiction=case.jurisdiction,
        flow=case.flow,
        state=planned.state,
        unit=planned.unit,
        residence=case.residence,
        opened_at=act.at,
        role=planned.role,
        lead_task=lead_task,
        routes=planned.routes,
        cites=planned.cites,
        due_at=planned.deadline.due.due_at if planned.deadline else None,
        due=due,
    )
    act.tx.insert(task)
    rule = planned.deadline.id if planned.deadline else ""
    act.event(
        "task.opened", case=case.id, task=task.id, data={"unit": task.unit, "state": task.state, "role": task.role,
        "due_at": due["due_at"] if due else None}, rule=rule, row=",".join(task.routes), cites=task.cites,
    )  # fmt: skip
    put_task_jobs(act, task, planned.reminders)
    _tell_unit(act, rulebook, case, task)
    return task


def put_task_jobs(act: Act, task: Task, reminders: Iterable[PlannedReminder]) -> int:
    """Put a task's reminders, and the job that records a breach the moment it happens; returns how many were new."""
    if task.due_at is None or task.role != "lead":
        return 0
    due = local(task.due_at).isoformat()
    jobs = [_reminder_job(act, reminder, due, task.case, task.id) for reminder in reminders]
    payload = {"task": task.id, "due": due}
    breach_at = task.due_at + timedelta(seconds=1)
    jobs.append(act.new_job(BREACH, f"breach:{task.id}:{due}", payload, breach_at, task.id, task.case))
    return act.jobs(jobs)


def _reminder_job(act: Act, reminder: PlannedReminder, due: str, case: str, task: str = "") -> Job:
    payload = {
        "case": case,
        "task": task,
        "to": reminder.to,
        "kind": reminder.kind,
        "rule": reminder.rule,
        "notice": reminder.notice,
        "cites": list(reminder.cites),
        "due": due,
    }
    return act.new_job(REMIND, f"remind:{task or case}:{reminder.rule}:{due}", payload, reminder.at, task, case)


def _tell_unit(act: Act, rulebook: Rulebook, case: Case, task: Task) -> None:
    state = rulebook.flows[task.flow].states[task.state]
    due = f"，请于{local(task.due_at):%-m月%-d日 %H:%M}前办理" if task.due_at else ""
    role = "协办" if task.role == "assist" else "主办"
    act.tell(
        task.unit,
        "task",
        f"新任务：{state.label}（{role}）",
        f"个案 {case.number} 已交{unit_label(rulebook, task.unit)}{role}{due}。",
        key=f"task:{task.id}",
        case=case.id,
        task=task.id,
    )


def end_task(act: Act, task: Task, status: str, **change: Any) -> None:
    """End a task that is certainly still as it was read, and cancel what was to remind of it."""
    act.tx.update(Task, {"id": task.id}, {"status": status, "ended_at": act.at, **change})
    cancel_jobs(act.tx, act.at, task=task.id)
