"""Answers in words: list entries and divisions by their labels, as papers and pages show them."""

from collections.abc import Iterable, Mapping
from typing import Any

from xunfang.rulebook.model import Field, Flow, IntakeForm, Rulebook


def label_of(rulebook: Rulebook, field: Field, value: Any) -> Any:
    """Return an answer as people read it; a list stays a list, and each of its rows has every column."""
    if field.row and isinstance(value, list):
        return [labelled(rulebook, [field.row], row) for row in value]
    entries = rulebook.lists.get(field.list)
    if entries and value:
        return [entries.label(str(word)) for word in value] if isinstance(value, list) else entries.label(str(value))
    if field.kind == "division" and value:
        return rulebook.divisions.label(str(value), rulebook.code)
    return value


def answer_text(rulebook: Rulebook, field: Field, value: Any) -> str:
    """Return an answer as one text; of rows, each is told in brackets: （姓名：张三，关系：配偶）."""
    if field.row and isinstance(value, list):
        return "".join(f"（{_row_text(rulebook, field.row, row)}）" for row in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    told = label_of(rulebook, field, value)
    return "、".join(map(str, told)) if isinstance(told, list) else str(told)


def _row_text(rulebook: Rulebook, row: IntakeForm, answers: Mapping[str, Any]) -> str:
    given = (field for name, field in row.fields.items() if answers.get(name) not in (None, "", []))
    return "，".join(f"{field.title}：{answer_text(rulebook, field, answers[field.name])}" for field in given)


def title_of(rulebook: Rulebook, form: IntakeForm, name: str) -> str:
    """Return the title of a field of a form, or of the first form that has one of this name."""
    found = (each.fields[name].title for each in (form, *rulebook.forms.values()) if name in each.fields)
    return next(found, name)


def labelled(rulebook: Rulebook, forms: Iterable[IntakeForm], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers by field, in words; every field of the forms is there, an unanswered one as "" or []."""
    found: dict[str, Any] = {}
    for form in forms:
        for name, field in form.fields.items():
            empty: Any = [] if field.kind in {"choices", "photos", "rows"} else ""
            found.setdefault(name, label_of(rulebook, field, answers.get(name, empty)))
    return found


def task_forms(rulebook: Rulebook, flow: Flow) -> list[IntakeForm]:
    """Return the forms that the tasks of a flow are completed with."""
    tables = [rulebook.routing[state.routes_by] for state in flow.states.values() if state.routes_by]
    names = [state.form for state in flow.states.values()] + [row.form for table in tables for row in table.every_row]
    return [rulebook.forms[name] for name in dict.fromkeys(names) if name]
