"""Those who assist 协办: they stay as long as a lead that named them is at work."""

from xunfang.casework.clocks import follow_lead
from xunfang.casework.draft import Draft
from xunfang.casework.rows import Task
from xunfang.casework.tasks import withdraw_task


def release_assisting(draft: Draft, lead: Task, because: str) -> tuple[str, ...]:
    """Let those who assisted a lead that has ended assist the next that named them; returns the units none needs now.

    Theirs are withdrawn.
    """
    withdrawn = []
    for task in draft.select(Task, lead_task=lead.id, role="assist", ended_at=None):
        if following := _next_lead(draft, task):
            follow_lead(draft, task, following)
        else:
            withdraw_task(draft, task, because)
            withdrawn.append(task.unit)
    return tuple(withdrawn)


def bring_assisting(draft: Draft, before: Task, after: Task) -> None:
    """Those who assisted the old lead assist the new one; the new lead itself no longer does."""
    for task in draft.select(Task, lead_task=before.id, role="assist", ended_at=None):
        if task.unit == after.unit:
            withdraw_task(draft, task, "已转为主办")
        else:
            follow_lead(draft, task, after)


def _next_lead(draft: Draft, task: Task) -> Task | None:
    """Return an open lead that named the unit of an assisting task when both were sent, as far as handed on since."""
    leads = draft.select(Task, case=task.case, state=task.state, role="lead", ended_at=None)
    return next((lead for lead in leads if (lead.sent_as or lead.id) in task.helps and lead.unit != task.unit), None)
