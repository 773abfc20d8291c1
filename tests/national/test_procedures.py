"""What the law and the ministry fix for everybody works in a county that has written nothing of its own."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from xunfang.prove.scenarios import run
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook, Scenario
from xunfang.rulebook.softness import fixed
from xunfang.rules.sample import sample_answers
from xunfang.worktime import parse_limit

ROOT = Path(__file__).parents[2]
COUNTY = "999999-example"


@cache
def _rulebook() -> Rulebook:
    national = {path: text for path, text in read_files(ROOT).items() if path.split("/")[1] == "00-national"}
    return compile_rulebook({**national, **read_files(Path(__file__).parent / "county")}, COUNTY)


def _scenarios() -> Iterator[Any]:
    for scenario in _rulebook().scenarios:
        yield pytest.param(scenario, id=scenario.id)


@pytest.mark.parametrize("scenario", list(_scenarios()))
def test_holds(scenario: Scenario) -> None:
    assert [str(failure) for failure in run(_rulebook(), scenario)] == []


def test_a_county_that_writes_nothing_of_its_own_has_every_procedure() -> None:
    assert [str(warning) for warning in _rulebook().warnings if warning.code != "YEAR_WITHOUT_CALENDAR"] == []
    for programme in ("subsistence-allowance", "destitute-support", "temporary-aid", "rigid-expense-recognition"):
        held = _rulebook().programmes[programme]
        assert held.applies_with in _rulebook().flows[held.flow].opens_on


def test_every_form_can_be_filled_in() -> None:
    assert all(sample_answers(_rulebook(), form) for form in _rulebook().forms.values())


FIXED = {
    "survey-start": "3 workdays",
    "data-check-start": "3 workdays",
    "subsistence-decision": "10 workdays",
    "refusal-letter": "3 workdays",
    "subsistence-closing": "30 workdays",
    "destitute-survey": "15 workdays",
    "destitute-recheck": "15 workdays",
    "destitute-decision": "15 workdays",
    "self-care-reassessment": "10 workdays",
    "exit-recheck": "15 workdays",
    "rigid-expense-closing": "30 workdays",
    "quick-aid": "3 days",
    "death-check": "3 months",
}
"""The limits that a measure itself gives as a number."""


@pytest.mark.parametrize("deadline", FIXED)
def test_a_limit_the_measures_fix_rests_on_its_article_and_nothing_else(deadline: str) -> None:
    found = _rulebook().deadlines[deadline]
    assert str(found.limits[-1].limit) == FIXED[deadline]
    assert found.basis.cites
    assert not found.basis.practice


@pytest.mark.parametrize("deadline", ["subsistence-closing", "rigid-expense-closing"])
def test_a_special_case_may_take_forty_five_workdays(deadline: str) -> None:
    assert {str(case.limit) for case in _rulebook().deadlines[deadline].limits} == {"30 workdays", "45 workdays"}


@pytest.mark.parametrize("flow", ["subsistence-application", "destitute-application", "destitute-exit"])
def test_a_first_opinion_is_posted_for_seven_days(flow: str) -> None:
    posting = _rulebook().flows[flow].states["posting"]
    assert (posting.waits, posting.interrupted_by) == (parse_limit("7 days"), "objection")
    assert next(iter(posting.outcomes)) == "undisputed"


PROVEN = ["survey-start", "data-check-start", "subsistence-decision", "refusal-letter", "destitute-survey"]


@pytest.mark.parametrize("deadline", [*PROVEN, "destitute-recheck", "destitute-decision", "exit-recheck", "quick-aid"])
def test_the_scenarios_notice_when_a_limit_changes(deadline: str) -> None:
    found = _rulebook().deadlines[deadline]
    slower = replace(found.limits[-1], limit=fixed("40 workdays"))
    changed = replace(found, limits=(*found.limits[:-1], slower))
    altered = replace(_rulebook(), deadlines={**_rulebook().deadlines, deadline: changed})
    assert any(run(altered, scenario) for scenario in altered.scenarios)


def test_every_refusal_needs_reasons_and_is_printed_with_remedies() -> None:
    refusals = [
        outcome
        for flow in _rulebook().flows.values()
        for state in flow.states.values()
        for outcome in state.outcomes.values()
        if outcome.id == "refused"
    ]
    assert len(refusals) == 5
    for outcome in refusals:
        assert {"refusal_ground", "refusal_text"} <= set(outcome.requires)
        (paper,) = outcome.prints
        assert {"社会救助法§76", "行政复议法§20", "行政诉讼法§46"} <= set(_rulebook().notices[paper].basis.cites)
