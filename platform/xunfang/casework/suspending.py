"""Suspend 中止 and resume 恢复: while papers are being put right 补正 or the like, no clock runs."""

from typing import Any

from xunfang.casework.clocks import run_clocks, stop_clocks
from xunfang.casework.draft import Draft
from xunfang.casework.handling import Overtaken, need_reason
from xunfang.casework.rows import Task
from xunfang.clock import local
from xunfang.errors import Conflict
from xunfang.rulebook.model import State


def why_not_suspended(task: Task, state: State) -> str:
    """Return why the clock of a task can't be stopped, or ""."""
    if task.suspended_at:
        return "这项任务已经中止，不用再中止；可以办理后请先恢复。"
    if task.role == "assist":
        return "协办任务随主办任务计时，不能单独中止；请联系主办单位。"
    if state.routes_by:
        return "等待批示的分派不能中止，请先批示。"
    return "公示等法定等待期间不停止计算，不能中止。" if state.waits else ""


def why_not_resumed(task: Task, state: State) -> str:
    """Return why the clock of a task can't be set going again, or ""."""
    if task.role == "assist":
        return "协办任务随主办任务计时，由主办单位恢复。"
    return "" if task.suspended_at else "这项任务没有中止，正在计时。"


def suspend(draft: Draft, task: Task, version: int, reason: str) -> None:
    """Stop the clocks of a task and its case, with a reason; raises Overtaken, Conflict, Invalid without a reason."""
    need_reason(reason, "中止原因")
    _check(draft, task, version, why_not_suspended)
    due = local(task.due_at).isoformat() if task.due_at else None
    stop_clocks(draft, task)
    data = {"reason": reason.strip(), "was_due": due}
    draft.event("task.suspended", case=task.case, task=task.id, data=data, cites=task.cites)


def resume(draft: Draft, task: Task, version: int) -> None:
    """Set the clocks of a task and its case going again with what was left of each; raises Overtaken, Conflict."""
    _check(draft, task, version, why_not_resumed)
    since = local(task.suspended_at).isoformat() if task.suspended_at else None
    running = run_clocks(draft, task)
    data = {"since": since, "now_due": local(running.due_at).isoformat() if running.due_at else None}
    draft.event("task.resumed", case=task.case, task=task.id, data=data, cites=task.cites)


def _check(draft: Draft, task: Task, version: int, barred: Any) -> None:
    if task.ended_at or task.version != version:
        raise Overtaken(task)
    if why := barred(task, draft.rulebook.flows[task.flow].states[task.state]):
        raise Conflict(why, "NOT_NOW")
