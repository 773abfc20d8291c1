"""Amounts against so many times a standard of a day: which holds, and the sum by which it does."""

from datetime import date

import pytest

from xunfang.rulebook.model import AnyOf, Basis, Condition, FactRef, Operator, Rulebook, Test
from xunfang.rules.amounts import money, sums
from xunfang.rules.conditions import holds
from xunfang.rules.facts import standing

TODAY = date(2026, 3, 10)
SIX = FactRef("standards.subsistence", 6.0)
SIX_THEN = FactRef("standards.subsistence", 6.0, "applied_on")


def facts(rulebook: Rulebook, **told: object) -> dict[str, object]:
    return {**standing(rulebook, TODAY), **told}


@pytest.mark.parametrize(("amount", "above"), [(6361, True), (6360, False), (6359.99, False)])
def test_six_times_the_standard_of_today(rulebook: Rulebook, amount: float, above: bool) -> None:
    known = facts(rulebook, amount=amount)
    assert holds(Test("amount", Operator.ABOVE, SIX), known) is above
    assert holds(Test("amount", Operator.AT_MOST, SIX), known) is not above


@pytest.mark.parametrize(
    ("applied_on", "six_times"),
    [("2025-12-31", 6060), ("2026-01-01", 6360), ("2025-12-31T16:00:00+00:00", 6360), (date(2025, 12, 31), 6060)],
)
def test_the_standard_is_that_of_the_day_named(rulebook: Rulebook, applied_on: object, six_times: float) -> None:
    known = facts(rulebook, amount=six_times, applied_on=applied_on)
    assert holds(Test("amount", Operator.AT_LEAST, SIX_THEN), known)
    assert not holds(Test("amount", Operator.ABOVE, SIX_THEN), known)


@pytest.mark.parametrize("applied_on", ["2024-12-31", "", None, "someday"])
@pytest.mark.parametrize("operator", [Operator.ABOVE, Operator.AT_MOST, Operator.AT_LEAST, Operator.BELOW])
def test_where_no_amount_is_known_nothing_compares(
    rulebook: Rulebook, operator: Operator, applied_on: str | None
) -> None:
    assert not holds(Test("amount", operator, SIX_THEN), facts(rulebook, amount=1, applied_on=applied_on))


def test_times_of_another_answer() -> None:
    twice = Test("spent", Operator.ABOVE, FactRef("income", 2.0))
    assert holds(twice, {"spent": 201, "income": 100})
    assert not holds(twice, {"spent": 200, "income": 100})
    assert not holds(twice, {"spent": 3, "income": True})


def told(rulebook: Rulebook, condition: Condition, **answers: object) -> tuple[str, ...]:
    return sums(rulebook, [condition], facts(rulebook, **answers))


def test_the_sum_says_what_is_so_whether_the_condition_holds_or_not(rulebook: Rulebook) -> None:
    for operator in (Operator.ABOVE, Operator.AT_MOST):
        condition = Test("household_income", operator, SIX)
        assert told(rulebook, condition, household_income=8000.5) == (
            "近12个月家庭收入8,000.5元 > 6 × 1,060元（城乡低保标准，2026-01-01起）= 6,360元",
        )
    assert told(rulebook, Test("household_income", Operator.ABOVE, SIX), household_income=6360)[0].startswith(
        "近12个月家庭收入6,360元 = 6 × "
    )
    once = Test("household_income", Operator.BELOW, FactRef("standards.subsistence"))
    assert told(rulebook, once, household_income=1000) == (
        "近12个月家庭收入1,000元 < 1,060元（城乡低保标准，2026-01-01起）",
    )


def test_the_sum_says_what_is_missing(rulebook: Rulebook) -> None:
    condition = Test("household_income", Operator.ABOVE, FactRef("standards.subsistence", 6.0, "found_at"))
    assert told(rulebook, condition, household_income=1, found_at="2024-01-01T08:00:00") == (
        "近12个月家庭收入1元，2024-01-01（发现时间）还没有城乡低保标准可比",
    )
    assert told(rulebook, condition, household_income=1) == (
        "近12个月家庭收入1元，没有“发现时间”，不知道比哪一天的城乡低保标准",
    )
    assert told(rulebook, condition) == ()


def test_of_two_ways_only_the_one_that_holds_is_worked_out(rulebook: Rulebook) -> None:
    lower = Test("household_income", Operator.BELOW, FactRef("standards.subsistence"))
    either = AnyOf((lower, Test("household_income", Operator.ABOVE, SIX)))
    (worked_out,) = told(rulebook, either, household_income=7000)
    assert "6 × 1,060元" in worked_out


def test_each_amount_may_rest_on_a_paper_of_its_own(rulebook: Rulebook) -> None:
    standard = rulebook.info.standards["subsistence"]
    amount = standard.on(TODAY)
    assert amount is not None
    assert (amount.since, amount.value, amount.basis) == (date(2026, 1, 1), 1060, Basis())
    assert standard.on(date(2024, 12, 31)) is None


@pytest.mark.parametrize(
    ("value", "written"), [(8000, "8,000"), (6126.0, "6,126"), (0.5, "0.5"), (1234.567, "1,234.57"), (100, "100")]
)
def test_money(value: float, written: str) -> None:
    assert money(value) == written
