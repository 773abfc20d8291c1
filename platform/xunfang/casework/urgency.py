"""Urgency 紧急程度 only rises: case, clocks and everybody concerned follow, whatever else a later report says."""

from collections.abc import Mapping
from typing import Any

from xunfang.casework.clocks import retime, retime_case
from xunfang.casework.draft import Draft
from xunfang.casework.duty_desk import tell_duty_desk
from xunfang.casework.facts import places_of
from xunfang.casework.nesting import bounded, clock_of
from xunfang.casework.rows import Case, Dispatch, Task
from xunfang.casework.tasks import explained, on_clock
from xunfang.casework.terms import terms_of_task
from xunfang.rulebook.model import UnitRef
from xunfang.rules.clocks import Told, due_of, redone
from xunfang.rules.flow import plan_task_deadline
from xunfang.rules.intake import Decision
from xunfang.rules.units import unit_id
from xunfang.rules.urgency import FIELD, is_urgent

_RAISED = "紧急程度提高"


def raise_urgency(draft: Draft, case: Case, decision: Decision) -> Case:
    """Return a case as a later report leaves it: more urgent, when the report says so, and never less."""
    told = str(decision.facts.get(FIELD, ""))
    if not _is_higher(draft, decision, told, case.urgency):
        return case
    raised = draft.change(case, urgency=told)
    draft.event("case.urgency_raised", case=case.id, data={"was_urgency": case.urgency, "urgency": told})
    for task in draft.select(Task, case=case.id, ended_at=None):
        draft.change(task, urgent=is_urgent(draft.rulebook, told))
    _shorten(draft, raised, decision.facts)
    _tell_everybody(draft, case, decision, told)
    return draft.case(case.id)


def _is_higher(draft: Draft, decision: Decision, told: str, before: str) -> bool:
    """Return whether an urgency stands later in its list than another: lists of urgency ascend."""
    field = decision.form.fields.get(FIELD)
    entries = draft.rulebook.lists.get(field.list) if field else None
    order = list(entries.entries) if entries else []
    return told in order and (before not in order or order.index(told) > order.index(before))


def _shorten(draft: Draft, case: Case, facts: Mapping[str, Any]) -> None:
    """Let the clocks of a case and of its open tasks follow; a due moment may come nearer, never go further."""
    flow = draft.rulebook.flows[case.flow]
    timed = on_clock(draft, flow, case, facts)
    if case.due and timed.due and (told := _nearer(draft, case, timed.due)):
        data = {"was_due": case.due["due_at"], "now_due": told["due_at"]}
        draft.event("case.due_changed", case=case.id, data=data, rule=flow.case_deadline)
        retime_case(draft, case, told)
    for task in draft.select(Task, case=case.id, ended_at=None):
        _shorten_task(draft, case, task, facts)


def _shorten_task(draft: Draft, case: Case, task: Task, facts: Mapping[str, Any]) -> None:
    start, deadlines = task.counts_from or task.opened_at, terms_of_task(draft.rulebook, task).deadlines
    known = {**facts, **places_of(case)}
    whole = clock_of(draft, case) if draft.rulebook.flows[task.flow].states[task.state].counts else None
    planned, _ = plan_task_deadline(draft.rulebook, deadlines, known, start, task.unit, draft.at, whole)
    if planned is None or task.due is None or not (told := _nearer(draft, task, explained(planned))):
        return
    data = {"was_due": task.due["due_at"], "now_due": told["due_at"]}
    draft.event("task.due_changed", case=case.id, task=task.id, data=data, rule=planned.id, cites=planned.cites)
    retime(draft, draft.task(task.id), told)


def _nearer(draft: Draft, subject: Case | Task, planned: Told) -> Told | None:
    """Return a clock planned anew, stopped and extended as it was before, if it ends earlier and is not over by then.

    What was approved stands: an extension is taken from nobody, and nobody is late by what was only now reported.
    """
    before = subject.due or {}
    told: Told = redone(draft.rulebook, planned, before)
    if told.get("extended"):
        told = bounded(told)
    return told if (subject.suspended_at or draft.at) < due_of(told) < due_of(before) else None


def _tell_everybody(draft: Draft, case: Case, decision: Decision, told: str) -> None:
    """Tell every unit that has the case in hand, and the one that dispatches it."""
    entries = draft.rulebook.lists[decision.form.fields[FIELD].list]
    rise = f"由“{entries.label(case.urgency)}”升为“{entries.label(told)}”"
    body = f"个案 {case.number} 的紧急程度{rise}，请立即查看办理。"
    units = dict.fromkeys(task.unit for task in draft.select(Task, case=case.id, ended_at=None))
    for dispatch in draft.select(Dispatch, case=case.id):
        state = draft.rulebook.flows[case.flow].states[dispatch.state]
        if state.unit:
            units[unit_id(draft.rulebook, UnitRef(state.unit, state.unit_of), places_of(case))] = None
    for unit in units:
        key = f"urgency:{case.id}:{told}:{unit}"
        draft.tell(unit, "urgency", _RAISED, body, key=key, case=case.id)
        tell_duty_desk(draft, draft.case(case.id), unit, "urgency", _RAISED, body, key=key)
