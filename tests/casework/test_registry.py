"""The registry as casework writes it: what reports tell of people, and what outcomes give, refuse, change and end."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casework.county import County, rulebook_of
from casework.test_outcomes import GRANTED
from xunfang.casework import Asked, Case, Entitlement, Holding, Task, Visit
from xunfang.casework.holdings import entitled, holds_on
from xunfang.clock import local_date
from xunfang.rules.intake import decide

MEDICAL, AID = "medical-insurance-bureau", "medical-aid"
DAY = date(2026, 3, 10)


@pytest.fixture
def county() -> County:
    return County()


def grant(county: County, case: Case, programme: str = AID, **told: Any) -> None:
    answers = {**GRANTED, "programme": programme, **told}
    county.do(
        "complete", county.task(case, MEDICAL), outcome="granted", answers=answers, submission=county.memory.new_id()
    )


def given(county: County, person: str = "person") -> list[Entitlement]:
    found: list[Entitlement] = [row for row in county.all(Entitlement) if row.person == person]
    return found


def aided(county: County, person: str = "person", **told: Any) -> Case:
    case = county.report(person)
    county.confirm(case, MEDICAL)
    grant(county, case, **told)
    return case


def test_a_report_tells_of_categories_which_are_kept_once(county: County) -> None:
    county.report(categories=["subsistence", "disabled"])
    county.report(categories=["disabled", "orphan"])
    held = [(row.category, row.since, row.source) for row in county.all(Holding)]
    assert held == [(name, DAY, "report") for name in ("subsistence", "disabled", "orphan")]
    told = [event.data.get("categories") for event in county.memory.events if event.name == "clue.submitted"]
    assert told == [["subsistence", "disabled"], ["orphan"]]


def test_categories_of_one_person_are_not_those_of_another(county: County) -> None:
    county.report(categories=["orphan"])
    county.report("other", categories=["orphan"])
    assert [row.person for row in county.all(Holding)] == ["person", "other"]
    opened = [event for event in county.memory.events if event.name == "case.opened"]
    assert [event.data["person"] for event in opened] == ["person", "other"], "the record tells whom a case is about"


def test_a_report_taken_back_is_no_ground_any_more(county: County) -> None:
    case = county.report(categories=["orphan"])
    clue = next(
        row for row in county.memory.rows.values() if getattr(row, "case", "") == case.id and hasattr(row, "receipt")
    )
    actor = county.memory.person(unit="township:370304102")
    asked = Asked(verb="withdraw", actor=actor, clue=clue.id, reason="报错了人")
    county.memory.do(asked, county.at, [case])
    assert [row.until for row in county.all(Holding)] == [DAY]


def test_an_outcome_that_grants_is_written_down_with_its_grounds(county: County) -> None:
    case = aided(county, amount=8000)
    (row,) = given(county)
    assert (row.programme, row.state, row.since, row.until) == (AID, "granted", DAY, date(2027, 3, 10))
    assert (row.cents, row.unit, row.case, row.residence) == (800000, MEDICAL, case.id, case.residence)
    assert row.cites
    assert entitled([row], DAY) == [AID]
    assert entitled([row], date(2027, 3, 11)) == []


def test_what_goes_on_is_a_version_of_its_own_for_every_decision(county: County) -> None:
    aided(county, programme="subsistence-allowance", amount=500)
    county.later(days=40)
    aided(county, programme="subsistence-allowance", amount=650)
    first, second = given(county)
    assert (first.until, second.follows, second.until) == (date(2026, 4, 18), first.id, None)
    assert [row.cents for row in (first, second)] == [50000, 65000]
    assert [row.category for row in county.all(Holding) if row.source == "outcome"] == ["subsistence"]


def test_who_holds_a_programme_is_held_to_be_of_its_category(county: County) -> None:
    case = county.report(categories=[])
    county.confirm(case, MEDICAL)
    grant(county, case, "destitute-support")
    (held,) = county.all(Holding)
    assert (held.category, held.source, held.until) == ("destitute", "outcome", None)


def test_a_decision_dated_back_before_what_it_follows_leaves_no_day_to_that() -> None:
    rulebook = rulebook_of("370304-boshan")
    told = replace(rulebook.programmes["subsistence-allowance"].held, since=("visited_on",))
    programme = replace(rulebook.programmes["subsistence-allowance"], held=told)
    county = County(replace(rulebook, programmes={**rulebook.programmes, programme.id: programme}))
    county.later(days=6)
    aided(county, programme=programme.id, visited_on="2026-03-15")
    county.later(days=40)
    aided(county, programme=programme.id, visited_on="2026-03-12")
    before, after = given(county)
    assert (before.since, before.until) == (date(2026, 3, 15), date(2026, 3, 11))
    assert (after.since, after.until) == (date(2026, 3, 12), None)
    assert holds_on(after, DAY)
    assert not holds_on(before, DAY)


def test_what_is_given_once_ends_nothing(county: County) -> None:
    aided(county, programme="temporary-aid", amount=1000)
    county.later(days=1)
    aided(county, programme="temporary-aid", amount=2000)
    assert [(row.since == row.until, row.follows) for row in given(county)] == [(True, ""), (True, "")]


def test_a_void_case_gave_nothing(county: County) -> None:
    aided(county, programme="subsistence-allowance", amount=500)
    county.later(days=40)
    case = aided(county, programme="subsistence-allowance", amount=650)
    county.do_whole("void", county.case(case.id), reason="重复立案")
    first, second = given(county)
    assert second.withdrawn_at is not None
    assert first.until is None
    assert entitled(given(county), local_date(county.at)) == ["subsistence-allowance"]


def test_a_visit_is_kept_and_tells_of_categories(county: County) -> None:
    rulebook = rulebook_of("3705-dongying")
    dongying = County(rulebook)
    told = {"visited_on": "2026-03-09", "name": "周桂兰", "residence": "370502001011", "found_difficulty": False}
    decision = decide(rulebook, "visit", {**told, "categories": ["orphan"], "way": "phone"}, dongying.at)
    assert decision.problems == ()
    actor = dongying.memory.person(unit="village:370502001011")
    asked = Asked(verb="submit", actor=actor, decision=decision, submission="s", person="p")
    dongying.memory.do(asked, dongying.at, [])
    (visit,) = dongying.all(Visit)
    assert (visit.person, visit.visited_on, visit.way, visit.submission) == ("p", date(2026, 3, 9), "phone", "s")
    assert [(row.person, row.category, row.case) for row in dongying.all(Holding)] == [("p", "orphan", "")]
    assert [event.name for event in dongying.memory.events] == ["visit.made"]
    assert not dongying.all(Task)
