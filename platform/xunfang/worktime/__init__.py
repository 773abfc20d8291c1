"""Chinese working time: the calendar with its make-up workdays, limits, and due moments with their explanation."""

from xunfang.worktime.calendar import Day, Holiday, WorkCalendar, YearDays, parse_year
from xunfang.worktime.due import Due, Skipped, due, last_day_opens, over, shift
from xunfang.worktime.limit import ACCEPTED, Limit, LimitKind, parse_limit
from xunfang.worktime.office import Office, parse_office
from xunfang.worktime.period import Every, Period, following, period_of, periods_between, preceding

__all__ = [
    "ACCEPTED",
    "Day",
    "Due",
    "Every",
    "Holiday",
    "Limit",
    "LimitKind",
    "Office",
    "Period",
    "Skipped",
    "WorkCalendar",
    "YearDays",
    "due",
    "following",
    "last_day_opens",
    "over",
    "parse_limit",
    "parse_office",
    "parse_year",
    "period_of",
    "periods_between",
    "preceding",
    "shift",
]
