"""A state entered twice: the second round is decided by what was done in it, and waits its own time."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from xunfang.cli.engine_scenarios import disagreements
from xunfang.clock import parse
from xunfang.prove.scenarios import run
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook, Scenario

ROOT = Path(__file__).parents[2]
TOWNSHIP, COUNTY = "township:999999101", "civil-affairs"
CHECKED = {"verified_on": "2026-03-04", "findings": "核实情况说明"}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    national = {path: text for path, text in read_files(ROOT).items() if path.split("/")[1] == "00-national"}
    return compile_rulebook({**national, **read_files(Path(__file__).parent / "county")}, "999999-example")


def _done(at: datetime, unit: str, outcome: str, **answers: Any) -> dict[str, Any]:
    return {"at": at, "act": "complete", "unit": unit, "outcome": outcome, "answers": answers}


def _disputed_case(rulebook: Rulebook) -> list[Any]:
    story = next(scenario for scenario in rulebook.scenarios if scenario.id == "destitute-ended")
    return list(story.steps[:4])


def _both_floors_agree(rulebook: Rulebook, steps: list[Any]) -> None:
    scenario = Scenario("rounds", "两轮", (), tuple(steps), "")
    assert run(rulebook, scenario) == ()
    assert disagreements(rulebook, scenario) == ()


def test_the_second_recheck_decides_and_not_the_first(rulebook: Rulebook) -> None:
    steps = [
        *_disputed_case(rulebook),
        _done(parse("2026-03-16T09:00"), COUNTY, "to-end", to_end=True, **CHECKED),
        _done(parse("2026-03-17T09:00"), TOWNSHIP, "posted", posted_on="2026-03-17"),
        _done(parse("2026-03-18T09:00"), TOWNSHIP, "disputed", disputed=True, objection="家里另有情况"),
        _done(parse("2026-03-20T09:00"), COUNTY, "goes-on", to_end=False, **CHECKED),
    ]
    _both_floors_agree(rulebook, steps)


def test_a_second_posting_waits_its_own_seven_days(rulebook: Rulebook) -> None:
    steps = [
        *_disputed_case(rulebook),
        _done(parse("2026-03-10T09:00"), COUNTY, "to-end", to_end=True, **CHECKED),
        _done(parse("2026-03-11T09:00"), TOWNSHIP, "posted", posted_on="2026-03-11"),
        {"at": parse("2026-03-13T09:00")},
        {"at": parse("2026-03-20T09:00")},
    ]
    _both_floors_agree(rulebook, steps)
