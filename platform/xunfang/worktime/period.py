"""Periods that recurring duties fall in and report on: from days and ten-day periods 旬 to years."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Every(StrEnum):
    """How often something recurs."""

    DAY = "day"
    WEEK = "week"
    TWO_WEEKS = "2 weeks"
    TEN_DAYS = "ten days"
    HALF_MONTH = "half month"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


_PARTS_BEGIN = {Every.TEN_DAYS: (1, 11, 21), Every.HALF_MONTH: (1, 16)}
_PARTS_CALLED = {Every.TEN_DAYS: ("上旬", "中旬", "下旬"), Every.HALF_MONTH: ("上半月", "下半月")}
_FORTNIGHT = timedelta(days=14)
USUAL_START = date(2024, 1, 1)
"""A Monday: what recurs every two weeks and names no day of its own is counted from here, over the years."""
_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One period: its first and last day, both included."""

    first: date
    last: date
    every: Every

    @property
    def label(self) -> str:
        """Return the period in Chinese: 2026年9月, 2026年第3季度, 9月21日至9月27日 …"""
        year, month = self.first.year, self.first.month
        match self.every:
            case Every.DAY:
                return f"{year}年{month}月{self.first.day}日"
            case Every.WEEK | Every.TWO_WEEKS:
                return f"{year}年{month}月{self.first.day}日至{self.last.month}月{self.last.day}日"
            case Every.TEN_DAYS | Every.HALF_MONTH:
                part = _PARTS_BEGIN[self.every].index(self.first.day)
                return f"{year}年{month}月{_PARTS_CALLED[self.every][part]}"
            case Every.MONTH:
                return f"{year}年{month}月"
            case Every.QUARTER:
                return f"{year}年第{(month + 2) // 3}季度"
            case Every.HALF_YEAR:
                return f"{year}年{'上' if month < 7 else '下'}半年"
        return f"{year}年"


def period_of(every: Every, day: date, starting: date = USUAL_START) -> Period:
    """Return the period that a day lies in; weeks begin on Monday, two weeks with that of `starting`.

    Ten-day periods 旬 begin on the 1st, 11th and 21st, half months on the 1st and 16th; the last ends with its month.
    """
    monday = day - timedelta(days=day.weekday())
    if every is Every.DAY:
        return Period(day, day, every)
    if every is Every.WEEK:
        return Period(monday, monday + timedelta(days=6), every)
    if every is Every.TWO_WEEKS:
        first = monday - (monday - (starting - timedelta(days=starting.weekday()))) % _FORTNIGHT
        return Period(first, first + timedelta(days=13), every)
    if every in _PARTS_BEGIN:
        return _part_of_month(every, day)
    length = _MONTHS[every]
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    return Period(first, _first_after(first, length) - timedelta(days=1), every)


def _part_of_month(every: Every, day: date) -> Period:
    begins = [day.replace(day=first) for first in _PARTS_BEGIN[every]]
    place = sum(first <= day for first in begins)
    ends = begins[place] if place < len(begins) else _first_after(begins[0], 1)
    return Period(begins[place - 1], ends - timedelta(days=1), every)


def _first_after(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def following(period: Period) -> Period:
    """Return the period right after one."""
    return period_of(period.every, period.last + timedelta(days=1), period.first)


def preceding(period: Period) -> Period:
    """Return the period right before one."""
    return period_of(period.every, period.first - timedelta(days=1), period.first)


def periods_between(every: Every, first: date, last: date, starting: date = USUAL_START) -> tuple[Period, ...]:
    """Return the periods that begin within two days, both included, earliest first."""
    found = []
    period = period_of(every, first, starting)
    if period.first < first:
        period = following(period)
    while period.first <= last:
        found.append(period)
        period = following(period)
    return tuple(found)
