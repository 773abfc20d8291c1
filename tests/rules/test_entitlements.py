"""What an outcome decides about programmes: state, days, amount, as the programme says which fields tell them."""

from datetime import date
from typing import Any

import pytest

from casework.county import rulebook_of
from xunfang.rulebook.basis import NO_BASIS
from xunfang.rulebook.kinds.flows import Outcome
from xunfang.rules.entitlements import Decided, decisions

BOSHAN = rulebook_of("370304-boshan")
DAY = date(2026, 7, 9)


def outcome(**decides: str) -> Outcome:
    given: dict[str, Any] = {"grants": "", **decides}
    return Outcome(id="x", label="x", when=None, requires=(), prints=(), starts=(), to="x", basis=NO_BASIS, **given)


def decided(answers: dict[str, Any], **decides: str) -> Decided:
    (found,) = decisions(BOSHAN, outcome(**decides), answers, DAY)
    return found


def test_what_goes_on_begins_with_the_month_that_the_form_names() -> None:
    found = decided({"amount": 733.47, "paid_from": "2026-08", "insured_size": 3}, grants="subsistence-allowance")
    assert (found.since, found.until, found.cents, found.members) == (date(2026, 8, 1), None, 73347, 3)


def test_what_a_form_does_not_tell_begins_on_the_day_of_deciding() -> None:
    assert decided({}, grants="subsistence-allowance").since == DAY


def test_what_is_given_once_is_held_on_that_day_alone() -> None:
    found = decided({"amount": 2000}, grants="temporary-aid")
    assert (found.since, found.until) == (DAY, DAY)


def test_what_lasts_some_months_ends_by_itself() -> None:
    assert decided({"programme": "medical-aid"}, grants="$answers.programme").until == date(2027, 7, 9)


def test_a_day_that_the_form_names_ends_it() -> None:
    told = {"valid_from": "2026-07-10", "valid_until": "2027-01-09"}
    found = decided(told, grants="rigid-expense-recognition")
    assert (found.since, found.until) == (date(2026, 7, 10), date(2027, 1, 9))


def test_a_refusal_says_why_and_holds_for_its_day() -> None:
    found = decided({"refusal_ground": "over-income", "amount": 5}, refuses="subsistence-allowance")
    told = (found.state, found.since, found.until, found.cents, found.reason)
    assert told == ("refused", DAY, DAY, None, "over-income")


def test_an_exit_begins_with_its_month_and_never_ends() -> None:
    found = decided({"from_month": "2026-09", "reasons": ["died", "moved"]}, stops="subsistence-allowance")
    assert (found.state, found.since, found.until, found.reason) == ("exited", date(2026, 9, 1), None, "died、moved")


@pytest.mark.parametrize("answers", [{}, {"programme": ""}, {"programme": "no-such"}])
def test_what_names_no_programme_decides_nothing(answers: dict[str, Any]) -> None:
    assert not list(decisions(BOSHAN, outcome(grants="$answers.programme"), answers, DAY))


@pytest.mark.parametrize("written", ["2026-13", "gestern", 7, None, "2026-07-32"])
def test_what_is_no_day_counts_for_nothing(written: Any) -> None:
    assert decided({"paid_from": written}, grants="subsistence-allowance").since == DAY
