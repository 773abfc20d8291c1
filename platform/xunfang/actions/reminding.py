"""What time brings, the worker's part: reminders 催办, breaches 超期, supervision 督办, escalation 提级, the end of
waits; and the reconciling.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from xunfang.actions.acting import Act, Look, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.handling import carry_out
from xunfang.actions.storing import jobs_amiss, put_jobs
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
    wait_jobs,
    wait_moment,
)
from xunfang.casework.replanning import replan_wait_job
from xunfang.casework.rows import About
from xunfang.clock import Now, local
from xunfang.rulebook.model import Rulebook
from xunfang.rules.clocks import counts_hours
from xunfang.rules.deadlines import plan_reminders
from xunfang.rules.urgency import is_urgent
from xunfang.store import (
    OPEN_PAGE,
    Case,
    Job,
    Notice,
    Reader,
    Task,
    Transaction,
    Wait,
    connection,
    open_cases,
    open_tasks,
)
from xunfang.store.reading.sweeping import notices_standing

R = TypeVar("R", Task, Case, Notice)


class Passing:
    """The worker's part of what the rules do by themselves as time passes: a verb of the machinery, done by a job."""

    brief = True

    def __init__(self, deployment: Deployment, verb: str, reason: str, now: Now) -> None:
        self.deployment, self.verb, self.reason = deployment, verb, reason
        self.now = now

    def prepare(self, job: Job) -> None:
        """Have the rules of a case at hand: they may have to be compiled, which nobody is to wait for."""
        with connection(self.deployment.database, job.jurisdiction) as reader:
            if case := reader.find(Case, str(job.payload.get("case", ""))):
                self.deployment.rulebooks.release(case.release)

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
        return wait_moment(job.payload)


class Replanning(Passing):
    """Counts provisional clocks of a case anew, because the days off of another year have been published."""

    def __init__(self, deployment: Deployment, now: Now) -> None:
        super().__init__(deployment, "replan", "放假安排公布", now)


def reconcile(deployment: Deployment, at: datetime) -> int:
    """Give every open task and case the jobs its rules give it, by how it stands now; returns how many were missing."""
    return sum(reconciling(deployment, at))


def reconciling(deployment: Deployment, at: datetime) -> Iterator[int]:
    """Do the same piece by piece, and yield after each how many jobs were missing in it.

    What is missing is found without holding up anybody; only where something is, is a piece written.
    """
    for jurisdiction in deployment.rulebooks.current:
        missing = 0
        for found in _pieces(deployment, jurisdiction, at):
            missing += found
            yield found
        if missing:
            with acting(deployment, machinery(jurisdiction, _NIGHTLY), at) as act:
                act.event("jobs.reconciled", data={"missing": missing})


_NIGHTLY = "夜间核对"


def _pieces(deployment: Deployment, jurisdiction: str, at: datetime) -> Iterator[int]:
    yield from _page_by_page(deployment, jurisdiction, at, open_tasks, _wanted_of_task)
    yield from _page_by_page(deployment, jurisdiction, at, open_cases, _wanted_of_case)
    for status in AT_WORK:
        page_of = partial(notices_standing, status)
        yield from _page_by_page(deployment, jurisdiction, at, page_of, lambda look, notice: [notice_job(notice)])


def _page_by_page(
    deployment: Deployment,
    jurisdiction: str,
    at: datetime,
    page_of: Callable[[Reader, str, str], list[R]],
    wanted_of: Callable[[Look, R], list[JobWanted]],
) -> Iterator[int]:
    """Go through everything that stands in a way, and yield after each page how many jobs were missing."""
    after, actor = "", machinery(jurisdiction, _NIGHTLY)
    while True:
        with connection(deployment.database, jurisdiction) as reader:
            look = Look(reader, deployment, actor, at)
            page = page_of(reader, jurisdiction, after)
            wanted = {row.id: wanted_of(look, row) for row in page}
            lost = jobs_amiss(look, [job for jobs in wanted.values() for job in jobs])
            amiss = [row for row in page if _is_untold(look, row) or any(job.key in lost for job in wanted[row.id])]
        yield _mend(deployment, actor, at, amiss, wanted_of) if amiss else 0
        if len(page) < OPEN_PAGE:
            return
        after = page[-1].id


def _mend(
    deployment: Deployment,
    actor: Actor,
    at: datetime,
    amiss: Sequence[R],
    wanted_of: Callable[[Look, R], list[JobWanted]],
) -> int:
    """Put what is missing for rows, as they stand by now."""
    missing = 0
    with acting(deployment, actor, at) as act:
        for row in amiss:
            now = act.tx.find(type(row), row.id)
            if now is None or not _still_stands(now):
                continue
            if isinstance(now, Task) and _is_untold(act, now):
                act.tx.update(Task, {"id": now.id}, {"urgent": not now.urgent})
            missing += put_jobs(act, wanted_of(act, now))
    return missing


def _still_stands(row: Task | Case | Notice) -> bool:
    if isinstance(row, Notice):
        return row.status in AT_WORK
    return (row.ended_at if isinstance(row, Task) else row.closed_at) is None


def _is_untold(look: Look, row: Task | Case | Notice) -> bool:
    """Return whether a task does not know how urgent its case is: it was there before tasks knew."""
    if not isinstance(row, Task) or not isinstance(about := look.about(row), Case):
        return False
    return row.urgent != is_urgent(look.rules(about.release), about.urgency)


def _wanted_of_task(look: Look, task: Task) -> list[JobWanted]:
    about = look.about(task)
    rulebook = look.rules(about.release)
    deadline = deadline_of(rulebook, task)
    if task.role != "lead" or task.due_at is None or deadline is None:
        return []
    due_at, places, hours = local(task.due_at), {"residence": task.residence}, counts_hours(task.due)
    reminders = plan_reminders(rulebook, deadline, due_at, task.unit, planned_at(task), places, by_hours=hours)
    again = task_repeated(rulebook, task, deadline, look.at)
    return [*task_jobs(task, reminders), *again, *_to_replan(rulebook, about, task)]


def _to_replan(rulebook: Rulebook, about: About, subject: Case | Task) -> list[JobWanted]:
    if isinstance(about, Case):
        job = replan_job(rulebook, about, subject)
    else:
        job = duty_replan_job(rulebook, subject) if isinstance(subject, Task) else None
    return [job] if job else []


def _wanted_of_case(look: Look, case: Case) -> list[JobWanted]:
    rulebook, waits = look.rules(case.release), look.tx.every(Wait, case=case.id, state=case.state, ended_at=None)
    again = [*case_repeated(rulebook, case, look.at), *_to_replan(rulebook, case, case)]
    running = [job for wait in waits for job in wait_jobs(wait, look.at)]
    replanned = [job for wait in waits if (job := replan_wait_job(rulebook, case, wait, look.at))]
    return [*case_jobs(rulebook, case), *again, *running, *replanned]
