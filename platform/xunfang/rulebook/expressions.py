"""Computed fields: total, bounded arithmetic from a closed grammar (numbers, facts, + - * /, named functions).

No code, no eval.
"""

import re
from collections.abc import Iterator
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

FUNCTIONS = {
    "age": (2, 2),
    "min": (1, 8),
    "max": (1, 8),
    "sum": (1, 8),
    "round": (1, 2),
    "count": (1, 1),
    "years": (2, 2),
    "days": (2, 2),
}
"""Each function and how many arguments it takes, at least and at most; min and max of one are of a column of rows."""

GATHERING = {"sum", "count", "min", "max"}
"""The functions that take a column of rows, such as `members.income`, alone."""

MAX_NODES = 100
_TOKEN = re.compile(r"\s*(?:([0-9]+(?:\.[0-9]+)?)|([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*)|([-+*/(),]))")


class ExpressionError(ValueError):
    """The text is no expression; the message says why, in Chinese."""


def parse_expression(text: str) -> Expression:
    """Return the expression a text states; raises ExpressionError."""
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        if len(self.tokens) > MAX_NODES:
            raise ExpressionError("算式过长")

    def whole(self) -> Expression:
        result = self.sum()
        if self.at < len(self.tokens):
            raise ExpressionError(f"“{self.tokens[self.at]}”出现在不该出现的位置")
        return result

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        if not token or (expected and token != expected):
            raise ExpressionError(f"缺少“{expected}”" if expected else "算式不完整")
        self.at += 1
        return token

    def sum(self) -> Expression:
        left = self.product()
        while self.peek() in ("+", "-"):
            left = Operation(self.take(), left, self.product())
        return left

    def product(self) -> Expression:
        left = self.unary()
        while self.peek() in ("*", "/"):
            left = Operation(self.take(), left, self.unary())
        return left

    def unary(self) -> Expression:
        if self.peek() == "-":
            self.take()
            return Negate(self.unary())
        return self.atom()

    def atom(self) -> Expression:
        token = self.take()
        if token == "(":
            inner = self.sum()
            self.take(")")
            return inner
        if token[0].isdigit():
            return Number(float(token))
        if not (token[0].isalpha() or token[0] == "_"):
            raise ExpressionError(f"“{token}”出现在不该出现的位置")
        return self.call(token) if self.peek() == "(" else Fact(token)

    def call(self, name: str) -> Call:
        if name not in FUNCTIONS:
            raise ExpressionError(f"没有函数“{name}”，可用的有：{'、'.join(sorted(FUNCTIONS))}")
        self.take("(")
        arguments = [self.sum()]
        while self.peek() == ",":
            self.take()
            arguments.append(self.sum())
        self.take(")")
        low, high = FUNCTIONS[name]
        if not low <= len(arguments) <= high:
            raise ExpressionError(f"函数“{name}”的参数个数不对")
        return Call(name, tuple(arguments))


def _tokens(text: str) -> Iterator[str]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise ExpressionError(f"不能识别“{text[at:].strip()[:1]}”")
        yield next(group for group in match.groups() if group)
        at = match.end()


def alone(expression: Expression, *, gathered: bool = False) -> Iterator[str]:
    """Yield every fact path that stands for one value, not for a column that sum, count, min or max gathers."""
    match expression:
        case Fact(path) if not gathered:
            yield path
        case Negate(operand):
            yield from alone(operand)
        case Operation(_, left, right):
            yield from alone(left)
            yield from alone(right)
        case Call(function, arguments):
            for argument in arguments:
                yield from alone(argument, gathered=function in GATHERING and len(arguments) == 1)


def facts_in(expression: Expression) -> Iterator[str]:
    """Yield every fact path that an expression reads."""
    match expression:
        case Fact(path):
            yield path
        case Negate(operand):
            yield from facts_in(operand)
        case Operation(_, left, right):
            yield from facts_in(left)
            yield from facts_in(right)
        case Call(_, arguments):
            for argument in arguments:
                yield from facts_in(argument)
