"""A person invented anew: answers with nobody real in them, that rules decide as they decided the real ones.

Needs, urgency, categories, figures, places and moments stay; name, numbers, phones, everything written in words, and
what is sensitive do not. Age and sex are as they were, the day of birth is another.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from xunfang.identity import birth_date, is_resident_number, make_id, years_since
from xunfang.rulebook.model import Field, IntakeForm, Rulebook
from xunfang.rules.sample import number_like, values_of

NAME, PHONE = "张某某", "13800000000"
_WRITTEN = frozenset({"text", "long-text"})
_NUMBERED = frozenset({"resident-id", "identity-paper"})
_APART = 100
"""So many days before that of a like age somebody invented is born."""


def invented(rulebook: Rulebook, form: IntakeForm, answers: Mapping[str, Any], on: date) -> dict[str, Any]:
    """Return the answers of a form with another person in them; photos are left out."""
    sample = values_of(rulebook, form)
    told: dict[str, Any] = {}
    for name, field in form.fields.items():
        if name in answers and answers[name] not in (None, "", []) and field.kind != "photos":
            told[name] = _invented(rulebook, form, field, answers, sample.get(name), on)
    if name := form.person.get("name", ""):
        told |= {name: NAME} if name in told else {}
    return {name: value for name, value in told.items() if value not in (None, "")}


def _invented(
    rulebook: Rulebook, form: IntakeForm, field: Field, answers: Mapping[str, Any], sample: Any, on: date
) -> Any:
    value = answers[field.name]
    if field.row and isinstance(value, list):
        row = field.row
        return [{**invented(rulebook, row, one, on), **_numbers(row, one, on, n)} for n, one in enumerate(value)]
    if field.kind in _NUMBERED:
        return another_number(str(value), on) or number_like(rulebook, form, field, answers)
    if field.kind == "phone" or field.sensitive == "phone":
        return PHONE
    return sample if field.kind in _WRITTEN or field.sensitive else value


def _numbers(row: IntakeForm, answers: Mapping[str, Any], on: date, nth: int) -> dict[str, str]:
    """Return the numbers of one of several people: each has another."""
    names = (name for name, field in row.fields.items() if field.kind in _NUMBERED and answers.get(name))
    made = ((name, another_number(str(answers[name]), on, nth + 1)) for name in names)
    return {name: number for name, number in made if number}


def another_number(number: str, on: date, nth: int = 0) -> str:
    """Return the number of somebody else, of the same age and sex on a day; "" for what is no resident's."""
    if not is_resident_number(number):
        return ""
    born = birth_date(number)
    last = date(on.year - years_since(born, on), on.month, min(on.day, 28))
    days = _APART if last - timedelta(_APART) != born else _APART + 1
    return make_id(f"{number[:2]}0000", last - timedelta(days), 990 - 2 * nth + int(number[16]) % 2)
