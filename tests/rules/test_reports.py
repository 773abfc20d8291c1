"""What reports are filled in with: what their figures count, for whom, and what returns come to together."""

from datetime import date

import pytest

from casework.county import rulebook_of
from xunfang.rules.describe.fills import fill_words
from xunfang.rules.figures import Counted, Thing, count, number_of
from xunfang.rules.reports import (
    Return,
    added_up,
    counted_as,
    counted_by,
    figure_of,
    fills_of,
    missing_units,
    owners_for,
    period_covered,
    period_word,
    summed,
)
from xunfang.worktime import Every, period_of

BOSHAN, TIANSHUI = rulebook_of("370304-boshan"), rulebook_of("6205-tianshui")
MONTHLY, SUMMARY = BOSHAN.duties["township-monthly"], BOSHAN.duties["district-monthly"]
SEPTEMBER = period_of(Every.MONTH, date(2026, 9, 10))
VILLAGE, TOWNSHIP = "370304102200", "370304102"


def given(key: str, amount: float, since: date, *, person: str = "", state: str = "granted") -> Thing:
    facts = {"state": state, "amount": amount}
    return Thing(key, facts, VILLAGE, (), since, None, person or key)


def fill(duty: str, field: str) -> tuple[Counted, int | float]:
    rules = BOSHAN.duties[duty]
    figure = figure_of(BOSHAN, rules, next(each for each in fills_of(BOSHAN, rules) if each.field == field))
    assert figure is not None
    things = [
        given("1", 600.5, date(2026, 9, 3), person="a"),
        given("2", 300, date(2026, 9, 9), person="a"),
        given("3", 500, date(2026, 9, 9), person="b"),
        given("4", 900, date(2026, 8, 30)),  # held, but begun before
        given("5", 900, date(2026, 9, 3), state="refused"),
    ]
    counted = count(BOSHAN, figure, SEPTEMBER, things, {}, set())[TOWNSHIP]
    return counted, number_of(figure, counted)


def test_what_begins_in_a_period_is_counted_each_person_once_or_added_up() -> None:
    assert fill("township-monthly", "persons_aided")[1] == 2
    counted, amount = fill("township-monthly", "money_given")
    assert (counted, amount) == (Counted(140050, 3), 1400.5)


def test_everybody_counts_once_however_many_pieces_are_counted() -> None:
    figure = figure_of(BOSHAN, MONTHLY, next(each for each in MONTHLY.fills if each.field == "households_visited"))
    assert figure is not None
    seen: set[tuple[str, str]] = set()
    visit = [Thing(str(n), {}, VILLAGE, (), date(2026, 9, n), date(2026, 9, n), "a") for n in (3, 4)]
    first = count(BOSHAN, figure, SEPTEMBER, visit[:1], {}, seen)
    assert count(BOSHAN, figure, SEPTEMBER, visit[1:], first, seen) == first
    stranger = Thing("9", {}, VILLAGE, (), date(2026, 9, 5), date(2026, 9, 5))
    assert count(BOSHAN, figure, SEPTEMBER, [stranger, stranger], first, seen)[TOWNSHIP].whole == 3


def test_figures_of_reports_are_counted_with_the_indicators_of_the_same_things_and_periods() -> None:
    figures = {each.id: each for each in counted_by(BOSHAN)}
    assert figures.keys() > BOSHAN.indicators.keys()
    closed, found = figures["township-monthly/clues_closed"], figures["township-monthly/clues_found"]
    assert (counted_as(closed), counted_as(found)) == ("case:closed/end", "case/end")
    assert found.per == ("township", "month")
    assert figures["district-monthly/closed"].per == ("month",)


def test_a_unit_reports_what_lies_where_it_works_and_the_county_all() -> None:
    assert owners_for(BOSHAN, MONTHLY.fills[1], f"township:{TOWNSHIP}") == (TOWNSHIP,)
    assert owners_for(BOSHAN, SUMMARY.fills[1], "service-centre") == ("",)


def test_a_summary_sums_the_fields_that_its_returns_have_too_unless_it_says_otherwise() -> None:
    sums = {each.field: each.sums for each in fills_of(BOSHAN, SUMMARY) if each.sums}
    assert sums == {
        name: name for name in ("households_visited", "clues_found", "clues_closed", "persons_aided", "money_given")
    }
    assert {each.sums for each in fills_of(TIANSHUI, TIANSHUI.duties["key-tasks-of-the-city"]) if each.sums} == {
        "found", "enrolled",
    }  # fmt: skip


def test_returns_are_added_up_who_reported_nil_adds_nothing_and_averages_are_computed_anew() -> None:
    form = BOSHAN.forms["subsistence-statistics"]
    returns = [
        Return("township:1", SEPTEMBER, "a", "reported", {"persons": 100, "allowance": 50000.5, "households": 50}),
        Return("township:2", SEPTEMBER, "b", "reported", {"persons": 300, "allowance": 250000, "households": 150}),
        Return("township:3", SEPTEMBER, "c", "nil"),
        Return("township:4", SEPTEMBER, "d", "owed"),
        Return("township:5", SEPTEMBER),
    ]
    assert summed(returns, "persons") == 400
    assert summed(returns, "allowance") == 300000.5
    whole = added_up(form, returns)
    assert (whole["households"], whole["per_capita"]) == (200, 750.0)
    assert missing_units(returns) == ("township:4", "township:5")


@pytest.mark.parametrize(
    ("every", "word"), [(Every.MONTH, "2026-09"), (Every.QUARTER, "2026-Q3"), (Every.YEAR, "2026"), (Every.WEEK, "")]
)
def test_a_period_is_written_as_forms_write_it(every: Every, word: str) -> None:
    period = period_of(every, date(2026, 9, 10))
    assert period_word(period) == (word or period.label)


def test_a_report_covers_the_period_before_that_in_which_it_is_owed() -> None:
    assert period_covered(BOSHAN, MONTHLY, "month", date(2026, 10, 1)) == SEPTEMBER


def test_how_a_figure_is_counted_is_told_in_a_sentence() -> None:
    words = {each.field: fill_words(BOSHAN, MONTHLY, each) for each in MONTHLY.fills}
    assert words["clues_closed"].startswith("本期办结的个案，")
    assert words["money_given"].endswith("把“金额”相加")
    assert words["households_visited"] == "本期的走访，同一人只计一次"
    summary = {each.field: fill_words(BOSHAN, SUMMARY, each) for each in fills_of(BOSHAN, SUMMARY)}
    assert summary["clues_found"] == "各单位所报“发现线索数”的合计"
    assert summary["returns_missing"] == "填尚未报来的单位"
