"""Waits 公示期等: when their time is over and nothing came between, the case goes on by itself."""

from collections.abc import Mapping
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.facts import case_facts
from xunfang.casework.informing import inform_of_outcome
from xunfang.casework.rows import Case
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
    if wait is None or outcome != next(iter(state.outcomes)) or draft.at > wait.until:
        return []
    text = f"要等到{local(wait.until):%-m月%-d日}期满才有这一结果；期满后自动进入下一环节，不用提前办结。"
    return [FieldProblem("outcome", text, "WAIT_RUNS")]


def end_wait(draft: Draft, payload: Mapping[str, Any]) -> None:
    """Move a case on because its time is over, as the job that was put for the wait says.

    Nothing happens when the case has left the state meanwhile, as after an objection, or waits in it anew.
    """
    case = draft.case(payload["case"])
    wait = wait_of(draft, case, payload["state"])
    if wait is None or wait.until != parse(str(payload["until"])) or case.closed_at or case.state != wait.state:
        return
    state = draft.rulebook.flows[case.flow].states[case.state]
    for task in each_open(draft, case, state=state.id):
        withdraw_task(draft, task, "等待期满，个案进入下一环节")
    draft.event("case.wait_ended", case=case.id, data={"state": state.id}, cites=state.basis.cites)
    outcome, facts = next(iter(state.outcomes.values())), case_facts(draft, case)
    inform_of_outcome(draft, case, state, outcome, facts)
    leave_state(draft, case, state, outcome.id, facts)
