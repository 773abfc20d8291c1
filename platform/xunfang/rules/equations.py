"""Equations 校核关系 that do not hold: told with the figures of both sides, at the first field of the left one."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from xunfang.errors import FieldProblem
from xunfang.rulebook.expressions import facts_in
from xunfang.rulebook.model import Call, Computed, Equation, Expression, Fact, IntakeForm, Negate, Number, Operation
from xunfang.rules.computed import compute

_NEARLY = 0.005
"""So much two sides may differ that are equal: money is told to the fen."""
_HOLDS = {
    "=": lambda left, right: abs(left - right) < _NEARLY,
    "<=": lambda left, right: left <= right + _NEARLY,
    ">=": lambda left, right: left >= right - _NEARLY,
}
_LEFT, _RIGHT = "the left side", "the right side"
_WORDS = {"=": "应当等于", "<=": "应当不大于", ">=": "应当不小于"}
_SIGNS = {"=": "=", "<=": "≤", ">=": "≥"}


def equation_problems(form: IntakeForm, answers: Mapping[str, Any]) -> Iterator[FieldProblem]:
    """Yield what is told of equations that do not hold; one of which a figure is not told yet is not judged."""
    if not form.equations:
        return
    facts = dict(answers)
    compute(form.computed, facts)
    for equation in form.equations:
        told = compute(_sides(equation), dict(facts))
        left, right = told.get(_LEFT), told.get(_RIGHT)
        if left is None or right is None or _HOLDS[equation.sign](left, right):
            continue
        field = next((name for name in facts_in(equation.left) if name in form.fields), "")
        yield FieldProblem(field, f"{equation_words(form, equation)}：现在是 {_shown(left)} 和 {_shown(right)}。")


@lru_cache(maxsize=1024)
def _sides(equation: Equation) -> tuple[Computed, ...]:
    return Computed(_LEFT, equation.left), Computed(_RIGHT, equation.right)


def _shown(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def equation_words(form: IntakeForm, equation: Equation) -> str:
    """Return in words what must hold: “低保人数”应当等于“女性”+“男性”."""
    return f"{words(form, equation.left)}{_WORDS[equation.sign]}{words(form, equation.right)}"


def equation_by_number(form: IntakeForm, equation: Equation, numbers: Mapping[str, int]) -> str:
    """Return what must hold by the numbers of columns, as tables print it below: 2=9+10+11+12."""
    names = {name: str(number) for name, number in numbers.items()}
    left, right = (_written(side, names) for side in (equation.left, equation.right))
    return f"{left}{_SIGNS[equation.sign]}{right}"


def words(form: IntakeForm, expression: Expression) -> str:
    """Return arithmetic in words, by the titles of the fields."""
    names = {name: f"“{field.title}”" for name, field in {**form.fields, **form.columns}.items()}
    return _written(expression, names | {name: f"“{title}”" for name, title in form.titles.items()})


def _written(expression: Expression, names: Mapping[str, str]) -> str:
    match expression:
        case Number(value):
            return _shown(value)
        case Fact(path):
            return names.get(path, path)
        case Negate(operand):
            return f"-{_written(operand, names)}"
        case Operation(sign, left, right):
            first = _bracketed(left, names) if sign in "*/" else _written(left, names)
            second = _bracketed(right, names) if sign in "-*/" else _written(right, names)
            return f"{first}{_ARITHMETIC[sign]}{second}"
        case Call("round", (value, Number(digits))):
            return f"{_written(value, names)}（保留{digits:g}位小数）"
        case Call(function, arguments):
            inner = "、".join(_written(each, names) for each in arguments)
            return f"{_CALLS.get(function, function)}（{inner}）"


def _bracketed(side: Expression, names: Mapping[str, str]) -> str:
    """Return one side of an operation, in brackets where it would be read otherwise."""
    written = _written(side, names)
    return f"（{written}）" if isinstance(side, Operation) else written


_ARITHMETIC = {"+": "+", "-": "-", "*": "×", "/": "÷"}
_CALLS = {"sum": "合计", "min": "最小的", "max": "最大的", "count": "行数", "round": "四舍五入"}
