"""Comparing conditions: does one imply another, can both hold? Answers are safe: True only when it is certain."""

from collections.abc import Mapping
from typing import Any

from xunfang.rulebook.model import AllOf, AnyOf, Condition, FactRef, Operator, Test

_FINITE = {Operator.IS, Operator.IN, Operator.ANY}
_LOWER = {Operator.AT_LEAST: False, Operator.ABOVE: True}
_UPPER = {Operator.AT_MOST: False, Operator.BELOW: True}


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """Return the parts that must all hold."""
    return condition.parts if isinstance(condition, AllOf) else (condition,)


def implies(stronger: Condition, weaker: Condition) -> bool:
    """Return whether whenever the first holds the second certainly holds too."""
    return all(any(_part_implies(part, wanted) for part in parts_of(stronger)) for wanted in parts_of(weaker))


def _part_implies(part: Condition, wanted: Condition) -> bool:
    if part == wanted:
        return True
    if isinstance(wanted, AnyOf):
        return any(implies(part, option) for option in wanted.parts)
    if isinstance(part, AnyOf):
        return bool(part.parts) and all(implies(option, wanted) for option in part.parts)
    if isinstance(part, Test) and isinstance(wanted, Test) and part.path == wanted.path:
        return _test_implies(part, wanted)
    return False


def _test_implies(part: Test, wanted: Test) -> bool:
    given, asked = values_of(part), values_of(wanted)
    if given is not None and asked is not None:
        return _keys(given) <= _keys(asked)
    if wanted.operator is Operator.KNOWN and wanted.value is True:
        return part.operator not in {Operator.IS_NOT, Operator.NONE, Operator.KNOWN}
    if not _measured_alike(part, wanted):
        return False
    return _bound_implies(part, wanted, _LOWER, 1) or _bound_implies(part, wanted, _UPPER, -1)


def _bound_implies(part: Test, wanted: Test, bounds: Mapping[Operator, bool], sign: int) -> bool:
    if part.operator not in bounds or wanted.operator not in bounds:
        return False
    inner, outer = sign * _measure(part), sign * _measure(wanted)
    return inner > outer or (inner == outer and (bounds[part.operator] or not bounds[wanted.operator]))


def _measured_alike(one: Test, other: Test) -> bool:
    """Return whether two tests compare with plain values, or both with so many times of the same amount."""
    first, second = one.value, other.value
    if isinstance(first, FactRef) and isinstance(second, FactRef):
        return first.unit == second.unit
    return not isinstance(first, FactRef) and not isinstance(second, FactRef)


def _measure(test: Test) -> float:
    return test.value.times if isinstance(test.value, FactRef) else float(str(test.value))


def values_of(test: Test) -> tuple[Any, ...] | None:
    """Return the values one of which a finite test demands, or None for any other test."""
    if test.operator not in _FINITE or isinstance(test.value, FactRef):
        return None
    return test.value if isinstance(test.value, tuple) else (test.value,)


def _keys(values: tuple[Any, ...]) -> set[tuple[bool, Any]]:
    return {(isinstance(value, bool), value) for value in values}  # Python holds that True == 1


def can_both_hold(first: Condition, second: Condition, single: frozenset[str]) -> bool:
    """Return False only when two conditions certainly exclude each other; `single` are facts with one value at most."""
    return not any(_part_excludes(one, other, single) for one in parts_of(first) for other in parts_of(second))


def _part_excludes(one: Condition, other: Condition, single: frozenset[str]) -> bool:
    if isinstance(one, AnyOf):
        return bool(one.parts) and not any(can_both_hold(option, other, single) for option in one.parts)
    if isinstance(other, AnyOf):
        return _part_excludes(other, one, single)
    if not (isinstance(one, Test) and isinstance(other, Test)):
        return False
    path = one.path.removeprefix("answers.")
    return path in single and path == other.path.removeprefix("answers.") and _exclude(one, other)


def _exclude(one: Test, other: Test) -> bool:
    given, asked = values_of(one), values_of(other)
    if given is not None and asked is not None:
        return not _keys(given) & _keys(asked)
    if not _measured_alike(one, other):
        return False
    return _apart(one, other) or _apart(other, one)


def _apart(low: Test, high: Test) -> bool:
    """Return whether a lower bound lies above an upper one."""
    if low.operator not in _LOWER or high.operator not in _UPPER:
        return False
    least, most = _measure(low), _measure(high)
    return least > most or (least == most and (_LOWER[low.operator] or _UPPER[high.operator]))
