"""Due moments, each worked out by hand from the published calendars."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunfang.clock import SHANGHAI
from xunfang.worktime import Due, Office, Skipped, WorkCalendar, due, parse_limit, parse_office

OFFICE = parse_office(["08:30-12:00", "13:30-17:30"])


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def days(*texts: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(text) for text in texts)


def span(month: str, first: int, last: int, reason: str) -> list[tuple[str, str]]:
    return [(f"{month}-{day:02}", reason) for day in range(first, last + 1)]


FIVE_WORKDAYS = {
    "the last day of 2025, before New Year; the Sunday after it is worked": (
        "2025-12-31T10:00",
        "2026-01-08T17:30",
        ["2026-01-04", "2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"],
        span("2026-01", 1, 3, "元旦"),
    ),
    "the Friday before Spring Festival, the next day a make-up Saturday": (
        "2026-02-13T15:00",
        "2026-02-27T17:30",
        ["2026-02-14", "2026-02-24", "2026-02-25", "2026-02-26", "2026-02-27"],
        span("2026-02", 15, 23, "春节"),
    ),
    "the Friday before Tomb-sweeping Day": (
        "2026-04-03T09:00",
        "2026-04-13T17:30",
        ["2026-04-07", "2026-04-08", "2026-04-09", "2026-04-10", "2026-04-13"],
        [*span("2026-04", 4, 6, "清明节"), ("2026-04-11", "周六"), ("2026-04-12", "周日")],
    ),
    "the day before Labour Day; the Saturday after it is worked, the Sunday is not": (
        "2026-04-30T16:00",
        "2026-05-11T17:30",
        ["2026-05-06", "2026-05-07", "2026-05-08", "2026-05-09", "2026-05-11"],
        [*span("2026-05", 1, 5, "劳动节"), ("2026-05-10", "周日")],
    ),
    "the day before Dragon Boat Festival": (
        "2026-06-18T10:00",
        "2026-06-26T17:30",
        ["2026-06-22", "2026-06-23", "2026-06-24", "2026-06-25", "2026-06-26"],
        span("2026-06", 19, 21, "端午节"),
    ),
    "the day before Mid-autumn Festival, and National Day comes in between": (
        "2026-09-24T11:00",
        "2026-10-09T17:30",
        ["2026-09-28", "2026-09-29", "2026-09-30", "2026-10-08", "2026-10-09"],
        [*span("2026-09", 25, 27, "中秋节"), *span("2026-10", 1, 7, "国庆节")],
    ),
    "two days before National Day": (
        "2026-09-29T11:00",
        "2026-10-12T17:30",
        ["2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12"],
        [*span("2026-10", 1, 7, "国庆节"), ("2026-10-11", "周日")],
    ),
    "a make-up Saturday": (
        "2026-10-10T09:30",
        "2026-10-16T17:30",
        ["2026-10-12", "2026-10-13", "2026-10-14", "2026-10-15", "2026-10-16"],
        [("2026-10-11", "周日")],
    ),
    "an evening, hours after the office closed": (
        "2026-11-23T21:40",
        "2026-11-30T17:30",
        ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30"],
        [("2026-11-28", "周六"), ("2026-11-29", "周日")],
    ),
    "midnight, when a Monday begins": (
        "2026-03-16T00:00",
        "2026-03-23T17:30",
        ["2026-03-17", "2026-03-18", "2026-03-19", "2026-03-20", "2026-03-23"],
        [("2026-03-21", "周六"), ("2026-03-22", "周日")],
    ),
    "a rest day in the middle of National Day": (
        "2026-10-03T12:00",
        "2026-10-13T17:30",
        ["2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12", "2026-10-13"],
        [*span("2026-10", 4, 7, "国庆节"), ("2026-10-11", "周日")],
    ),
    "the end of 2026, when next year's arrangement may not be out yet": (
        "2026-12-30T10:00",
        "2027-01-07T17:30",
        ["2026-12-31", "2027-01-04", "2027-01-05", "2027-01-06", "2027-01-07"],
        [("2027-01-01", "元旦"), ("2027-01-02", "周六"), ("2027-01-03", "周日")],
    ),
}


@pytest.mark.parametrize(("start", "due_at", "counted", "skipped"), FIVE_WORKDAYS.values(), ids=list(FIVE_WORKDAYS))
def test_five_workdays_from(
    start: str, due_at: str, counted: list[str], skipped: list[tuple[str, str]], calendar: WorkCalendar
) -> None:
    found = due(parse_limit("5 workdays"), moment(start), calendar, OFFICE)

    assert found.due_at == moment(due_at)
    assert found.due_at.isoformat() == f"{due_at}:00+08:00"
    assert found.counted == days(*counted)
    assert found.skipped == tuple(Skipped(date.fromisoformat(day), reason) for day, reason in skipped)
    assert found.provisional is (not calendar.is_published(found.due_at.year))


def test_the_same_moment_in_utc_counts_from_its_chinese_day(calendar: WorkCalendar) -> None:
    limit = parse_limit("5 workdays")
    in_utc = datetime(2026, 9, 28, 16, 30, tzinfo=UTC)  # half past midnight on the 29th in China

    assert due(limit, in_utc, calendar, OFFICE) == due(limit, moment("2026-09-29T00:30"), calendar, OFFICE)


ENDS = {
    "same day, in the morning": ("same day", "2026-09-29T08:30", "2026-09-29T23:59:59"),
    "same day, on a rest day: it does not move": ("same day", "2026-10-03T08:30", "2026-10-03T23:59:59"),
    "same day, one second before midnight": ("same day", "2026-09-29T23:59:59", "2026-09-29T23:59:59"),
    "24 hours, into a rest day: hours run on": ("24 hours", "2026-09-30T20:15:10", "2026-10-01T20:15:10"),
    "by the 5th, before it": ("by day 5", "2026-09-02T10:00", "2026-09-05T23:59:59"),
    "by the 5th, on it": ("by day 5", "2026-09-05T22:00", "2026-09-05T23:59:59"),
    "by the 5th, after it: next month's, though a holiday": ("by day 5", "2026-09-06T10:00", "2026-10-05T23:59:59"),
    "by the 31st, in a short month": ("by day 31", "2026-02-10T10:00", "2026-02-28T23:59:59"),
    "by the 5th of next month": ("by day 5 of next month", "2026-09-02T10:00", "2026-10-05T23:59:59"),
    "by the 5th of next month, in December": ("by day 5 of next month", "2025-12-31T10:00", "2026-01-05T23:59:59"),
    "by the 31st of next month, which is short": ("by day 31 of next month", "2026-01-31T10:00", "2026-02-28T23:59:59"),
    "by Monday, on a Tuesday": ("by Monday", "2026-09-22T10:00", "2026-09-28T23:59:59"),
    "by Monday, on a Monday: that same day": ("by Monday", "2026-09-21T10:00", "2026-09-21T23:59:59"),
    "by Sunday, on a Monday": ("by Sunday", "2026-09-21T10:00", "2026-09-27T23:59:59"),
    "by month end": ("by month end", "2026-02-03T10:00", "2026-02-28T23:59:59"),
    "by month end in a leap year": ("by month end", "2024-02-03T10:00", "2024-02-29T23:59:59"),
    "by 31 December": ("by 12-31", "2026-02-03T10:00", "2026-12-31T23:59:59"),
    "by 31 March, in April: next year's": ("by 03-31", "2025-04-01T10:00", "2026-03-31T23:59:59"),
    "by 29 February, in a common year": ("by 02-29", "2026-02-03T10:00", "2026-02-28T23:59:59"),
}


@pytest.mark.parametrize(("limit", "start", "due_at"), ENDS.values(), ids=list(ENDS))
def test_a_limit_that_never_moves(limit: str, start: str, due_at: str, calendar: WorkCalendar) -> None:
    found = due(parse_limit(limit), moment(start), calendar, OFFICE)

    assert found.due_at == moment(due_at)
    assert found.skipped == ()
    assert found.counted == (() if "hours" in limit else (found.due_at.date(),))
    assert not found.provisional


def test_seven_days_count_rest_days_too(calendar: WorkCalendar) -> None:
    found = due(parse_limit("7 days"), moment("2026-11-12T15:00"), calendar, OFFICE)

    assert found.due_at == moment("2026-11-19T23:59:59")
    assert found.counted == tuple(date(2026, 11, day) for day in range(13, 20))
    assert found.skipped == ()


def test_days_that_end_in_a_long_holiday_move_to_the_next_workday(calendar: WorkCalendar) -> None:
    found = due(parse_limit("7 days"), moment("2026-09-28T15:00"), calendar, OFFICE)

    assert found.due_at == moment("2026-10-08T23:59:59")
    assert found.counted == (
        *days("2026-09-29", "2026-09-30"),
        *(date(2026, 10, n) for n in range(1, 5)),
        date(2026, 10, 8),
    )
    assert found.skipped == tuple(Skipped(date(2026, 10, n), "国庆节，期间最后一日为休息日，顺延") for n in (5, 6, 7))


def test_days_that_end_on_a_make_up_saturday_do_not_move(calendar: WorkCalendar) -> None:
    assert due(parse_limit("3 days"), moment("2026-10-07T09:00"), calendar, OFFICE).due_at == moment(
        "2026-10-10T23:59:59"
    )


MONTHS = {
    "to the corresponding day": ("3 months", "2026-08-12T10:00", "2026-11-12T23:59:59", []),
    "to the last day when there is none": ("1 month", "2026-03-31T10:00", "2026-04-30T23:59:59", []),
    "into the next year": ("6 months", "2025-09-15T10:00", "2026-03-16T23:59:59", [("2026-03-15", "周日")]),
    "over a long holiday": ("1 month", "2026-04-01T10:00", "2026-05-06T23:59:59", span("2026-05", 1, 5, "劳动节")),
}


@pytest.mark.parametrize(("limit", "start", "due_at", "moved"), MONTHS.values(), ids=list(MONTHS))
def test_months_run(limit: str, start: str, due_at: str, moved: list[tuple[str, str]], calendar: WorkCalendar) -> None:
    found = due(parse_limit(limit), moment(start), calendar, OFFICE)

    assert found.due_at == moment(due_at)
    assert found.counted == (found.due_at.date(),)
    assert [(str(day.date), day.reason) for day in found.skipped] == [
        (day, f"{reason}，期间最后一日为休息日，顺延") for day, reason in moved
    ]


def test_a_friday_that_closes_early_ends_workdays_early(calendar: WorkCalendar) -> None:
    early = Office(((time(9), time(16)),))

    assert due(parse_limit("1 workday"), moment("2026-09-21T10:00"), calendar, early).due_at == moment(
        "2026-09-22T16:00"
    )


@pytest.mark.parametrize("limit", ["5 workdays", "7 days", "2 months", "same day", "24 hours", "by month end"])
@pytest.mark.parametrize("start", ["2027-03-01T10:00", "2031-05-01T23:00", "2019-02-04T10:00"])
def test_outside_the_published_years_everything_is_provisional(limit: str, start: str, calendar: WorkCalendar) -> None:
    assert due(parse_limit(limit), moment(start), calendar, OFFICE).provisional


def test_beyond_the_listed_years_monday_to_friday_counts(calendar: WorkCalendar) -> None:
    found = due(parse_limit("5 workdays"), moment("2031-05-01T10:00"), calendar, OFFICE)

    assert found.counted == days("2031-05-02", "2031-05-05", "2031-05-06", "2031-05-07", "2031-05-08")
    assert [day.reason for day in found.skipped] == ["周六", "周日"]


@pytest.mark.parametrize("limit", ["soft:promptly", "local"])
def test_a_limit_without_a_number_is_refused(limit: str, calendar: WorkCalendar) -> None:
    with pytest.raises(ValueError, match="尚未由当地定出天数"):
        due(parse_limit(limit), moment("2026-09-29T10:00"), calendar, OFFICE)


STARTS = st.datetimes(datetime(2020, 6, 1), datetime(2028, 12, 31))  # noqa: DTZ001 Chinese civil time is meant


@given(start=STARTS, amount=st.integers(1, 60))
def test_workdays_and_rest_days_fill_the_time_between_without_overlap(
    start: datetime, amount: int, calendar: WorkCalendar
) -> None:
    found = due(parse_limit(f"{amount} workdays"), start, calendar, OFFICE)

    off = [day.date for day in found.skipped]
    between = [start.date() + timedelta(days=n) for n in range(1, (found.due_at.date() - start.date()).days + 1)]
    assert len(found.counted) == amount
    assert sorted([*found.counted, *off]) == between
    assert all(calendar.day(day).is_workday for day in found.counted)
    assert not any(calendar.day(day).is_workday for day in off)


@given(start=STARTS, amount=st.integers(1, 60), unit=st.sampled_from(["workdays", "days", "hours", "months"]))
def test_a_longer_limit_never_ends_earlier(start: datetime, amount: int, unit: str, calendar: WorkCalendar) -> None:
    def end(n: int) -> Due:
        return due(parse_limit(f"{n} {unit}"), start, calendar, OFFICE)

    assert start.replace(tzinfo=SHANGHAI) < end(amount).due_at <= end(amount + 1).due_at


@given(start=STARTS, amount=st.integers(1, 60))
def test_days_end_on_a_workday_and_count_exactly_their_number(
    start: datetime, amount: int, calendar: WorkCalendar
) -> None:
    found = due(parse_limit(f"{amount} days"), start, calendar, OFFICE)

    assert len(found.counted) == amount
    assert calendar.day(found.due_at.date()).is_workday
    assert found.counted[-1] == found.due_at.date()
    assert not set(found.counted) & {day.date for day in found.skipped}
