"""Computed fields: total, bounded arithmetic from a closed grammar (numbers, facts, + - * /, named functions)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number."""

    value: float


@dataclass(frozen=True, slots=True)
class Fact:
    """The fact at a dotted path: an answer, another computed field, or `standards.<id>`."""

    path: str


@dataclass(frozen=True, slots=True)
class Negate:
    """The negative of its operand."""

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Operation:
    """A binary operation; anything divided by zero is unknown."""

    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one of the closed set of functions (age, min, max, round, count, …)."""

    function: str
    arguments: tuple["Expression", ...]


Expression = Number | Fact | Negate | Operation | Call
