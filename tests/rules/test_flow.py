"""Flows: what a state opens, which outcomes are open, where a case goes."""

from dataclasses import replace
from typing import Any

import pytest

from rules.answers import AT, TOWNSHIP, VILLAGE, clue
from xunfang.rulebook.model import Rulebook, State
from xunfang.rules.conditions import holds
from xunfang.rules.flow import after_dispatch, enter, flow_opened_by, following, joined, stays_open
from xunfang.rules.routing import propose


def _state(rulebook: Rulebook, name: str = "handling") -> State:
    return rulebook.flows["clue"].states[name]


def test_each_form_opens_its_flow(rulebook: Rulebook) -> None:
    opened = {form: flow_opened_by(rulebook, form) for form in ("clue-report", "hotline-call", "feed-row")}
    assert {flow.id for flow in opened.values() if flow} == {"clue"}
    assert flow_opened_by(rulebook, "monthly-report") is None
    assert after_dispatch(rulebook.flows["clue"]) == "handling"
    assert after_dispatch(rulebook.flows["emergency-aid"]) == "first-aid"


def test_entering_a_state_per_route_opens_one_task_for_each_lead_and_each_helper_once(rulebook: Rulebook) -> None:
    facts = clue(needs=["medical", "housing", "basic-living"])
    proposals = propose(rulebook, rulebook.routing["clue"], facts)
    entered = enter(rulebook, rulebook.flows["clue"], "handling", facts, AT, proposals)
    assert [(task.role, task.unit, task.lead) for task in entered.tasks] == [
        ("lead", "medical-insurance-bureau", "medical-insurance-bureau"),
        ("lead", "housing-bureau", "housing-bureau"),
        ("lead", TOWNSHIP, TOWNSHIP),
        ("assist", VILLAGE, TOWNSHIP),  # the township leads itself, so it assists nobody
    ]
    assert entered.notices == ("transfer-slip",)
    assert all(task.deadline and task.deadline.id == "feedback" for task in entered.tasks)
    assert [bool(task.reminders) for task in entered.tasks] == [True, True, True, False]


def test_who_helps_two_leads_stays_until_both_are_done(rulebook: Rulebook) -> None:
    facts = clue(needs=["medical", "education"])
    proposals = propose(rulebook, rulebook.routing["clue"], facts)
    tasks = enter(rulebook, rulebook.flows["clue"], "handling", facts, AT, proposals).tasks
    first, other, helping = tasks
    assert (helping.unit, helping.lead, helping.helps) == (TOWNSHIP, first.unit, (first.unit, other.unit))
    after_first = following(tasks, first)
    assert after_first == [other, helping._replace(lead=other.unit)]
    assert following(tasks, other) == [first, helping]
    assert following(after_first, other) == []


def test_a_state_with_a_unit_opens_its_one_task(rulebook: Rulebook) -> None:
    entered = enter(rulebook, rulebook.flows["emergency-aid"], "first-aid", clue(), AT)
    assert [(task.unit, task.role) for task in entered.tasks] == [(TOWNSHIP, "lead")]


def test_the_end_opens_nothing(rulebook: Rulebook) -> None:
    entered = enter(rulebook, rulebook.flows["clue"], "archived", clue(), AT)
    assert (entered.tasks, entered.notices) == ((), ())


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ["referred"]),
        ({"eligible": True}, ["granted", "referred"]),
        ({"eligible": True, "programme": "medical-aid"}, ["granted", "special-aid", "referred"]),
        ({"eligible": False}, ["referred", "ineligible"]),
        ({"willing": False}, ["referred", "declined"]),
        ({"emergency": True}, ["referred", "emergency"]),
    ],
)
def test_outcomes_allowed_by_the_facts(rulebook: Rulebook, facts: dict[str, Any], expected: list[str]) -> None:
    allowed = [outcome.id for outcome in _state(rulebook).outcomes.values() if holds(outcome.when, facts)]
    assert allowed == expected


@pytest.mark.parametrize(
    ("join", "decided", "still_open", "expected"),
    [
        ("all", [], 1, None),
        ("all", ["granted"], 1, None),
        ("all", ["granted"], 0, "granted"),
        ("all", ["ineligible", "granted"], 0, "granted"),  # the one that stands first in the file speaks
        ("any", ["ineligible"], 2, "ineligible"),
        ("first-decided", ["declined"], 1, "declined"),
        ("all", ["emergency"], 0, None),  # only recorded: the task goes on
        ("any", ["referred"], 1, "referred"),
        ("first-decided", ["referred"], 1, None),  # counts as no decision here
        ("first-decided", ["referred", "ineligible"], 1, "ineligible"),
        ("first-decided", ["referred", "referred"], 0, "referred"),  # nobody is left who could decide
        ("2", ["granted"], 2, None),
        ("2", ["granted", "referred"], 1, None),
        ("2", ["ineligible", "granted"], 1, "granted"),
        ("2", ["referred", "granted"], 0, "granted"),
        ("2", [], 0, None),
    ],
)
def test_joining(rulebook: Rulebook, join: str, decided: list[str], still_open: int, expected: str | None) -> None:
    undecided = () if join in ("all", "any") else ("referred",)
    found = joined(replace(_state(rulebook), join=join, undecided=undecided), decided, still_open)
    assert (found.id if found else None) == expected


def test_help_in_an_emergency_does_not_end_the_task(rulebook: Rulebook) -> None:
    state = _state(rulebook)
    assert [name for name, outcome in state.outcomes.items() if stays_open(state, outcome)] == ["emergency"]
