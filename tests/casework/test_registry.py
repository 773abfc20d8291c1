"""The registry as casework writes it: what reports tell of people, and what outcomes give, refuse, change and end."""

from dataclasses import replace
from datetime import date, timedelta
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


EXIT, KEEP = "exited", "kept"
TOWN, CHECKED = "township:370505105", {"visited_on": "2026-03-10", "findings": "入户核实。"}
HEARD = {"heard_on": "2026-03-10", "heard_note": "无异议。"}
WHY = {"programme": "subsistence-allowance", "reason": "收入超过标准。"}


@pytest.fixture
def dongying() -> County:
    return County(rulebook_of("3705-dongying"))


def proposed(county: County, change: str = "exit") -> Case:
    """Return a case of adjusting what somebody has, checked by the township; the county has yet to decide."""
    told = {"found_at": "2026-03-10T08:00:00", "name": "刘金水", "residence": "370505105201", "findings": "抽查发现。"}
    about = {"adjustment": change, **({"programme": WHY["programme"]} if change != "keep" else {})}
    decision = decide(county.rulebook, "dynamic-proposal", {**told, **about}, county.at)
    assert decision.problems == ()
    actor = county.memory.person(unit=TOWN)
    asked = Asked(verb="submit", actor=actor, decision=decision, submission=county.memory.new_id(), person="person")
    new = county.memory.do(asked, county.at, []).new
    case = next(row for row in new if isinstance(row, Case))
    answers = {**CHECKED, **about, "reason": WHY["reason"], **(HEARD if change != "enrol" else {})}
    county.do("complete", county.task(case), outcome=change, answers=answers, submission=county.memory.new_id())
    return case


def confirmed(county: County, case: Case, outcome: str, change: str, **told: Any) -> None:
    answers = {"adjustment": change, "decided_on": local_date(county.at).isoformat(), **told}
    county.do("complete", county.task(case), outcome=outcome, answers=answers, submission=county.memory.new_id())
    county.later(days=1)


def stopped(county: County, programme: str = WHY["programme"]) -> Case:
    """Return a closed case that ended what somebody was given in another one a while ago."""
    confirmed(county, proposed(county, "enrol"), "enrolled", "enrol", programme=programme, amount=500)
    county.later(days=40)
    case = proposed(county)
    county.later(days=1)
    confirmed(county, case, EXIT, "exit", **{**WHY, "programme": programme})
    return county.case(case.id)


def reopened(county: County, case: Case) -> Case:
    county.do_whole("reopen", county.case(case.id), reason="复查有误")
    county.later(hours=1)
    return county.case(case.id)


def categories(county: County) -> list[str]:
    return [row.category for row in county.all(Holding) if row.until is None]


def test_what_is_kept_in_a_case_opened_again_is_not_ended_any_more(dongying: County) -> None:
    case = stopped(dongying)
    assert [row.until is None for row in given(dongying)] == [False, True]
    assert categories(dongying) == []
    confirmed(dongying, reopened(dongying, case), KEEP, "keep", reason="收入没有超过标准。")
    enrolled, exited = given(dongying)
    assert exited.withdrawn_at is not None
    assert (enrolled.until, enrolled.withdrawn_at) == (None, None)
    assert categories(dongying) == ["subsistence"]


def test_what_was_changed_falls_back_when_a_case_opened_again_keeps_it(dongying: County) -> None:
    confirmed(dongying, proposed(dongying, "enrol"), "enrolled", "enrol", programme=WHY["programme"], amount=500)
    dongying.later(days=40)
    case = proposed(dongying, "change")
    dongying.later(days=1)
    confirmed(dongying, case, "changed", "change", programme=WHY["programme"], amount=800)
    confirmed(dongying, reopened(dongying, case), KEEP, "keep", reason="不作调整。")
    running = [
        row.cents for row in given(dongying) if row.state == "granted" and holds_on(row, local_date(dongying.at))
    ]
    assert running == [50000]


def test_what_was_given_at_once_stays_when_a_case_is_decided_anew(dongying: County) -> None:
    case = stopped(dongying)
    task = next(row for row in dongying.all(Task) if row.case == case.id and row.state == "confirming")
    (exited,) = (row for row in given(dongying) if row.case == case.id)
    at_once = replace(exited, id="at-once", programme="temporary-aid", state="granted", decided_at=task.opened_at)
    dongying.memory.rows["at-once"] = replace(at_once, follows="")
    confirmed(dongying, reopened(dongying, case), KEEP, "keep", reason="不作调整。")
    assert {row.id for row in given(dongying) if row.withdrawn_at} == {exited.id}


def test_taking_back_an_exit_brings_back_what_lasts_for_a_fixed_time_to_its_own_end(dongying: County) -> None:
    case = stopped(dongying, AID)
    before = given(dongying)[0]
    assert before.until == given(dongying)[1].since - timedelta(days=1)
    reopened(dongying, case)
    dongying.do_whole("void", dongying.case(case.id), reason="重复立案")
    assert given(dongying)[0].until == DAY.replace(year=2027)


def test_taking_back_an_exit_leaves_what_was_decided_since(dongying: County) -> None:
    case = stopped(dongying)
    again = proposed(dongying, "enrol")
    confirmed(dongying, again, "enrolled", "enrol", programme=WHY["programme"], amount=700)
    reopened(dongying, case)
    dongying.do_whole("void", dongying.case(case.id), reason="重复立案")
    first, exited, second = given(dongying)
    assert (first.until, exited.withdrawn_at is None) == (second.since - timedelta(days=1), False)
    assert (second.until, second.follows) == (None, first.id)
    assert categories(dongying) == ["subsistence"]


def test_a_case_that_gave_and_ended_something_leaves_nothing_when_it_is_void(county: County) -> None:
    case = aided(county, programme="subsistence-allowance", amount=500, categories=[])
    (granted,) = given(county)
    exited = replace(granted, id="exit", state="exited", follows=granted.id, since=DAY, decided_at=county.at)
    county.memory.rows |= {"exit": exited, granted.id: replace(granted, until=DAY - timedelta(days=1))}
    (held,) = (row for row in county.all(Holding) if row.source == "outcome")
    county.memory.rows[held.id] = replace(held, until=DAY)
    county.do_whole("void", county.case(case.id), reason="重复立案")
    assert all(row.withdrawn_at for row in given(county))
    assert "subsistence" not in categories(county)


def test_what_nobody_decides_anew_in_time_is_not_ended_any_more_where_keeping_it_is_deemed() -> None:
    found = rulebook_of("3705-dongying")
    flow = found.flows["dynamic-adjustment"]
    deeming = {**flow.states, "confirming": replace(flow.states["confirming"], on_breach=KEEP)}
    county = County(replace(found, flows={**found.flows, flow.id: replace(flow, states=deeming)}))
    case = reopened(county, stopped(county))
    county.later(days=60)
    assert county.case(case.id).outcome == KEEP
    assert [bool(row.withdrawn_at) for row in given(county)] == [False, True]
