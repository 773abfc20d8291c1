"""Equations 校核关系 between the figures of a form: persons = women + men."""

import re
from collections.abc import Iterator

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.expressions import ExpressionError, alone, facts_in, parse_expression
from xunfang.rulebook.fields import Equation, IntakeForm
from xunfang.rulebook.findings import did_you_mean

_SIGN = re.compile(r"<=|>=|=")
_KEY = "x-equations"


def equations_in(whole: Entry) -> Iterator[Equation]:
    """Yield the equations of a form; what cannot be read is noted."""
    for place, text in enumerate(whole.data.get(_KEY, ())):
        sides, signs = _SIGN.split(text), _SIGN.findall(text)
        if len(signs) != 1:
            _wrong(whole, place, f"“{text}”要写一个 =、<= 或者 >=")
            continue
        try:
            yield Equation(text, parse_expression(sides[0]), signs[0], parse_expression(sides[1]))
        except ExpressionError as error:
            _wrong(whole, place, f"“{text}”有误：{error}")


def _wrong(whole: Entry, place: int, message: str) -> None:
    hint = "写作 persons = women + men，或 persons <= illness + disability；加减乘除写 +、-、*、/"
    whole.findings.error(whole.part, (_KEY, place), "EXPRESSION_WRONG", message, hint)


def check_equations(draft: Draft, form: IntakeForm) -> None:
    """Note facts in equations that the form neither asks for nor computes, and titles of what it does not compute."""
    part = f"form:{form.id}"
    known = {*form.fields, *form.columns, *(each.name for each in form.computed)}
    written = list(draft.parts[part].data.get(_KEY, ()))
    for equation in form.equations:
        place = written.index(equation.text)
        for side in (equation.left, equation.right):
            lone = set(form.columns).intersection(alone(side))
            for fact in sorted(({*facts_in(side)} - known) | lone):
                message = f"“{equation.text}”中的“{fact}”不是本表单的数字"
                draft.error(part, (_KEY, place), "FACT_UNKNOWN", message, did_you_mean(fact, known - {fact}))
    computed = {each.name for each in form.computed}
    for name in form.titles.keys() - computed:
        message = f"没有算出名为“{name}”的项目"
        draft.error(part, ("x-computed-titles", name), "NAME_UNKNOWN", message, did_you_mean(name, computed))
