"""Scenarios through the real engine: the same steps as acts on a database of their own, to agree with the rules."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from xunfang.actions.correcting import correct, do_to_report
from xunfang.actions.deployment import Actor, Deployment, Rulebooks
from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.handling import complete, do_to_case
from xunfang.actions.papers import NoticeOrder
from xunfang.actions.publishing import publish
from xunfang.actions.signing import sign_several
from xunfang.actions.submitting import submit
from xunfang.casework import Asked, Decided
from xunfang.clock import local, parse
from xunfang.demo.played import PlayedWorker
from xunfang.errors import Invalid, Refused
from xunfang.prove.scenarios import Failure, ImpossibleStepError, Story, plain
from xunfang.rulebook.acts import ACTS
from xunfang.rulebook.model import Rulebook, Scenario
from xunfang.store import (
    Case,
    Clue,
    Dispatch,
    Event,
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

COMPARED = (
    "problems",
    "joined",
    "in_time",
    "proposed",
    "tasks",
    "printed",
    "issued",
    "reminded",
    "started",
    "waits_until",
    "state",
    "overdue",
    "assisting",
    "case_due_at",
)
"""What both floors must see alike after each step."""

_REMINDERS = ("task.reminded", "task.supervised", "task.escalated", "task.reported")


@dataclass(frozen=True, slots=True)
class _BlankPaper:
    pdf: bytes = b"%PDF-1.7"
    pages: int = 1


def _blank(order: NoticeOrder) -> _BlankPaper:
    return _BlankPaper()


def can_be_played(scenario: Scenario) -> bool:
    """Return whether there is anything in a scenario for the engine to do: a report, and what follows from it."""
    return any("submit" in step for step in scenario.steps)


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
            try:
                seen = played.play(step)
            except ImpossibleStepError as error:
                found.append(Failure(number, "act", step.get("act", ""), str(error)))
                break
            found += _differing(number, expected, seen)
        played.deployment.database.close()
    return tuple(found)


def _differing(number: int, expected: Mapping[str, Any], seen: Mapping[str, Any]) -> list[Failure]:
    both = ((what, _comparable(what, expected[what]), seen[what]) for what in COMPARED)
    return [Failure(number, what, wanted, got) for what, wanted, got in both if wanted != got]


def _comparable(what: str, value: Any) -> Any:
    if what == "tasks":
        return sorted((task["state"], task["unit"], task.get("due_at", "")) for task in value)
    if what == "reminded":
        return sorted((item["to"], item["kind"]) for item in value)
    if what == "proposed":
        return sorted((item["lead"], tuple(item["assist"]), item["meeting"]) for item in value)
    return sorted(set(value)) if isinstance(value, list) else value


class _Played:
    """One scenario on a database of its own."""

    def __init__(self, rulebook: Rulebook, folder: Path, start: datetime) -> None:
        self.rulebook = rulebook
        provider = FileKeys(folder / "data.key")
        provider.create()
        keys = Keys(provider)
        database = open_database(f"sqlite:///{folder / 'scenario.db'}")
        upgrade(database, keys, start)
        books = Rulebooks(database, {rulebook.id: rulebook})
        self.deployment = Deployment(database, keys, FileStore(folder / "files", keys), books)
        publish(self.deployment, {}, start)
        self.worker = PlayedWorker(self.deployment, _blank, start - timedelta(days=1))
        self.case = ""  # the one that the latest report opened or joined
        self.in_time: dict[str, bool] = {}
        self.joined = False
        self.known: set[str] = set()

    def play(self, step: Mapping[str, Any]) -> dict[str, Any]:
        """Do a step as acts of people and jobs of the worker, and return what is seen after it."""
        at = local(step["at"])
        self.worker.work_until(at)
        problems: list[str] = []
        self.joined = False
        try:
            self._act(step, at)
        except Invalid as error:
            problems = sorted({problem.field for problem in error.problems})
        except Refused as error:
            problems = [error.code]
        return {"problems": problems, "joined": self.joined, **self._seen(self._concerned(step), at)}

    def _act(self, step: Mapping[str, Any], at: datetime) -> None:
        answers = plain(step.get("answers", {}))
        if "submit" in step:
            told = submit(self.deployment, self._reporter(step), step["submit"], answers, new_id(), at)
            self.case, self.in_time, self.joined = told.case, dict(told.in_time), told.joined
        elif step.get("act") == "confirm-dispatch":
            self._confirm(self._concerned(step), at)
        elif step.get("act") == "complete":
            self._complete(self._concerned(step), step, answers, at)
        elif step.get("act") in ("void", "reopen"):
            self._do_whole(self._concerned(step), step["act"], at)
        elif step.get("act") in ("correct", "withdraw"):
            self._do_report(self._concerned(step), step["act"], answers, at)
        elif step.get("act") == "sign-off":
            self._sign(self._concerned(step), at)

    def _concerned(self, step: Mapping[str, Any]) -> str:
        """Return the case that a step is about, as a story on the pure floor chooses it."""
        if "flow" not in step:
            return self.case
        with connection(self.deployment.database) as reader:
            cases = reader.select(Case, flow=step["flow"])
        return max(cases, key=lambda case: (case.opened_at, case.id)).id if cases else ""

    def _actor(self, unit: str, *roles: str) -> Actor:
        return Actor(f"account-{unit}", "情景", self.rulebook.id, unit, self.rulebook.code, roles, ACTS)

    def _reporter(self, step: Mapping[str, Any]) -> Actor:
        form = self.rulebook.forms[step["submit"]]
        return self._actor(form.filled_by[0] if form.filled_by else "somebody")

    def _confirm(self, case_id: str, at: datetime) -> None:
        with connection(self.deployment.database) as reader:
            dispatch = reader.first(Dispatch, case=case_id, status="proposed")
            case = reader.find(Case, case_id)
        if dispatch is None or case is None:
            raise ImpossibleStepError("真实系统上没有等待批示的拟办分派")
        state = self.rulebook.flows[case.flow].states[dispatch.state]
        leader = self._actor("whoever-confirms", self.rulebook.routing[state.routes_by].confirm)
        decided = [Decided(item["lead"], tuple(item["assist"])) for item in dispatch.proposed]
        confirm_dispatch(self.deployment, leader, case_id, dispatch.version, decided, at)

    def _complete(self, case: str, step: Mapping[str, Any], answers: Mapping[str, Any], at: datetime) -> None:
        unit = str(step.get("unit", ""))
        with connection(self.deployment.database) as reader:
            tasks = [task for task in reader.select(Task, case=case, unit=unit, ended_at=None) if self._counts(task)]
        if not tasks:
            raise ImpossibleStepError(f"真实系统上单位“{unit}”没有待办的任务")
        outcome = str(step.get("outcome", ""))
        actor = self._actor(unit)
        complete(self.deployment, actor, tasks[0].id, tasks[0].version, outcome, answers, new_id(), at)

    def _do_whole(self, case_id: str, verb: str, at: datetime) -> None:
        with connection(self.deployment.database) as reader:
            case = reader.find(Case, case_id)
        leader, version = self._actor("whoever-confirms"), case.version if case else 0
        asked = Asked(verb=verb, actor=leader, case=case_id, version=version, reason="情景")
        do_to_case(self.deployment, asked, at)

    def _do_report(self, case: str, verb: str, answers: Mapping[str, Any], at: datetime) -> None:
        with connection(self.deployment.database) as reader:
            clues = reader.select(Clue, case=case)
        if not clues:
            raise ImpossibleStepError("真实系统上没有可以更正或者撤回的线索")
        clue = max(clues, key=lambda clue: (clue.entered_at, clue.id))
        sender = self._actor(clue.unit)
        if verb == "correct":
            correct(self.deployment, sender, clue.submission, answers, new_id(), at)
        else:
            do_to_report(self.deployment, Asked(verb=verb, actor=sender, submission=clue.submission, reason="情景"), at)

    def _sign(self, case: str, at: datetime) -> None:
        with connection(self.deployment.database) as reader:
            waiting = reader.select(Notice, case=case, status="draft")
        for paper in waiting:
            signer = self._actor("whoever-signs", self.rulebook.notices[paper.kind].signed_off_by)
            sign_several(self.deployment, signer, "sign-off", [(paper.id, paper.version)], "", at)
        self.worker.work_until(at)

    def _seen(self, case_id: str, at: datetime) -> dict[str, Any]:
        """Return what is seen of a case; what came about in it since it was last looked at is new once."""
        with connection(self.deployment.database) as reader:
            case = reader.find(Case, case_id) if case_id else None
            if case is None:
                return _nothing(self.in_time)
            tasks, notices = reader.select(Task, case=case_id), reader.select(Notice, case=case_id)
            events, dispatches = reader.select(Event, case=case_id), reader.select(Dispatch, case=case_id)
            clues = reader.select(Clue, case=case_id)
        new = [task for task in tasks if task.id not in self.known and self._counts(task)]
        printed = {notice.kind for notice in notices if notice.id not in self.known}
        told = [event for event in events if event.id not in self.known]
        self.known |= {row.id for rows in (tasks, notices, events) for row in rows}
        return {
            "in_time": _kept(max(clues, key=lambda clue: (clue.entered_at, clue.id)).in_time if clues else {}),
            "proposed": _proposed(dispatches),
            "tasks": sorted((task.state, task.unit, _moment(task.due_at)) for task in new),
            "printed": sorted(printed),
            **_told(told),
            "state": case.state,
            "overdue": sorted({task.unit for task in tasks if task.role == "lead" and _is_late(task, at)}),
            "assisting": sorted({task.unit for task in tasks if task.role == "assist" and task.ended_at is None}),
            "case_due_at": _moment(case.due_at),
        }

    def _counts(self, task: Task) -> bool:
        """A scenario tells of the tasks of handling, not of the one to decide a dispatch."""
        return task.role == "lead" and not self.rulebook.flows[task.flow].states[task.state].routes_by


def _nothing(in_time: Mapping[str, bool]) -> dict[str, Any]:
    """What is seen where no case is: only whether the report came in time."""
    lists = ("proposed", "tasks", "printed", "issued", "reminded", "started", "overdue", "assisting")
    nothing: dict[str, Any] = {what: [] for what in lists}
    return {**nothing, "in_time": _kept(in_time), "state": "", "waits_until": "", "case_due_at": ""}


def _kept(in_time: Mapping[str, bool]) -> list[str]:
    return sorted(name for name, kept in in_time.items() if kept)


def _proposed(dispatches: list[Dispatch]) -> list[tuple[str, tuple[str, ...], str]]:
    """Return the proposals that wait, or the last that were made."""
    ordered = sorted(dispatches, key=lambda item: (item.status == "proposed", item.proposed_at, item.id))
    proposed = ordered[-1].proposed if ordered else ()
    return sorted((str(item["lead"]), tuple(item["assist"]), str(item.get("meeting", ""))) for item in proposed)


def _told(events: list[Event]) -> dict[str, Any]:
    """Return what the record tells: who was reminded, which flows were started, until when the case waits.

    Nobody is a member of anything here, so a message goes up until an office that works on paper; the one it was
    meant for is the first that was found empty.
    """
    reminded = [event.data for event in events if event.name in _REMINDERS]
    waits = [str(event.data["until"]) for event in events if event.name == "case.waiting"]
    return {
        "reminded": sorted((str((data["nobody_at"] or [data["to"]])[0]), str(data["kind"])) for data in reminded),
        "started": sorted({str(event.data["flow"]) for event in events if event.name == "flow.started"}),
        "waits_until": _moment(parse(waits[-1])) if waits else "",
        "issued": sorted({str(event.data["kind"]) for event in events if event.name == "notice.issued"}),
    }


def _is_late(task: Task, at: datetime) -> bool:
    return task.ended_at is None and task.due_at is not None and task.due_at < at


def _moment(moment: datetime | None) -> str:
    return local(moment).replace(tzinfo=None).isoformat() if moment else ""
