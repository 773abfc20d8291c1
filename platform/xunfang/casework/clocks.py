"""Both clocks of a case stopped, moved and set going again; whatever was to remind by the old ones is void."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.items import deadline_of, kind_of
from xunfang.casework.jobs import case_jobs, planned_at, task_jobs, turn_of
from xunfang.casework.nesting import clock_of, renested
from xunfang.casework.rows import Case, Task
from xunfang.clock import local
from xunfang.rulebook.model import State
from xunfang.rules.clocks import counts_hours, due_of, resumed, settled
from xunfang.rules.deadlines import plan_reminders
from xunfang.rules.overdue import is_overdue

Told = Mapping[str, Any]


def write_breach(draft: Draft, task: Task) -> None:
    """Write down that a task passed its due moment undone, once; what is recorded is never taken back."""
    if task.due_at is None or task.overdue_at:
        return
    draft.change(task, overdue_at=task.due_at)
    due = local(task.due_at).isoformat()
    draft.event("task.fell_overdue", case=task.case, task=task.id, data={"due": due}, cites=task.cites)


def catch_breach(draft: Draft, task: Task) -> None:
    """Write down a breach that happened before its clock is stopped or moved, if nobody has yet."""
    if is_overdue(task.due_at, draft.at) and task.role == "lead":
        write_breach(draft, task)


def retime(draft: Draft, task: Task, told: Told) -> Task:
    """Give a task another due moment with its explanation: new reminders for it, and those who assist follow."""
    draft.cancel(task=task.id)
    told = {**told, "planned_at": local(draft.at).isoformat()}
    moved = draft.change(task, due=told, due_at=None if task.suspended_at else due_of(told))
    draft.jobs(jobs_of(draft, moved))
    _take_along(draft, moved)
    return moved


def retime_case(draft: Draft, case: Case, told: Told) -> Case:
    """Give a case another due moment with its explanation, and new reminders for it."""
    told = {**told, "planned_at": local(draft.at).isoformat()}
    moved = draft.change(case, due=told, due_at=None if case.suspended_at else due_of(told))
    draft.jobs(case_jobs(draft.rulebook, moved))
    _take_parts_along(draft, moved)
    return moved


def _take_parts_along(draft: Draft, case: Case) -> None:
    """Let every running task that must end within its case end by the clock of that as it is now."""
    whole = clock_of(draft, case)
    for task in draft.select(Task, case=case.id, role="lead", ended_at=None, suspended_at=None):
        told = renested(draft, task, whole)
        if task.due is None or told is None or told == task.due or due_of(task.due) <= draft.at:
            continue
        if due_of(told) == due_of(task.due):
            draft.change(task, due=told)
            continue
        data = {"was_due": task.due["due_at"], "now_due": told["due_at"]}
        rule, cites = str(told["deadline"]), tuple(told.get("within", {}).get("cites", ()))
        draft.event("task.due_followed", case=case.id, task=task.id, data=data, rule=rule, cites=cites)
        retime(draft, task, told)


def jobs_of(draft: Draft, task: Task) -> list[Any]:
    """Return the jobs of a task by its own due moment."""
    deadline = deadline_of(draft.rulebook, task)
    if task.due_at is None or deadline is None:
        return []
    hours, places = counts_hours(task.due), kind_of(task).places(draft.about(task))
    reminders = plan_reminders(
        draft.rulebook, deadline, local(task.due_at), task.unit, planned_at(task), places, by_hours=hours
    )
    return task_jobs(task, reminders)


def stop_clocks(draft: Draft, task: Task) -> Task:
    """Stop the clock of a task and with it the one of its case: while it stands still, nothing is due."""
    catch_breach(draft, task)
    draft.cancel(task=task.id)
    stopped = draft.change(task, suspended_at=draft.at, due_at=None)
    _take_along(draft, stopped)
    case = draft.case(task.case)
    if case.suspended_at is None:
        draft.change(case, suspended_at=draft.at, due_at=None)
        tell_clock(draft, case)
    return stopped


def run_clocks(draft: Draft, task: Task) -> Task:
    """Set the clock of a task going again with what was left, and that of its case when no other task stops it."""
    assert task.suspended_at is not None
    running = draft.change(task, **_resumed(draft, task, task.suspended_at))
    if running.ended_at is None:
        draft.jobs(jobs_of(draft, running))
        _take_along(draft, running)
    case = draft.case(task.case)
    if draft.rulebook.flows[case.flow].states[case.state].counts:
        _run_case(draft, case)
        tell_clock(draft, case)
    return draft.task(running.id)


def _resumed(draft: Draft, subject: Case | Task, stopped_at: datetime, because: Told | None = None) -> dict[str, Any]:
    """Return what a clock that was stopped goes on with: the rest of it by the days off that are known by now."""
    if subject.due is None:
        return {"suspended_at": None, "due": None, "due_at": None}
    known = settled(draft.rulebook, subject.due, subject.counts_from or subject.opened_at, draft.at)
    still_ran = known is not None and due_of(known) > stopped_at
    told = resumed(draft.rulebook, known if known and still_ran else subject.due, stopped_at, draft.at, because)
    return {"suspended_at": None, "due": told, "due_at": due_of(told)}


def tell_clock(draft: Draft, case: Case) -> None:
    """Record when a case is due by now, where nothing else of the record tells it: None while it stands still."""
    now = draft.case(case.id)
    due = {"due_at": local(now.due_at).isoformat() if now.due_at else None}
    if now.due:
        draft.event("case.clock_set", case=case.id, data=due)


def enter_uncounted(draft: Draft, case: Case, state: State) -> None:
    """Stop the clock of a case that enters a state whose time does not count 公示、补正; its tasks have their own."""
    case = draft.case(case.id)
    if state.counts or case.due is None or case.suspended_at is not None:
        return
    draft.change(case, suspended_at=draft.at, due_at=None)
    data = {"state": state.id, "was_due": case.due["due_at"]}
    draft.event("case.clock_stopped", case=case.id, data=data, cites=state.basis.cites)


def leave_uncounted(draft: Draft, case: Case) -> None:
    """Set the clock of a case going again that leaves a state whose time does not count."""
    case = draft.case(case.id)
    state = draft.rulebook.flows[case.flow].states[case.state]
    if state.counts or case.due is None or case.suspended_at is None:
        return
    since = local(case.suspended_at).isoformat()
    running = _run_case(draft, case, {"label": state.label, "cites": list(state.basis.cites)})
    data = {"state": state.id, "since": since, "now_due": (running.due or {}).get("due_at")}
    draft.event("case.clock_resumed", case=case.id, data=data, cites=state.basis.cites)


def _run_case(draft: Draft, case: Case, because: Told | None = None) -> Case:
    open_ones = draft.select(Task, case=case.id, role="lead", ended_at=None)
    if case.suspended_at is None or any(task.suspended_at for task in open_ones):
        return case
    running = draft.change(case, **_resumed(draft, case, case.suspended_at, because))
    draft.jobs(case_jobs(draft.rulebook, running))
    _take_parts_along(draft, running)
    return running


def _take_along(draft: Draft, lead: Task) -> None:
    for task in draft.select(Task, lead_task=lead.id, role="assist", ended_at=None):
        follow_lead(draft, task, lead)


def follow_lead(draft: Draft, task: Task, lead: Task) -> None:
    """Let an assisting task go by the clock of its lead, unless that was over before the unit was asked at all."""
    over = is_overdue(lead.due_at, task.opened_at)
    clock = {} if over else {"due": lead.due, "due_at": lead.due_at}
    draft.change(task, lead_task=lead.id, suspended_at=lead.suspended_at, **clock)


def keep_clock(draft: Draft, task: Task, before: Task) -> Task:
    """Let the clock of an earlier task go on in a new one, with its pauses and extensions, stopped if it was."""
    if before.due is None or not (turn_of(before) or before.suspended_at):
        return task
    began = before.counts_from or before.opened_at
    kept = retime(draft, draft.change(task, suspended_at=before.suspended_at, counts_from=began), before.due)
    case = draft.case(task.case)
    if before.suspended_at and case.suspended_at is None:
        draft.change(case, suspended_at=draft.at, due_at=None)
        tell_clock(draft, case)
    return kept
