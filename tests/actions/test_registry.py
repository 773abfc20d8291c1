"""The registry in the database: what a grant, a report and a visit leave there, and who sees it."""

from datetime import date

import pytest

from actions.town import GRANTED, MEDICAL, TOLD, VILLAGE, Town, report
from xunfang.actions.submitting import submit
from xunfang.casework import Entitlement, Holding, Visit
from xunfang.errors import NotFound
from xunfang.store import Person, new_id
from xunfang.store.scoped import scoped


def _granted(town: Town, **told: object) -> str:
    case = town.dispatched(**told)
    town.complete("doctor", town.task(case, MEDICAL), "granted", {**GRANTED, "amount": 8000})
    return case


def test_a_grant_is_written_down_once_for_the_person(town: Town) -> None:
    case = _granted(town)
    (row,) = town.rows(Entitlement)
    assert (row.programme, row.state, row.cents, row.case) == ("medical-aid", "granted", 800000, case)
    assert row.person == town.case(case).person


def test_what_somebody_holds_is_known_in_their_next_case(town: Town) -> None:
    case = _granted(town)
    town.complete("centre", town.task(case, "service-centre"), "done", TOLD)
    again = _granted(town)
    first, second = town.rows(Entitlement)
    assert again != case
    assert (second.follows, first.withdrawn_at) == ("", None)  # both are given for a fixed time, each for itself


def test_categories_of_a_second_case_are_not_written_twice(town: Town) -> None:
    case = _granted(town, categories=["disabled"])
    town.complete("centre", town.task(case, "service-centre"), "done", TOLD)
    town.report(categories=["disabled"])
    assert [row.category for row in town.rows(Holding)].count("disabled") == 1


def _visit(town: Town, name: str, residence: str = VILLAGE, by: str = "village") -> Visit:
    answers = {"visited_on": "2026-03-10", "name": name, "residence": residence, "found_difficulty": False}
    key = new_id()
    submit(town.deployment, town.actor(by), "visit", answers, key, town.at)
    return town.first(Visit, submission=key)


def test_a_visit_is_of_the_one_person_of_that_name_in_the_village(town: Town) -> None:
    case = town.report().case
    visit = _visit(town, report()["name"], report()["residence"])
    assert (visit.person, visit.visited_on) == (town.case(case).person, date(2026, 3, 10))


def test_a_visit_to_somebody_unknown_makes_no_record(town: Town) -> None:
    assert _visit(town, "周大福").person == ""
    assert not town.rows(Person)


@pytest.mark.parametrize("login", ["village", "township", "leader"])
def test_a_visit_is_seen_by_whoever_made_it_and_above(town: Town, login: str) -> None:
    visit = _visit(town, "周大福")
    with scoped(town.database, town.actor(login).scope) as reader:
        assert reader.submission(visit.submission).id == visit.submission


@pytest.mark.parametrize("login", ["sibling", "doctor"])
def test_a_visit_is_nothing_to_anybody_else(town: Town, login: str) -> None:
    visit = _visit(town, "周大福")
    with scoped(town.database, town.actor(login).scope) as reader, pytest.raises(NotFound):
        reader.submission(visit.submission)
