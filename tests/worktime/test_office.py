"""Office hours."""

from datetime import date, time

import pytest

from xunfang.worktime import parse_office, parse_season

MARCH = date(2026, 3, 10)


def test_an_office_opens_first_and_closes_last() -> None:
    office = parse_office(["8:30-12:00", "13:30-17:30"])

    assert (office.opens_on(MARCH), office.closes_on(MARCH)) == (time(8, 30), time(17, 30))


def test_a_season_goes_before_the_hours_of_every_day() -> None:
    summer = parse_season("06-01", "09-30", ["08:30-12:00", "14:30-18:00"])
    winter = parse_season("12-01", "02-29", ["09:00-12:00", "13:00-17:00"])
    office = parse_office(["08:30-12:00", "13:30-17:30"], [summer, winter])

    closing = {day: office.closes_on(date.fromisoformat(day)).hour for day in CLOSING}
    assert closing == CLOSING
    assert office.opens_on(date(2026, 1, 5)) == time(9)


CLOSING = {
    "2026-05-31": 17, "2026-06-01": 18, "2026-09-30": 18, "2026-10-01": 17,
    "2026-11-30": 17, "2026-12-01": 17, "2027-02-28": 17, "2028-02-29": 17, "2027-03-01": 17,
}  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "halves"),
    [
        (["08:30-12:00", "13:30-17:30"], [("08:30", "12:00"), ("13:30", "17:30")]),
        (["08:00-10:00", "10:15-12:30", "14:00-16:00", "16:10-18:00"], [("08:00", "12:30"), ("14:00", "18:00")]),
        (["09:00-17:00"], [("09:00", "12:00"), ("12:00", "17:00")]),
        (["08:00-12:00"], [("08:00", "12:00")]),
        (["13:00-21:00"], [("13:00", "21:00")]),
    ],
)
def test_a_day_has_a_morning_and_an_afternoon(hours: list[str], halves: list[tuple[str, str]]) -> None:
    found = parse_office(hours).halves_on(MARCH)
    assert [(f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes in found] == halves


@pytest.mark.parametrize(("first", "sentence"), [("6月1日", "应写成“06-01”"), ("02-30", "不是一年中的一天")])
def test_seasons_are_refused(first: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_season(first, "09-30", ["08:30-12:00"])


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        ([], "至少要写一段"),
        (["morning"], "无法识别"),
        (["08:30-25:00"], "超出一天的时刻"),
        (["12:00-08:30"], "从早到晚"),
        (["08:30-14:00", "13:30-17:30"], "不得重叠"),
    ],
)
def test_hours_are_refused(hours: list[str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_office(hours)
