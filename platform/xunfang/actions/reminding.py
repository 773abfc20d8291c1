"""Reminders 催办, breaches 超期, supervision 督办, escalation 提级: the worker's part, and the reconciling."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.entering import put_wait_job
from xunfang.actions.opening import put_case_jobs, put_task_jobs
from xunfang.actions.paperwork import ask_for_notice, put_notice_job
from xunfang.clock import local
from xunfang.rulebook.model import Rulebook
from xunfang.rules.deadlines import plan_reminders
from xunfang.rules.units import climb, unit_label
from xunfang.store import Case, Event, Job, Notice, Task, Transaction, members, open_cases, open_tasks

_TITLES = {
    "remind": "办理时限临近",
    "due": "任务今日到期",
    "overdue": "任务已超期",
    "supervise": "督办：任务超期未办结",
    "escalate": "提级：任务超期未办结",
    "report": "通报：任务超期未办结",
}
_EVENTS = {
    "remind": "task.reminded",
    "due": "task.reminded",
    "overdue": "task.reminded",
    "supervise": "task.supervised",
    "escalate": "task.escalated",
    "report": "task.reported",
}


class Reminding:
    """Sends one reminder or carries out one escalation, if the task still stands as it did when it was put."""

    def __init__(self, deployment: Deployment, now: Callable[[], datetime]) -> None:
        self.deployment = deployment
        self.now = now

    def prepare(self, job: Job) -> None:
        """Do nothing: all there is to do is written in one transaction."""

    def finish(self, tx: Transaction, job: Job, prepared: None) -> None:
        """Tell whom it concerns and record it; nothing when the task has ended or its due moment has changed."""
        act = Act(tx, self.deployment, machinery(str(job.payload["jurisdiction"]), "催办督办"), self.now())
        payload = dict(job.payload)
        if payload["task"]:
            task = tx.find(Task, payload["task"])
            if task and task.ended_at is None and _still_due(task.due_at, payload["due"]):
                _remind(act, act.case(task.case), task, payload)
        else:
            case = tx.find(Case, payload["case"])
            if case and case.closed_at is None and _still_due(case.due_at, payload["due"]):
                _remind(act, case, None, payload)


def _still_due(due_at: datetime | None, due: str) -> bool:
    return due_at is not None and local(due_at).isoformat() == due


def _remind(act: Act, case: Case, task: Task | None, payload: dict[str, Any]) -> None:
    rulebook = act.rules(case.release)
    kind = payload["kind"]
    key = f"{payload['rule']}:{task.id if task else case.id}:{payload['due']}"
    to, skipped = _somebody(act, rulebook, payload["to"])
    act.tell(
        to,
        kind,
        _TITLES[kind],
        _body(rulebook, case, task),
        key=key,
        case=case.id,
        task=task.id if task else "",
    )
    data = {"kind": kind, "to": to, "due": payload["due"], "nobody_at": skipped}
    cites = tuple(payload["cites"])
    subject = task.id if task else ""
    act.event(_EVENTS[kind], case=case.id, task=subject, data=data, rule=payload["rule"], cites=cites)
    if task and kind in {"supervise", "escalate", "report"}:
        act.tx.update(Task, {"id": task.id, "supervised_at": None}, {"supervised_at": act.at})
        title = f"{_TITLES[kind]}（{unit_label(rulebook, to)}）"
        act.tell(task.unit, kind, title, _body(rulebook, case, task), key=f"{key}:unit", case=case.id, task=task.id)
    if task and payload["notice"]:
        ask_for_notice(act, rulebook, case, payload["notice"], task)


def _somebody(act: Act, rulebook: Rulebook, unit: str) -> tuple[str, list[str]]:
    """Return the nearest unit upward that has a member, and the empty ones passed over: never silently nobody.

    When there is nobody all the way up, the message stays with the unit it was meant for, whoever joins it later.
    """
    skipped: list[str] = []
    for place in climb(rulebook, unit):
        if rulebook.units[place.split(":", 1)[0]].external or members(act.tx, act.actor.jurisdiction, place):
            return place, skipped
        skipped.append(place)
    return unit, skipped


def _body(rulebook: Rulebook, case: Case, task: Task | None) -> str:
    due_at = task.due_at if task else case.due_at
    when = f"{local(due_at):%-m月%-d日 %H:%M}" if due_at else ""
    if task is None:
        return f"个案 {case.number} 应于{when}前办结。"
    state = rulebook.flows[task.flow].states[task.state]
    return f"个案 {case.number} 的“{state.label}”由{unit_label(rulebook, task.unit)}承办，应于{when}前办结。"


class BreachRecording:
    """Records, the moment it happens, that a task was not done in time. What is recorded is never taken back."""

    def __init__(self, deployment: Deployment, now: Callable[[], datetime]) -> None:
        self.deployment = deployment
        self.now = now

    def prepare(self, job: Job) -> None:
        """Do nothing: all there is to do is written in one transaction."""

    def finish(self, tx: Transaction, job: Job, prepared: None) -> None:
        """Mark the task overdue, unless it has ended or its due moment has changed."""
        act = Act(tx, self.deployment, machinery(str(job.payload["jurisdiction"]), "记录超期"), self.now())
        task = tx.find(Task, str(job.payload["task"]))
        if task and task.ended_at is None and task.overdue_at is None and _still_due(task.due_at, job.payload["due"]):
            record_breach(act, task)


def record_breach(act: Act, task: Task) -> None:
    """Write down that a task passed its due moment undone."""
    act.tx.update(Task, {"id": task.id, "overdue_at": None}, {"overdue_at": task.due_at})
    due = local(task.due_at).isoformat() if task.due_at else ""
    act.event("task.fell_overdue", case=task.case, task=task.id, data={"due": due}, cites=task.cites)


def reconcile(deployment: Deployment, at: datetime) -> int:
    """Give every open task and case the jobs its rules give it, by how it stands now; returns how many were missing.

    Only the end of a running wait is read from the record, where alone it is written down.
    """
    return sum(_reconcile_jurisdiction(deployment, name, at) for name in deployment.rulebooks.current)


def _reconcile_jurisdiction(deployment: Deployment, jurisdiction: str, at: datetime) -> int:
    with acting(deployment, machinery(jurisdiction, "夜间核对"), at) as act:
        missing = sum(_reconcile_task(act, task) for task in open_tasks(act.tx, jurisdiction))
        missing += sum(_reconcile_case(act, case) for case in open_cases(act.tx, jurisdiction))
        for notice in act.tx.every(Notice, jurisdiction=jurisdiction, status="wanted"):
            missing += put_notice_job(act, notice)
        if missing:
            act.event("jobs.reconciled", data={"missing": missing})
    return missing


def _reconcile_task(act: Act, task: Task) -> int:
    case = act.case(task.case)
    rulebook = act.rules(case.release)
    state = rulebook.flows[task.flow].states[task.state]
    if task.role != "lead" or task.due_at is None or not state.deadline:
        return 0
    deadline = rulebook.deadlines[state.deadline]
    reminders = plan_reminders(
        rulebook, deadline, local(task.due_at), task.unit, task.opened_at, {"residence": task.residence}
    )
    return put_task_jobs(act, task, reminders)


def _reconcile_case(act: Act, case: Case) -> int:
    rulebook = act.rules(case.release)
    missing = put_case_jobs(act, rulebook, case)
    if rulebook.flows[case.flow].states[case.state].waits:
        waits = [event.data for event in act.tx.every(Event, case=case.id, name="case.waiting")]
        until = next((str(told["until"]) for told in reversed(waits) if told["state"] == case.state), "")
        missing += bool(until) and put_wait_job(act, case.id, case.state, until)
    return missing
