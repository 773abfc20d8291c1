"""The facts that conditions read: answers by their bare names, computed fields, standards in force, the person."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from xunfang.clock import local_date
from xunfang.identity import age, sex
from xunfang.rulebook.model import IntakeForm, Rulebook
from xunfang.rules.categories import add_categories, add_held
from xunfang.rules.computed import compute
from xunfang.rules.conditions import STANDARDS, TODAY

Facts = dict[str, Any]
HELD = "person.categories"
"""What the registry holds somebody to be, among what is known besides a form."""


def facts_of(
    rulebook: Rulebook,
    form: IntakeForm,
    answers: Mapping[str, Any],
    at: datetime,
    known: Mapping[str, Any] | None = None,
) -> tuple[Facts, dict[str, Any]]:
    """Return the facts of a submission at a moment, and the computed fields alone.

    `known` adds what the system knows besides (`person.entitled`, `case.urgency`, …), by dotted path.
    """
    facts: Facts = dict(answers)
    day = local_date(at)
    facts.update(standing(rulebook, day))
    if known:
        facts.update(known)
    _add_columns(rulebook, facts)
    _add_person(rulebook, facts, form, answers, day, known or {})
    found = compute(form.computed, facts) if form.computed else {}
    add_categories(rulebook, form, answers, facts)
    add_held(facts, (known or {}).get(HELD, ()))
    return facts, found


@lru_cache(maxsize=256)
def _columns(rulebook: Rulebook) -> tuple[tuple[str, tuple[tuple[str, str, bool], ...]], ...]:
    """Each field of the forms that is answered in rows, with the name of each column, the fact it becomes, and
    whether it is answered with several choices."""
    found: dict[str, dict[str, tuple[str, str, bool]]] = {}
    for field in (field for form in rulebook.forms.values() for field in form.row_fields):
        columns = field.row.fields.values() if field.row else ()
        told = {each.name: (each.name, f"{field.name}.{each.name}", each.kind == "choices") for each in columns}
        found.setdefault(field.name, {}).update(told)
    return tuple((name, tuple(columns.values())) for name, columns in found.items())


def _add_columns(rulebook: Rulebook, facts: Facts) -> None:
    """Add what stands in each column of the rows, top to bottom; None where a row says nothing.

    Of a column that is answered with several choices it is all that were chosen in any row.
    """
    for name, columns in _columns(rulebook):
        if isinstance(rows := facts.get(name), list):
            for column, fact, several in columns:
                told = [row.get(column) for row in rows]
                facts[fact] = [one for each in told if isinstance(each, list) for one in each] if several else told


@lru_cache(maxsize=256)
def standing(rulebook: Rulebook, day: date) -> dict[str, Any]:
    """Return the facts that are nobody's: the standards in force on a day, all that they have been, and the day."""
    known = rulebook.info.standards
    today = {name: amount.value if (amount := each.on(day)) else None for name, each in known.items()}
    return {**{f"standards.{name}": value for name, value in today.items()}, STANDARDS: known, TODAY: day}


@lru_cache(maxsize=1024)
def _person_facts(form: IntakeForm) -> tuple[tuple[str, str, str], ...]:
    """Each field that tells of the person, the fact it becomes, and the place it also is, or ""."""
    places = {"residence", "registration"}
    return tuple((name, f"person.{use}", use if use in places else "") for use, name in form.person.items())


def _add_person(
    rulebook: Rulebook, facts: Facts, form: IntakeForm, answers: Mapping[str, Any], day: date, known: Mapping[str, Any]
) -> None:
    for name, fact, place in _person_facts(form):
        if name in answers:
            facts[fact] = answers[name]
            if place and answers[name]:  # whoever lived in what was merged since lives in what came of it
                facts[name] = facts[fact] = rulebook.divisions.follow(str(answers[name]))
                facts[place] = known.get(place, facts[fact])
    identity = facts.get("person.id_number")
    if identity:
        try:
            facts["person.age"] = age(str(identity), day)
            facts["person.sex"] = sex(str(identity))
        except ValueError:
            return  # an id number that is no id number says nothing of age; the form has refused it already
