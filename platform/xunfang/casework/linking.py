"""Clues moved between cases: link 归并 to a case that is about the same, split 分开 into a case of its own."""

from xunfang.casework.closing import end_otherwise, open_again, unchanged
from xunfang.casework.clues import clue_in, judge, judge_by_case, settle
from xunfang.casework.draft import Draft
from xunfang.casework.facts import clues_of
from xunfang.casework.handling import need_reason
from xunfang.casework.objections import objects
from xunfang.casework.reporting import dispatch_clue, open_case
from xunfang.casework.rows import Case, Clue, Correction
from xunfang.casework.urgency import raise_urgency
from xunfang.errors import FieldProblem, Invalid
from xunfang.rulebook.model import Rulebook
from xunfang.rules.intake import Decision

LINKED = "linked"
"""How a case ended whose clues all went into another."""


def link(
    draft: Draft,
    case: Case,
    version: int,
    clue_id: str,
    number: str,
    reason: str,
    rules: Rulebook | None = None,
) -> None:
    """Move a clue to another case by its number; a case left without any is closed, and open again when one returns.

    `rules` are those of the other case, where that is handled by another release.
    Raises Invalid for a clue or a number that won't do, Conflict when the case was changed meanwhile.
    """
    need_reason(reason, "归并理由")
    unchanged(case, version)
    clue = clue_in(draft, case, clue_id)
    other = _case_to_link(draft, case, number, clue)
    decision, returns = judge(draft, clue), other.closed_at is not None
    person = clue.person or ("" if other.person == case.person else case.person)
    _move(draft, clue, other, joined=not returns, person="" if person == other.person else person)
    _record(draft, "clue.linked", clue, case, other, reason)
    with draft.by_rules(rules or draft.rulebook):
        _receive(draft, other, judge_by_case(draft, other, decision) if rules else decision, returns=returns)
    if clues_of(draft, case):
        settle(draft, case, decision.proposals)
    else:
        end_otherwise(draft, case, LINKED, f"线索已并入个案 {other.number}")


def _receive(draft: Draft, other: Case, decision: Decision, *, returns: bool) -> None:
    """Let a case follow a clue that moved into it; one that had ended as its clues moved away is open again."""
    if returns:
        other = open_again(draft, other)
    raise_urgency(draft, draft.case(other.id), decision)
    settle(draft, draft.case(other.id), ())
    if not returns:
        dispatch_clue(draft, draft.rulebook.flows[other.flow], decision, draft.case(other.id), joined=True)


def split(draft: Draft, case: Case, version: int, clue_id: str, reason: str) -> None:
    """Give a clue that joined wrongly a case of its own, with a new number, dispatched like a new report."""
    need_reason(reason, "分开理由")
    unchanged(case, version)
    clue = clue_in(draft, case, clue_id)
    decision = judge(draft, clue)
    flow = draft.rulebook.flows[case.flow]
    new = open_case(draft, flow, decision, clue.person or case.person)
    _move(draft, clue, new, joined=False, person="")
    _record(draft, "clue.split", clue, case, new, reason)
    dispatch_clue(draft, flow, decision, new, joined=False)
    settle(draft, case, decision.proposals)


def _case_to_link(draft: Draft, case: Case, number: str, clue: Clue) -> Case:
    other = draft.first(Case, number=number)
    if other is None or other.id == case.id:
        problem = "请填写另一件个案的案号。"
    elif other.flow != case.flow or other.jurisdiction != case.jurisdiction:
        problem = "那件个案办的是别的事项，线索不能并过去，请核对案号。"
    elif other.closed_at and other.ended_as != LINKED:
        problem = "那件个案已经办结；要并入，请先把它重新办理。"
    elif objects(clue) and other.person != case.person:
        problem = "这是对公示提出的异议，只能并入对同一人的异议；各人的公示要各有答复。"
    else:
        return other
    raise Invalid([FieldProblem("number", problem)], f"没有归并：{problem}")


def _move(draft: Draft, clue: Clue, to: Case, *, joined: bool, person: str) -> None:
    draft.change(clue, case=to.id, joined=joined, person=person)
    for correction in draft.select(Correction, clue=clue.id):
        draft.change(correction, case=to.id)


def _record(draft: Draft, name: str, clue: Clue, left: Case, to: Case, reason: str) -> None:
    """Record a move on both cases, each naming the other, and the report that moved."""
    told = {"submission": clue.submission, "reason": reason.strip()}
    draft.event(name, case=left.id, data={"moved_to": to.number, **told})
    draft.event(name, case=to.id, data={"moved_from": left.number, **told})
