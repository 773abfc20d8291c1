"""A paper and an explanation rest on what binds this act for this person, not on every rule that stood on the way."""

from dataclasses import replace
from datetime import datetime

import pytest

from casework.county import rulebook_of
from xunfang.clock import SHANGHAI
from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.model import Basis, Deadline, LimitCase, Rulebook
from xunfang.rulebook.softness import fixed
from xunfang.rules.citing import cited_by
from xunfang.rules.deadlines import plan_deadline
from xunfang.rules.flow import enter
from xunfang.rules.sample_papers import sample_notice_facts

AT = datetime(2026, 3, 10, 9, tzinfo=SHANGHAI)
COUNTIES = ["370304-boshan", "3705-dongying", "141121-wenshui", "500229221-heyu", "6205-tianshui"]
LOW_INCOME, DESTITUTE = "民发〔2021〕57号", "民发〔2021〕43号"


@pytest.fixture(params=COUNTIES)
def rulebook(request: pytest.FixtureRequest) -> Rulebook:
    return rulebook_of(request.param)


@pytest.mark.parametrize(
    ("flow", "other"),
    [
        ("subsistence-application", DESTITUTE),
        ("subsistence-adjustment", DESTITUTE),
        ("destitute-application", LOW_INCOME),
        ("destitute-exit", LOW_INCOME),
        ("temporary-aid-application", LOW_INCOME),
        ("rigid-expense-application", LOW_INCOME),
        ("quick-aid", LOW_INCOME),
    ],
)
def test_no_task_rests_on_a_document_about_other_people(rulebook: Rulebook, flow: str, other: str) -> None:
    whole = rulebook.flows[flow]
    facts = {"residence": "", "registration": "", "applied_at": "2026-03-10T08:00:00"}
    for state in whole.states.values():
        for task in enter(rulebook, whole, state.id, facts, AT).tasks:
            clauses = {*task.cites, *(task.deadline.cites if task.deadline else ())}
            assert not [clause for clause in clauses if clause.startswith(other)], state.id


def test_a_posting_rests_on_its_own_measure_only(rulebook: Rulebook) -> None:
    for kind, other in (("subsistence-posting", DESTITUTE), ("destitute-posting", LOW_INCOME)):
        cites = [cite["clause"] for cite in sample_notice_facts(rulebook, rulebook.notices[kind])["cites"]]
        assert cites
        assert not [clause for clause in cites if clause.startswith(other)], kind


def test_a_refusal_rests_on_its_outcome_and_not_on_the_duties_of_the_unit(rulebook: Rulebook) -> None:
    for flow in rulebook.flows.values():
        for state in flow.states.values():
            for outcome in state.outcomes.values():
                for kind in (rulebook.notices[id] for id in outcome.prints):
                    told = cited_by(kind, state, outcome.id, ("another duty",))
                    assert told == tuple(
                        dict.fromkeys((*kind.basis.cites, *(outcome.basis.cites or state.basis.cites)))
                    )


def test_what_puts_a_duty_on_a_unit_rests_on_its_rows_and_its_limit(rulebook: Rulebook) -> None:
    flow = next(flow for flow in rulebook.flows.values() if any(state.per_route for state in flow.states.values()))
    state = next(state for state in flow.states.values() if state.per_route)
    slips = [kind for kind in (rulebook.notices[id] for id in state.prints) if kind.to == "unit"]
    for kind in slips:
        assert cited_by(kind, state, "", ("row", "limit"))[-2:] == ("row", "limit")


def test_each_limit_of_a_deadline_rests_on_its_own_clauses() -> None:
    rulebook = rulebook_of("3705-dongying")
    deadline = rulebook.deadlines["follow-application"]
    allowance = plan_deadline(rulebook, deadline, {"programme": "subsistence-allowance"}, AT)
    other = plan_deadline(rulebook, deadline, {"programme": "medical-aid"}, AT)
    assert "民发〔2021〕57号§22" in allowance.cites
    assert other.cites == ("DY-二(三)-3",)
    assert other.practice


def test_a_limit_that_names_nothing_rests_on_what_its_deadline_rests_on() -> None:
    rulebook = rulebook_of("370304-boshan")
    feedback: Deadline = rulebook.deadlines["feedback"]
    assert feedback.limits[0].basis == feedback.basis
    own = LimitCase(ALWAYS, fixed("2 workdays"), Basis(("BS-二(二)1-6",)))
    assert plan_deadline(rulebook, replace(feedback, limits=(own,)), {}, AT).cites == ("BS-二(二)1-6",)
