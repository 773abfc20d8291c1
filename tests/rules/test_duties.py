"""Who owes what by when: periods, holidays, events, collected returns."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest

from xunfang.clock import local, parse
from xunfang.rulebook.basis import Basis
from xunfang.rulebook.model import Coverage, Duty, Operator, Rulebook, Test
from xunfang.rulebook.softness import fixed, settled
from xunfang.rules.deadlines import plan_reminders
from xunfang.rules.duties import (
    collection_opens,
    covered,
    due_within,
    duty_due,
    plan_event_duty,
    planned_duties,
    reminded_as,
)
from xunfang.worktime import Every, Period, parse_limit, period_of

PLAIN = Duty(
    id="list", label="名单", of="traffic-police", to=("service-centre",), every=Every.MONTH,
    due=parse_limit("by day 5"), covers=Coverage(Every.MONTH, previous=True), on_holiday="keep", on="", from_="",
    limit=None, for_=None, at_least=1, satisfied_by="", collects="", sample=None, form="", feed="", prefill="",
    zero_report=True, basis=Basis(("BS-二(二)2-¶2",)),
)  # fmt: skip


SOON = parse_limit("soft:immediately")


def duty(**changes: Any) -> Duty:
    return replace(PLAIN, **changes)


def with_duties(rulebook: Rulebook, *duties: Duty) -> Rulebook:
    return replace(rulebook, duties={item.id: item for item in duties})


def month(text: str) -> Period:
    return period_of(Every.MONTH, date.fromisoformat(text))


@pytest.mark.parametrize(
    ("every", "due", "on_holiday", "day", "expected"),
    [
        ("month", "day 5", "keep", "2026-10-01", "2026-10-05"),  # within the national holiday, and it stays there
        ("month", "day 5", "next", "2026-10-01", "2026-10-08"),
        ("month", "day 5", "previous", "2026-10-01", "2026-10-01"),  # 1–8 October are off: not before it begins
        ("month", "day 10", "next", "2026-10-01", "2026-10-10"),  # a make-up Saturday is a workday
        ("month", "day 31", "keep", "2026-02-01", "2026-02-28"),
        ("month", "month end", "previous", "2026-05-01", "2026-05-29"),
        ("month", "", "keep", "2026-04-01", "2026-04-30"),
        ("week", "Monday", "keep", "2026-06-17", "2026-06-15"),
        ("week", "Friday", "previous", "2026-06-15", "2026-06-18"),  # the Friday is the dragon boat festival
        ("quarter", "month end", "keep", "2026-02-10", "2026-03-31"),
        ("year", "12-31", "keep", "2026-02-10", "2026-12-31"),
        ("year", "03-01", "next", "2026-02-10", "2026-03-02"),
        ("year", "02-29", "keep", "2026-02-10", "2026-02-28"),  # a day that this year has not
        ("year", "02-29", "keep", "2028-02-10", "2028-02-29"),
        ("month", "day 5 of next month", "keep", "2026-12-01", "2027-01-05"),
        ("month", "day 31 of next month", "keep", "2026-01-01", "2026-02-28"),
        ("month", "first workday", "keep", "2026-10-01", "2026-10-08"),  # 1–7 October are off
        ("month", "first workday of the month", "keep", "2026-01-01", "2026-01-04"),  # a Sunday that is worked
        ("month", "last workday", "keep", "2026-02-01", "2026-02-28"),  # a Saturday that is worked
        ("month", "last workday", "keep", "2026-05-01", "2026-05-29"),
        ("month", "last Friday", "keep", "2026-09-01", "2026-09-25"),  # the mid-autumn festival
        ("month", "last Friday", "next", "2026-09-01", "2026-09-28"),
        ("month", "last Friday", "previous", "2026-09-01", "2026-09-24"),
        ("month", "first Monday", "keep", "2026-06-01", "2026-06-01"),
        ("month", "second Wednesday", "keep", "2026-04-01", "2026-04-08"),
        ("month", "Friday", "keep", "2026-09-01", "2026-09-04"),  # the first one
        ("quarter", "last Friday", "keep", "2026-07-01", "2026-09-25"),
        ("ten days", "", "keep", "2026-09-15", "2026-09-20"),
        ("ten days", "last workday", "keep", "2026-10-03", "2026-10-10"),  # a Saturday that is worked
        ("ten days", "first workday", "keep", "2026-10-03", "2026-10-08"),
        ("half month", "", "keep", "2026-10-03", "2026-10-15"),
        ("half month", "last workday", "keep", "2026-10-20", "2026-10-30"),
        ("week", "first workday", "keep", "2026-02-16", "2026-02-24"),  # all of the week is Spring Festival
        ("week", "last workday", "keep", "2026-02-16", "2026-02-16"),  # and nobody owed it before
    ],
)
def test_the_due_day_of_a_period(
    rulebook: Rulebook, every: str, due: str, on_holiday: str, day: str, expected: str
) -> None:
    period = period_of(Every(every), date.fromisoformat(day))
    day = parse_limit(f"by {due}") if due else None
    found = duty_due(duty(every=Every(every), due=day, on_holiday=on_holiday), period, rulebook.calendar)
    assert found.due_at == parse(f"{expected}T23:59:59")


def test_two_weeks_begin_where_the_duty_says(rulebook: Rulebook) -> None:
    owed = duty(every=Every.TWO_WEEKS, due=parse_limit("by last workday"), starting=date(2026, 9, 7))
    found = planned_duties(with_duties(rulebook, owed), date(2026, 9, 1), date(2026, 10, 31))
    assert [item.due.due_at.date().isoformat() for item in found if item.due] == [
        "2026-09-04",  # counted backwards too
        "2026-09-20",  # a Sunday that is worked
        "2026-09-30",  # 21 September to 4 October, from the 1st on off
        "2026-10-16",
        "2026-10-30",
    ]


def test_the_first_workday_says_which_days_before_it_were_off(rulebook: Rulebook) -> None:
    first, last = (duty(due=parse_limit(f"by {which} workday")) for which in ("first", "last"))
    october, may = (duty_due(first, month("2026-10-01"), rulebook.calendar), month("2026-05-01"))
    assert [skip.date.day for skip in october.skipped] == [1, 2, 3, 4, 5, 6, 7]
    assert [skip.date.day for skip in duty_due(last, may, rulebook.calendar).skipped] == [30, 31]


def test_a_day_moved_off_a_holiday_says_over_which_days(rulebook: Rulebook) -> None:
    found = duty_due(duty(on_holiday="next"), month("2026-10-01"), rulebook.calendar)
    assert [skip.date.day for skip in found.skipped] == [5, 6, 7]
    assert {skip.reason for skip in found.skipped} == {"国庆节"}


def test_a_due_day_past_the_published_years_is_provisional(rulebook: Rulebook) -> None:
    assert duty_due(duty(), month("2027-01-01"), rulebook.calendar).provisional
    assert not duty_due(duty(), month("2026-12-01"), rulebook.calendar).provisional


@pytest.mark.parametrize(
    "due", ["day 5", "Friday", "month end", "12-31", "02-29", "day 5 of next month", "last workday", "first Friday"]
)
@pytest.mark.parametrize("every", list(Every))
def test_whatever_compiles_is_due_some_day(rulebook: Rulebook, every: Every, due: str) -> None:
    owed, period = duty(every=every, due=parse_limit(f"by {due}")), period_of(every, date(2026, 7, 8))
    found = duty_due(owed, period, rulebook.calendar)
    assert found.due_at.date() == found.counted[-1]


@pytest.mark.parametrize(
    ("covers", "first", "last"),
    [
        (Coverage(Every.MONTH, previous=True), date(2025, 12, 1), date(2025, 12, 31)),
        (Coverage(Every.MONTH, previous=False), date(2026, 1, 1), date(2026, 1, 31)),
        (Coverage(Every.QUARTER, previous=True), date(2025, 10, 1), date(2025, 12, 31)),
        (Coverage(Every.YEAR, previous=True), date(2025, 1, 1), date(2025, 12, 31)),
        (Coverage(Every.TEN_DAYS, previous=True), date(2025, 12, 21), date(2025, 12, 31)),
        (Coverage(Every.HALF_MONTH, previous=True), date(2025, 12, 16), date(2025, 12, 31)),
        (None, date(2026, 1, 1), date(2026, 1, 31)),
    ],
)
def test_what_a_duty_reports_on(covers: Coverage | None, first: date, last: date) -> None:
    found = covered(duty(covers=covers), month("2026-01-01"))
    assert (found.first, found.last) == (first, last)


def test_a_unit_per_township_owes_once_for_each(rulebook: Rulebook) -> None:
    rules = with_duties(rulebook, duty(of="township", id="monthly"))
    found = planned_duties(rules, date(2026, 4, 1), date(2026, 4, 30))
    townships = rulebook.divisions.of_level("township", rulebook.code)
    assert {item.unit for item in found} == {f"township:{place.code}" for place in townships}
    assert {item.to for item in found} == {("service-centre",)}
    assert {item.covers.label for item in found if item.covers} == {"2026年3月"}


def test_duties_stand_in_the_order_of_their_due_days_and_only_once(rulebook: Rulebook) -> None:
    rules = with_duties(
        rulebook, duty(id="b"), duty(id="a", due=parse_limit("by day 3")), duty(id="event", every=None, on="event")
    )
    found = planned_duties(rules, date(2026, 3, 1), date(2026, 4, 30))
    assert [(item.duty, item.due.due_at.date().isoformat()) for item in found if item.due] == [
        ("a", "2026-03-03"),
        ("b", "2026-03-05"),
        ("a", "2026-04-03"),
        ("b", "2026-04-05"),
    ]
    last_year = list(due_within(rules, rules.duties["a"], date(2025, 12, 1), date(2026, 1, 31)))
    assert [item.period.label for item in last_year if item.period] == ["2025年12月", "2026年1月"]


@pytest.mark.parametrize(
    ("every", "due", "on_holiday", "on"),
    [
        (Every.YEAR, "day 5 of next month", "keep", "2027-01-05"),  # of the year before
        (Every.WEEK, "Sunday", "next", "2026-10-08"),  # of the week within the national holiday
    ],
)
def test_a_duty_due_outside_its_period_is_planned_for_its_day(
    rulebook: Rulebook, every: Every, due: str, on_holiday: str, on: str
) -> None:
    rules = with_duties(rulebook, duty(every=every, due=parse_limit(f"by {due}"), on_holiday=on_holiday))
    day = date.fromisoformat(on)
    assert [item.due.due_at.date() for item in planned_duties(rules, day, day) if item.due] == [day]


def test_an_event_counts_from_the_day_it_happened(rulebook: Rulebook) -> None:
    accident = duty(every=None, on="event", from_="answers.occurred_on", limit=fixed("3 workdays"))
    at = parse("2026-10-08T09:00:00")
    told = plan_event_duty(rulebook, accident, {"occurred_on": "2026-09-29", "residence": "370304102201"}, at)
    assert told
    assert told.due
    assert (told.unit, told.to, told.due.due_at) == (
        "traffic-police",
        ("service-centre",),
        parse("2026-10-09T17:30:00"),
    )
    untold = plan_event_duty(rulebook, accident, {"residence": "370304102201"}, at)
    assert untold
    assert untold.due
    assert untold.due.due_at == parse("2026-10-12T17:30:00")  # from the event itself: 9, 10 (make-up), 12 October


def test_an_event_concerns_only_whom_the_duty_names(rulebook: Rulebook) -> None:
    visit = duty(
        of="village", every=None, on="person.category_added", limit=settled(SOON, rulebook.info.soft),
        for_=Test("category", Operator.ANY, ("orphan",)),
    )  # fmt: skip
    at, place = parse("2026-04-10T09:00:00"), {"residence": "370304102201"}
    assert plan_event_duty(rulebook, visit, {**place, "category": ["veteran"]}, at) is None
    owed = plan_event_duty(rulebook, visit, {**place, "category": ["orphan"]}, at)
    assert owed
    assert owed.due
    assert (owed.unit, owed.due.due_at) == ("village:370304102201", parse("2026-04-11T09:00:00"))


def test_a_collection_opens_when_all_are_in_or_their_time_is_up() -> None:
    due, before, after = parse("2026-04-05T23:59:59"), parse("2026-04-05T12:00:00"), parse("2026-04-06T00:00:00")
    in_: dict[str, datetime | None] = {"a": before, "b": before}
    missing: dict[str, datetime | None] = {"a": before, "b": None}
    assert collection_opens(in_, due, before)
    assert not collection_opens(missing, due, before)
    assert not collection_opens(missing, due, due)
    assert collection_opens(missing, due, after)


@pytest.mark.parametrize(
    ("every", "due", "day", "expected"),
    [
        ("day", "", "2026-09-29", "2026-09-29T18:00:00"),
        ("week", "Friday", "2026-09-21", "2026-09-28T18:00:00"),  # mid-autumn: moved, and due at the same time
        ("half month", "", "2026-09-20", "2026-09-30T18:00:00"),
    ],
)
def test_a_time_of_day_is_that_of_the_due_day(
    rulebook: Rulebook, every: str, due: str, day: str, expected: str
) -> None:
    owed = duty(every=Every(every), due=parse_limit(f"by {due}") if due else None, on_holiday="next", by=time(18))
    found = duty_due(owed, period_of(Every(every), date.fromisoformat(day)), rulebook.calendar)
    assert (found.due_at, found.counted) == (parse(expected), (date.fromisoformat(expected[:10]),))


def test_whoever_owes_something_by_a_time_is_reminded_that_morning_and_an_hour_before(rulebook: Rulebook) -> None:
    due_at, opened = parse("2026-09-29T18:00:00"), parse("2026-09-29T00:00:00")
    deadline = reminded_as(duty(every=Every.DAY, due=None, by=time(18)))
    planned = plan_reminders(rulebook, deadline, due_at, "traffic-police", opened, {})
    assert [(local(each.at).isoformat()[:16], each.kind) for each in planned[:3]] == [
        ("2026-09-29T08:30", "due"),
        ("2026-09-29T17:00", "remind"),
        ("2026-09-30T08:30", "overdue"),
    ]
    early = plan_reminders(rulebook, deadline, parse("2026-09-29T08:00:00"), "traffic-police", opened, {})
    assert [local(each.at).hour for each in early[:2]] == [7, 8]  # never after it is due


def test_moved_before_its_period_begins_it_is_due_on_its_first_day(rulebook: Rulebook) -> None:
    found = duty_due(duty(on_holiday="previous"), month("2026-10-01"), rulebook.calendar)
    assert (found.due_at, found.counted) == (parse("2026-10-01T23:59:59"), (date(2026, 10, 1),))
    assert [skip.date.day for skip in found.skipped] == [2, 3, 4, 5]
    every_day = duty(every=Every.DAY, due=None, on_holiday="previous")
    sunday = period_of(Every.DAY, date(2026, 9, 13))
    assert duty_due(every_day, sunday, rulebook.calendar).due_at == parse("2026-09-13T23:59:59")
