"""Computed fields: total arithmetic. Whatever rests on an unknown fact, or divides by zero, is unknown (None)."""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from xunfang.identity import age as age_of
from xunfang.rulebook.model import Call, Computed, Expression, Fact, Negate, Number, Operation

Facts = Mapping[str, Any]
_Value = Callable[[Facts], Any]

LARGEST = 1e15
_EXACT = 15  # decimals that every such number keeps exactly
_NUMBERS = (int, float)


def compute(fields: tuple[Computed, ...], facts: dict[str, Any]) -> dict[str, Any]:
    """Return the computed fields that are known, by name; each is added to `facts` under `computed.<name>` too."""
    found: dict[str, Any] = {}
    for name, fact, value_of in _planned(fields):
        value = value_of(facts)
        if value is not None:
            found[name] = facts[fact] = facts[name] = value
    return found


@lru_cache(maxsize=1024)
def _planned(fields: tuple[Computed, ...]) -> tuple[tuple[str, str, _Value], ...]:
    """Each computed field's name, its fact and its arithmetic, worked out once for a form."""
    return tuple((item.name, f"computed.{item.name}", _compiled(item.expression)) for item in fields)


def _compiled(expression: Expression) -> _Value:
    match expression:
        case Number(value):
            return lambda _: value
        case Fact(path):
            return lambda facts: facts.get(path)
        case Negate(operand):
            return _call(lambda value: -_number(value), (operand,))
        case Operation(sign, left, right):
            return _operation(_ARITHMETIC[sign], _compiled(left), _compiled(right))
        case Call(function, arguments):
            return _call(_FUNCTIONS[function], arguments)


def _operation(apply: Callable[[float, float], float], left: _Value, right: _Value) -> _Value:
    def operate(facts: Facts) -> Any:
        first, second = left(facts), right(facts)
        if type(first) not in _NUMBERS or type(second) not in _NUMBERS:
            return None
        try:
            found = apply(first, second)
        except (ZeroDivisionError, OverflowError):
            return None
        return found if abs(found) <= LARGEST else None

    return operate


def _call(apply: Callable[..., Any], arguments: tuple[Expression, ...]) -> _Value:
    values = _values(arguments)

    def call(facts: Facts) -> Any:
        try:
            found = apply(*values(facts))
        except (TypeError, ValueError, ZeroDivisionError, OverflowError):
            return None
        return found if abs(found) <= LARGEST else None

    return call


def _values(arguments: tuple[Expression, ...]) -> Callable[[Facts], list[Any]]:
    """Return what arguments come to; mostly they are facts, which are looked up as they are."""
    paths = [argument.path for argument in arguments if isinstance(argument, Fact)]
    if len(paths) == len(arguments):
        return lambda facts: [facts.get(path) for path in paths]
    parts = tuple(_compiled(argument) for argument in arguments)
    return lambda facts: [part(facts) for part in parts]


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(value)
    return value


def half_up(value: float, digits: int = 0) -> float:
    """Return a number rounded 四舍五入 as people do it on paper: a half goes up, away from nought, never to the even.

    It goes by the decimals a number is written with, so that what a sum leaves at the 16th place tips nothing.
    """
    decimal = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{_EXACT}g}")
    try:
        rounded = decimal.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    except InvalidOperation:
        return value  # so many digits are asked for that there is nothing to round
    return int(rounded) if isinstance(value, int) else float(rounded)


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def _age(person: Any, on: Any) -> int:
    text = str(person)
    if len(text) == 10:
        return _years(text, on)
    return age_of(text, _date(on))


def _years(start: Any, end: Any) -> int:
    first, last = _date(start), _date(end)
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def _spread(values: Sequence[Any]) -> Sequence[Any]:
    """Return what is given one by one, or as the column of some rows."""
    return values[0] if len(values) == 1 and isinstance(values[0], (list, tuple)) else values


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "age": _age,
    "years": _years,
    "days": lambda start, end: (_date(end) - _date(start)).days,
    "min": lambda *values: min(_number(value) for value in _spread(values)),
    "max": lambda *values: max(_number(value) for value in _spread(values)),
    "sum": lambda *values: sum(_number(value) for value in _spread(values)),
    "round": lambda value, digits=0: half_up(_number(value), int(digits)),
    "count": lambda values: sum(value not in (None, "") and value is not False for value in values),
}
