"""Which paper the number of a person is on, and what follows from that: its check, its key, its name."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from xunfang.identity import NO_PAPER, RESIDENT, is_resident_number, normalise_id, paper_key, paper_problem
from xunfang.rulebook.model import Field, IntakeForm, Rulebook

_PLAIN = "身份证号"


def kind_of_paper(form: IntakeForm, field: Field | None, answers: Mapping[str, Any]) -> str:
    """Return the kind that was chosen for the number in a field, or "" where none was."""
    return str(answers.get(field.paper) or "") if field and field.paper else ""


def paper_wrong(rulebook: Rulebook, form: IntakeForm, field: Field, answers: Mapping[str, Any], on: date) -> str:
    """Return what is wrong with the number in a field beside the kind of paper that was chosen; "" when nothing is.

    Where no kind was chosen it is a citizen's.
    """
    check = check_of(rulebook, form, field, answers)
    return paper_problem(check, str(answers[field.name]), on)


def check_of(rulebook: Rulebook, form: IntakeForm, field: Field, answers: Mapping[str, Any]) -> str:
    """Return the check that the number in a field is held to."""
    chosen = form.fields.get(field.paper)
    entries = rulebook.lists[chosen.list].entries if chosen and chosen.list in rulebook.lists else {}
    entry = entries.get(kind_of_paper(form, field, answers))
    return entry.check if entry and entry.check else RESIDENT


def number_of_person(rulebook: Rulebook, form: IntakeForm, answers: Mapping[str, Any]) -> tuple[str, str]:
    """Return the number of the person of a form as it is stored, and what makes it one person's; "" and "" for none."""
    field = form.fields.get(form.person.get("id_number", ""))
    number = normalise_id(str(answers.get(field.name) or "")) if field else ""
    if not field or not number:
        return "", ""
    if is_resident_number(number):  # such a number is given once, whatever the paper is called
        return number, number
    return number, paper_key(check_of(rulebook, form, field, answers), number)


def paper_label(rulebook: Rulebook, kind: str) -> str:
    """Return what the number of a kind of paper is called: 身份证号, 护照号码."""
    name = _other_paper(rulebook, kind)
    return f"{name}号码" if name else _PLAIN


def paper_words(rulebook: Rulebook, kind: str, number: str) -> str:
    """Return a number as it stands where a citizen's is expected: one of another paper with the paper's name."""
    return f"{_other_paper(rulebook, kind)}{number}"


def _other_paper(rulebook: Rulebook, kind: str) -> str:
    """Return the name of a paper that is no citizen's identity card, "" for that."""
    found = (entries.entries[kind] for entries in rulebook.lists.values() if kind in entries.entries)
    entry = next((entry for entry in found if entry.check), None)
    return entry.label if entry and entry.check not in (RESIDENT, NO_PAPER) else ""
