"""The jobs that casework wants of the worker: what each is for, and when it is to be done."""

from collections.abc import Iterable
from datetime import timedelta

from xunfang.casework.changes import JobWanted
from xunfang.casework.facts import places_of
from xunfang.casework.rows import Case, Notice, Task, Wait
from xunfang.clock import local
from xunfang.rulebook.model import Rulebook, UnitRef
from xunfang.rules.deadlines import PlannedReminder, plan_reminders
from xunfang.rules.units import unit_id

REMIND = "remind"
BREACH = "record-breach"
WAIT = "end-wait"
ISSUE = "issue-notice"


def task_jobs(task: Task, reminders: Iterable[PlannedReminder]) -> list[JobWanted]:
    """Return the reminders of a task, and the job that records a breach the moment it happens."""
    if task.due_at is None or task.role != "lead":
        return []
    due = local(task.due_at).isoformat()
    jobs = [_reminder(reminder, due, task.case, task.id) for reminder in reminders]
    breach_at = task.due_at + timedelta(seconds=1)
    payload = {"case": task.case, "task": task.id, "due": due}
    key = f"breach:{task.id}:{due}"
    jobs.append(JobWanted(kind=BREACH, key=key, payload=payload, run_at=breach_at, task=task.id, case=task.case))
    return jobs


def case_jobs(rulebook: Rulebook, case: Case) -> list[JobWanted]:
    """Return the reminders of a case's own clock."""
    flow = rulebook.flows[case.flow]
    if case.due_at is None or not flow.case_deadline:
        return []
    facts, start, due_at = places_of(case), flow.states[flow.start], local(case.due_at)
    unit = unit_id(rulebook, UnitRef(start.unit, start.unit_of), facts) if start.unit else ""
    deadline = rulebook.deadlines[flow.case_deadline]
    began = case.counts_from or case.opened_at
    reminders = plan_reminders(rulebook, deadline, due_at, unit, began, facts)
    return [_reminder(reminder, due_at.isoformat(), case.id) for reminder in reminders]


def _reminder(reminder: PlannedReminder, due: str, case: str, task: str = "") -> JobWanted:
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
    key = f"remind:{task or case}:{reminder.rule}:{due}"
    return JobWanted(kind=REMIND, key=key, payload=payload, run_at=reminder.at, task=task, case=case)


def wait_job(wait: Wait) -> JobWanted:
    """Return the job that ends a wait a second after it is over."""
    until = local(wait.until).isoformat()
    payload = {"case": wait.case, "state": wait.state, "until": until}
    key, over_at = f"wait:{wait.case}:{wait.state}:{until}", wait.until + timedelta(seconds=1)
    return JobWanted(kind=WAIT, key=key, payload=payload, run_at=over_at, case=wait.case)


def notice_job(notice: Notice) -> JobWanted:
    """Return the job that prints a wanted notice; of no task: a paper is owed even when its task has ended."""
    return JobWanted(
        kind=ISSUE, key=f"issue:{notice.id}", payload={"notice": notice.id}, run_at=notice.wanted_at, again=True
    )
