"""What time brings, the worker's part: reminders 催办, breaches 超期, supervision 督办, escalation 提级, the end of
waits; and the reconciling.
"""

from datetime import datetime

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.handling import carry_out
from xunfang.actions.storing import put_jobs
from xunfang.casework import Asked
from xunfang.casework.changes import JobWanted
from xunfang.casework.issuing import AT_WORK
from xunfang.casework.jobs import case_jobs, notice_job, planned_at, repeated, replan_job, task_jobs, wait_job
from xunfang.casework.replanning import replan_wait_job
from xunfang.clock import Now, local, parse
from xunfang.rulebook.model import Rulebook
from xunfang.rules.clocks import counts_hours
from xunfang.rules.deadlines import plan_reminders
from xunfang.rules.urgency import is_urgent
from xunfang.store import Case, Job, Notice, Task, Transaction, Wait, open_cases, open_tasks


class Passing:
    """The worker's part of what the rules do by themselves as time passes: a verb of the machinery, done by a job."""

    def __init__(self, deployment: Deployment, verb: str, reason: str, now: Now) -> None:
        self.deployment, self.verb, self.reason = deployment, verb, reason
        self.now = now

    def prepare(self, job: Job) -> None:
        """Do nothing: all there is to do is written in one transaction."""

    def finish(self, tx: Transaction, job: Job, prepared: None) -> None:
        """Let it be decided what follows, and store that; nothing follows when its subject is no longer as it was."""
        actor = machinery(str(job.payload["jurisdiction"]), self.reason)
        act = Act(tx, self.deployment, actor, self._moment(job))
        task = tx.find(Task, str(job.payload["task"])) if job.payload.get("task") else None
        case = tx.find(Case, task.case if task else str(job.payload.get("case", "")))
        if case is not None:
            subject = task.id if task else ""
            asked = Asked(verb=self.verb, actor=actor, case=case.id, task=subject, payload=job.payload)
            carry_out(act, asked, case)

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
    with acting(deployment, machinery(jurisdiction, "夜间核对"), at) as act:
        missing = sum(_reconcile_task(act, task) for task in open_tasks(act.tx, jurisdiction))
        missing += sum(_reconcile_case(act, case) for case in open_cases(act.tx, jurisdiction))
        for status in AT_WORK:
            for notice in act.tx.every(Notice, jurisdiction=jurisdiction, status=status):
                missing += put_jobs(act, [notice_job(notice)])
        if missing:
            act.event("jobs.reconciled", data={"missing": missing})
    return missing


def _reconcile_task(act: Act, task: Task) -> int:
    case = act.case(task.case)
    rulebook = act.rules(case.release)
    urgent = is_urgent(rulebook, case.urgency)
    if task.urgent != urgent:  # what was there before tasks knew it
        act.tx.update(Task, {"id": task.id}, {"urgent": urgent})
    state = rulebook.flows[task.flow].states[task.state]
    if task.role != "lead" or task.due_at is None or not state.deadline:
        return 0
    deadline = rulebook.deadlines[state.deadline]
    due_at, places, hours = local(task.due_at), {"residence": task.residence}, counts_hours(task.due)
    reminders = plan_reminders(rulebook, deadline, due_at, task.unit, planned_at(task), places, by_hours=hours)
    again = [*repeated(rulebook, case, task, deadline.id, act.at), *_to_replan(rulebook, case, task)]
    return put_jobs(act, [*task_jobs(task, reminders), *again])


def _to_replan(rulebook: Rulebook, case: Case, subject: Case | Task) -> list[JobWanted]:
    job = replan_job(rulebook, case, subject)
    return [job] if job else []


def _reconcile_case(act: Act, case: Case) -> int:
    rulebook, waits = act.rules(case.release), act.tx.every(Wait, case=case.id, state=case.state, ended_at=None)
    deadline = rulebook.flows[case.flow].case_deadline
    again = repeated(rulebook, case, None, deadline, act.at) if deadline else []
    again += _to_replan(rulebook, case, case)
    running = [job for wait in waits for job in (wait_job(wait), replan_wait_job(rulebook, case, wait, act.at)) if job]
    return put_jobs(act, [*case_jobs(rulebook, case), *again, *running])
