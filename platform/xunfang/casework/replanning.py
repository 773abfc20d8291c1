"""A calendar published later reaches open cases: what stood provisionally 暂定 is counted anew, told and recorded.

A clock that stands still is due at no time: it is counted anew when it is set going again, see `clocks.run_clocks`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xunfang.casework.changes import JobWanted
from xunfang.casework.clocks import retime, retime_case
from xunfang.casework.draft import Draft
from xunfang.casework.duties import explained
from xunfang.casework.items import kind_of
from xunfang.casework.jobs import REPLAN, wait_job
from xunfang.casework.nesting import bounded
from xunfang.casework.publishing import lengthen
from xunfang.casework.rows import Case, Notice, Task, Wait
from xunfang.clock import local
from xunfang.rulebook.model import Rulebook
from xunfang.rules.clocks import due_of, settled
from xunfang.rules.duties import duty_due
from xunfang.rules.flow import plan_wait
from xunfang.rules.units import unit_label
from xunfang.worktime import Every, period_of

Told = Mapping[str, Any]


def replan(draft: Draft, case: Case) -> None:
    """Count every provisional clock of an open case anew; one that would be over by now stays as it was told.

    The rules are those of the case's own release; the days off are no rule of a county, and known now.
    """
    if case.closed_at:
        return
    for task in draft.select(Task, case=case.id, role="lead", ended_at=None):
        settle_task(draft, task)
    _replan_case(draft, draft.case(case.id))
    for wait in draft.select(Wait, case=case.id, state=case.state, ended_at=None):
        _replan_wait(draft, case, wait)


def _settled(draft: Draft, subject: Case | Task) -> Told | None:
    """Return a provisional clock as it is by the days off known now, or None where there is nothing new to tell."""
    if subject.suspended_at or not subject.due:
        return None
    told = settled(draft.rulebook, subject.due, subject.counts_from or subject.opened_at, draft.at)
    return bounded(told) if told and due_of(told) > draft.at else None


def settle_task(draft: Draft, task: Task) -> Task:
    """Return a task whose provisional clock is counted anew, on record and told, as it was where nothing is new."""
    if not task.case or (told := _settled(draft, task)) is None:
        return task
    data = _moved(task.due or {}, told)
    draft.event("task.replanned", case=task.case, task=task.id, data=data, rule=str(told.get("deadline", "")))
    moved = retime(draft, task, told)
    if task.due_at != due_of(told):
        state = draft.rulebook.flows[task.flow].states[task.state]
        about = f"“{state.label}”（{unit_label(draft.rulebook, task.unit)}）"
        _tell(draft, draft.case(task.case), task.unit, about, data, task.id)
    return moved


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


def replan_duty(draft: Draft, task: Task) -> None:
    """Find the due day of what is owed for a period anew; one that would be over by now stays as it was told."""
    owed, duty = draft.owed(task), draft.rulebook.duties.get(draft.owed(task).duty)
    if task.ended_at or not owed.every or duty is None or not (task.due or {}).get("provisional"):
        return
    due = duty_due(duty, period_of(Every(owed.every), owed.begins_on, owed.begins_on), draft.rulebook.calendar)
    if due.provisional or due.due_at <= draft.at:
        return
    was, told = task.due_at, explained(draft.rulebook, duty, due)
    data = {**_moved(task.due or {}, told), "duty": duty.id}
    draft.event("task.replanned", task=task.id, data=data, rule=duty.id, cites=task.cites)
    retime(draft, task, told)
    if was != due.due_at:
        named = kind_of(task).named(draft.rulebook, owed)
        key = f"replanned:{task.id}:{task.unit}:{data['now_due']}"
        body = f"放假安排已经公布，{named}的暂定期限随之核定：{_from_to(data)}。"
        draft.tell(task.unit, "replanned", "暂定期限已核定", body, key=key, task=task.id)


def replan_wait_job(rulebook: Rulebook, case: Case, wait: Wait, at: datetime) -> JobWanted | None:
    """Return the job that counts a running wait anew, None where that changes nothing by the days off known now."""
    until = _settled_wait(rulebook, case, wait, at)
    if until is None:
        return None
    key = f"replan:{wait.id}:{local(wait.until).isoformat()}:{local(until).isoformat()}"
    return JobWanted(kind=REPLAN, key=key, payload={"case": case.id}, run_at=wait.began_at, case=case.id)


def _settled_wait(rulebook: Rulebook, case: Case, wait: Wait, at: datetime) -> datetime | None:
    """Return when a wait ends by the days off known now, None for one that ends then anyway or is over by then."""
    planned = plan_wait(rulebook, rulebook.flows[case.flow].states[wait.state], wait.began_at)
    if planned is None or planned.due.provisional or at > min(wait.until, planned.due.due_at):
        return None
    return planned.due.due_at if planned.due.due_at != wait.until else None


def _replan_wait(draft: Draft, case: Case, wait: Wait) -> None:
    if (until := _settled_wait(draft.rulebook, case, wait, draft.at)) is None:
        return
    state = draft.rulebook.flows[case.flow].states[wait.state]
    data = {"was_due": local(wait.until).isoformat(), "now_due": local(until).isoformat()}
    told = {"state": wait.state, **data}
    draft.event("case.wait_replanned", case=case.id, data=told, cites=state.basis.cites)
    draft.jobs([wait_job(draft.change(wait, until=until))])
    lengthen(draft, case, until)
    for unit in _told_of_wait(draft, case, wait):
        _tell(draft, case, unit, f"“{state.label}”", data, more="已张贴、送达的文书写明原期限的，请一并更正。")


def _told_of_wait(draft: Draft, case: Case, wait: Wait) -> tuple[str, ...]:
    """Return the units that know when a wait ends: those with a task in its state, those whose paper says so."""
    holding = [task.unit for task in draft.select(Task, case=case.id, state=wait.state, ended_at=None)]
    papers = [paper for paper in draft.select(Notice, case=case.id) if paper.wanted_at >= wait.began_at]
    return tuple(dict.fromkeys([*holding, *(paper.unit for paper in papers if paper.unit)]))


def _moved(before: Told, now: Told) -> dict[str, Any]:
    return {"was_due": before["due_at"], "now_due": now["due_at"]}


def _from_to(data: Told) -> str:
    was, now = (local(due_of({"due_at": data[name]})) for name in ("was_due", "now_due"))
    return f"由{was:%-Y年%-m月%-d日 %H:%M}调整为{now:%-Y年%-m月%-d日 %H:%M}"


def _tell(draft: Draft, case: Case, unit: str, about: str, data: Told, task: str = "", more: str = "") -> None:
    body = f"放假安排已经公布，个案 {case.number} {about}的暂定期限随之核定：{_from_to(data)}。{more}"
    key = f"replanned:{task or case.id}:{unit}:{data['now_due']}"
    draft.tell(unit, "replanned", "暂定期限已核定", body, key=key, case=case.id, task=task)
