"""Scenarios 情景 on the pure floor: given, when, then, with small cases kept in memory and no database.

A step happens at a moment and may submit a form, confirm a proposed dispatch, or complete a task; `expect` says what
must then be seen. What a rule would do between two steps (reminders, papers of an escalation) is seen at the later one.
"""

from collections.abc import Mapping
from typing import Any

from xunfang.clock import local
from xunfang.prove.looks import LOOKS
from xunfang.prove.scenarios.comparing import Failure, differences, plain
from xunfang.prove.scenarios.steps import (
    ALERTING,
    ON_TASKS,
    ImpossibleStepError,
    Step,
    holders,
    latest,
    objected_to,
    who_acts,
    who_declares,
)
from xunfang.prove.scenarios.story import Story
from xunfang.rulebook.model import Rulebook, Scenario

__all__ = [
    "ALERTING",
    "ON_TASKS",
    "Failure",
    "ImpossibleStepError",
    "Story",
    "holders",
    "latest",
    "objected_to",
    "plain",
    "run",
    "who_acts",
    "who_declares",
]


def run(rulebook: Rulebook, scenario: Scenario) -> tuple[Failure, ...]:
    """Return every way in which a scenario turned out differently from what it expects; empty when it holds."""
    story = Story(rulebook)
    failures: list[Failure] = []
    for number, step in enumerate(scenario.steps, 1):
        try:
            seen = story.play(step)
        except ImpossibleStepError as error:
            return (*failures, Failure(number, "act", step.get("act", ""), str(error)))
        expected = {"problems": [], **step.get("expect", {})}
        failures += differences(number, {key: value for key, value in expected.items() if key not in LOOKS}, seen)
        failures += _looked(rulebook, number, step, expected)
    return tuple(failures)


def _looked(rulebook: Rulebook, number: int, step: Step, expected: Mapping[str, Any]) -> list[Failure]:
    found = []
    for what in (key for key in expected if key in LOOKS):
        wanted = plain(expected[what])
        got = LOOKS[what](rulebook, step, local(step["at"]), wanted)
        if got != wanted:
            found.append(Failure(number, what, wanted, got))
    return found
