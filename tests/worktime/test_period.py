"""Periods: where each kind begins and ends, what it is called, and what comes before and after."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunfang.worktime import Every, following, period_of, periods_between, preceding

CALLED = [
    ("day", "2026-09-15", "09-15", "09-15", "2026年9月15日"),
    ("week", "2026-09-20", "09-14", "09-20", "2026年9月14日至9月20日"),
    ("ten days", "2026-09-01", "09-01", "09-10", "2026年9月上旬"),
    ("ten days", "2026-09-20", "09-11", "09-20", "2026年9月中旬"),
    ("ten days", "2026-02-28", "02-21", "02-28", "2026年2月下旬"),
    ("ten days", "2026-10-31", "10-21", "10-31", "2026年10月下旬"),
    ("half month", "2026-09-15", "09-01", "09-15", "2026年9月上半月"),
    ("half month", "2028-02-16", "02-16", "02-29", "2028年2月下半月"),
    ("month", "2026-09-15", "09-01", "09-30", "2026年9月"),
    ("quarter", "2026-09-15", "07-01", "09-30", "2026年第3季度"),
    ("half-year", "2026-09-15", "07-01", "12-31", "2026年下半年"),
    ("year", "2026-09-15", "01-01", "12-31", "2026年"),
]


@pytest.mark.parametrize(("every", "day", "first", "last", "label"), CALLED)
def test_a_period_and_its_name(every: str, day: str, first: str, last: str, label: str) -> None:
    found = period_of(Every(every), date.fromisoformat(day))
    assert (f"{found.first:%m-%d}", f"{found.last:%m-%d}", found.label) == (first, last, label)


def test_two_weeks_are_counted_from_a_week_and_go_on_over_the_years() -> None:
    start = date(2026, 9, 9)  # a Wednesday: its week begins on the 7th
    found = period_of(Every.TWO_WEEKS, date(2026, 9, 20), start)
    assert (found.first, found.last) == (date(2026, 9, 7), date(2026, 9, 20))
    assert found.label == "2026年9月7日至9月20日"
    assert following(found).first == date(2026, 9, 21)
    assert preceding(found).first == date(2026, 8, 24)
    assert period_of(Every.TWO_WEEKS, date(2026, 9, 6), start).first == date(2026, 8, 24)
    assert period_of(Every.TWO_WEEKS, date(2027, 1, 11), start).first == date(2027, 1, 11)  # the eighteenth week


@given(every=st.sampled_from(list(Every)), day=st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_periods_follow_each_other_without_a_gap(every: Every, day: date) -> None:
    found = period_of(every, day)
    assert found.first <= day <= found.last
    assert following(found).first == found.last + timedelta(days=1)
    assert preceding(following(found)) == found
    assert periods_between(every, found.first, following(found).first, found.first) == (found, following(found))
