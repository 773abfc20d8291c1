"""A calendar published later reaches open cases: what stood provisionally 暂定 is counted anew, told and recorded."""

from collections.abc import Mapping
from typing import Any

from xunfang.casework.clocks import retime, retime_case
from xunfang.casework.draft import Draft
from xunfang.casework.rows import Case, Task
from xunfang.clock import local
from xunfang.rules.clocks import due_of, recounted
from xunfang.rules.units import unit_label

Told = Mapping[str, Any]


def replan(draft: Draft, case: Case) -> None:
    """Count every provisional clock of an open case anew; one that would be over by now stays as it was told.

    The rules are those of the case's own release; the days off are no rule of a county, and known now.
    """
    if case.closed_at:
        return
    for task in draft.select(Task, case=case.id, role="lead", ended_at=None):
        _replan_task(draft, case, task)
    _replan_case(draft, draft.case(case.id))


def _settled(draft: Draft, subject: Case | Task) -> Told | None:
    """Return a provisional clock as it is by the days off known now, or None where there is nothing new to tell."""
    if subject.suspended_at or not subject.due or not subject.due.get("provisional"):
        return None
    told = recounted(draft.rulebook, subject.due, subject.counts_from or subject.opened_at, draft.at)
    if told is None or told["provisional"]:
        return None
    return told if due_of(told) > draft.at else None


def _replan_task(draft: Draft, case: Case, task: Task) -> None:
    if (told := _settled(draft, task)) is None:
        return
    was, data = task.due_at, _moved(task.due or {}, told)
    draft.event("task.replanned", case=case.id, task=task.id, data=data, rule=str(told.get("deadline", "")))
    retime(draft, task, told)
    if was != due_of(told):
        state = draft.rulebook.flows[task.flow].states[task.state]
        about = f"“{state.label}”（{unit_label(draft.rulebook, task.unit)}）"
        _tell(draft, case, task.unit, about, data, task.id)


def _replan_case(draft: Draft, case: Case) -> None:
    if (told := _settled(draft, case)) is None:
        return
    was, data = case.due_at, _moved(case.due or {}, told)
    draft.event("case.replanned", case=case.id, data=data, rule=str(told.get("deadline", "")))
    retime_case(draft, case, told)
    if was == due_of(told):
        return
    for unit in dict.fromkeys(task.unit for task in draft.select(Task, case=case.id, role="lead", ended_at=None)):
        _tell(draft, case, unit, "全案", data)


def _moved(before: Told, now: Told) -> dict[str, Any]:
    return {"was_due": before["due_at"], "now_due": now["due_at"]}


def _tell(draft: Draft, case: Case, unit: str, about: str, data: Told, task: str = "") -> None:
    was, now = (local(due_of({"due_at": data[name]})) for name in ("was_due", "now_due"))
    body = (
        f"放假安排已经公布，个案 {case.number} {about}的暂定期限随之核定："
        f"由{was:%-Y年%-m月%-d日 %H:%M}调整为{now:%-Y年%-m月%-d日 %H:%M}。"
    )
    key = f"replanned:{task or case.id}:{unit}:{data['now_due']}"
    draft.tell(unit, "replanned", "暂定期限已核定", body, key=key, case=case.id, task=task)
