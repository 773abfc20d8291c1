"""The nth workday or weekday of a span of days: 每月第一个工作日, 最后一个周五."""

from datetime import date, timedelta

from xunfang.worktime.calendar import WorkCalendar
from xunfang.worktime.limit import Limit, LimitKind

_DAY = timedelta(days=1)


def nth_day(limit: Limit, first: date, last: date, calendar: WorkCalendar) -> date:
    """Return the workday or weekday that a limit counts from the first or, for the last, from the end of a span.

    A span without so many workdays, such as a week within Spring Festival, has the next workday after it, or, for the
    last, the one before it.
    """
    if limit.kind is LimitKind.NTH_WORKDAY:
        if limit.nth < 0:
            return calendar.workday_before(last + _DAY)
        return calendar.workdays_after(first - _DAY, limit.nth)[-1]
    if limit.nth < 0:
        return last - (last.weekday() - limit.amount) % 7 * _DAY
    return first_weekday(first, limit.amount) + (limit.nth - 1) * 7 * _DAY


def first_weekday(first: date, weekday: int) -> date:
    """Return the first day from a given one on that is a certain weekday (Monday is 0)."""
    return first + (weekday - first.weekday()) % 7 * _DAY
