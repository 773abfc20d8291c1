"""When a limit ends, and the explanation people may ask for: which days counted, which did not, and why.

Counting follows 民法典第二百零一条至第二百零三条: the day on which a period begins is not counted, a period whose last
day is a rest day ends on the next workday, and one counted in workdays ends when the office closes.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from xunfang.clock import SHANGHAI, local
from xunfang.worktime.calendar import WorkCalendar
from xunfang.worktime.limit import Limit, LimitKind
from xunfang.worktime.nth import nth_day
from xunfang.worktime.office import Office
from xunfang.worktime.sessions import Span, half_days_after, office_time_after

Unit = Literal["workday", "day", "hour", "minute"]

_DAY_ENDS = time(23, 59, 59)  # 24:00 would carry the next day's date onto every screen and paper
_EXACT = {"hour": timedelta(hours=1), "minute": timedelta(minutes=1)}
_DAYS_IN = {LimitKind.DAYS: 1, LimitKind.WEEKS: 7}
_MOVED = "{}，期间最后一日为休息日，顺延"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A rest day that did not count, and why."""

    date: date
    reason: str


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a limit, in Chinese civil time, with its explanation.

    `provisional` is set when a day up to the end lies in a year whose holiday notice is not yet published. `spans` is
    the office time that counted, of a limit in half days or office hours.
    """

    due_at: datetime
    counted: tuple[date, ...]
    skipped: tuple[Skipped, ...]
    provisional: bool
    spans: tuple[Span, ...] = ()

    @property
    def by_the_clock(self) -> bool:
        """Return whether it ends at a moment of its own, not when a day does: a limit in hours and the like."""
        return bool(self.spans) or not self.counted


def due(limit: Limit, start: datetime, calendar: WorkCalendar, office: Office) -> Due:
    """Return when a limit that begins at `start` ends, and why.

    A start in the evening, at midnight or on a rest day counts from its own day in Chinese civil time. A limit in
    workdays ends when the office closes on the last counted workday, in minutes or hours when they are over, in office
    hours or half days when that much office time is (the half day of `start` is not counted); any other at 24:00
    (stored as 23:59:59). Days, weeks and months whose last day is a rest day end on the next workday; "same day", hours
    and "by …" never move. "by …" means the first such day not before the day of `start`; a month too short for the day
    ends on its last.

    Raises ValueError for a limit that is not resolved ("soft:…", "local").
    """
    if not limit.is_resolved:
        raise ValueError(f"时限“{limit}”尚未由当地定出天数，不能计算到期时间。")
    begun = local(start)
    if length := _lengths(limit):
        due_at = begun + length
        return Due(due_at, (), (), _provisional(begun.date(), due_at.date(), calendar))
    if limit.by_the_clock:
        return by_office_time(_spans(limit, begun, calendar, office), begun, calendar)
    return _by_day(limit, begun.date(), calendar, office)


def cut(found: Due, until: datetime) -> Due:
    """Return a due moment that comes no later than another: what would have counted after that does not."""
    if found.due_at <= until:
        return found
    end = local(until)
    counted = tuple(day for day in found.counted if day <= end.date())
    return Due(
        due_at=end,
        counted=counted or ((end.date(),) if found.counted else ()),
        skipped=tuple(skip for skip in found.skipped if skip.date <= end.date()),
        provisional=found.provisional,
        spans=tuple((opens, min(closes, end)) for opens, closes in found.spans if opens < end),
    )


def shift(due_at: datetime, offset: int, unit: Unit, calendar: WorkCalendar, office: Office) -> datetime:
    """Return the moment `offset` units before (negative) or after a due moment; 0 is the due moment itself.

    Hours and minutes are exact. Days and workdays are counted from the day of the due moment, itself not counted, and
    fall on the opening of the office, so that a reminder is there when people sit down in the morning.
    """
    moment = local(due_at)
    if offset == 0 or unit in _EXACT:
        return moment + offset * _EXACT.get(unit, timedelta())
    day = _shifted(moment.date(), offset, unit, calendar)
    return datetime.combine(day, office.opens_on(day), SHANGHAI)


def over(due_at: datetime, offset: int, unit: Unit, calendar: WorkCalendar, office: Office) -> datetime:
    """Return the moment at which `offset` units after a due moment have gone by; 0 is the due moment itself.

    Hours and minutes are exact. A workday has gone by when the office closes, a day at 24:00 (民法典第二百零三条); the
    day of the due moment is not counted (第二百零一条).
    """
    moment = local(due_at)
    if offset == 0 or unit in _EXACT:
        return moment + offset * _EXACT.get(unit, timedelta())
    day = _shifted(moment.date(), offset, unit, calendar)
    return _ends(day, office.closes_on(day) if unit == "workday" else _DAY_ENDS)


def last_day_opens(due_at: datetime, office: Office) -> datetime:
    """Return when the office opens on the day a limit in days ends; one in hours knows no office and its own end is it.

    A limit in days ends when the office closes or at 24:00.
    """
    moment = local(due_at)
    day = moment.date()
    if moment.time() not in (office.closes_on(day), _DAY_ENDS):
        return moment
    return datetime.combine(day, office.opens_on(day), SHANGHAI)


def _shifted(day: date, offset: int, unit: Unit, calendar: WorkCalendar) -> date:
    if unit == "day":
        return day + timedelta(days=offset)
    if offset < 0:
        return calendar.workday_before(day, -offset)
    return calendar.workdays_after(day, offset)[-1]


def _lengths(limit: Limit) -> timedelta | None:
    """Return how long a limit runs without a break, or None for one that knows days or offices."""
    if limit.kind is LimitKind.MINUTES:
        return timedelta(minutes=limit.amount)
    return timedelta(hours=limit.amount) if limit.kind is LimitKind.HOURS else None


def _spans(limit: Limit, begun: datetime, calendar: WorkCalendar, office: Office) -> tuple[Span, ...]:
    if limit.kind is LimitKind.HALF_DAYS:
        return half_days_after(begun, limit.amount, calendar, office)
    return office_time_after(begun, timedelta(hours=limit.amount), calendar, office)


def by_office_time(spans: tuple[Span, ...], begun: datetime, calendar: WorkCalendar) -> Due:
    """Return the due moment of a limit for which this office time counts, at least one piece: where the last ends."""
    due_at, start = spans[-1][1], local(begun).date()
    counted = tuple(dict.fromkeys(opens.date() for opens, _ in spans))
    skipped = tuple(Skipped(day, why) for day, why in calendar.rest_days(start, due_at.date()))
    return Due(due_at, counted, skipped, _provisional(start, due_at.date(), calendar), spans)


@lru_cache(maxsize=8192)
def _by_day(limit: Limit, start: date, calendar: WorkCalendar, office: Office) -> Due:
    """Return the due moment of a limit that depends on the day of its start only: so an explanation is made once."""
    if limit.kind is LimitKind.WORKDAYS:
        return _workdays(limit, start, calendar, office)
    if limit.kind in _DAYS_IN:
        return _days(limit.amount * _DAYS_IN[limit.kind], start, calendar)
    if limit.kind is LimitKind.MONTHS:
        return _months(limit, start, calendar)
    last = _next_nth(limit, start, calendar) if limit.nth else _FIXED[limit.kind](limit, start)
    return Due(_ends(last), (last,), (), _provisional(start, last, calendar))


def _workdays(limit: Limit, start: date, calendar: WorkCalendar, office: Office) -> Due:
    counted = calendar.workdays_after(start, limit.amount)
    closes = office.closes_on(counted[-1])
    skipped = tuple(Skipped(day, why) for day, why in calendar.rest_days(start + timedelta(days=1), counted[-1]))
    return Due(_ends(counted[-1], closes), counted, skipped, _provisional(start, counted[-1], calendar))


def _days(amount: int, start: date, calendar: WorkCalendar) -> Due:
    """Count calendar days, rest days among them; only an end on a rest day moves, and what it moves over is skipped."""
    plain = start + timedelta(days=amount)
    last, skipped = _moved(plain, calendar)
    counted = (*(start + timedelta(days=n) for n in range(1, amount)), last)
    return Due(_ends(last), counted, skipped, _provisional(start, last, calendar))


def _months(limit: Limit, start: date, calendar: WorkCalendar) -> Due:
    """Count to the corresponding day of a later month, or its last day (民法典第二百零二条); `counted` is that day."""
    last, skipped = _moved(_in_month(start, limit.amount, start.day), calendar)
    return Due(_ends(last), (last,), skipped, _provisional(start, last, calendar))


def _moved(plain: date, calendar: WorkCalendar) -> tuple[date, tuple[Skipped, ...]]:
    if calendar.day(plain).is_workday:
        return plain, ()
    last = calendar.workdays_after(plain, 1)[-1]
    return last, tuple(Skipped(day, _MOVED.format(why)) for day, why in calendar.rest_days(plain, last))


def _in_month(start: date, months: int, day: int) -> date:
    """Return the day of the month that lies `months` after that of `start`, or its last day when it is too short."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


def months_away(day: date, months: int) -> date:
    """Return the same day of the month so many months later or, below nought, earlier; its last when too short."""
    return _in_month(day, months, day.day)


def _next_month_day(limit: Limit, start: date) -> date:
    this = _in_month(start, 0, limit.amount)
    return this if this >= start else _in_month(start, 1, limit.amount)


def _next_year_day(limit: Limit, start: date) -> date:
    january = start.replace(month=1, day=1)
    this = _in_month(january, limit.month - 1, limit.amount)
    return this if this >= start else _in_month(january, limit.month + 11, limit.amount)


def _next_nth(limit: Limit, start: date, calendar: WorkCalendar) -> date:
    months = ((_in_month(start, ahead, 1), _in_month(start, ahead, 31)) for ahead in (0, 1))
    this, following = (nth_day(limit, first, last, calendar) for first, last in months)
    return this if this >= start else following


_FIXED: dict[LimitKind, Callable[[Limit, date], date]] = {
    LimitKind.SAME_DAY: lambda _, start: start,
    LimitKind.MONTH_DAY: _next_month_day,
    LimitKind.NEXT_MONTH_DAY: lambda limit, start: _in_month(start, 1, limit.amount),
    LimitKind.WEEKDAY: lambda limit, start: start + timedelta(days=(limit.amount - start.weekday()) % 7),
    LimitKind.MONTH_END: lambda _, start: _in_month(start, 0, 31),
    LimitKind.YEAR_DAY: _next_year_day,
}


def _ends(day: date, at: time = _DAY_ENDS) -> datetime:
    return datetime.combine(day, at, SHANGHAI)


def _provisional(first: date, last: date, calendar: WorkCalendar) -> bool:
    return not all(calendar.is_published(year) for year in range(first.year, last.year + 1))
