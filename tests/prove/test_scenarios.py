"""Every scenario beside the rules holds on the pure floor, and each would notice if its rules were changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from xunfang.clock import SHANGHAI
from xunfang.errors import RulebookError
from xunfang.prove.scenarios import Failure, Story, run
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook, Scenario
from xunfang.rulebook.softness import fixed

ROOT = Path(__file__).parents[2]
BOSHAN = "370304-boshan"


@cache
def _files() -> dict[str, str]:
    return read_files(ROOT)


@cache
def _rulebook(layer: str) -> Rulebook:
    return compile_rulebook(_files(), layer)


def _scenarios() -> list[tuple[str, str]]:
    found = []
    for path in sorted(_files()):
        folder, layer, *rest = path.split("/")
        if folder == "workflows" and rest[0] == "scenarios" and rest[1] != "base.toml":
            found.append((layer, rest[1].removesuffix(".toml")))
    return found


@pytest.mark.parametrize(("layer", "name"), _scenarios(), ids=lambda part: part)
def test_holds(layer: str, name: str) -> None:
    rulebook = _rulebook(layer)
    scenario = next(scenario for scenario in rulebook.scenarios if scenario.id == name)
    assert [str(failure) for failure in run(rulebook, scenario)] == []


def _scenario(*steps: Mapping[str, Any]) -> Scenario:
    return Scenario("trial", "试", (), steps, "trial.toml")


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def _typical(**answers: Any) -> dict[str, Any]:
    base = next(scenario for scenario in _rulebook(BOSHAN).scenarios if scenario.id == "just-before-midnight")
    return {**base.steps[0]["answers"], "found_at": _at(10, 8, 30), **answers}


SUBMIT = {"at": _at(10, 9, 0), "submit": "clue-report"}
CONFIRM = {"at": _at(10, 10, 0), "act": "confirm-dispatch", "by": "leader"}
TOWNSHIP = "township:370304102"
FOUND = {"visited_on": "2026-03-11", "findings": "入户核实，情况属实。"}


def _complete(day: int, unit: str, outcome: str, answers: Mapping[str, Any], **expect: Any) -> dict[str, Any]:
    step = {"at": _at(day, 9, 0), "act": "complete", "unit": unit, "outcome": outcome, "answers": answers}
    return {**step, "expect": expect}


def test_a_whole_case_runs_to_the_archive() -> None:
    steps = [
        {**SUBMIT, "answers": _typical(), "expect": {"state": "dispatch", "computed": {"monthly_per_capita": 600}}},
        {**CONFIRM, "expect": {"state": "handling", "printed": ["transfer-slip"]}},
        _complete(
            12, TOWNSHIP, "granted", {**FOUND, "eligible": True, "programme": "temporary-aid"},
            state="notify", printed=["closing-notice"],
            tasks=[{"state": "notify", "unit": "service-centre", "due_at": _at(17, 17, 30)}],
        ),
        _complete(
            13, "service-centre", "done",
            {"notified_on": "2026-03-13", "notify_way": "call", "satisfaction": "satisfied"},
            state="archived", tasks=[], overdue=[],
        ),
    ]  # fmt: skip
    steps[3]["answers"]["notify_way"] = next(iter(_rulebook(BOSHAN).lists["notify-way"].entries))
    assert run(_rulebook(BOSHAN), _scenario(*steps)) == ()


def test_the_case_waits_for_its_last_lead() -> None:
    answers = _typical(needs=["medical", "disability"], illness="糖尿病", disability="听力二级")
    granted = {**FOUND, "eligible": True, "programme": "medical-aid"}
    refused = {**FOUND, "eligible": False, "refusal_reason": _entry("refusal-reason")}
    steps = [
        {**SUBMIT, "answers": answers},
        CONFIRM,
        _complete(11, "medical-insurance-bureau", "special-aid", granted, state="handling", printed=[]),
        _complete(
            12,
            "disabled-federation",
            "ineligible",
            refused,
            state="notify",
            printed=["refusal-notice", "closing-notice"],
        ),
    ]
    assert run(_rulebook(BOSHAN), _scenario(*steps)) == ()


def test_an_emergency_found_on_the_spot_starts_a_flow_of_its_own() -> None:
    steps = [
        {**SUBMIT, "answers": _typical()},
        CONFIRM,
        _complete(11, TOWNSHIP, "emergency", {**FOUND, "emergency": True}, state="handling", started=["emergency-aid"]),
    ]
    assert run(_rulebook(BOSHAN), _scenario(*steps)) == ()


def _entry(name: str) -> str:
    return next(iter(_rulebook(BOSHAN).lists[name].entries))


def test_reminders_and_papers_between_two_steps_are_seen_at_the_later() -> None:
    late = {
        "at": _at(23, 9, 0),
        "expect": {
            "overdue": [TOWNSHIP],
            "printed": ["supervision-notice"],
            "reminded": [
                {"to": TOWNSHIP, "kind": "remind"},
                {"to": TOWNSHIP, "kind": "due"},
                {"to": TOWNSHIP, "kind": "overdue"},
                {"to": "service-centre", "kind": "supervise"},
                {"to": "leading-group-office", "kind": "escalate"},
            ],
        },
    }
    assert run(_rulebook(BOSHAN), _scenario({**SUBMIT, "answers": _typical()}, CONFIRM, late)) == ()


def test_an_outcome_that_contradicts_the_answers_is_a_problem() -> None:
    wrong = _complete(11, TOWNSHIP, "granted", {**FOUND, "eligible": False, "refusal_reason": _entry("refusal-reason")})
    failures = run(_rulebook(BOSHAN), _scenario({**SUBMIT, "answers": _typical()}, CONFIRM, wrong))
    assert [failure.got for failure in failures] == [["programme"]]


def test_a_clue_that_joins_later_dates_nothing_back() -> None:
    later = {**SUBMIT, "at": _at(13, 9), "answers": _typical(found_at=_at(13, 8)), "expect": {"joined": True}}
    done = _complete(13, TOWNSHIP, "granted", {**FOUND, "eligible": True, "programme": "temporary-aid"}, problems=[])
    assert run(_rulebook(BOSHAN), _scenario({**SUBMIT, "answers": _typical()}, CONFIRM, later, done)) == ()


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([CONFIRM], "此前没有报上来的线索"),
        ([{**SUBMIT, "answers": _typical()}, {**CONFIRM, "by": "clerk"}], "分派须由“leader”批示"),
        ([{**SUBMIT, "answers": _typical()}, CONFIRM, CONFIRM], "没有等待批示的拟办分派"),
        ([{**SUBMIT, "answers": _typical()}, {**CONFIRM, "at": _at(9, 8, 0)}], "时间早于上一步"),
        (
            [{**SUBMIT, "answers": _typical()}, CONFIRM, _complete(11, "courts", "granted", {})],
            "单位“courts”没有待办的任务",
        ),
        (
            [{**SUBMIT, "answers": _typical()}, CONFIRM, _complete(11, TOWNSHIP, "gone", {})],
            "环节“调查办理”没有办理结果“gone”",
        ),
    ],
)  # fmt: skip
def test_a_step_that_cannot_happen_fails_in_words(steps: list[Mapping[str, Any]], said: str) -> None:
    assert run(_rulebook(BOSHAN), _scenario(*steps))[-1].got == said


def test_an_unexpected_problem_fails_even_when_nothing_is_said_of_problems() -> None:
    answers = {key: value for key, value in _typical().items() if key != "name"}
    assert run(_rulebook(BOSHAN), _scenario({**SUBMIT, "answers": answers})) == (Failure(1, "problems", [], ["name"]),)


@pytest.mark.parametrize(
    ("expect", "what"),
    [
        ({"in_time": []}, "in_time"),
        ({"proposed": [{"lead": TOWNSHIP}]}, "proposed"),
        ({"proposed": [{"lead": "medical-insurance-bureau", "assist": [TOWNSHIP]}]}, "proposed"),
        ({"proposed": []}, "proposed"),
        ({"state": "handling"}, "state"),
        ({"computed": {"monthly_per_capita": 1}}, "computed"),
    ],
)
def test_a_wrong_expectation_fails(expect: Mapping[str, Any], what: str) -> None:
    failures = run(_rulebook(BOSHAN), _scenario({**SUBMIT, "answers": _typical(), "expect": expect}))
    assert [failure.what for failure in failures] == [what]
    assert f"第1步“{what}”：应为 " in str(failures[0])


def _proving(clauses: set[str]) -> list[Scenario]:
    return [scenario for scenario in _rulebook(BOSHAN).scenarios if clauses & set(scenario.proves)]


def _rows_that_are_proved() -> list[str]:
    table = _rulebook(BOSHAN).routing["clue"]
    return [row.id for row in table.rows if _proving(set(row.basis.cites))]


@pytest.mark.parametrize("row_id", _rows_that_are_proved())
def test_deleting_a_row_breaks_a_scenario_that_claims_to_prove_it(row_id: str) -> None:
    rulebook = _rulebook(BOSHAN)
    table = rulebook.routing["clue"]
    row = next(row for row in table.rows if row.id == row_id)
    without = replace(table, rows=tuple(other for other in table.rows if other is not row))
    broken = replace(rulebook, routing={**rulebook.routing, "clue": without})
    assert any(run(broken, scenario) for scenario in _proving(set(row.basis.cites)))


@pytest.mark.parametrize(("deadline_id", "other"), [("feedback", "6 workdays"), ("report-clue", "0 hours")])
def test_altering_a_deadline_breaks_a_scenario_that_claims_to_prove_it(deadline_id: str, other: str) -> None:
    rulebook = _rulebook(BOSHAN)
    deadline = rulebook.deadlines[deadline_id]
    try:
        limit = fixed(other)
    except ValueError:
        limit = fixed("1 hour")
    changed = replace(deadline, limits=(replace(deadline.limits[-1], limit=limit),))
    broken = replace(rulebook, deadlines={**rulebook.deadlines, deadline_id: changed})
    assert any(run(broken, scenario) for scenario in _proving(set(deadline.basis.cites)))


def test_deleting_the_escalation_breaks_a_scenario_that_claims_to_prove_it() -> None:
    rulebook = _rulebook(BOSHAN)
    deadline = replace(rulebook.deadlines["feedback"], escalate=())
    broken = replace(rulebook, deadlines={**rulebook.deadlines, "feedback": deadline})
    assert any(run(broken, scenario) for scenario in _proving({"BS-二(二)3-5"}))


FIRST_AID = {"aided_at": "2026-03-11T15:00:00", "measures": "送医，并发放现金五百元。"}
IN_DANGER = _complete(11, TOWNSHIP, "emergency", {**FOUND, "emergency": True}, started=["emergency-aid"])


def test_a_started_flow_is_followed_beside_the_case_that_started_it() -> None:
    steps = [
        {**SUBMIT, "answers": _typical()},
        CONFIRM,
        IN_DANGER,
        {
            "at": _at(11, 15), "flow": "emergency-aid", "act": "complete", "unit": TOWNSHIP, "outcome": "given",
            "answers": FIRST_AID, "expect": {"state": "account", "case_due_at": "", "proposed": []},
        },
        {"at": _at(11, 16), "expect": {"state": "handling", "tasks": [], "printed": [], "overdue": []}},
        {"at": _at(20, 9), "flow": "emergency-aid", "expect": {"overdue": [TOWNSHIP]}},
    ]  # fmt: skip
    assert run(_rulebook(BOSHAN), _scenario(*steps)) == ()


def test_what_came_about_is_seen_once_by_the_next_step_about_that_case() -> None:
    begun = {"state": "first-aid", "unit": TOWNSHIP, "deadline": "first-aid", "due_at": _at(12, 9)}
    steps = [
        {**SUBMIT, "answers": _typical()},
        CONFIRM,
        IN_DANGER,
        {"at": _at(12, 10), "expect": {"tasks": [], "reminded": []}},
        {
            "at": _at(12, 10),
            "flow": "emergency-aid",
            "expect": {
                "tasks": [begun],
                "reminded": [{"to": TOWNSHIP, "kind": "due"}, {"to": "service-centre", "kind": "supervise"}],
            },
        },
        {"at": _at(12, 10), "flow": "emergency-aid", "expect": {"tasks": [], "reminded": []}},
    ]
    assert run(_rulebook(BOSHAN), _scenario(*steps)) == ()


def test_a_step_about_a_flow_that_nothing_started_cannot_happen() -> None:
    steps = [{**SUBMIT, "answers": _typical()}, {"at": _at(10, 11), "flow": "emergency-aid"}]
    assert run(_rulebook(BOSHAN), _scenario(*steps))[-1].got == "此前没有启动流程“emergency-aid”"


def test_the_unit_that_decides_a_dispatch_is_reminded_and_falls_overdue_too() -> None:
    late = {
        "at": _at(11, 18),
        "expect": {"overdue": ["service-centre"], "reminded": [{"to": "service-centre", "kind": "due"}], "tasks": []},
    }
    assert run(_rulebook(BOSHAN), _scenario({**SUBMIT, "answers": _typical()}, late)) == ()


def test_the_clock_of_the_case_goes_on_beside_those_of_its_tasks() -> None:
    answered = _complete(16, TOWNSHIP, "granted", {**FOUND, "eligible": True, "programme": "temporary-aid"})
    informed = {"notified_on": "2026-03-17", "notify_way": _entry("notify-way"), "satisfaction": "satisfied"}
    pressed = {
        "at": datetime(2026, 4, 9, 9, tzinfo=SHANGHAI),
        "expect": {"case_due_at": datetime(2026, 4, 8, 17, 30, tzinfo=SHANGHAI), "overdue": ["service-centre"]},
    }
    begun = [{**SUBMIT, "answers": _typical()}, CONFIRM, answered]
    told = _reminded(begun, pressed)
    assert {"to": "leading-group-office", "kind": "supervise"} in told
    assert told.count({"to": "service-centre", "kind": "due"}) == 2  # once for its task, once for the case
    closed = _complete(17, "service-centre", "done", informed, state="archived")
    assert _reminded([*begun, closed], {"at": pressed["at"]}) == []


def _reminded(before: Sequence[Mapping[str, Any]], last: Mapping[str, Any]) -> list[Any]:
    assert run(_rulebook(BOSHAN), _scenario(*before, last)) == ()
    story = Story(_rulebook(BOSHAN))
    for step in before:
        story.play(step)
    told: list[Any] = story.play(last)["reminded"]
    return told


@pytest.mark.parametrize(
    ("at", "change", "joins"),
    [
        (_at(20, 9), {}, True),
        (datetime(2026, 4, 9, 23, 30, tzinfo=SHANGHAI), {}, True),
        (datetime(2026, 4, 10, 0, 30, tzinfo=SHANGHAI), {}, False),
        (_at(20, 9), {"id_number": "370304196805120521"}, False),
        (_at(20, 9), {"id_number": None}, False),
    ],
)
def test_only_an_equal_id_number_within_the_time_joins_two_reports(
    at: datetime, change: Mapping[str, Any], *, joins: bool
) -> None:
    answers = {name: value for name, value in {**_typical(), **change}.items() if value is not None}
    again = {"at": at, "submit": "clue-report", "answers": answers, "expect": {"joined": joins}}
    assert run(_rulebook(BOSHAN), _scenario({**SUBMIT, "answers": _typical()}, again)) == ()


def test_a_second_clue_is_added_to_the_dispatch_that_still_waits() -> None:
    again = {
        "at": _at(10, 9, 30),
        "submit": "clue-report",
        "answers": _typical(needs=["basic-living", "medical"], illness="糖尿病"),
        "expect": {
            "joined": True,
            "state": "dispatch",
            "proposed": [
                {"lead": TOWNSHIP, "assist": ["village:370304102200"]},
                {"lead": "medical-insurance-bureau", "assist": [TOWNSHIP]},
            ],
        },
    }
    sent = {**CONFIRM, "expect": {"tasks": [{"unit": TOWNSHIP}, {"unit": "medical-insurance-bureau"}]}}
    assert run(_rulebook(BOSHAN), _scenario({**SUBMIT, "answers": _typical()}, again, sent)) == ()


@pytest.mark.parametrize(
    ("day", "duty", "not_owed"),
    [
        (_at(6, 9), "township-monthly", ["township-monthly"]),
        (_at(5, 9), "township-monthly", []),
        (_at(6, 9), "return-visits", []),  # it follows an event: no day of the calendar says anything of it
        (_at(6, 9), "no-such-duty", []),
    ],
)
def test_a_duty_that_is_not_due_can_be_told_from_one_that_is(day: datetime, duty: str, not_owed: list[str]) -> None:
    failures = run(_rulebook(BOSHAN), _scenario({"at": day, "expect": {"not_owed": [duty]}}))
    assert failures == (() if not_owed else (Failure(1, "not_owed", [duty], []),))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('flow = "emergency-aid"', 'flow = "emergency-aids"', "没有名为“emergency-aids”的流程"),
        ('to = "service-centre", kind', 'to = "service-center", kind', "没有名为“service-center”的单位"),
        ("expect.overdue = []", 'expect.not_owed = ["township-montly"]', "没有名为“township-montly”的定期任务"),
    ],
)
def test_a_name_that_a_step_gets_wrong_is_found_by_the_compiler(before: str, after: str, said: str) -> None:
    path = f"workflows/{BOSHAN}/scenarios/help-first.toml"
    assert before in _files()[path]
    files = {**_files(), path: _files()[path].replace(before, after)}
    with pytest.raises(RulebookError) as refused:
        compile_rulebook(files, BOSHAN)
    assert any(said in str(problem) for problem in refused.value.problems)
