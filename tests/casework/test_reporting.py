"""Reports on one person: which case they join, and that urgency is never swallowed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from casework.county import County, rulebook_of
from xunfang.casework import Asked, Clue, Dispatch, Task
from xunfang.clock import parse
from xunfang.rules.intake import decide
from xunfang.worktime import parse_limit

EMERGENCY = {"urgency": "emergency", "danger": "当晚无处居住。"}


@pytest.fixture
def county() -> County:
    return County()


@pytest.fixture
def window(county: County) -> County:
    """The same county, where a report joins a case for thirty days."""
    flow = replace(county.rulebook.flows["clue"], merge_within=parse_limit("30 days"))
    return County(replace(county.rulebook, flows={**county.rulebook.flows, "clue": flow}))


def test_a_report_joins_the_newest_open_case_within_its_window(window: County) -> None:
    opened = []
    for days in (0, 31, 1):
        window.later(days=days)
        opened.append(window.report().id)
    assert opened[0] != opened[1] == opened[2]


def test_the_window_ends_with_its_last_day(window: County) -> None:
    first = window.report()
    window.later(days=30)
    assert window.report().id == first.id
    window.later(days=1)
    assert window.report().id != first.id


def test_an_emergency_told_while_the_leader_has_not_decided_goes_out_at_once(county: County) -> None:
    case = county.report()
    assert (case.urgency, case.state) == ("ordinary", "dispatch")
    county.later(minutes=5)
    joined = county.report(**EMERGENCY)
    assert joined.id == case.id
    assert (joined.urgency, joined.state) == ("emergency", "handling")
    (dispatch,) = county.all(Dispatch)
    assert (dispatch.status, dispatch.decided_by) == ("confirmed", "")
    assert [event.data for event in county.events("case.urgency_raised")] == [
        {"was_urgency": "ordinary", "urgency": "emergency"}
    ]
    assert county.events("dispatch.sent_at_once")


def test_an_emergency_told_while_a_unit_works_reaches_it_and_its_clock(county: County) -> None:
    case = county.report()
    county.confirm(case)
    before = county.task(case)
    county.later(hours=1)
    county.report(**EMERGENCY)
    after = county.task(case)
    assert after.id == before.id
    assert county.case(case.id).urgency == "emergency"
    assert after.due_at is not None
    assert before.due_at is not None
    assert after.due_at <= before.due_at


def test_urgency_never_falls(county: County) -> None:
    case = county.report(**EMERGENCY)
    county.later(hours=1)
    county.report()
    assert county.case(case.id).urgency == "emergency"
    assert county.events("case.urgency_raised") == []


def test_everybody_who_has_the_case_is_told_once(county: County) -> None:
    case = county.report()
    county.confirm(case)
    county.later(hours=1)
    county.report(**EMERGENCY)
    told = [each for each in county.memory.tellings if each.kind == "urgency"]
    assert {each.unit for each in told} == {county.task(case).unit, "service-centre"}
    assert all("特急" in each.body and case.number in each.body for each in told)


def test_a_clock_may_come_nearer_and_never_goes_further(county: County) -> None:
    case = county.report(urgency="urgent")
    county.confirm(case)
    due = county.task(case).due_at
    county.later(days=1)
    county.report(**EMERGENCY)
    assert due is not None
    assert (county.task(case).due_at or due + timedelta(days=999)) <= due


def test_numbers_are_gapless_in_memory_too(county: County) -> None:
    numbers = [county.report(person=name).number for name in ("a", "b", "c")]
    assert [number.rpartition("〕")[2] for number in numbers] == ["1号", "2号", "3号"]


def in_dongying() -> tuple[County, dict[str, Any]]:
    """A county whose townships decide themselves about who handles a case, and handle some."""
    rulebook = rulebook_of("3705-dongying")
    scenario = next(scenario for scenario in rulebook.scenarios if scenario.id == "aided-and-still-hard")
    county = County(rulebook)
    county.at = parse("2026-06-01T10:00:00")
    return county, {**scenario.steps[0]["answers"], "found_at": "2026-06-01T09:00:00"}


def test_the_unit_that_decides_about_a_case_can_be_proposed_for_it_too() -> None:
    county, answers = in_dongying()
    case = county.report(**answers)
    county.report(**answers | {"needs": ["basic-living"]})
    (dispatch,) = county.all(Dispatch)
    leads = [str(item["lead"]).split(":")[0] for item in dispatch.proposed]
    assert (dispatch.case, leads) == (case.id, ["medical-insurance-bureau", "township"])


def test_a_report_put_right_goes_to_the_unit_that_decided_about_it() -> None:
    county, answers = in_dongying()
    case = county.report(**answers)
    (clue,) = county.all(Clue)
    now = {**answers, "needs": ["basic-living"], "urgency": "emergency", "danger": "当晚无处居住。"}
    decision = decide(county.rulebook, "clue-report", now, county.at)
    assert decision.problems == ()
    sender = county.memory.person(unit=clue.unit)
    asked = Asked(verb="correct", actor=sender, clue=clue.id, decision=decision, submission="anew")
    county.memory.do(asked, county.at, [case])
    (dispatch,) = county.all(Dispatch)
    leads = [str(item["lead"]).split(":")[0] for item in dispatch.confirmed]
    open_ones = [task for task in county.all(Task) if task.ended_at is None]
    assert (dispatch.status, leads) == ("confirmed", ["township"])
    assert {(task.unit.split(":")[0], task.role) for task in open_ones} >= {("township", "lead")}
