"""Periods that recurring duties fall in and report on: days, weeks, months, quarters, half-years, years."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Every(StrEnum):
    """How often something recurs."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


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
            case Every.WEEK:
                return f"{year}年{month}月{self.first.day}日至{self.last.month}月{self.last.day}日"
            case Every.MONTH:
                return f"{year}年{month}月"
            case Every.QUARTER:
                return f"{year}年第{(month + 2) // 3}季度"
            case Every.HALF_YEAR:
                return f"{year}年{'上' if month < 7 else '下'}半年"
        return f"{year}年"


def period_of(every: Every, day: date) -> Period:
    """Return the period that a day lies in; weeks begin on Monday."""
    if every is Every.DAY:
        return Period(day, day, every)
    if every is Every.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6), every)
    length = _MONTHS[every]
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    return Period(first, _first_after(first, length) - timedelta(days=1), every)


def _first_after(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def following(period: Period) -> Period:
    """Return the period right after one."""
    return period_of(period.every, period.last + timedelta(days=1))


def preceding(period: Period) -> Period:
    """Return the period right before one."""
    return period_of(period.every, period.first - timedelta(days=1))


def periods_between(every: Every, first: date, last: date) -> tuple[Period, ...]:
    """Return the periods that begin within two days, both included, earliest first."""
    found = []
    period = period_of(every, first)
    if period.first < first:
        period = following(period)
    while period.first <= last:
        found.append(period)
        period = following(period)
    return tuple(found)
