"""Does a condition hold? One closed language, the same here and in the browser (web/static/conditions.js).

A fact that is missing, empty text or an empty list is unknown. Of an unknown fact only `known = false`, `is_not` and
`none` hold; every other comparison fails. Dates compare by their first ten characters.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from xunfang.clock import local_date, parse
from xunfang.rulebook.model import AllOf, Amount, AnyOf, Condition, FactRef, Operator, Standard, Test

Facts = Mapping[str, Any]
Holds = Callable[[Facts], bool]

STANDARDS, TODAY, HISTORY = "standards.", "today.", "history."
"""Facts that no rule names: every standard by its id with all it has been, the day of deciding, and what each history
of the case is made of, in words."""
_PLACES = 4

_UNKNOWN: tuple[Any, ...] = (None, "", [], ())


def holds(condition: Condition | None, facts: Facts) -> bool:
    """Return whether a condition holds for facts; no condition always holds."""
    return condition is None or compiled(condition)(facts)


@lru_cache(maxsize=4096)
def compiled(condition: Condition) -> Holds:
    """Return a condition as a function of facts."""
    if isinstance(condition, Test):
        return _compiled_test(condition)
    parts = tuple(compiled(part) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return lambda facts: any(part(facts) for part in parts)
    if len(parts) == 1:
        return parts[0]
    return both(*parts) if len(parts) == 2 else lambda facts: all(part(facts) for part in parts)


def both(first: Holds, second: Holds) -> Holds:
    """Return whether two things hold, as a function of facts."""
    return lambda facts: first(facts) and second(facts)


def _compiled_test(test: Test) -> Holds:
    path = test.path.removeprefix("answers.")
    compare = _COMPARE[test.operator]
    if test.operator is Operator.KNOWN:
        wanted = bool(test.value)
        return lambda facts: (facts.get(path) not in _UNKNOWN) == wanted
    if isinstance(test.value, FactRef):
        ref = test.value
        return lambda facts: compare(facts.get(path), right_side(ref, facts))
    value = _plain(test.value)
    if test.operator is Operator.ANY:
        return _compiled_any(path, frozenset(value))
    if test.operator is Operator.IS and isinstance(value, str):
        return lambda facts: facts.get(path) == value
    if test.operator is Operator.IS and not isinstance(value, bool):
        return lambda facts: facts.get(path) == value and not isinstance(facts.get(path), bool)
    return lambda facts: compare(facts.get(path), value)


def right_side(ref: FactRef, facts: Facts) -> Any:
    """Return what a right side that names a fact comes to, None where that is not known."""
    amount = amount_of(ref, facts) if ref.on else None
    value = (amount.value if amount else None) if ref.on else _plain(facts.get(ref.path))
    if ref.times == 1:
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return round(value * ref.times, _PLACES)


def amount_of(ref: FactRef, facts: Facts) -> Amount | None:
    """Return what the standard that a right side names is on the day it means, None where either is not known."""
    standard: Standard | None = facts.get(STANDARDS, {}).get(ref.path.removeprefix("standards."))
    day = _day_of(facts.get(ref.on)) if ref.on else facts.get(TODAY)
    return standard.on(day) if standard and day else None


def _day_of(told: Any) -> date | None:
    """Return the day that an answer or a moment tells, in Chinese time."""
    if isinstance(told, date):
        return local_date(told) if isinstance(told, datetime) else told
    try:
        return local_date(parse(str(told))) if told else None
    except ValueError:
        return None


def _compiled_any(path: str, words: frozenset[Any]) -> Holds:
    def any_of(facts: Facts) -> bool:
        actual = facts.get(path)
        if actual is None:
            return False
        try:
            if isinstance(actual, (list, tuple)):
                return not words.isdisjoint(actual)
            return actual not in _UNKNOWN and actual in words
        except TypeError:  # a list or table where a word belongs: unchecked answers may be anything
            return False

    return any_of


def _plain(value: Any) -> Any:
    return value.isoformat()[:10] if isinstance(value, date) else value


def _same(actual: Any, expected: Any) -> bool:
    if isinstance(actual, bool) != isinstance(expected, bool):
        return False
    return bool(actual == expected)


def _members(actual: Any) -> tuple[Any, ...]:
    if isinstance(actual, (list, tuple)):
        return tuple(actual)
    return () if actual in _UNKNOWN else (actual,)


def _number(compare: Callable[[float, float], bool]) -> Callable[[Any, Any], bool]:
    def check(actual: Any, expected: Any) -> bool:
        numbers = (int, float)
        if isinstance(actual, bool) or not isinstance(actual, numbers) or not isinstance(expected, numbers):
            return False
        return compare(actual, expected)

    return check


def _day(compare: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    def check(actual: Any, expected: Any) -> bool:
        actual = _plain(actual)
        if not isinstance(actual, str) or not isinstance(expected, str) or not actual:
            return False
        return compare(actual[:10], expected[:10])

    return check


_COMPARE: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.IS: _same,
    Operator.IS_NOT: lambda actual, expected: not _same(actual, expected),
    Operator.ANY: lambda actual, expected: any(word in expected for word in _members(actual)),
    Operator.ALL: lambda actual, expected: all(word in _members(actual) for word in expected),
    Operator.NONE: lambda actual, expected: not any(word in expected for word in _members(actual)),
    Operator.IN: lambda actual, expected: actual not in _UNKNOWN and actual in expected,
    Operator.AT_LEAST: _number(lambda actual, expected: actual >= expected),
    Operator.AT_MOST: _number(lambda actual, expected: actual <= expected),
    Operator.ABOVE: _number(lambda actual, expected: actual > expected),
    Operator.BELOW: _number(lambda actual, expected: actual < expected),
    Operator.BEFORE: _day(lambda actual, expected: actual < expected),
    Operator.AFTER: _day(lambda actual, expected: actual > expected),
    Operator.KNOWN: lambda actual, expected: (actual not in _UNKNOWN) == expected,
}


def indexable(test: Test) -> tuple[Any, ...] | None:
    """Return the values for any of which a test holds, when that finite set decides it; None otherwise."""
    if isinstance(test.value, FactRef):
        return None
    if test.operator is Operator.IS and isinstance(test.value, (str, bool)):
        return (test.value,)
    if test.operator in {Operator.ANY, Operator.IN} and isinstance(test.value, tuple):
        return test.value
    return None


def conjuncts(condition: Condition) -> tuple[Condition, ...]:
    """Return the parts that must all hold."""
    return condition.parts if isinstance(condition, AllOf) else (condition,)
