"""The facts of a case as its forms have told them so far, the sealed answers included."""

from typing import Any

from xunfang.actions.acting import Act
from xunfang.actions.filling import whole_answers
from xunfang.rules.facts import facts_of
from xunfang.store import Case, Clue, Submission


def clue_answers(act: Act, case: Case) -> dict[str, Any]:
    """Return the answers of the clues of a case, later ones over earlier ones."""
    answers: dict[str, Any] = {}
    for clue in act.tx.select(Clue, case=case.id):
        answers.update(whole_answers(act, act.tx.find(Submission, clue.submission)))
    return answers


def case_facts(act: Act, case: Case) -> dict[str, Any]:
    """Return the facts that conditions on a case read: its clues' answers, computed fields, the case itself."""
    rulebook = act.rules(case.release)
    known = {
        "case.number": case.number,
        "case.flow": case.flow,
        "case.state": case.state,
        "case.urgency": case.urgency,
        "case.opened_at": case.opened_at.isoformat(),
        "residence": case.residence,
        "registration": case.registration,
    }
    clues = act.tx.select(Clue, case=case.id)
    if not clues:
        return known
    facts, _ = facts_of(rulebook, rulebook.forms[clues[-1].form], clue_answers(act, case), act.at, known)
    return facts
