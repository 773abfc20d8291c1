"""Limits: every accepted form, its Chinese wording, and what is said of the others."""

import pytest

from xunfang.worktime import Limit, LimitKind, parse_limit

WORDINGS = {
    "same day": "当日",
    "30 minutes": "30分钟",
    "24 hours": "24小时",
    "4 office hours": "4个工作小时",
    "half day": "半个工作日",
    "2 half days": "2个半日",
    "2 weeks": "2周",
    "5 workdays": "5个工作日",
    "7 days": "7天",
    "6 months": "6个月",
    "by day 5": "每月5日前",
    "by day 5 of next month": "次月5日前",
    "by Monday": "周一前",
    "by Sunday": "周日前",
    "by month end": "月底前",
    "by first workday": "当月第一个工作日前",
    "by last Friday of the month": "当月最后一个周五前",
    "by 12-31": "12月31日前",
    "soft:promptly": "原文未定天数（promptly）",
    "local": "由当地规定",
}


@pytest.mark.parametrize(("text", "wording"), WORDINGS.items())
def test_a_form_reads_in_chinese_and_spells_itself_again(text: str, wording: str) -> None:
    limit = parse_limit(text)

    assert limit.text == wording
    assert str(limit) == text
    assert limit.is_resolved is (not text.startswith(("soft:", "local")))


@pytest.mark.parametrize("text", ["half day", "1 half day", "1 half days"])
def test_half_a_day_needs_no_number(text: str) -> None:
    assert parse_limit(text) == Limit(LimitKind.HALF_DAYS, 1)


@pytest.mark.parametrize("text", ["1 workday", " 1  workdays "])
def test_one_may_be_written_in_the_singular(text: str) -> None:
    assert parse_limit(text) == Limit(LimitKind.WORKDAYS, 1)


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "5", "five workdays", "5 working days", "5个工作日", "５ workdays", "-1 days", "1.5 hours"),
        *("by fifth workday", "by last", "half", "half day of next week"),
        *("by Mon", "by monday", "by day", "by month", "soft:", "soft:Promptly", "locally"),
    ],
)
def test_anything_else_is_refused_with_the_accepted_forms(text: str) -> None:
    with pytest.raises(ValueError, match=r"无法识别.*same day.*5 workdays.*次月5日前.*local"):
        parse_limit(text)


@pytest.mark.parametrize(
    "text",
    [
        "0 workdays",
        "0 hours",
        "1001 workdays",
        "999999 days",
        "121 months",
        "by day 0",
        "by day 32",
        "0 minutes",
        "0 half days",
        "2001 office hours",
        "521 weeks",
    ],
)
def test_a_number_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="应在 1 至"):
        parse_limit(text)


@pytest.mark.parametrize("text", ["by 13-01", "by 02-30", "by 00-10"])
def test_a_date_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="没有这个日期"):
        parse_limit(text)
