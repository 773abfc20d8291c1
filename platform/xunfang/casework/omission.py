"""Omission 视为: what is deemed to be so because nobody said otherwise by the due moment, where the rules say it is."""

from collections.abc import Iterator

from xunfang.casework.assisting import release_assisting
from xunfang.casework.draft import Draft
from xunfang.casework.facts import case_facts, places_of
from xunfang.casework.handling import bring_about, move_on, state_of
from xunfang.casework.registry import decide_anew
from xunfang.casework.rows import Case, Task
from xunfang.casework.states import round_began
from xunfang.casework.tasks import end_task
from xunfang.casework.terms import deemed_by
from xunfang.clock import local
from xunfang.rulebook.model import Outcome, State
from xunfang.rules.flow import home_of
from xunfang.rules.units import unit_label


def deem(draft: Draft, task: Task) -> None:
    """Let a task that passed its due moment undone end with the outcome that its state deems to be so then, if any.

    The breach stays recorded, nothing is filled in, and its unit and the one that began the case are told.
    """
    chosen, state = deemed_by(draft.rulebook, task, draft.at), state_of(draft, task)
    if chosen is None or task.due_at is None:
        return
    case = draft.case(task.case)
    facts = case_facts(draft, case, but_state=state.id if state.per_route else "")
    bring_about(draft, task, case, chosen, facts)
    decide_anew(draft, task, round_began(draft.rulebook.flows[case.flow], case, state))
    ended = end_task(draft, task, "done", outcome=chosen.id, completed_in_time=False)
    cites = chosen.basis.cites or state.basis.cites
    data = {"outcome": chosen.id, "state": state.id, "unit": task.unit, "due": local(task.due_at).isoformat()}
    draft.event("task.deemed", case=case.id, task=task.id, data=data, cites=cites)
    _tell(draft, case, ended, state, chosen)
    release_assisting(draft, ended, f"主办单位到期未办，按规定视为“{chosen.label}”")
    move_on(draft, case, state, facts)


def _tell(draft: Draft, case: Case, task: Task, state: State, chosen: Outcome) -> None:
    due = f"{local(task.due_at):%-m月%-d日 %H:%M}" if task.due_at else "期限"
    who = unit_label(draft.rulebook, task.unit)
    body = f"个案 {case.number} 的“{state.label}”由{who}承办，到{due}未办，按规定视为“{chosen.label}”，不用再办。"
    for unit in _concerned(draft, case, task):
        key = f"deemed:{task.id}:{unit}"
        draft.tell(unit, "deemed", "到期未办，已按规定视为", body, key=key, case=case.id, task=task.id)


def _concerned(draft: Draft, case: Case, task: Task) -> Iterator[str]:
    """Yield the unit that did nothing, and the one with which the flow begins."""
    yield task.unit
    home = home_of(draft.rulebook, draft.rulebook.flows[case.flow], places_of(case))
    if home and home != task.unit:
        yield home
