"""Caps while deciding: every grant to the person counts, whatever case it was in; beyond, only by who may."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casework.county import County, rulebook_of
from casework.test_outcomes import GRANTED
from xunfang.casework import Asked, Case, Draft, File
from xunfang.casework.grants import judged_caps
from xunfang.errors import Invalid
from xunfang.rulebook.model import Basis, Cap, CapOverride, Rulebook
from xunfang.rules.caps import Grant

MEDICAL, AID = "medical-insurance-bureau", "medical-aid"
CLAUSE = "BS-二(二)3-9"
LET = CapOverride("leader", "remarks", Basis((CLAUSE,)))
ONCE = Cap("once", "同一事由一年一次", 1.0, "", ("causes",), 0, LET, Basis(practice="试验"))


def capped(*caps: Cap) -> Rulebook:
    rulebook = rulebook_of("370304-boshan")
    programme = replace(rulebook.programmes[AID], caps=caps)
    return replace(rulebook, programmes={**rulebook.programmes, AID: programme})


@pytest.fixture
def county() -> County:
    return County(capped(ONCE))


def reported(county: County, person: str = "person", **told: Any) -> Case:
    case = county.report(person, **{"causes": ["illness"], **told})
    county.confirm(case, MEDICAL)
    return case


def grant(county: County, case: Case, *roles: str, **answers: Any) -> None:
    task = county.task(case, MEDICAL)
    actor = county.memory.person(*roles, unit=MEDICAL)
    asked = Asked(
        verb="complete", actor=actor, task=task.id, version=task.version, outcome="granted",
        answers={**GRANTED, **answers}, submission=county.memory.new_id(),
    )  # fmt: skip
    county.memory.do(asked, county.at, [county.case(case.id)])


def finish(county: County, case: Case) -> None:
    told = {"notified_on": "2026-03-10", "notify_way": "phone", "satisfaction": "satisfied"}
    county.do("complete", county.task(case), outcome="done", answers=told, submission=county.memory.new_id())


def refused(county: County, case: Case, *roles: str, **answers: Any) -> tuple[str, str, str]:
    with pytest.raises(Invalid) as caught:
        grant(county, case, *roles, **answers)
    (problem,) = caught.value.problems
    return problem.field, problem.code, problem.message


def granted_once(county: County, **told: Any) -> Case:
    case = reported(county, **told)
    grant(county, case)
    finish(county, case)
    return case


def test_a_second_time_needs_who_may_and_why(county: County) -> None:
    granted_once(county)
    again = reported(county)
    field, code, message = refused(county, again, "clerk")
    assert (field, code) == ("outcome", "CAP_REACHED")
    assert message == (
        "超过上限。同一事由一年一次：2026年已给予1次（2026-03-10），本次是第2次，最多1次。"
        "确需给予的，由分管领导办结，并写明理由。"
    )
    assert refused(county, again, "leader")[:2] == ("remarks", "CAP_REASON_MISSING")
    grant(county, again, "leader", remarks="病情反复，再次住院。")
    event = county.events("task.completed")[-1]
    assert event.data["beyond"] == ["同一事由一年一次"]
    assert event.data["caps"] == ["同一事由一年一次：2026年已给予1次（2026-03-10），本次是第2次，最多1次"]
    assert CLAUSE in event.cites


def test_without_an_override_nobody_may() -> None:
    county = County(capped(replace(ONCE, override=None)))
    granted_once(county)
    again = reported(county)
    field, code, message = refused(county, again, "leader", remarks="理由")
    assert (field, code) == ("outcome", "CAP_REACHED")
    assert message.startswith("超过上限，不能给予。")


def test_whoever_stays_within_says_nothing_of_leave(county: County) -> None:
    granted_once(county)
    event = next(event for event in county.events("task.completed") if "grants" in event.data)
    assert "beyond" not in event.data
    assert event.data["caps"] == ["同一事由一年一次：2026年没有给予过，本次是第1次，最多1次"]


def test_another_cause_another_person_and_what_was_voided_do_not_count(county: County) -> None:
    granted_once(county)
    other = reported(county, causes=["accident"])
    grant(county, other)
    grant(county, reported(county, "somebody-else"))
    county = County(capped(ONCE))
    case = reported(county)
    grant(county, case)
    county.do_whole("void", county.case(case.id), reason="错报")
    grant(county, reported(county))


def test_a_year_later_it_is_the_first_again(county: County) -> None:
    granted_once(county)
    county.later(days=297)  # 1 January 2027
    grant(county, reported(county, found_at="2026-12-31T08:00:00"), visited_on="2027-01-01")


def test_what_the_same_unit_decides_anew_in_a_case_does_not_count_against_itself(county: County) -> None:
    case = reported(county)
    task, outcome = county.task(case, MEDICAL), county.rulebook.flows["clue"].states["handling"].outcomes["granted"]
    for unit, beyond in ((MEDICAL, False), ("education-sports-bureau", True)):
        before = Grant(AID, date(2026, 3, 9), {"causes": ["illness"]}, (case.id, "handling", unit))
        file = File(tuple(county.memory.rows.values()), grants={case.person: [before]})
        draft = Draft(county.rulebook, file, county.memory.person(unit=MEDICAL), county.at, county.memory.new_id)
        facts = {"causes": ["illness"], "programme": AID}
        assert [each.beyond for each in judged_caps(draft, case, task, outcome, facts)] == [beyond]


def test_a_programme_without_caps_asks_nothing() -> None:
    county = County()
    granted_once(county)
    grant(county, reported(county))
    assert all("caps" not in event.data for event in county.events("task.completed"))
