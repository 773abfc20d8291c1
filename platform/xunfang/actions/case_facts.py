"""The facts of a case as its forms have told them so far, the sealed answers included."""

from typing import Any

from xunfang.actions.acting import Act
from xunfang.actions.filling import whole_answers
from xunfang.rulebook.model import IntakeForm
from xunfang.rules.facts import facts_of
from xunfang.store import Case, Clue, Event, Submission, Task


def origin_of(act: Act, case: Case) -> Case:
    """Return the case whose clues began it all: the case itself, or the one that started its flow."""
    while case.parent:
        case = act.case(case.parent)
    return case


def clue_answers(act: Act, case: Case) -> dict[str, Any]:
    """Return the answers of the clues a case began with, later ones over earlier ones."""
    answers: dict[str, Any] = {}
    for clue in act.tx.every(Clue, case=origin_of(act, case).id):
        answers.update(whole_answers(act, act.tx.find(Submission, clue.submission)))
    return answers


def task_answers(act: Act, case: Case, but_state: str = "") -> dict[str, Any]:
    """Return what the tasks of a case have told, later ones over earlier ones; those of one state may be left out.

    Units working side by side in a state must not decide by each other's answers.
    """
    answers: dict[str, Any] = task_answers(act, act.case(case.parent)) if case.parent else {}
    for event in act.tx.every(Event, case=case.id, name="task.outcome_recorded"):
        if event.data["state"] != but_state:
            answers.update(whole_answers(act, act.tx.find(Submission, str(event.data["submission"]))))
    done = [task for task in act.tx.every(Task, case=case.id) if task.answers and task.state != but_state]
    for task in sorted(done, key=lambda item: (item.ended_at or item.opened_at, item.id)):
        answers.update(whole_answers(act, act.tx.find(Submission, task.answers)))
    return answers


def case_facts(act: Act, case: Case, but_state: str = "") -> dict[str, Any]:
    """Return the facts that conditions on a case read: what clues and tasks told, computed fields, the case itself."""
    rulebook = act.rules(case.release)
    known = {
        "case.number": case.number,
        "case.flow": case.flow,
        "case.state": case.state,
        "case.urgency": case.urgency,
        "case.opened_at": case.opened_at.isoformat(),
        "residence": case.residence,
        "registration": case.registration,
        **task_answers(act, case, but_state),
    }
    form = clue_form(act, case)
    if form is None:
        return known
    facts, _ = facts_of(rulebook, form, clue_answers(act, case), act.at, known)
    return facts


def clue_form(act: Act, case: Case) -> IntakeForm | None:
    """Return the form of the latest clue a case began with, or None for a case that began with none."""
    origin = origin_of(act, case)
    clues = list(act.tx.every(Clue, case=origin.id))
    return act.rules(origin.release).forms[clues[-1].form] if clues else None
