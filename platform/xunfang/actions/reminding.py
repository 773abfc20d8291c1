"""What time brings, the worker's part: reminders 催办, breaches 超期, supervision 督办, escalation 提级, the end of
waits; and the reconciling.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.handling import carry_out
from xunfang.actions.storing import put_jobs
from xunfang.casework import Asked
from xunfang.casework.changes import JobWanted
from xunfang.casework.issuing import AT_WORK
from xunfang.casework.items import deadline_of
from xunfang.casework.jobs import (
    case_jobs,
    case_repeated,
    duty_replan_job,
    notice_job,
    planned_at,
    replan_job,
    task_jobs,
    task_repeated,
    wait_job,
)
from xunfang.casework.replanning import replan_wait_job
from xunfang.casework.rows import About
from xunfang.clock import Now, local, parse
from xunfang.rulebook.model import Rulebook
from xunfang.rules.clocks import counts_hours
from xunfang.rules.deadlines import plan_reminders
from xunfang.rules.urgency import is_urgent
from xunfang.store import OPEN_PAGE, Case, Job, Notice, Task, Transaction, Wait, open_cases, open_tasks

R = TypeVar("R", Task, Case)


class Passing:
    """The worker's part of what the rules do by themselves as time passes: a verb of the machinery, done by a job."""

    brief = True

    def __init__(self, deployment: Deployment, verb: str, reason: str, now: Now) -> None:
        self.deployment, self.verb, self.reason = deployment, verb, reason
        self.now = now

    def prepare(self, job: Job) -> None:
        """Do nothing: all there is to do is written in one transaction."""

    def finish(self, tx: Transaction, job: Job, prepared: None) -> None:
        """Let it be decided what follows, and store that; nothing follows when its subject is no longer as it was."""
        actor = machinery(job.jurisdiction, self.reason)
        act = Act(tx, self.deployment, actor, self._moment(job))
        task = tx.find(Task, str(job.payload["task"])) if job.payload.get("task") else None
        about = act.about(task) if task else tx.find(Case, str(job.payload.get("case", "")))
        if about is not None:
            case, subject = about.id if isinstance(about, Case) else "", task.id if task else ""
            asked = Asked(verb=self.verb, actor=actor, case=case, task=subject, payload=job.payload)
            carry_out(act, asked, about)

    def _moment(self, job: Job) -> datetime:
        """Return the moment at which it happens; for most it is the one at which the worker comes to it."""
        return self.now()


class Reminding(Passing):
    """Sends one reminder or carries out one escalation, if the task still stands as it did when it was put."""

    def __init__(self, deployment: Deployment, now: Now) -> None:
        super().__init__(deployment, "remind", "催办督办", now)


class BreachRecording(Passing):
    """Records, the moment it happens, that a task was not done in time. What is recorded is never taken back."""

    def __init__(self, deployment: Deployment, now: Now) -> None:
        super().__init__(deployment, "record-breach", "记录超期", now)


class WaitEnding(Passing):
    """Lets a case go on whose wait 公示期等 is over, as of that moment, however late the worker comes to it."""

    def __init__(self, deployment: Deployment, now: Now) -> None:
        super().__init__(deployment, "end-wait", "期满办理", now)

    def _moment(self, job: Job) -> datetime:
        return parse(str(job.payload["until"]))


class Replanning(Passing):
    """Counts provisional clocks of a case anew, because the days off of another year have been published."""

    def __init__(self, deployment: Deployment, now: Now) -> None:
        super().__init__(deployment, "replan", "放假安排公布", now)


def reconcile(deployment: Deployment, at: datetime) -> int:
    """Give every open task and case the jobs its rules give it, by how it stands now; returns how many were missing."""
    return sum(_reconcile_jurisdiction(deployment, name, at) for name in deployment.rulebooks.current)


def _reconcile_jurisdiction(deployment: Deployment, jurisdiction: str, at: datetime) -> int:
    missing = _page_by_page(deployment, jurisdiction, at, open_tasks, _reconcile_task)
    missing += _page_by_page(deployment, jurisdiction, at, open_cases, _reconcile_case)
    with acting(deployment, machinery(jurisdiction, _NIGHTLY), at) as act:
        for status in AT_WORK:
            for notice in act.tx.every(Notice, jurisdiction=jurisdiction, status=status):
                missing += put_jobs(act, [notice_job(notice)])
        if missing:
            act.event("jobs.reconciled", data={"missing": missing})
    return missing


_NIGHTLY = "夜间核对"


def _page_by_page(
    deployment: Deployment,
    jurisdiction: str,
    at: datetime,
    page_of: Callable[[Transaction, str, str], list[R]],
    reconcile_one: Callable[[Act, R], int],
) -> int:
    """Go through everything open of a kind, a page in one transaction, so that nobody waits for long."""
    missing, after = 0, ""
    while True:
        with acting(deployment, machinery(jurisdiction, _NIGHTLY), at) as act:
            page = page_of(act.tx, jurisdiction, after)
            missing += sum(reconcile_one(act, row) for row in page)
        if len(page) < OPEN_PAGE:
            return missing
        after = page[-1].id


def _reconcile_task(act: Act, task: Task) -> int:
    about = act.about(task)
    rulebook = act.rules(about.release)
    if isinstance(about, Case):
        _tell_urgency(act, task, is_urgent(rulebook, about.urgency))
    deadline = deadline_of(rulebook, task)
    if task.role != "lead" or task.due_at is None or deadline is None:
        return 0
    due_at, places, hours = local(task.due_at), {"residence": task.residence}, counts_hours(task.due)
    reminders = plan_reminders(rulebook, deadline, due_at, task.unit, planned_at(task), places, by_hours=hours)
    again = task_repeated(rulebook, task, deadline, act.at)
    again += _to_replan(rulebook, about, task)
    return put_jobs(act, [*task_jobs(task, reminders), *again])


def _tell_urgency(act: Act, task: Task, urgent: bool) -> None:
    if task.urgent != urgent:  # what was there before tasks knew it
        act.tx.update(Task, {"id": task.id}, {"urgent": urgent})


def _to_replan(rulebook: Rulebook, about: About, subject: Case | Task) -> list[JobWanted]:
    if isinstance(about, Case):
        job = replan_job(rulebook, about, subject)
    else:
        job = duty_replan_job(rulebook, subject) if isinstance(subject, Task) else None
    return [job] if job else []


def _reconcile_case(act: Act, case: Case) -> int:
    rulebook, waits = act.rules(case.release), act.tx.every(Wait, case=case.id, state=case.state, ended_at=None)
    again = [*case_repeated(rulebook, case, act.at), *_to_replan(rulebook, case, case)]
    running = [job for wait in waits for job in (wait_job(wait), replan_wait_job(rulebook, case, wait, act.at)) if job]
    return put_jobs(act, [*case_jobs(rulebook, case), *again, *running])
