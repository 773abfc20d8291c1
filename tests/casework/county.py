"""A county in memory: the first county's rules, people who report and decide, and time that passes."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from xunfang.casework import Actor, Asked, Case, Changes, Decided, Dispatch, Row, Task
from xunfang.clock import parse
from xunfang.prove.memory import Memory
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.intake import decide

ROOT = Path(__file__).parents[2]
BOSHAN = "370304-boshan"
START = parse("2026-03-10T09:00:00")


@cache
def rulebook_of(layer: str) -> Rulebook:
    return compile_rulebook(read_files(ROOT), layer)


@cache
def typical() -> dict[str, Any]:
    """What a report of an ordinary difficulty says."""
    rulebook = rulebook_of(BOSHAN)
    scenario = next(scenario for scenario in rulebook.scenarios if scenario.id == "just-before-midnight")
    return {**scenario.steps[0]["answers"], "found_at": "2026-03-10T08:30:00"}


class County:
    """Cases of one county, and a clock turned by hand."""

    def __init__(self, rulebook: Rulebook | None = None) -> None:
        self.rulebook = rulebook or rulebook_of(BOSHAN)
        self.memory = Memory(self.rulebook)
        self.at: datetime = START

    def later(self, **span: float) -> None:
        self.at += timedelta(**span)
        self.memory.pass_time(self.at)

    def report(self, person: str = "person", **answers: Any) -> Case:
        """Report somebody; returns the case the report opened or joined."""
        decision = decide(self.rulebook, "clue-report", {**typical(), **answers}, self.at)
        assert decision.problems == ()
        actor = self.memory.person(unit="township:370304102")
        submission = self.memory.new_id()
        asked = Asked(verb="submit", actor=actor, decision=decision, submission=submission, person=person)
        open_ = [case for case in self.all(Case) if case.person == person and not case.closed_at]
        changes = self.memory.do(asked, self.at, open_)
        clue = next(row for row in changes.new if getattr(row, "submission", "") == submission)
        return self.case(getattr(clue, "case", ""))

    def confirm(self, case: Case, *leads: str) -> Changes:
        dispatch = next(row for row in self.all(Dispatch) if row.case == case.id and row.status == "proposed")
        units = leads or tuple(str(item["lead"]) for item in dispatch.proposed)
        decided = tuple(Decided(unit) for unit in units)
        asked = Asked(
            verb="confirm-dispatch",
            actor=self.memory.person("leader", unit="service-centre"),
            case=case.id,
            version=dispatch.version,
            decided=decided,
        )
        return self.memory.do(asked, self.at, [case])

    def do(self, verb: str, task: Task, **told: Any) -> Changes:
        """Do a verb to a task as somebody of its unit, or of another one."""
        actor = self.memory.person(unit=told.pop("by", task.unit))
        asked = Asked(verb=verb, actor=actor, task=task.id, version=task.version, **told)
        return self.memory.do(asked, self.at, [self.case(task.case)])

    def do_whole(self, verb: str, case: Case, *others: Case, actor: Actor | None = None, **told: Any) -> Changes:
        """Do a verb to a case as a whole, as the leader where cases begin."""
        actor = actor or self.memory.person("leader", unit="service-centre")
        asked = Asked(verb=verb, actor=actor, case=case.id, version=case.version, **told)
        return self.memory.do(asked, self.at, [self.case(case.id), *others])

    def all(self, kind: type[Row]) -> list[Any]:
        return [row for row in self.memory.rows.values() if isinstance(row, kind)]

    def case(self, key: str) -> Case:
        case = self.memory.rows[key]
        assert isinstance(case, Case)
        return case

    def task(self, case: Case, unit: str = "") -> Task:
        """Return the open lead of a case, or of a unit in it."""
        found = [task for task in self.all(Task) if task.case == case.id and task.role == "lead" and not task.ended_at]
        return next(task for task in found if unit in ("", task.unit))

    def events(self, name: str) -> list[Any]:
        return [event for event in self.memory.events if event.name == name]
