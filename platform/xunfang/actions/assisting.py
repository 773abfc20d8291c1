"""Those who assist 协办: they stay as long as a lead that named them is at work."""

from xunfang.actions.acting import Act
from xunfang.actions.opening import end_task
from xunfang.store import Dispatch, Event, Task


def release_assisting(act: Act, lead: Task, because: str) -> tuple[str, ...]:
    """Let those who assisted a lead that has ended assist the next that named them; returns the units none needs now.

    Theirs are withdrawn.
    """
    withdrawn = []
    for task in act.tx.every(Task, lead_task=lead.id, ended_at=None):
        following = _next_lead(act, task)
        if following:
            _follow(act, task, following)
        else:
            _withdraw(act, task, because)
            withdrawn.append(task.unit)
    return tuple(withdrawn)


def bring_assisting(act: Act, before: Task, after: Task) -> None:
    """Those who assisted the old lead assist the new one; the new lead itself no longer does."""
    for task in act.tx.every(Task, lead_task=before.id, ended_at=None):
        if task.unit == after.unit:
            _withdraw(act, task, "已转为主办")
        else:
            _follow(act, task, after)


def _withdraw(act: Act, task: Task, because: str) -> None:
    end_task(act, task, "withdrawn")
    act.event("task.withdrawn", case=task.case, task=task.id, data={"because": because})


def _follow(act: Act, task: Task, lead: Task) -> None:
    """An assisting task goes by the deadline of its lead."""
    act.tx.update(Task, {"id": task.id}, {"lead_task": lead.id, "due_at": lead.due_at, "due": lead.due})


def _next_lead(act: Act, task: Task) -> Task | None:
    """Return an open lead that the dispatch which sent an assisting task gave the same unit to, as far as handed on."""
    sent = _as_sent(act, task)
    dispatches = list(act.tx.every(Dispatch, case=task.case, status="confirmed", decided_at=sent.opened_at))
    helped = {told["lead"] for each in dispatches for told in each.confirmed or () if sent.unit in told["assist"]}
    for lead in act.tx.every(Task, case=task.case, state=task.state, role="lead", ended_at=None):
        first = _as_sent(act, lead)
        if first.unit in helped and first.opened_at == sent.opened_at and lead.unit != task.unit:
            return lead
    return None


def _as_sent(act: Act, task: Task) -> Task:
    """Return the task that a dispatch sent and that became this one by being transferred."""
    for event in reversed(list(act.tx.every(Event, case=task.case, name="task.transferred"))):
        before = act.task(event.task)
        if before.role == task.role and event.data["to"] == task.unit and event.at == task.opened_at:
            task = before
    return task
