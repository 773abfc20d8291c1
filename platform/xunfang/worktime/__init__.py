"""Chinese working time: the calendar with its make-up workdays, limits, and due moments with their explanation."""

from xunfang.worktime.calendar import WEEKDAYS, Day, Holiday, WorkCalendar, YearDays, parse_year
from xunfang.worktime.due import Due, Skipped, Unit, by_office_time, cut, due, last_day_opens, months_away, over, shift
from xunfang.worktime.limit import ACCEPTED, LENGTHS, Limit, LimitKind, parse_limit
from xunfang.worktime.nth import first_weekday, nth_day
from xunfang.worktime.office import Hours, Office, Season, parse_office, parse_season
from xunfang.worktime.period import USUAL_START, Every, Period, following, period_of, periods_between, preceding
from xunfang.worktime.periodic import due_in_period
from xunfang.worktime.sessions import Span, between, half_days_after, office_time_after
from xunfang.worktime.yearspan import YearSpan, parse_span

__all__ = [
    "ACCEPTED",
    "LENGTHS",
    "USUAL_START",
    "WEEKDAYS",
    "Day",
    "Due",
    "Every",
    "Holiday",
    "Hours",
    "Limit",
    "LimitKind",
    "Office",
    "Period",
    "Season",
    "Skipped",
    "Span",
    "Unit",
    "WorkCalendar",
    "YearDays",
    "YearSpan",
    "between",
    "by_office_time",
    "cut",
    "due",
    "due_in_period",
    "first_weekday",
    "following",
    "half_days_after",
    "last_day_opens",
    "months_away",
    "nth_day",
    "office_time_after",
    "over",
    "parse_limit",
    "parse_office",
    "parse_season",
    "parse_span",
    "parse_year",
    "period_of",
    "periods_between",
    "preceding",
    "shift",
]
