"""Objections 异议 to what a case waits for: noted by hand where nobody has a task, they cut the wait short 中止."""

from xunfang.casework.closing import unchanged
from xunfang.casework.draft import Draft
from xunfang.casework.facts import case_facts
from xunfang.casework.handling import need_reason
from xunfang.casework.informing import inform_of_outcome
from xunfang.casework.rows import Case
from xunfang.casework.states import leave_state
from xunfang.casework.subjects import Whole
from xunfang.rulebook.model import Rulebook


def why_no_objection(rulebook: Rulebook, whole: Whole) -> str:
    """Return why no objection can be noted by hand in a case as it stands, or "".

    Where somebody has a task in the state that waits, that is completed with the outcome which the objection brings.
    """
    case = whole.case
    state = rulebook.flows[case.flow].states.get(case.state)
    if case.closed_at or state is None or state.objected is None:
        return "本案现在没有公示，或者按规定不因异议中止，不用登记异议。"
    held = any(task.ended_at is None and task.state == case.state for task in whole.tasks)
    return "公示由承办单位的任务办理，有异议的，请在任务中选相应的办理结果。" if held else ""


def object_to(draft: Draft, case: Case, version: int, objection: str) -> None:
    """Note an objection: the case waits no longer and goes on by the outcome of one.

    Raises Invalid without what is objected, Conflict when the case has changed.
    """
    need_reason(objection, "异议内容")
    unchanged(case, version)
    state = draft.rulebook.flows[case.flow].states[case.state]
    outcome, facts = state.objected, case_facts(draft, case)
    assert outcome is not None
    data = {"state": state.id, "reason": objection.strip()}
    draft.event("case.objected", case=case.id, data=data, cites=state.basis.cites)
    inform_of_outcome(draft, case, state, outcome, facts)
    leave_state(draft, case, state, outcome.id, facts)
