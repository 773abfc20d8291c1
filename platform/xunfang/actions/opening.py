"""Opening and ending tasks and states: what every act that moves a case has in common."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from xunfang.actions.acting import Act
from xunfang.actions.paperwork import ask_for_notice
from xunfang.clock import local
from xunfang.rulebook.model import Flow, Rulebook, State
from xunfang.rules.deadlines import PlannedDeadline, PlannedReminder, plan_deadline, plan_reminders
from xunfang.rules.explain import due_data
from xunfang.rules.flow import PlannedTask, enter
from xunfang.rules.routing import Proposal
from xunfang.rules.units import unit_label
from xunfang.store import Case, Job, Task, cancel_jobs, new_id, take_number

REMIND = "remind"
BREACH = "record-breach"
WAIT = "end-wait"


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
    unit = flow.states[flow.start].unit
    reminders = plan_reminders(rulebook, deadline, planned.due.due_at, unit, act.at)
    due = {**due_data(planned), "cites": list(planned.cites)}
    act.jobs([_reminder_job(act, reminder, due["due_at"], case.id) for reminder in reminders])
    return replace(case, due_at=planned.due.due_at, due=due)


def enter_state(
    act: Act,
    rulebook: Rulebook,
    case: Case,
    state_id: str,
    facts: Mapping[str, Any],
    proposals: Sequence[Proposal] = (),
) -> list[Task]:
    """Open what entering a state opens: tasks with their reminders, papers; returns the tasks."""
    flow = rulebook.flows[case.flow]
    known = {**facts, "residence": case.residence, "registration": case.registration}
    entered = enter(rulebook, flow, state_id, known, act.at, proposals)
    leads: dict[str, str] = {}
    tasks = []
    for planned in entered.tasks:
        task = open_task(act, rulebook, case, planned, leads.get(planned.lead, ""))
        if planned.role == "lead":
            leads[planned.unit] = task.id
            for kind in entered.notices:
                ask_for_notice(act, rulebook, case, kind, task)
        tasks.append(task)
    if entered.waits:
        _put_wait(act, case, state_id, entered.waits)
    return tasks


def _put_wait(act: Act, case: Case, state: str, waits: PlannedDeadline) -> None:
    until = local(waits.due.due_at).isoformat()
    act.event("case.waiting", case=case.id, data={"state": state, "until": until}, cites=waits.cites)
    payload = {"case": case.id, "state": state}
    over_at = waits.due.due_at + timedelta(seconds=1)
    act.job(WAIT, f"wait:{case.id}:{state}:{until}", payload, over_at, case=case.id)


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


def leave_state(act: Act, rulebook: Rulebook, case: Case, state: State, outcome: str, facts: Mapping[str, Any]) -> None:
    """Move a case on from a state with an outcome: the next state is entered, or the case is closed."""
    to = state.outcomes[outcome].to
    following = rulebook.flows[case.flow].states[to]
    decided = outcome if state.per_route or not case.outcome else case.outcome
    change: dict[str, Any] = {"state": to, "outcome": decided}
    if following.ends:
        change["closed_at"] = act.at
    act.tx.update(Case, {"id": case.id}, change)
    basis = state.outcomes[outcome].basis
    act.event("case.moved", case=case.id, data={"from": state.id, "to": to, "outcome": outcome}, cites=basis.cites)
    if following.ends:
        cancel_jobs(act.tx, act.at, case=case.id)
        act.event("case.closed", case=case.id, data={"outcome": decided})
    else:
        enter_state(act, rulebook, act.case(case.id), to, facts)


def start_flow(act: Act, rulebook: Rulebook, parent: Case, flow_id: str, facts: Mapping[str, Any]) -> Case:
    """Open a flow of its own beside a case, for the same person, on the same release."""
    flow = rulebook.flows[flow_id]
    case = Case(
        id=new_id(),
        number=number_for(act, flow.number or f"{flow_id}-{{year}}-{{n}}"),
        jurisdiction=parent.jurisdiction,
        release=parent.release,
        flow=flow_id,
        state=flow.start,
        person=parent.person,
        residence=parent.residence,
        registration=parent.registration,
        urgency=parent.urgency,
        needs=parent.needs,
        opened_at=act.at,
    )
    case = case_deadline(act, rulebook, flow, case)
    act.tx.insert(case)
    act.event("case.opened", case=case.id, data={"flow": flow_id, "beside": parent.number})
    act.event("flow.started", case=parent.id, data={"flow": flow_id, "number": case.number})
    enter_state(act, rulebook, case, flow.start, facts)
    return case
