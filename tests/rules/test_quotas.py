"""What is owed of a quota in a period: what each asks for, what is left in the last, shares of what was told."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from rules.test_duties import duty
from xunfang.rulebook.model import Duty, Quota, Rulebook
from xunfang.rules.quotas import Done, Wanted, done_in, quota_words, reported_words, wanted
from xunfang.worktime import Every, period_of

FIFTY = Quota("households_visited", "", Fraction(10), Fraction(50), Every.YEAR)
ALL = Quota("clues_closed", "clues_found", Fraction(1, 3), Fraction(1), Every.QUARTER)
QUARTERLY = duty(every=Every.QUARTER, due=None, form="monthly-report", quota=FIFTY)
MONTHLY = replace(QUARTERLY, every=Every.MONTH, quota=ALL)


def owed(
    rulebook: Rulebook, owing: Duty, day: str, *earlier: tuple[str, float, float | None], out_of: float | None = None
) -> Wanted:
    assert owing.every
    reported = [Done(date.fromisoformat(on), count, of) for on, count, of in earlier]
    return wanted(rulebook, owing, period_of(owing.every, date.fromisoformat(day)), reported, out_of)


@pytest.mark.parametrize(
    ("day", "counts", "needed"),
    [
        ("2026-01-10", (), 10),
        ("2026-07-10", (0, 0), 10),  # what was missed is made up for in the last, not before
        ("2026-10-10", (12, 12, 12), 14),
        ("2026-10-10", (0, 0, 0), 50),
        ("2026-10-10", (30, 30, 30), 10),  # and whatever was done, each quarter has its own
        ("2026-10-10", (13.5, 13, 13), 11),
    ],
)
def test_each_period_its_own_and_the_last_what_is_left(
    rulebook: Rulebook, day: str, counts: tuple[float, ...], needed: int
) -> None:
    begins = ("2026-01-01", "2026-04-01", "2026-07-01")
    earlier = [(on, count, None) for on, count in zip(begins, counts, strict=False)]
    found = owed(rulebook, QUARTERLY, day, *earlier)
    assert (found.needed, found.done, found.rounds) == (needed, sum(counts), 4)


def test_other_years_and_later_periods_are_not_counted(rulebook: Rulebook) -> None:
    earlier = [("2025-10-01", 90.0, None), ("2026-10-01", 7.0, None), ("2026-01-01", 1.0, None)]
    found = owed(rulebook, QUARTERLY, "2026-10-10", *earlier)
    assert (found.done, found.needed, found.nth) == (1, 49, 4)


@pytest.mark.parametrize(
    ("day", "earlier", "told", "needed"),
    [
        ("2026-07-10", (), None, None),  # nobody said of how many
        ("2026-07-10", (), 100, 34),  # a third, rounded up
        ("2026-08-10", ((30.0, 90.0),), None, 30),
        ("2026-08-10", ((80.0, 90.0),), None, 10),  # no more than there is left
        ("2026-08-10", ((95.0, 90.0),), None, 0),
        ("2026-09-10", ((30.0, 90.0), (10.0, 96.0)), None, 56),  # of as many as were told last
        ("2026-09-10", ((30.0, 90.0), (10.0, None)), 60, 20),
        ("2026-09-10", ((30.0, 90.0), (60.0, None)), None, 0),
    ],
)
def test_shares_are_of_what_was_told_now_or_last(
    rulebook: Rulebook,
    day: str,
    earlier: tuple[tuple[float, float | None], ...],
    told: float | None,
    needed: int | None,
) -> None:
    rows = [(on, *both) for on, both in zip(("2026-07-01", "2026-08-01"), earlier, strict=False)]
    assert owed(rulebook, MONTHLY, day, *rows, out_of=told).needed == needed


def test_a_report_is_held_against_it(rulebook: Rulebook) -> None:
    found = owed(rulebook, QUARTERLY, "2026-10-10", ("2026-01-01", 36.0, None))
    assert reported_words(found, 14) == "本期不少于14，报14"
    assert reported_words(found, 10) == "本期不少于14，报10，少4"
    assert reported_words(owed(rulebook, MONTHLY, "2026-07-10"), 10) == ""
    told = {"clues_closed": 3, "clues_found": True}
    assert done_in(ALL, date(2026, 7, 1), told) == Done(date(2026, 7, 1), 3, None)


def test_it_is_told_in_words(rulebook: Rulebook) -> None:
    assert quota_words(rulebook, QUARTERLY, FIFTY) == "“走访户数”每季度不少于10、全年不少于50"
    assert quota_words(rulebook, MONTHLY, ALL) == "“办结线索数”每月不少于“发现线索数”的3分之1、全季度内全部做到"
    words = owed(rulebook, MONTHLY, "2026-07-10").words
    assert words.endswith("；本期（第1期，共3期）按报送的“发现线索数”计算")
