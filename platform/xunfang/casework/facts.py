"""The facts of a case as its forms have told them so far."""

from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.history import history_facts
from xunfang.casework.holdings import entitled
from xunfang.casework.membership import belongs_to
from xunfang.casework.rows import Case, Clue, Entitlement, Holding, Membership, Task, Told
from xunfang.clock import local_date
from xunfang.rulebook.model import IntakeForm
from xunfang.rules.facts import HELD, facts_of


def origin_of(draft: Draft, case: Case) -> Case:
    """Return the case whose clues began it all: the case itself, or the one that started its flow."""
    while case.parent:
        case = draft.case(case.parent)
    return case


def places_of(case: Case) -> dict[str, str]:
    """Return where the person of a case lives and is registered, as facts."""
    return {"residence": case.residence, "registration": case.registration}


def clues_of(draft: Draft, case: Case) -> list[Clue]:
    """Return the clues of a case, those that were taken back left out."""
    return draft.select(Clue, case=case.id, withdrawn_at=None)


def clue_answers(draft: Draft, case: Case) -> dict[str, Any]:
    """Return the answers of the clues a case began with, later ones over earlier ones."""
    answers: dict[str, Any] = {}
    for clue in clues_of(draft, origin_of(draft, case)):
        answers.update(draft.answers[clue.submission])
    return answers


def first_told(draft: Draft, case: Case) -> dict[str, Any]:
    """Return the answers of the clue that a case began with; a clue that joined it later dates nothing back."""
    clues = clues_of(draft, origin_of(draft, case))
    first = min(clues, key=lambda clue: (clue.entered_at, clue.id), default=None)
    return dict(draft.answers[first.submission]) if first else {}


def task_answers(draft: Draft, case: Case, but_state: str = "") -> dict[str, Any]:
    """Return what the tasks of a case have told, later ones over earlier ones; those of one state may be left out.

    Units working side by side in a state must not decide by each other's answers.
    """
    answers: dict[str, Any] = task_answers(draft, draft.case(case.parent)) if case.parent else {}
    for told in draft.select(Told, case=case.id):
        if told.state != but_state:
            answers.update(draft.answers[told.submission])
    done = [task for task in draft.select(Task, case=case.id) if task.answers and task.state != but_state]
    for task in sorted(done, key=lambda item: (item.ended_at or item.opened_at, item.id)):
        answers.update(draft.answers[task.answers])
    return answers


def case_facts(draft: Draft, case: Case, but_state: str = "") -> dict[str, Any]:
    """Return the facts that conditions on a case read: what clues and tasks told, computed fields, the case itself."""
    known = {
        "case.number": case.number,
        "case.flow": case.flow,
        "case.state": case.state,
        "case.urgency": case.urgency,
        "case.opened_at": case.opened_at.isoformat(),
        **places_of(case),
        **history_now(draft, case),
        **holdings_now(draft, case),
        **task_answers(draft, case, but_state),
    }
    form = clue_form(draft, case)
    if form is None:
        return known
    facts, _ = facts_of(draft.rulebook, form, clue_answers(draft, case), draft.at, known)
    return facts


def holdings_now(draft: Draft, case: Case) -> dict[str, Any]:
    """Return what the registry knows of the person of a case on the day of deciding, as facts."""
    return person_facts(draft, case.person)


def person_facts(draft: Draft, person: str) -> dict[str, Any]:
    """Return, as facts, what somebody and their household hold, what they are held to be, and how many they are.

    What nobody wrote down is no fact.
    """
    day = local_date(draft.at)
    given, home = draft.select(Entitlement, person=person), belongs_to(draft, person)
    held = [row.category for row in draft.select(Holding, person=person, until=None)]
    facts: dict[str, Any] = {"person.entitled": entitled(given, day)} if given else {}
    if held:
        facts[HELD] = list(dict.fromkeys(held))
    if home:
        members = {row.person for row in draft.select(Membership, household=home.household, left_on=None)}
        theirs = [row for row in draft.select(Entitlement) if row.person in members]
        facts |= {"household.size": len(members), "household.entitled": entitled(theirs, day)}
    return facts


def history_now(draft: Draft, case: Case) -> dict[str, Any]:
    """Return what a case has been through by now, as facts."""
    return history_facts(draft, case, clues_of(draft, origin_of(draft, case)))


def clue_form(draft: Draft, case: Case) -> IntakeForm | None:
    """Return the form of the latest clue a case began with that the rules know, or None where there is none.

    A clue that joined a case on an older release may tell by a form that came later.
    """
    forms, clues = draft.rulebook.forms, clues_of(draft, origin_of(draft, case))
    return next((forms[clue.form] for clue in reversed(clues) if clue.form in forms), None)
