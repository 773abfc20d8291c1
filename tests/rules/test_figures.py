"""For whom and for which period things count, and what the points of a year come to."""

from dataclasses import replace
from datetime import date

from casework.county import rulebook_of
from xunfang.rulebook.kinds.indicators import Score
from xunfang.rules.figures import (
    COUNTY,
    Counted,
    Thing,
    count,
    counts_in,
    every_of,
    lately,
    owners_of,
    shown,
    together,
    totals,
)
from xunfang.worktime import Every, Period, period_of

BOSHAN = rulebook_of("370304-boshan")
SAME_DAY, FEEDBACK = BOSHAN.indicators["same-day-report"], BOSHAN.indicators["feedback-on-time"]
MARCH = period_of(Every.MONTH, date(2026, 3, 10))
VILLAGE = "370304102200"


def case(key: str = "1", *, in_time: bool = True, day: int = 10, residence: str = VILLAGE) -> Thing:
    facts = {"flow": "clue", "case.flow": "clue", "reported_in_time": in_time}
    on = date(2026, 3, day)
    return Thing(key, facts, residence, ("medical-insurance-bureau",), on, on)


def test_a_township_is_counted_for_what_lies_in_it_and_the_whole_as_well() -> None:
    assert owners_of(BOSHAN, SAME_DAY, case()) == (COUNTY, VILLAGE[:9])


def test_what_lies_nowhere_known_counts_for_the_whole_alone() -> None:
    assert owners_of(BOSHAN, SAME_DAY, case(residence="370304")) == (COUNTY,)


def test_a_unit_is_counted_for_what_it_answers_for() -> None:
    thing = replace(case(), units=("a", "b", "a"))
    assert owners_of(BOSHAN, FEEDBACK, thing) == (COUNTY, "a", "b")


def test_parts_and_wholes_are_counted_by_owner() -> None:
    things = [case("1"), case("2", in_time=False), case("3", residence="370304103011"), case("4", day=31)]
    found = count(BOSHAN, SAME_DAY, MARCH, things, {})
    assert found == {COUNTY: Counted(3, 4), VILLAGE[:9]: Counted(2, 3), "370304103": Counted(1, 1)}


def test_counting_goes_on_where_the_piece_before_stopped() -> None:
    first = count(BOSHAN, SAME_DAY, MARCH, [case("1")], {})
    assert count(BOSHAN, SAME_DAY, MARCH, [case("2", in_time=False)], first)[COUNTY] == Counted(1, 2)


def test_what_is_of_another_flow_or_month_is_not_counted() -> None:
    other = replace(case(), facts={"flow": "appeal", "reported_in_time": True})
    april = replace(case(), first=date(2026, 4, 1), last=date(2026, 4, 1))
    assert count(BOSHAN, SAME_DAY, MARCH, [other, april], {}) == {}


def test_what_goes_on_counts_in_every_period_it_touches() -> None:
    held = Thing("1", {}, VILLAGE, (), date(2026, 1, 15), None)
    assert counts_in(held, MARCH)
    assert not counts_in(replace(held, last=date(2026, 2, 28)), MARCH)
    assert not counts_in(replace(held, first=date(2026, 4, 1)), MARCH)


def test_a_stock_is_what_is_there_on_the_last_day_or_today_while_that_is_to_come() -> None:
    held, ends, middle = Thing("1", {}, VILLAGE, (), date(2026, 1, 15), None), date(2026, 3, 31), date(2026, 3, 10)
    assert counts_in(held, MARCH, "standing", date(2026, 9, 1))
    assert counts_in(replace(held, last=ends), MARCH, "standing", date(2026, 9, 1))
    assert not counts_in(replace(held, last=date(2026, 3, 30)), MARCH, "standing", date(2026, 9, 1))
    assert not counts_in(replace(held, first=date(2026, 4, 1)), MARCH, "standing", date(2026, 9, 1))
    assert not counts_in(replace(held, first=date(2026, 3, 20)), MARCH, "standing", middle)
    assert counts_in(replace(held, last=date(2026, 3, 20)), MARCH, "standing", middle)


def test_points_grow_up_to_what_earns_all() -> None:
    assert shown(FEEDBACK, Counted(19, 20)).points == 10
    assert shown(FEEDBACK, Counted(1, 2)).points == 5.26
    assert shown(FEEDBACK, Counted()).points is None


def test_of_what_points_are_taken_away_for_none_is_nought() -> None:
    taken = replace(FEEDBACK, score=Score(-10, 0.05))
    assert [f"{shown(taken, Counted(part, 20)).points:g}" for part in (0, 1)] == ["0", "-10"]


def test_a_year_is_counted_together_and_ranked() -> None:
    months = {
        ("feedback-on-time", "a"): [Counted(1, 1), Counted(0, 9)],
        ("feedback-on-time", "b"): [Counted(9, 10)],
        ("closing", "b"): [Counted(0, 4)],
    }
    best, other = totals(BOSHAN, months, ["a", "b", "c"])
    assert (best.owner, best.points) == ("b", {"feedback-on-time": 9.47, "closing": 0.0})
    assert (other.owner, other.whole) == ("a", 1.05)


def test_the_periods_are_the_shortest_that_the_rules_name() -> None:
    assert every_of(SAME_DAY) is Every.MONTH
    assert every_of(BOSHAN.indicators["satisfaction"]) is Every.YEAR
    found = lately(SAME_DAY, date(2026, 2, 3), 3)
    assert [period.first for period in found] == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]


def test_several_periods_are_one() -> None:
    assert together([Counted(1, 2), Counted(3, 4)]) == Counted(4, 6)
    assert together([]) == Counted()
    assert isinstance(MARCH, Period)
