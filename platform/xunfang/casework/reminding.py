"""Reminders 催办, supervision 督办, escalation 提级, breaches 超期: what the rules do by themselves as time passes."""

from collections.abc import Mapping
from typing import Any

from xunfang.casework.changes import JobWanted
from xunfang.casework.clocks import write_breach
from xunfang.casework.draft import Draft
from xunfang.casework.duties import let_collect
from xunfang.casework.duty_desk import tell_duty_desk
from xunfang.casework.holding import somebody
from xunfang.casework.informing import inform
from xunfang.casework.items import KINDS, deadline_of, kind_of
from xunfang.casework.jobs import case_repeated, is_current, task_repeated
from xunfang.casework.omission import deem
from xunfang.casework.papers import ask_for_notice
from xunfang.casework.rows import About, Case, DutyPeriod, Task
from xunfang.casework.terms import deemed_by
from xunfang.clock import local
from xunfang.rulebook.model import Rulebook
from xunfang.rules.deadlines import REPEATED
from xunfang.rules.units import unit_label

_TITLES = {
    "remind": "办理时限临近",
    "due": "任务今日到期",
    "overdue": "任务已超期",
    "supervise": "督办：任务超期未办结",
    "escalate": "提级：任务超期未办结",
    "report": "通报：任务超期未办结",
}
EVENTS = {
    "remind": "task.reminded",
    "due": "task.reminded",
    "overdue": "task.reminded",
    "supervise": "task.supervised",
    "escalate": "task.escalated",
    "report": "task.reported",
}
"""Which event tells of each kind of reminder."""


def remind(draft: Draft, payload: Mapping[str, Any]) -> None:
    """Send one reminder or carry out one escalation, if its subject still stands as it did when it was planned."""
    task = draft.find(Task, payload["task"]) if payload["task"] else None
    about = draft.about(task) if task else draft.find(Case, payload["case"])
    if about is None or (task and (task.ended_at or kind_of(task).over(about))):
        return
    if task and deemed_by(draft.rulebook, task, draft.at):
        return  # there is nothing to press for any more, whichever job comes first
    if task and is_current(task, payload):
        if kind_of(task).climbs or payload["to"] in draft.staffed:
            _remind(draft, about, task, payload)
        else:  # nobody is there to read it now; who comes later is to be pressed all the same
            _remind_again(draft, about, task, payload)
    elif task is None and isinstance(about, Case) and not about.closed_at and is_current(about, payload):
        _remind(draft, about, None, payload)


def _remind(draft: Draft, about: About, task: Task | None, payload: Mapping[str, Any]) -> None:
    kind, subject, case = payload["kind"], task.id if task else "", about.id if isinstance(about, Case) else ""
    key = f"{payload['rule']}:{subject or about.id}:{payload['due']}"
    to, skipped = somebody(draft, payload["to"])
    body = _body(draft.rulebook, about, task)
    draft.tell(to, kind, _TITLES[kind], body, key=key, case=case, task=subject)
    data = {"kind": kind, "to": to, "due": payload["due"], "nobody_at": skipped}
    cites = tuple(payload["cites"])
    draft.event(EVENTS[kind], case=case, task=subject, data=data, rule=payload["rule"], cites=cites)
    if isinstance(about, Case):
        tell_duty_desk(
            draft, about, task.unit if task else payload["to"], kind, _TITLES[kind], body, key=key, task=subject
        )
    if task and kind in {"supervise", "escalate", "report"}:
        draft.change(task, supervised_at=task.supervised_at or draft.at)
        title = f"{_TITLES[kind]}（{unit_label(draft.rulebook, to)}）"
        draft.tell(task.unit, kind, title, body, key=f"{key}:unit", case=case, task=task.id)
    if task and payload["notice"]:
        ask_for_notice(draft, draft.case(case), payload["notice"], task)
    if isinstance(about, Case):
        _inform(draft, about, task, payload)
    _remind_again(draft, about, task, payload)


def _remind_again(draft: Draft, about: About, task: Task | None, payload: Mapping[str, Any]) -> None:
    """Let what comes again until the work is done come once more."""
    if REPEATED in payload["rule"]:
        draft.jobs(_again(draft, about, task, int(str(payload["rule"]).partition(REPEATED)[2])))


def _again(draft: Draft, about: About, task: Task | None, sent: int) -> list[JobWanted]:
    if task is None:
        return case_repeated(draft.rulebook, about, draft.at, sent) if isinstance(about, Case) else []
    deadline = deadline_of(draft.rulebook, task)
    return task_repeated(draft.rulebook, task, deadline, draft.at, sent) if deadline else []


def _inform(draft: Draft, case: Case, task: Task | None, payload: Mapping[str, Any]) -> None:
    """Tell whom an escalation informs; jobs put before there were any know of none."""
    what = f"{_body(draft.rulebook, case, task)}{_TITLES[payload['kind']]}。"
    cites = tuple(payload["cites"])
    for unit in payload.get("informs", ()):
        inform(draft, case, unit, what, task=task.id if task else "", rule=payload["rule"], cites=cites)


def _body(rulebook: Rulebook, about: About, task: Task | None) -> str:
    due_at = task.due_at if task else about.due_at if isinstance(about, Case) else None
    when = f"{local(due_at):%-m月%-d日 %H:%M}" if due_at else ""
    if task is None:
        return f"{KINDS['case'].named(rulebook, about)}应于{when}前办结。"
    named = kind_of(task).task_named(rulebook, task, about)
    return f"{named}由{unit_label(rulebook, task.unit)}承办，应于{when}前办结。"


def record_breach(draft: Draft, task: Task, payload: Mapping[str, Any]) -> None:
    """Write down that a task passed its due moment undone; what is recorded is never taken back.

    Where its state deems an outcome to be so then, the task ends with that. Nothing happens when the task has ended
    or its due moment has changed.
    """
    if task.ended_at or not is_current(task, payload):
        return
    write_breach(draft, task)
    about = draft.about(task)
    if isinstance(about, DutyPeriod):
        let_collect(draft, task, about)
    elif task.case:
        deem(draft, draft.task(task.id))
