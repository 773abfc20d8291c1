"""Numbers in words, and rules whose number is not that of the text they rest on."""

from dataclasses import replace

import pytest

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.clause_gaps import Gap, gaps
from xunfang.rulebook.clause_numbers import days_of_month_in, lengths_in
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.softness import fixed
from xunfang.worktime import parse_limit

CLAUSE = "BS-二(二)3-7"  # 5个工作日内
MONTHLY = "BS-二(二)1-7"  # 每月5日前


def judged(rulebook: Rulebook, limit: str, basis: Basis) -> list[Gap]:
    rule = rulebook.deadlines["feedback"]
    cases = (replace(rule.limits[0], limit=fixed(limit), basis=basis),)
    altered = replace(rulebook, deadlines={"feedback": replace(rule, limits=cases)}, duties={})
    return list(gaps(altered))


@pytest.mark.parametrize(
    ("text", "lengths", "days"),
    [
        ("三十个工作日，最长不超过45个工作日", ["30 workdays", "45 workdays"], []),
        ("24小时内，不少于7天", ["24 hours", "7 days"], []),
        ("每月5日前，每月二十五日前", [], ["by day 5", "by day 25"]),
        ("2021年5月20日，七月二十日", [], []),
    ],
)
def test_numbers_are_read_from_words(text: str, lengths: list[str], days: list[str]) -> None:
    assert list(map(str, lengths_in(text))) == lengths
    assert list(map(str, days_of_month_in(text))) == days


@pytest.mark.parametrize(
    ("limit", "looser"), [("60 workdays", True), ("3 workdays", False), ("5 workdays", None), ("30 days", True)]
)
def test_a_limit_is_held_against_its_clause(rulebook: Rulebook, limit: str, looser: bool | None) -> None:
    found = judged(rulebook, limit, Basis((CLAUSE,)))
    assert [each.looser for each in found] == ([] if looser is None else [looser])
    if found:
        assert (found[0].clause, found[0].said, found[0].rule) == (
            CLAUSE,
            parse_limit("5 workdays"),
            parse_limit(limit),
        )


def test_what_lies_between_two_numbers_or_ends_now_earlier_now_later_with_a_reason_is_not_judged(
    rulebook: Rulebook,
) -> None:
    several = replace(rulebook.clauses[CLAUSE], text="5个工作日内反馈，10个工作日内办结，7天公示")
    book = replace(rulebook, clauses={**rulebook.clauses, CLAUSE: several})
    assert judged(book, "8 workdays", Basis((CLAUSE,))) == []
    week = replace(rulebook, clauses={**rulebook.clauses, CLAUSE: replace(several, text="公示7天")})
    assert judged(week, "3 workdays", Basis((CLAUSE,), "按“及时”办理")) == []


def test_a_report_of_every_month_is_held_against_its_day(rulebook: Rulebook) -> None:
    duty = next(each for each in rulebook.duties.values() if MONTHLY in each.basis.cites)
    assert all(gap.clause != MONTHLY for gap in gaps(rulebook))
    later = replace(rulebook, duties={duty.id: replace(duty, due=parse_limit("by day 10"))}, deadlines={})
    assert [(each.looser, each.said.text, each.rule.text) for each in gaps(later)] == [
        (True, "每月5日前", "每月10日前")
    ]
