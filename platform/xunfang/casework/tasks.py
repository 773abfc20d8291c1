"""Opening and ending tasks: with their clocks, reminders, events and messages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from xunfang.casework.clocks import follow_lead, keep_clock, run_clocks
from xunfang.casework.draft import Draft
from xunfang.casework.duty_desk import tell_duty_desk
from xunfang.casework.holding import held, tell_sent_up
from xunfang.casework.jobs import case_jobs, task_jobs
from xunfang.casework.returns import why_no_more_returns
from xunfang.casework.rows import Case, Task
from xunfang.clock import local
from xunfang.rulebook.model import Flow
from xunfang.rules.deadlines import PlannedDeadline, plan_deadline
from xunfang.rules.explain import due_data
from xunfang.rules.flow import PlannedTask
from xunfang.rules.overdue import is_overdue
from xunfang.rules.units import unit_label
from xunfang.rules.urgency import is_urgent

CONSULT = "consult"
"""The role of a task that only answers what the unit of another one asks."""
_ROLES = {"lead": "主办", "assist": "协办", CONSULT: "会商"}


def with_clock(draft: Draft, flow: Flow, case: Case, facts: Mapping[str, Any]) -> Case:
    """Return a new case with its own clock set, its reminders wanted."""
    timed = on_clock(draft, flow, case, facts)
    draft.jobs(case_jobs(draft.rulebook, timed))
    return timed


def on_clock(draft: Draft, flow: Flow, case: Case, facts: Mapping[str, Any]) -> Case:
    """Return a case as its flow's own clock would have it by these facts."""
    if not flow.case_deadline:
        return case
    deadline = draft.rulebook.deadlines[flow.case_deadline]
    planned = plan_deadline(draft.rulebook, deadline, facts, case.counts_from or case.opened_at)
    return replace(case, due_at=planned.due.due_at, due=explained(planned))


def due_told(case: Case) -> dict[str, str]:
    """Return, for the record, when a new case is due, nothing for one without a clock of its own."""
    return {"due_at": local(case.due_at).isoformat()} if case.due_at else {}


def explained(planned: PlannedDeadline) -> dict[str, Any]:
    """Return what is kept of a deadline: the due moment with everything needed to explain it."""
    return {**due_data(planned), "cites": list(planned.cites)}


def open_task(
    draft: Draft, case: Case, planned: PlannedTask, lead: Task | None = None, before: Task | None = None
) -> Task:
    """Open one task with its event, its reminders and the message that tells its unit.

    `lead` is whom an assisting task helps, `before` the task that this one was transferred from.
    """
    went = held(draft, case, planned)
    planned = went.planned
    task = draft.put(
        Task(
            id=draft.new_id(),
            case=case.id,
            jurisdiction=case.jurisdiction,
            flow=case.flow,
            state=planned.state,
            unit=planned.unit,
            residence=case.residence,
            opened_at=draft.at,
            role=planned.role,
            lead_task=lead.id if lead else before.lead_task if before else "",
            routes=planned.routes,
            cites=planned.cites,
            due_at=planned.deadline.due.due_at if planned.deadline else None,
            due=explained(planned.deadline) if planned.deadline else None,
            sent_as=(before.sent_as or before.id) if before else "",
            helps=before.helps if before else (),
            counts_from=planned.since,
            urgent=is_urgent(draft.rulebook, case.urgency),
            returned=_returned(draft, case, planned),
        )
    )
    if before and task.role == "assist":
        follow_lead(draft, task, draft.task(task.lead_task))
        task = draft.task(task.id)
    draft.jobs(task_jobs(task, planned.reminders))
    if former := _clock_before(draft, task, before):
        task = keep_clock(draft, task, former)
    _record_opening(draft, task, planned)
    tell_sent_up(draft, case, went, task.id)
    _tell_unit(draft, case, task, went.empty if went.found else ())
    return task


def _returned(draft: Draft, case: Case, planned: PlannedTask) -> int:
    """Return how often the unit of a planned task has given the case back in its state."""
    if planned.role != "lead":
        return 0
    return len(draft.select(Task, case=case.id, state=planned.state, unit=planned.unit, role="lead", status="returned"))


def _clock_before(draft: Draft, task: Task, before: Task | None) -> Task | None:
    """Return the task whose clock goes on in a new one: what it was transferred from, or what came back to its unit."""
    if task.counts_from is None or task.role != "lead":
        return None
    ended = draft.select(Task, case=task.case, state=task.state, role="lead", status="returned")
    same = [one for one in ended if (one.counts_from or one.opened_at) == task.counts_from]
    return before or next(iter(same[-1:]), None)


def _record_opening(draft: Draft, task: Task, planned: PlannedTask) -> None:
    data = {
        "unit": task.unit,
        "state": task.state,
        "role": task.role,
        "due_at": local(task.due_at).isoformat() if task.due_at else None,
    }
    rule = planned.deadline.id if planned.deadline else ""
    draft.event(
        "task.opened", case=task.case, task=task.id, data=data, rule=rule, row=",".join(task.routes), cites=task.cites
    )


def _tell_unit(draft: Draft, case: Case, task: Task, instead_of: Sequence[str] = ()) -> None:
    state = draft.rulebook.flows[task.flow].states[task.state]
    due = f"，请于{local(task.due_at):%-m月%-d日 %H:%M}前办理" if task.due_at else ""
    role = _ROLES[task.role]
    post = f"，须由{draft.rulebook.roles[state.role].label}办理" if state.role and task.role == "lead" else ""
    body = f"个案 {case.number} 已交{unit_label(draft.rulebook, task.unit)}{role}{post}{due}。"
    if instead_of:
        empty = "、".join(unit_label(draft.rulebook, unit) for unit in instead_of)
        body += f"原定由{empty}承办，该单位尚无可办理人员，请贵单位办理或者转办。"
    if task.returned and why_no_more_returns(draft.rulebook, draft.actor, task):
        body += "贵单位已退回过，按规定以这次分派的裁定为准，不再退回。"
    title = f"新任务：{state.label}（{role}）"
    draft.tell(task.unit, "task", title, body, key=f"task:{task.id}", case=case.id, task=task.id)
    if task.role == "lead":
        tell_duty_desk(draft, case, task.unit, "task", title, body, key=f"task:{task.id}", task=task.id)


def end_task(draft: Draft, task: Task, status: str, **values: Any) -> Task:
    """End a task, and cancel what was to remind of it; what it still asks of others need not be answered any more."""
    draft.cancel(task=task.id)
    for asked in draft.select(Task, lead_task=task.id, role=CONSULT, ended_at=None):
        withdraw_task(draft, asked, "提出会商的任务已结束，不需再答复")
    ended = draft.change(task, status=status, ended_at=draft.at, **values)
    return run_clocks(draft, ended) if ended.suspended_at and ended.role == "lead" else ended


def each_open(draft: Draft, case: Case, **where: Any) -> Iterator[Task]:
    """Yield the open tasks of a case, but those that end with an earlier one, as a question with what asked it."""
    for task in draft.select(Task, case=case.id, ended_at=None, **where):
        now = draft.task(task.id)
        if now.ended_at is None:
            yield now


def units_at_work(draft: Draft, case: Case) -> set[str]:
    """Return the units that handle a case; one that is asked about it, or decides who handles it, does not."""
    states = draft.rulebook.flows[case.flow].states
    tasks = draft.select(Task, case=case.id, ended_at=None)
    return {task.unit for task in tasks if task.role != CONSULT and not states[task.state].routes_by}


def withdraw_task(draft: Draft, task: Task, because: str, *, told: bool = False) -> None:
    """Take a task back from its unit by the rules, and record why.

    A unit that had it in hand already is told; with `told`, any is.
    """
    take_back(draft, task, because)
    if task.claimed_by or told:
        _tell_withdrawn(draft, task, because)


def take_back(draft: Draft, task: Task, because: str) -> None:
    """Take a task back from its unit, and record why, its unit being told otherwise."""
    end_task(draft, task, "withdrawn")
    data = {"because": because, "state": task.state, "unit": task.unit}
    draft.event("task.withdrawn", case=task.case, task=task.id, data=data)


def _tell_withdrawn(draft: Draft, task: Task, because: str) -> None:
    case, state = draft.case(task.case), draft.rulebook.flows[task.flow].states[task.state]
    body = f"个案 {case.number} 的“{state.label}”已按规则收回，不用再办。原因：{because}。"
    draft.tell(task.unit, "withdrawn", "任务已收回", body, key=f"withdrawn:{task.id}", case=case.id, task=task.id)


def is_in_time(task: Task, draft: Draft) -> bool:
    """Return whether a task ended now is ended in time."""
    return not is_overdue(task.due_at, draft.at)
