"""Rosters in a demonstration: begun for the month after the last, brought on step by step, else left alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from actions.roll import ROSTER, grant, person, staffed, work
from actions.town import Town, compiled
from xunfang.actions.deployment import Actor, Deployment
from xunfang.casework import Case, Roll, RollLine
from xunfang.clock import parse
from xunfang.demo.doings import DOINGS
from xunfang.demo.moments import Telling
from xunfang.demo.rhythm import rhythm
from xunfang.demo.step import Step
from xunfang.rulebook.model import Rulebook


@dataclass
class Played:
    """A town in which somebody plays."""

    town: Town
    rulebook: Rulebook

    @property
    def deployment(self) -> Deployment:
        return self.town.deployment

    alone = deployment

    def actor(self, step: Step) -> Actor:
        return self.town.actor(step.by)

    def key(self, step: Step, place: int | None = None, about: str = "") -> str:
        return f"{step.case}-{place}-{about}"

    def case(self, step: Step, story: str = "") -> Case:
        raise AssertionError(story)

    def rows(self, row: type[Any], **where: Any) -> list[Any]:
        return self.town.rows(row, **where)

    def do(self, act: str, by: str, **told: str) -> None:
        DOINGS[act](self, Step(self.town.at, "story", 0, act, by, {"roster": ROSTER, **told}))
        work(self.town)

    def rolls(self) -> list[tuple[str, str]]:
        return sorted((f"{roll.month:%Y-%m}", roll.status) for roll in self.rows(Roll))


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    town = Town(tmp_path, compiled())
    staffed(town)
    grant(town, person(town, 0, "王甲"), "2026-01-01")
    grant(town, person(town, 1, "王乙"), "2026-01-01")
    yield Played(town, compiled())
    town.database.close()


def test_a_roster_goes_its_way_and_the_next_month_follows(played: Played) -> None:
    played.do("start-roll", "drafter")
    played.do("roll", "chief", verb="sign-roll")
    played.do("roll", "drafter", verb="hold-back", name="王乙", reason="账户注销")
    played.do("start-roll", "drafter")
    assert played.rolls() == [("2026-03", "drafted")], "nothing is signed that was not reviewed, nothing begun twice"
    played.do("roll", "drafter", verb="lock-roll")
    played.do("roll", "checker", verb="review-roll")
    played.do("roll", "chief", verb="sign-roll")
    played.do("roll", "drafter", verb="hand-over-roll", receiver="财政局")
    played.do("start-roll", "drafter")
    assert played.rolls() == [("2026-03", "handed"), ("2026-04", "drafted")]
    again = [line for line in played.rows(RollLine) if line.name == "王乙"]
    assert sorted((f"{line.month:%m}", line.held_back) for line in again) == [
        ("03", False),
        ("03", True),
        ("04", False),
    ]


def test_the_acts_of_a_routine_share_what_it_says() -> None:
    telling = Telling(compiled(), parse("2026-11-25T10:30:00"), {})
    acts = [
        {"day": 8, "at": "09:00", "act": "start-roll", "by": "a"},
        {"day": 9, "at": "10:00", "act": "roll", "by": "b"},
    ]
    steps = list(rhythm({"routines": [{"months": 1, "left": [0], "roster": "r", "acts": acts}]}, telling))
    assert [(step.act, step.by, step.told["roster"], f"{step.moment:%m-%d}") for step in steps] == [
        ("start-roll", "a", "r", "10-08"),
        ("roll", "b", "r", "10-09"),
    ]
