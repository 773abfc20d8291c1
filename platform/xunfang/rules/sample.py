"""A valid answer to any form: for trying out rules before real cases exist."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from xunfang.clock import SHANGHAI
from xunfang.identity import make_id
from xunfang.rulebook.expressions import facts_in
from xunfang.rulebook.model import Field, IntakeForm, Rulebook
from xunfang.rules.identity_papers import check_of
from xunfang.rules.submission import cleaned, problems

SAMPLE_BORN = date(1958, 3, 12)
_PATTERNED = ("2025-11", "2025-Q4", "2025", "2025-12-01", "100000", "12345", "1", "A1", "甲")


_NUMBERS = {
    "residence-permit": make_id("810000", SAMPLE_BORN, 21),
    "foreign-residence": make_id("911156", SAMPLE_BORN, 21),
    "passport": "E12345678",
    "home-return-permit": "H12345678",
    "exit-permit": "C12345678",
    "taiwan-permit": "12345678",
}
_ALWAYS = {"phone": "13800000000", "boolean": True, "photos": None}


def sample_moment(rulebook: Rulebook) -> datetime:
    """Return a moment safely past, on a workday in the year before the last published calendar."""
    return datetime(max(rulebook.calendar.last_published - 1, 2000), 12, 1, 9, 0, tzinfo=SHANGHAI)


def sample_answers(rulebook: Rulebook, form: IntakeForm) -> dict[str, Any]:
    """Return a valid answer to a form, every field filled in; raises ValueError when none is found."""
    answers = values_of(rulebook, form)
    wrong = problems(rulebook, form, cleaned(form, answers), sample_moment(rulebook) + timedelta(hours=1))
    if wrong:
        raise ValueError("；".join(f"{problem.field}：{problem.message}" for problem in wrong))
    return answers


def values_of(rulebook: Rulebook, form: IntakeForm) -> dict[str, Any]:
    """Return a likely value for every field of a form; a province without villages has none to live in."""
    return dict(_likely(rulebook, form))


@lru_cache(maxsize=1024)
def _likely(rulebook: Rulebook, form: IntakeForm) -> Mapping[str, Any]:
    at = sample_moment(rulebook)
    values = {name: _value(rulebook, field, at) for name, field in form.fields.items()}
    answers = {name: value for name, value in values.items() if value is not None}
    for name, field in form.fields.items():
        if field.kind == "identity-paper":
            answers[name] = number_like(rulebook, form, field, answers)
    return answers | _balanced(form)


def number_like(rulebook: Rulebook, form: IntakeForm, field: Field, answers: Mapping[str, Any]) -> str:
    """Return a number of nobody, on such a paper as was chosen beside it."""
    return _NUMBERS.get(check_of(rulebook, form, field, answers)) or _citizen(rulebook)


def _balanced(form: IntakeForm) -> dict[str, Any]:
    """Return values of the figures that equations hold against one another: nothing of each goes together."""
    sides = (side for equation in form.equations for side in (equation.left, equation.right))
    named = {fact for side in sides for fact in facts_in(side) if fact in form.fields}
    return {name: form.fields[name].schema.get("minimum", 0) for name in named}


def _citizen(rulebook: Rulebook) -> str:
    return make_id(rulebook.code[:6].ljust(6, "0"), SAMPLE_BORN, 21)


def _value(rulebook: Rulebook, field: Field, at: datetime) -> Any:
    if field.row:
        return [_row(rulebook, field.row)] * max(2, field.schema.get("minItems", 0))
    if field.kind in _ALWAYS:
        return _ALWAYS[field.kind]
    match field.kind:
        case "moment":
            return at.replace(tzinfo=None).isoformat()
        case "date":
            return at.date().isoformat()
        case "resident-id":
            return _citizen(rulebook)
        case "division":
            return _division(rulebook, field.level or "village")
        case "choice" | "choices":
            return _choice(rulebook, field)
        case "integer" | "number":
            return _number(field)
    return _text(field)


def _row(rulebook: Rulebook, row: IntakeForm) -> dict[str, Any]:
    return cleaned(row, values_of(rulebook, row))


@lru_cache(maxsize=256)
def _division(rulebook: Rulebook, level: str) -> str | None:
    found = rulebook.divisions.answering(level, rulebook.code)
    return found[0].code if found else None


def _choice(rulebook: Rulebook, field: Field) -> Any:
    items: Mapping[str, Any] = field.schema.get("items", {}) if field.kind == "choices" else field.schema
    entries = rulebook.lists[field.list].entries.values() if field.list else ()
    words = [entry.id for entry in entries if not entry.retired] or list(items.get("enum", []))
    if not words:
        return None
    return words[:1] if field.kind == "choices" else words[0]


def _number(field: Field) -> Any:
    value = max(3, field.schema.get("minimum", 3))
    return min(value, field.schema.get("maximum", value))


def _text(field: Field) -> str:
    pattern = field.schema.get("pattern")
    if pattern:
        return next((text for text in _PATTERNED if re.search(pattern, text)), "")
    sample = "李长福" if "姓名" in field.title else f"示例{field.title}"
    return sample[: field.schema.get("maxLength", 200)]
