"""The whole decision on a submission, and its explanation as plain data."""

import json
from typing import Any

import pytest

from rules.answers import AT, TOWNSHIP, VILLAGE, clue
from xunfang.rulebook.model import Rulebook
from xunfang.rules.explain import explanation
from xunfang.rules.facts import facts_of
from xunfang.rules.intake import decide


def _explained(rulebook: Rulebook, form: str = "clue-report", **changes: Any) -> dict[str, Any]:
    return explanation(rulebook, decide(rulebook, form, clue(**changes), AT))


def test_with_problems_nothing_follows(rulebook: Rulebook) -> None:
    told = _explained(rulebook, name=None)
    assert (told["valid"], told["problems"]) == (False, [{"field": "name", "message": "请填写“困难群众姓名”。"}])
    assert (told["proposed"], told["tasks"], told["notices"], told["in_time"]) == ([], [], [], {})


def test_an_unknown_form_is_a_key_error(rulebook: Rulebook) -> None:
    with pytest.raises(KeyError):
        decide(rulebook, "no-such-form", {}, AT)


def test_the_explanation_is_whole_and_json_ready(rulebook: Rulebook) -> None:
    told = _explained(rulebook, household_income=21600, household_size=3)
    assert set(told) >= {
        "jurisdiction", "rulebook", "valid", "problems", "computed", "proposed", "tasks", "in_time", "notices",
        "reminders",
    }  # fmt: skip
    assert (told["jurisdiction"], told["rulebook"]) == ("370304-boshan", rulebook.digest)
    assert json.loads(json.dumps(told, ensure_ascii=False)) == told
    (task,) = told["tasks"]
    assert set(task) >= {
        "unit", "unit_name", "state", "deadline", "due_at", "routes", "cites", "counted", "skipped", "provisional",
    }  # fmt: skip
    assert (task["unit"], task["routes"]) == (TOWNSHIP, ["basic-living"])
    assert task["unit_name"].startswith("域城镇社会救助")
    assert task["due_at"] == "2026-03-17T17:30:00+08:00"
    assert told["assisting"] == [{"unit": VILLAGE, "unit_name": told["assisting"][0]["unit_name"], "lead": TOWNSHIP}]


def test_computed_fields_use_the_standard_in_force_on_the_day(rulebook: Rulebook) -> None:
    told = _explained(rulebook, household_income=21600, household_size=3)
    assert told["computed"]["age"] == 57
    assert told["computed"]["monthly_per_capita"] == 600
    assert told["computed"]["standard_ratio"] == pytest.approx(600 / 1060)
    earlier = AT.replace(year=2025)
    facts, _ = facts_of(rulebook, rulebook.forms["clue-report"], clue(), earlier)
    assert facts["standards.subsistence"] == 1010


def test_only_an_emergency_goes_out_unconfirmed(rulebook: Rulebook) -> None:
    assert _explained(rulebook)["needs_confirmation"] is True
    assert _explained(rulebook, urgency=None)["needs_confirmation"] is True
    assert _explained(rulebook, urgency="emergency", danger="无处居住。")["needs_confirmation"] is False


def test_a_form_that_opens_no_flow_is_only_checked(rulebook: Rulebook) -> None:
    decision = decide(rulebook, "investigation-feedback", {"visited_on": "2026-03-09", "findings": "属实。"}, AT)
    assert (decision.problems, decision.flow, decision.entered, decision.proposals) == ((), None, None, ())


def test_what_the_system_knows_besides_is_a_fact_too(rulebook: Rulebook) -> None:
    known = {"person.entitled": ["medical-aid"]}
    facts = decide(rulebook, "clue-report", clue(), AT, known).facts
    assert facts["person.entitled"] == ["medical-aid"]
    assert (facts["person.age"], facts["person.sex"]) == (57, "女")
    assert facts["person.residence"] == "370304102200"


def test_the_same_question_has_the_same_answer(rulebook: Rulebook) -> None:
    assert _explained(rulebook) == _explained(rulebook)
