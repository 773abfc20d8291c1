"""Conditions: one closed language for rows, guards, visibility and requiredness. No code, no eval.

Written `when.<fact path>.<operator> = value`, several all hold, `any_of` for "or".
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from xunfang.rulebook.positions import Path


class Operator(StrEnum):
    """Every comparison there is; a plain value in a file means `is`."""

    IS = "is"
    IS_NOT = "is_not"
    ANY = "any"
    ALL = "all"
    NONE = "none"
    IN = "in"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"
    BEFORE = "before"
    AFTER = "after"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class FactRef:
    """A right side that names a fact, written `"$standards.subsistence"`, or so many times one.

    `"6 * $standards.subsistence on applied_on"`: a standard is that of the day which the field `on` tells, of the day
    of deciding where none is named.
    """

    path: str
    times: float = 1.0
    on: str = ""

    @property
    def unit(self) -> "FactRef":
        """Return what it is so many times of."""
        return FactRef(self.path, on=self.on)

    def __str__(self) -> str:
        return "$" + self.path + (f" on {self.on}" if self.on else "")


Value = str | int | float | bool | date | tuple[str | int | float | bool, ...] | FactRef


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison: the fact at a dotted path (a bare path is an answer) against a value."""

    __test__ = False  # not a pytest class

    path: str
    operator: Operator
    value: Value

    def __eq__(self, other: object) -> bool:
        # `is true` and `is 1` are different tests, though Python holds that True == 1
        return isinstance(other, Test) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[str, Operator, str]:
        return self.path, self.operator, repr(self.value)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; an empty AllOf always holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple["Condition", ...]


Condition = Test | AllOf | AnyOf

ALWAYS = AllOf(())

OPERATORS = {operator.value: operator for operator in Operator}
_LISTS = {Operator.ANY, Operator.ALL, Operator.NONE, Operator.IN}
_NUMBERS = {Operator.AT_LEAST, Operator.AT_MOST, Operator.ABOVE, Operator.BELOW}
_DATES = {Operator.BEFORE, Operator.AFTER}

_TIMES = re.compile(
    r"(?:(?P<times>[0-9]+(?:\.[0-9]+)?) *\* *)?\$(?P<path>[\w.-]+)(?: +on +(?:answers\.)?(?P<on>[\w.-]+))?"
)
_HOW_MANY_TIMES = '几倍的标准写作 "6 * $standards.<编号>"；要按某一天的标准，写 "6 * $standards.<编号> on <日期字段>"'


def read_amount(value: Any) -> "float | FactRef | None":
    """Return a number, or so many times a standard as a right side names it; None for anything else."""
    ready = _value(value)
    if isinstance(ready, FactRef):
        return ready
    return float(ready) if isinstance(ready, (int, float)) and not isinstance(ready, bool) else None


Report = Callable[[Path, str, str, str], None]
"""Takes a path, a code, a message and a hint."""


class ConditionParser:
    """Turns the data under a `when` into a Condition and reports what it cannot read."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def parse(self, data: dict[str, Any], path: Path) -> Condition:
        """Return the condition that the data at a path states; a single test is returned bare."""
        parts = tuple(self._table(data, path, ""))
        return parts[0] if len(parts) == 1 else AllOf(parts)

    def _table(self, data: dict[str, Any], path: Path, fact: str) -> Iterator[Condition]:
        for key, value in data.items():
            here = (*path, key)
            if key == "any_of" and not fact:
                yield self._any_of(value, here)
            elif key in OPERATORS and fact:
                yield from self._test(fact, OPERATORS[key], value, here)
            elif isinstance(value, dict):
                yield from self._table(value, here, f"{fact}.{key}" if fact else key)
            else:
                yield from self._test(f"{fact}.{key}" if fact else key, Operator.IS, value, here)

    def _any_of(self, value: Any, path: Path) -> Condition:
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) and item for item in value):
            self.report(
                path,
                "CONDITION_SHAPE",
                "any_of 应为若干个花括号条件的列表，至少一个",
                'any_of = [{ urgency = "emergency" }]',
            )
            return AnyOf(())
        return AnyOf(tuple(self.parse(item, (*path, index)) for index, item in enumerate(value)))

    def _test(self, fact: str, operator: Operator, value: Any, path: Path) -> Iterator[Test]:
        ready = _value(value)
        wrong = _mismatch(operator, ready)
        if wrong:
            hint = _HOW_MANY_TIMES if isinstance(value, str) and "$" in value else ""
            self.report(path, "CONDITION_VALUE", f"“{operator}”后面{wrong}", hint)
        else:
            yield Test(fact, operator, ready)


def _value(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(item if isinstance(item, (str, int, float, bool)) else str(item) for item in value)
    if isinstance(value, str) and (written := _TIMES.fullmatch(value)):
        return FactRef(written["path"], float(written["times"] or 1), written["on"] or "")
    if isinstance(value, (str, int, float, bool, date)):
        return value
    return str(value)


def _mismatch(operator: Operator, value: Value) -> str:
    if isinstance(value, FactRef):
        return ""
    if operator in _LISTS and not isinstance(value, tuple):
        return '应为方括号列表，如 ["medical"]'
    if operator in _NUMBERS and (isinstance(value, bool) or not isinstance(value, (int, float))):
        return "应为数字，不加引号，不带单位，如 20000"
    if operator in _DATES and not isinstance(value, (date, str)):
        return "应为日期，如 2026-10-01"
    if operator is Operator.KNOWN and not isinstance(value, bool):
        return "应为 true 或 false"
    if operator in {Operator.IS, Operator.IS_NOT} and isinstance(value, tuple):
        return "不能是列表；若要“其中之一”，请写 in = [...] 或 any = [...]"
    return ""


def facts_of(condition: Condition) -> Iterator[str]:
    """Yield every fact path that a condition reads, on either side."""
    if isinstance(condition, Test):
        yield condition.path
        if isinstance(condition.value, FactRef):
            yield from filter(None, (condition.value.path, condition.value.on))
        return
    for part in condition.parts:
        yield from facts_of(part)


def tests_of(condition: Condition) -> Iterator[Test]:
    """Yield every single test in a condition."""
    if isinstance(condition, Test):
        yield condition
        return
    for part in condition.parts:
        yield from tests_of(part)
