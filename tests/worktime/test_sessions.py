"""Limits in minutes, office hours, half days and weeks, each worked out by hand from the published calendar of 2026."""

from datetime import datetime

import pytest

from xunfang.clock import SHANGHAI
from xunfang.worktime import (
    WorkCalendar,
    cut,
    due,
    last_day_opens,
    over,
    parse_limit,
    parse_office,
    parse_season,
    shift,
)

OFFICE = parse_office(["08:30-12:00", "13:30-17:30"])  # three and a half hours, then four
NATIONAL_DAY = [f"2026-10-0{day}" for day in range(1, 8)]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


BY_OFFICE_TIME = {
    # Tue 29 Sep: an hour and a half to closing, two and a half the next morning.
    "over a night": ("4 office hours", "2026-09-29T16:00", ["09-29 16:00-17:30", "09-30 08:30-11:00"], []),
    # Wed 30 Sep: 1–7 Oct off.
    "over National Day": (
        "4 office hours", "2026-09-30T16:00", ["09-30 16:00-17:30", "10-08 08:30-11:00"], NATIONAL_DAY,
    ),
    "begun at lunch": ("4 office hours", "2026-09-29T12:30", ["09-29 13:30-17:30"], []),
    "begun before the office opens": ("1 office hour", "2026-09-29T06:00", ["09-29 08:30-09:30"], []),
    # Sat 15 Aug: Monday has three and a half hours in the morning.
    "begun on a rest day": (
        "4 office hours", "2026-08-15T10:00", ["08-17 08:30-12:00", "08-17 13:30-14:00"], ["2026-08-15", "2026-08-16"],
    ),
    "to the second": ("1 office hour", "2026-09-29T11:59:30", ["09-29 11:59-12:00", "09-29 13:30-14:29"], []),
    "half a day, from the morning": ("half day", "2026-09-29T10:00", ["09-29 13:30-17:30"], []),
    "half a day, from lunch": ("half day", "2026-09-29T12:30", ["09-29 13:30-17:30"], []),
    "half a day, from the very opening": ("half day", "2026-09-29T08:30", ["09-29 13:30-17:30"], []),
    "half a day, from the afternoon": ("half day", "2026-09-29T14:00", ["09-30 08:30-12:00"], []),
    "half a day, from the evening": ("half day", "2026-09-29T20:00", ["09-30 08:30-12:00"], []),
    # Fri 9 Oct: Saturday 10 is worked.
    "half a day, to a make-up Saturday": ("half day", "2026-10-09T15:00", ["10-10 08:30-12:00"], []),
    "two half days over National Day": (
        "2 half days", "2026-09-30T14:00", ["10-08 08:30-12:00", "10-08 13:30-17:30"], NATIONAL_DAY,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("limit", "start", "spans", "skipped"), BY_OFFICE_TIME.values(), ids=list(BY_OFFICE_TIME))
def test_office_time_counts(
    limit: str, start: str, spans: list[str], skipped: list[str], calendar: WorkCalendar
) -> None:
    found = due(parse_limit(limit), moment(start), calendar, OFFICE)

    assert [f"{opens:%m-%d %H:%M}-{closes:%H:%M}" for opens, closes in found.spans] == spans
    assert found.due_at == found.spans[-1][1]
    assert [day.date.isoformat() for day in found.skipped] == skipped
    assert list(found.counted) == sorted({opens.date() for opens, _ in found.spans})
    assert (found.by_the_clock, found.provisional) == (True, False)


def test_minutes_run_on_whatever_the_office_does(calendar: WorkCalendar) -> None:
    found = due(parse_limit("30 minutes"), moment("2026-09-30T23:50"), calendar, OFFICE)
    assert (found.due_at, found.counted, found.by_the_clock) == (moment("2026-10-01T00:20"), (), True)


@pytest.mark.parametrize(
    ("start", "due_at", "skipped"),
    [
        ("2026-09-15T10:00", "2026-09-29T23:59:59", []),  # a Tuesday, to the second Tuesday after it
        ("2026-09-17T10:00", "2026-10-08T23:59:59", NATIONAL_DAY),  # Thursday 1 Oct is off: the first workday after it
    ],
)
def test_weeks_end_on_their_weekday_or_the_next_workday(
    start: str, due_at: str, skipped: list[str], calendar: WorkCalendar
) -> None:
    found = due(parse_limit("2 weeks"), moment(start), calendar, OFFICE)
    assert found.due_at == moment(due_at)
    assert len(found.counted) == 14
    assert [day.date.isoformat() for day in found.skipped] == skipped


@pytest.mark.parametrize(
    ("limit", "start", "day"),
    [
        ("by first workday", "2026-09-15T10:00", "2026-10-08"),  # that of September is over
        ("by first workday", "2026-10-05T10:00", "2026-10-08"),
        ("by last workday", "2026-09-15T10:00", "2026-09-30"),
        ("by last Friday of the month", "2026-09-26T10:00", "2026-10-30"),
    ],
)
def test_the_nth_day_of_a_month_is_the_first_that_is_not_over(
    limit: str, start: str, day: str, calendar: WorkCalendar
) -> None:
    found = due(parse_limit(limit), moment(start), calendar, OFFICE)
    assert (f"{found.due_at:%Y-%m-%d %H:%M}", found.by_the_clock) == (f"{day} 23:59", False)


def test_a_limit_in_workdays_ends_when_the_office_closes_on_its_last_day(calendar: WorkCalendar) -> None:
    summer = parse_season("06-01", "09-30", ["08:00-12:00", "14:30-18:00"])
    office = parse_office(["08:30-12:00", "13:30-17:30"], [summer])
    limit = parse_limit("2 workdays")
    in_summer = due(limit, moment("2026-09-28T10:00"), calendar, office).due_at  # Tue 29, Wed 30 September
    after_it = due(limit, moment("2026-09-29T10:00"), calendar, office).due_at  # Wed 30 September, Thu 8 October
    assert (in_summer, after_it) == (moment("2026-09-30T18:00"), moment("2026-10-08T17:30"))
    assert last_day_opens(in_summer, office) == moment("2026-09-30T08:00")
    assert shift(after_it, -1, "workday", calendar, office) == moment("2026-09-30T08:00")
    assert shift(in_summer, -20, "minute", calendar, office) == moment("2026-09-30T17:40")
    assert over(in_summer, 1, "workday", calendar, office) == moment("2026-10-08T17:30")


def test_what_is_cut_short_counts_nothing_after_that(calendar: WorkCalendar) -> None:
    begun = moment("2026-09-29T16:00")
    hours = cut(due(parse_limit("4 office hours"), begun, calendar, OFFICE), moment("2026-09-30T09:00"))
    assert hours.due_at == moment("2026-09-30T09:00")
    assert [f"{opens:%d %H:%M}-{closes:%H:%M}" for opens, closes in hours.spans] == ["29 16:00-17:30", "30 08:30-09:00"]
    days = cut(due(parse_limit("5 workdays"), begun, calendar, OFFICE), moment("2026-10-08T17:30"))
    assert [f"{day:%m-%d}" for day in days.counted] == ["09-30", "10-08"]
    whole = due(parse_limit("5 workdays"), begun, calendar, OFFICE)
    assert cut(whole, moment("2026-12-01T17:30")) == whole
