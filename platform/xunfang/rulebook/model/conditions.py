"""Conditions: one closed language for rows, guards, visibility and requiredness. No code, no eval."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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
    """A right side that names a fact, written `"$standards.subsistence"`."""

    path: str


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
