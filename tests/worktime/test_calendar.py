"""The calendar as such, and the calendars that ship."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from xunfang.worktime import Day, WorkCalendar, YearDays, parse_year

PUBLISHED = range(2021, 2027)

KINDS = {
    "an ordinary Tuesday": (date(2026, 9, 29), Day(True, "", True)),
    "a Saturday": (date(2026, 9, 12), Day(False, "周六", True)),
    "a Sunday": (date(2026, 9, 13), Day(False, "周日", True)),
    "a holiday on a weekday": (date(2026, 10, 1), Day(False, "国庆节", True)),
    "a holiday on a Sunday": (date(2026, 10, 4), Day(False, "国庆节", True)),
    "a make-up Sunday": (date(2026, 9, 20), Day(True, "国庆节调休上班", True)),
    "a statutory day of a year not yet published": (date(2027, 10, 1), Day(False, "国庆节", False)),
    "an ordinary day of a year not yet published": (date(2027, 10, 8), Day(True, "", False)),
    "a day of a year nobody wrote a file for": (date(2040, 10, 1), Day(True, "", False)),
    "the leap day": (date(2024, 2, 29), Day(True, "", True)),
    "the last day of a leap year": (date(2024, 12, 31), Day(True, "", True)),
}


@pytest.mark.parametrize(("day", "kind"), KINDS.values(), ids=list(KINDS))
def test_a_day_is(day: date, kind: Day, calendar: WorkCalendar) -> None:
    assert calendar.day(day) == kind


@pytest.mark.parametrize("year", PUBLISHED)
def test_every_year_so_far_is_published(year: int, years: Mapping[int, YearDays]) -> None:
    assert year in years, f"没有 {year} 年的年历：请按国务院办公厅通知写 workflows/00-national/calendars/{year}.toml。"
    assert years[year].published, f"{year} 年年历仍标为未公布：请按通知补全放假日和调休上班日，把 published 改为 true。"


@pytest.mark.parametrize("year", PUBLISHED)
def test_a_published_year_gives_no_day_away(year: int, years: Mapping[int, YearDays]) -> None:
    """Days off on weekdays are the statutory ones plus those worked on a weekend for: 11 a year until 2024, then 13."""
    found = years[year]
    off = {day for holiday in found.holidays.values() for day in holiday.days}
    statutory = {"元旦": 1, "春节": 3, "清明节": 1, "劳动节": 1, "端午节": 1, "中秋节": 1, "国庆节": 3}
    if year >= 2025:
        statutory |= {"春节": 4, "劳动节": 2}

    assert {holiday.name for holiday in found.holidays.values()} == set(statutory)
    assert all(day.weekday() >= 5 for day in found.workdays)
    assert not off & set(found.workdays)
    weekdays_off = sum(day.weekday() < 5 for day in off)
    assert weekdays_off - len(found.workdays) <= sum(statutory.values())


def test_the_year_after_the_last_published_lists_its_statutory_days(years: Mapping[int, YearDays]) -> None:
    found = years[2027]
    names = {day: holiday.name for holiday in found.holidays.values() for day in holiday.days}

    assert not found.published
    assert len(names) == 13
    assert (names[date(2027, 2, 6)], names[date(2027, 6, 9)], names[date(2027, 9, 15)]) == ("春节", "端午节", "中秋节")


def test_the_next_workdays_run_over_the_turn_of_years(calendar: WorkCalendar) -> None:
    found = calendar.workdays_after(date(2025, 12, 30), 600)

    assert len(found) == 600
    assert found[0] == date(2025, 12, 31)
    assert list(found) == sorted(set(found))
    assert calendar.workday_before(found[-1], 599) == found[0]


def test_workdays_are_counted_alike_from_either_side(calendar: WorkCalendar) -> None:
    day = date(2026, 1, 1)
    while day < date(2027, 1, 1):
        following = calendar.workdays_after(day, 1)[0]
        assert calendar.workday_before(following + timedelta(days=1)) == following
        assert all(not calendar.day(day + timedelta(days=n)).is_workday for n in range(1, (following - day).days))
        day += timedelta(days=1)


@pytest.mark.parametrize("days", [-40, -1, 0, 1, 7, 366, 800, 801, 1200])
@pytest.mark.parametrize("start", [date(2025, 9, 30), date(2025, 12, 31), date(2026, 2, 14)])
def test_workdays_between_are_those_that_lie_there(start: date, days: int, calendar: WorkCalendar) -> None:
    lie_there = [start + timedelta(days=n) for n in range(1, min(days, 800) + 1)]
    found = calendar.workdays_between(start, start + timedelta(days=days))
    assert found == sum(calendar.day(day).is_workday for day in lie_there)


def test_a_day_in_two_holidays_names_both() -> None:
    shared = {"name": "中秋节", "days": [date(2020, 10, 1)]}
    year = parse_year({"year": 2020, "published": True, "holidays": {"a": {**shared, "name": "国庆节"}, "b": shared}})

    assert WorkCalendar({2020: year}).day(date(2020, 10, 1)).reason == "国庆节、中秋节"


def test_the_last_published_year(calendar: WorkCalendar) -> None:
    assert calendar.last_published == 2026
    assert WorkCalendar({}).last_published == 0


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "no year": ({"published": True}, "缺少年份"),
    "nothing on whether it is published": ({"year": 2026}, "是否已公布"),
    "a word for published": ({"year": 2026, "published": "yes"}, "是否已公布"),
    "an unknown key": ({"year": 2026, "published": True, "holiday": {}}, "不认识“holiday”"),
    "a holiday of another year": (
        {"holidays": {"a": {"name": "元旦", "days": [date(2027, 1, 1)]}}},
        "写进2027年的年历",
    ),
    "a holiday without days": ({"holidays": {"a": {"name": "元旦"}}}, "name 和 days"),
    "a holiday without a name": ({"holidays": {"a": {"name": " ", "days": []}}}, "没有名称"),
    "days that are no list": ({"holidays": {"a": {"name": "元旦", "days": "2026-01-01"}}}, "日期的列表"),
    "a day that is no date": ({"holidays": {"a": {"name": "元旦", "days": ["1月1日"]}}}, "不是日期"),
    "work on a weekday": ({"workdays": {"2026-09-21": "国庆节调休上班"}}, "不是周末"),
    "work without a reason": ({"workdays": {"2026-09-20": ""}}, "没有写为何上班"),
    "a day both off and worked": (
        {"holidays": {"a": {"name": "国庆节", "days": [date(2026, 9, 20)]}}, "workdays": {"2026-09-20": "调休"}},
        "既是放假日又是调休上班日",
    ),
}


@pytest.mark.parametrize(("data", "sentence"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_file_is_refused_with(data: dict[str, Any], sentence: str) -> None:
    whole = data if {"year", "published"} & set(data) else {"year": 2026, "published": True, **data}

    with pytest.raises(ValueError, match=sentence):
        parse_year(whole)
