"""Conditions for the browser: the same closed language as JSON, only where the page itself knows every fact."""

from collections.abc import Collection
from datetime import date
from typing import Any

from xunfang.rulebook.conditions import facts_of
from xunfang.rulebook.model import AllOf, AnyOf, Condition, FactRef, Test


def as_json(condition: Condition) -> dict[str, Any]:
    """Return a condition as plain data: a test, or `all` or `any` over parts."""
    if isinstance(condition, AllOf):
        return {"all": [as_json(part) for part in condition.parts]}
    if isinstance(condition, AnyOf):
        return {"any": [as_json(part) for part in condition.parts]}
    return {"path": _answer(condition.path), "op": condition.operator.value, "value": _value(condition.value)}


def for_page(condition: Condition | None, fields: Collection[str]) -> dict[str, Any] | None:
    """Return the condition for a page with these fields, or None when only the server can judge it."""
    if condition is None or not _facts(condition) <= set(fields):
        return None
    return as_json(condition)


def _value(value: Any) -> Any:
    if isinstance(value, FactRef):
        return {"fact": _answer(value.path), "times": value.times}
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _answer(path: str) -> str:
    return path.removeprefix("answers.")


def _facts(condition: Condition) -> set[str]:
    if isinstance(condition, Test):
        return set(map(_answer, facts_of(condition)))
    return set().union(*(_facts(part) for part in condition.parts))
