"""Scenarios through the real engine: the same steps as acts on a database of their own, to agree with the rules."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from xunfang.actions.deployment import Actor, Deployment, Rulebooks
from xunfang.actions.dispatching import Decided, confirm_dispatch
from xunfang.actions.handling import complete
from xunfang.actions.papers import NoticeOrder
from xunfang.actions.publishing import publish
from xunfang.actions.submitting import submit
from xunfang.cli.played import PlayedWorker
from xunfang.clock import local
from xunfang.errors import Invalid, Refused
from xunfang.rulebook.acts import ACTS
from xunfang.rulebook.model import Rulebook, Scenario
from xunfang.rules.scenarios import Failure, ImpossibleStepError, Story, plain
from xunfang.store import (
    Case,
    Clue,
    Dispatch,
    FileKeys,
    FileStore,
    Keys,
    Notice,
    Task,
    connection,
    new_id,
    open_database,
    upgrade,
)

COMPARED = ("problems", "in_time", "tasks", "printed", "state", "overdue")
"""What both floors must see alike after each step."""


@dataclass(frozen=True, slots=True)
class _BlankPaper:
    pdf: bytes = b"%PDF-1.7"
    pages: int = 1


def _blank(order: NoticeOrder) -> _BlankPaper:
    return _BlankPaper()


def can_be_played(scenario: Scenario) -> bool:
    """Return whether the engine carries a scenario already: one report, and acts that it knows."""
    reports = [step for step in scenario.steps if "submit" in step]
    return len(reports) == 1 and reports[0] is scenario.steps[0]


def disagreements(rulebook: Rulebook, scenario: Scenario) -> tuple[Failure, ...]:
    """Return every point in which the real engine does otherwise than the pure floor; empty when both agree."""
    pure = Story(rulebook)
    found: list[Failure] = []
    with tempfile.TemporaryDirectory(prefix="xunfang-") as folder:
        played = _Played(rulebook, Path(folder), local(scenario.steps[0]["at"]))
        for number, step in enumerate(scenario.steps, 1):
            try:
                expected = pure.play(step)
            except ImpossibleStepError:
                break
            seen = played.play(step)
            for what in COMPARED:
                wanted = _comparable(what, expected[what])
                if wanted != seen[what]:
                    found.append(Failure(number, what, wanted, seen[what]))
        played.deployment.database.close()
    return tuple(found)


def _comparable(what: str, value: Any) -> Any:
    if what == "tasks":
        return sorted((task["state"], task["unit"], task.get("due_at", "")) for task in value)
    return sorted(set(value)) if isinstance(value, list) else value


class _Played:
    """One scenario on a database of its own."""

    def __init__(self, rulebook: Rulebook, folder: Path, start: datetime) -> None:
        self.rulebook = rulebook
        provider = FileKeys(folder / "data.key")
        provider.create()
        keys = Keys(provider)
        database = open_database(f"sqlite:///{folder / 'scenario.db'}")
        upgrade(database, start)
        books = Rulebooks(database, {rulebook.id: rulebook})
        self.deployment = Deployment(database, keys, FileStore(folder / "files", keys), books)
        publish(self.deployment, {}, start)
        self.worker = PlayedWorker(self.deployment, _blank, start - timedelta(days=1))
        self.case = ""
        self.in_time: dict[str, bool] = {}
        self.known: set[str] = set()

    def play(self, step: Mapping[str, Any]) -> dict[str, Any]:
        """Do a step as acts of people and jobs of the worker, and return what is seen after it."""
        at = local(step["at"])
        self.worker.work_until(at)
        problems: list[str] = []
        try:
            self._act(step, at)
        except Invalid as error:
            problems = sorted({problem.field for problem in error.problems})
        except Refused as error:
            problems = [error.code]
        return {"problems": problems, **self._seen(at)}

    def _act(self, step: Mapping[str, Any], at: datetime) -> None:
        answers = plain(step.get("answers", {}))
        if "submit" in step:
            told = submit(self.deployment, self._reporter(step), step["submit"], answers, new_id(), at)
            self.case, self.in_time = told.case, dict(told.in_time)
        elif step.get("act") == "confirm-dispatch":
            self._confirm(at)
        elif step.get("act") == "complete":
            self._complete(step, answers, at)

    def _actor(self, unit: str, *roles: str) -> Actor:
        return Actor(f"account-{unit}", "情景", self.rulebook.id, unit, self.rulebook.code, roles, ACTS)

    def _reporter(self, step: Mapping[str, Any]) -> Actor:
        form = self.rulebook.forms[step["submit"]]
        return self._actor(form.filled_by[0] if form.filled_by else "reporter")

    def _confirm(self, at: datetime) -> None:
        with connection(self.deployment.database) as reader:
            dispatch = reader.first(Dispatch, case=self.case, status="proposed")
            case = reader.find(Case, self.case)
        assert dispatch is not None
        assert case is not None
        state = self.rulebook.flows[case.flow].states[dispatch.state]
        leader = self._actor("leader", self.rulebook.routing[state.routes_by].confirm)
        decided = [Decided(item["lead"], tuple(item["assist"])) for item in dispatch.proposed]
        confirm_dispatch(self.deployment, leader, self.case, dispatch.version, decided, at)

    def _complete(self, step: Mapping[str, Any], answers: Mapping[str, Any], at: datetime) -> None:
        unit = str(step.get("unit", ""))
        with connection(self.deployment.database) as reader:
            tasks = reader.select(Task, case=self.case, unit=unit, ended_at=None, role="lead")
        assert tasks, f"{unit} holds no task"
        outcome = str(step.get("outcome", ""))
        actor = self._actor(unit)
        complete(self.deployment, actor, tasks[0].id, tasks[0].version, outcome, answers, new_id(), at)

    def _seen(self, at: datetime) -> dict[str, Any]:
        with connection(self.deployment.database) as reader:
            case = reader.find(Case, self.case) if self.case else None
            tasks = reader.select(Task, case=self.case) if self.case else []
            notices = reader.select(Notice, case=self.case) if self.case else []
            clue = reader.first(Clue, case=self.case) if self.case else None
        new = [task for task in tasks if task.id not in self.known and self._counts(task)]
        printed = sorted({notice.kind for notice in notices if notice.id not in self.known})
        self.known |= {task.id for task in tasks} | {notice.id for notice in notices}
        late = [task.unit for task in tasks if task.role == "lead" and not task.ended_at and task.due_at]
        return {
            "in_time": sorted(name for name, kept in (clue.in_time if clue else self.in_time).items() if kept),
            "tasks": sorted((task.state, task.unit, _moment(task.due_at)) for task in new),
            "printed": printed,
            "state": case.state if case else "",
            "overdue": sorted(
                {task.unit for task in tasks if task.unit in late and self._counts(task) and _is_late(task, at)}
            ),
        }

    def _counts(self, task: Task) -> bool:
        """A scenario tells of the tasks of handling, not of the one to decide a dispatch."""
        return task.role == "lead" and not self.rulebook.flows[task.flow].states[task.state].routes_by


def _is_late(task: Task, at: datetime) -> bool:
    return task.ended_at is None and task.due_at is not None and task.due_at < at


def _moment(moment: datetime | None) -> str:
    return local(moment).replace(tzinfo=None).isoformat() if moment else ""
