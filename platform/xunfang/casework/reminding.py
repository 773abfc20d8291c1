"""Reminders 催办, supervision 督办, escalation 提级, breaches 超期: what the rules do by themselves as time passes."""

from collections.abc import Mapping
from typing import Any

from xunfang.casework.clocks import write_breach
from xunfang.casework.draft import Draft
from xunfang.casework.jobs import is_current, repeated
from xunfang.casework.papers import ask_for_notice
from xunfang.casework.rows import Case, Task
from xunfang.clock import local
from xunfang.rulebook.model import Rulebook
from xunfang.rules.deadlines import REPEATED
from xunfang.rules.units import climb, unit_label

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
    case = draft.find(Case, task.case if task else payload["case"])
    subject = task or case
    ended = (task and task.ended_at) or case is None or case.closed_at
    if ended or subject is None or case is None or not is_current(subject, payload):
        return
    _remind(draft, case, task, payload)


def _remind(draft: Draft, case: Case, task: Task | None, payload: Mapping[str, Any]) -> None:
    kind, subject = payload["kind"], task.id if task else ""
    key = f"{payload['rule']}:{subject or case.id}:{payload['due']}"
    to, skipped = somebody(draft, payload["to"])
    body = _body(draft.rulebook, case, task)
    draft.tell(to, kind, _TITLES[kind], body, key=key, case=case.id, task=subject)
    data = {"kind": kind, "to": to, "due": payload["due"], "nobody_at": skipped}
    cites = tuple(payload["cites"])
    draft.event(EVENTS[kind], case=case.id, task=subject, data=data, rule=payload["rule"], cites=cites)
    if task and kind in {"supervise", "escalate", "report"}:
        draft.change(task, supervised_at=task.supervised_at or draft.at)
        title = f"{_TITLES[kind]}（{unit_label(draft.rulebook, to)}）"
        draft.tell(task.unit, kind, title, body, key=f"{key}:unit", case=case.id, task=task.id)
    if task and payload["notice"]:
        ask_for_notice(draft, case, payload["notice"], task)
    if REPEATED in payload["rule"]:
        deadline, _, number = str(payload["rule"]).partition(REPEATED)
        draft.jobs(repeated(draft.rulebook, case, task, deadline, draft.at, int(number)))


def somebody(draft: Draft, unit: str) -> tuple[str, list[str]]:
    """Return the nearest unit upward that has a member, and the empty ones passed over: never silently nobody.

    When there is nobody all the way up, the message stays with the unit it was meant for, whoever joins it later.
    """
    skipped: list[str] = []
    for place in climb(draft.rulebook, unit):
        if draft.rulebook.units[place.split(":", 1)[0]].external or place in draft.staffed:
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


def record_breach(draft: Draft, task: Task, payload: Mapping[str, Any]) -> None:
    """Write down that a task passed its due moment undone; what is recorded is never taken back.

    Nothing when the task has ended or its due moment has changed.
    """
    if not task.ended_at and is_current(task, payload):
        write_breach(draft, task)
