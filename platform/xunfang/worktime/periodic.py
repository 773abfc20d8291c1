"""When something recurring is due: the day of its period that a rule names, moved off a holiday."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from xunfang.clock import SHANGHAI
from xunfang.worktime.calendar import WorkCalendar
from xunfang.worktime.due import Due, Skipped
from xunfang.worktime.limit import Limit, LimitKind
from xunfang.worktime.nth import first_weekday, nth_day
from xunfang.worktime.period import Every, Period, period_of

_DAY_ENDS = time(23, 59, 59)


def due_in_period(day: Limit | None, by: time | None, on_holiday: str, period: Period, calendar: WorkCalendar) -> Due:
    """Return when something is due for a period: on a day of it, at a time of that day or at its end.

    Off a holiday it is moved as `on_holiday` says (previous, keep, next), never to before its period begins: nothing
    is owed by then.
    """
    plain, before = _due_day(day, period, calendar)
    moved_to, moved = _moved(on_holiday, plain, calendar)
    last = max(moved_to, period.first)
    skipped = tuple(skip for skip in (*before, *moved) if last == moved_to or skip.date > last)
    due_at = datetime.combine(last, by or _DAY_ENDS, SHANGHAI)
    return Due(due_at, (last,), skipped, not calendar.is_published(last.year))


def _due_day(day: Limit | None, period: Period, calendar: WorkCalendar) -> tuple[date, tuple[Skipped, ...]]:
    """Return the day of a period that a rule names, its last when none; a month too short for it ends on its last.

    With it come the rest days that were left out to find it, as before the first workday.
    """
    if day is None or not day.nth:
        return _DUE_DAYS[day.kind](day, period) if day else period.last, ()
    found = nth_day(day, period.first, period.last, calendar)
    if day.kind is not LimitKind.NTH_WORKDAY:
        return found, ()
    rest = calendar.rest_days(period.first, found) if day.nth > 0 else calendar.rest_days(found, period.last)
    return found, tuple(Skipped(left_out, why) for left_out, why in rest)


def _month_day(day: Limit, period: Period) -> date:
    return min(period.first + timedelta(days=day.amount - 1), period.last)


def _next_month_day(day: Limit, period: Period) -> date:
    after = period_of(Every.MONTH, period.last + timedelta(days=1))
    return min(after.first + timedelta(days=day.amount - 1), after.last)


def _year_day(day: Limit, period: Period) -> date:
    month = period_of(Every.MONTH, date(period.first.year, day.month, 1))
    return min(month.first + timedelta(days=day.amount - 1), month.last)


_DUE_DAYS: Mapping[LimitKind, Callable[[Limit, Period], date]] = {
    LimitKind.MONTH_DAY: _month_day,
    LimitKind.NEXT_MONTH_DAY: _next_month_day,
    LimitKind.WEEKDAY: lambda day, period: first_weekday(period.first, day.amount),
    LimitKind.MONTH_END: lambda _, period: period.last,
    LimitKind.YEAR_DAY: _year_day,
}
"""The day that each kind of "by …" names; compiling leaves no other."""


def _moved(on_holiday: str, plain: date, calendar: WorkCalendar) -> tuple[date, tuple[Skipped, ...]]:
    if on_holiday == "keep" or calendar.day(plain).is_workday:
        return plain, ()
    if on_holiday == "previous":
        last = calendar.workday_before(plain)
        return last, tuple(Skipped(day, why) for day, why in calendar.rest_days(last, plain))
    last = calendar.workdays_after(plain, 1)[0]
    return last, tuple(Skipped(day, why) for day, why in calendar.rest_days(plain, last))
