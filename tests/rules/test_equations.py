"""Equations between the figures of a form: told with both sides where they do not hold, and printed by number."""

from dataclasses import replace

import pytest

from casework.county import rulebook_of
from xunfang.clock import parse
from xunfang.rulebook.expressions import parse_expression
from xunfang.rulebook.model import Equation
from xunfang.rules.equations import equation_by_number, equation_problems, equation_words, words
from xunfang.rules.submission import problems

BOSHAN = rulebook_of("370304-boshan")
FORM = BOSHAN.forms["subsistence-statistics"]
LABOUR = {"able": 40, "partly_able": 30, "unable": 20, "too_young_or_old": 30}
TOLD = {
    "period": "2026-09", "households": 60, "persons": 120, "new_households": 1, "new_persons": 2, "left_households": 0,
    "left_persons": 0, "spent": 90000, "allowance": 90000, "preparer": "周倩",
}  # fmt: skip


def told(**answers: float) -> list[tuple[str, str]]:
    return [(problem.field, problem.message) for problem in equation_problems(FORM, {**TOLD, **answers})]


def test_what_holds_and_what_is_not_told_yet_is_no_problem() -> None:
    assert told() == []
    assert told(**LABOUR) == []
    assert told(able=1) == []  # the other parts are unknown


def test_a_sum_that_does_not_hold_is_told_with_both_sides_at_its_first_field() -> None:
    assert told(**{**LABOUR, "able": 39}) == [
        ("persons", "“低保人数”应当等于“有”+“部分丧失”+“完全丧失”+“无”：现在是 120 和 119。")
    ]


def test_causes_are_multi_valued_and_may_exceed_persons() -> None:
    causes = dict.fromkeys(("by_illness", "by_disability", "by_schooling", "by_disaster", "by_lack_of_labour"), 30)
    assert told(**causes, by_other=30) == []
    assert [field for field, _ in told(**causes, by_other=-40)] == ["persons"]


def test_money_is_compared_to_the_fen() -> None:
    money = {"allowance": 0.1, "price_subsidy": 0.2, "old_age_subsidy": 0, "other_subsidy": 0}
    assert told(**money, spent=0.3) == []
    assert len(told(**money, spent=0.31)) == 1


def test_it_is_judged_with_all_else_once_nothing_else_is_wrong() -> None:
    at = parse("2026-10-02T09:00:00")
    assert [each.field for each in problems(BOSHAN, FORM, {**TOLD, "households": 200}, at)] == ["households"]
    assert [each.field for each in problems(BOSHAN, FORM, {**TOLD, "households": "x"}, at)] == ["households"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("persons = able + partly_able", "2=7+8"),
        ("persons <= 2 * (able + 1)", "2≤2×（7+1）"),
        ("persons >= able - (unable - 1)", "2≥7-（9-1）"),
    ],
)
def test_it_is_printed_by_the_numbers_of_columns(text: str, said: str) -> None:
    sign = next(each for each in ("<=", ">=", "=") if each in text)
    left, right = (parse_expression(side) for side in text.split(sign))
    equation = Equation(text, left, sign, right)
    assert equation_by_number(FORM, equation, {"persons": 2, "able": 7, "partly_able": 8, "unable": 9}) == said


def test_what_is_computed_may_be_compared_as_well() -> None:
    equation = Equation("per_capita <= 900", parse_expression("per_capita"), "<=", parse_expression("900"))
    form = replace(FORM, equations=(equation,))
    assert [each.message for each in equation_problems(form, {**TOLD, "allowance": 120000})] == [
        "“当月人均补助额（元）”应当不大于900：现在是 1000 和 900。"
    ]
    assert equation_words(form, equation) == "“当月人均补助额（元）”应当不大于900"
    assert words(form, form.computed[0].expression) == "“低保金”÷“低保人数”（保留2位小数）"
