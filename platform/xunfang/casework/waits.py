"""Waits 公示期等: when their time is over and nothing came between, the case goes on by itself.

What is published and was objected to by form goes on only once every objection was found to be wrong.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.facts import case_facts
from xunfang.casework.informing import inform_of_outcome
from xunfang.casework.jobs import later_wait_job
from xunfang.casework.objections import Objection
from xunfang.casework.publishing import keepers, standing_objections
from xunfang.casework.rows import Case, Wait
from xunfang.casework.states import leave_state, wait_of
from xunfang.casework.tasks import each_open, withdraw_task
from xunfang.clock import local, parse
from xunfang.errors import FieldProblem
from xunfang.rulebook.model import State


def early_problems(draft: Draft, case: Case, state: State, outcome: str) -> list[FieldProblem]:
    """Return what is wrong with ending a wait by the outcome that time brings, before its time is over.

    A public notice runs its whole length; only what cuts it short, such as an objection, is entered by hand.
    """
    wait = wait_of(draft, case, state.id)
    if wait is None or outcome != next(iter(state.outcomes)):
        return []
    if standing := standing_objections(draft, case, state):
        text = f"{_standing_words(standing)}，不能记为“{state.outcomes[outcome].label}”。"
        return [FieldProblem("outcome", text, "OBJECTED")]
    if draft.at > wait.until:
        return []
    text = f"要等到{local(wait.until):%-m月%-d日}期满才有这一结果；期满后自动进入下一环节，不用提前办结。"
    return [FieldProblem("outcome", text, "WAIT_RUNS")]


def _standing_words(standing: Sequence[Objection]) -> str:
    """Return why nobody can be said to have objected: what is not answered yet, else what was found to be right."""
    waiting = [each.number for each in standing if each.is_open]
    if waiting:
        return f"对公示的异议还没有办结（{'、'.join(waiting)}）"
    return f"对公示的异议经核查成立（{'、'.join(each.number for each in standing)}）"


def end_wait(draft: Draft, payload: Mapping[str, Any]) -> None:
    """Move a case on because its time is over, as the job that was put for the wait says.

    Nothing happens when the case has left the state meanwhile, as after an objection, or waits in it anew.
    """
    case = draft.case(payload["case"])
    wait = wait_of(draft, case, payload["state"])
    if wait is None or wait.until != parse(str(payload["until"])) or case.closed_at or case.state != wait.state:
        return
    state = draft.rulebook.flows[case.flow].states[case.state]
    if standing := standing_objections(draft, case, state):
        _hold(draft, case, state, wait, standing, first="looked" not in payload)
        return
    for task in each_open(draft, case, state=state.id):
        withdraw_task(draft, task, "等待期满，个案进入下一环节")
    draft.event("case.wait_ended", case=case.id, data={"state": state.id}, cites=state.basis.cites)
    outcome, facts = next(iter(state.outcomes.values())), case_facts(draft, case)
    inform_of_outcome(draft, case, state, outcome, facts)
    leave_state(draft, case, state, outcome.id, facts)


def _hold(draft: Draft, case: Case, state: State, wait: Wait, standing: Sequence[Objection], *, first: bool) -> None:
    """Let a case stay whose wait is over while objections stand: it is looked at again each day.

    Where all that stand were found to be right and nobody has a task, it goes on by the outcome of an objection.
    """
    answered = not any(each.is_open for each in standing)
    if answered and state.objected and not list(each_open(draft, case, state=state.id)):
        words, facts = _standing_words(standing), case_facts(draft, case)
        data = {"state": state.id, "reason": words}
        draft.event("case.objected", case=case.id, data=data, cites=state.basis.cites)
        inform_of_outcome(draft, case, state, state.objected, facts)
        leave_state(draft, case, state, state.objected.id, facts)
        return
    draft.jobs([later_wait_job(wait, draft.at)])
    if not first:
        return
    numbers = [each.number for each in standing]
    draft.event(
        "case.wait_held", case=case.id, data={"state": state.id, "objections": numbers}, cites=state.basis.cites
    )
    body = f"个案 {case.number} 公示期满，{_standing_words(standing)}，没有进入下一环节。"
    body += "异议都不成立的，办结后次日自动进入下一环节；成立的，请在任务中选有异议的结果。"
    for unit in keepers(draft, case, state):
        draft.tell(unit, "objection", "公示期满，异议尚未了结", body, key=f"held:{wait.id}:{unit}", case=case.id)
