"""Answers in words: list entries and divisions by their labels, as papers and pages show them."""

from collections.abc import Iterable, Mapping
from typing import Any

from xunfang.rulebook.model import Field, Flow, IntakeForm, Rulebook


def label_of(rulebook: Rulebook, field: Field, value: Any) -> Any:
    """Return an answer as people read it; a list stays a list."""
    entries = rulebook.lists.get(field.list)
    if entries and value:
        return [entries.label(str(word)) for word in value] if isinstance(value, list) else entries.label(str(value))
    if field.kind == "division" and value:
        return rulebook.divisions.label(str(value), rulebook.code)
    return value


def labelled(rulebook: Rulebook, forms: Iterable[IntakeForm], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers by field, in words; every field of the forms is there, an unanswered one as "" or []."""
    found: dict[str, Any] = {}
    for form in forms:
        for name, field in form.fields.items():
            empty: Any = [] if field.kind in {"choices", "photos"} else ""
            found.setdefault(name, label_of(rulebook, field, answers.get(name, empty)))
    return found


def task_forms(rulebook: Rulebook, flow: Flow) -> list[IntakeForm]:
    """Return the forms that the tasks of a flow are completed with."""
    return [rulebook.forms[state.form] for state in flow.states.values() if state.form]
