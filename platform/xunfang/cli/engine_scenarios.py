"""Scenarios through the real engine: the same steps as acts on a database of their own, to agree with the rules."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from xunfang.actions.acting import acting
from xunfang.actions.correcting import correct, do_to_report
from xunfang.actions.deployment import Actor, machinery
from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.filling import whole_answers
from xunfang.actions.handling import complete, do_to_case, do_to_task
from xunfang.actions.loading import draft_of
from xunfang.actions.papers import NoticeOrder, Press, PrintedPaper
from xunfang.actions.signing import sign_several
from xunfang.actions.submitting import submit
from xunfang.casework import Asked, Decided, Entitlement, Publication
from xunfang.casework.facts import case_facts
from xunfang.cli.engine import founded
from xunfang.cli.engine_compared import differing
from xunfang.cli.engine_events import do_alert, events_since
from xunfang.cli.engine_looks import ENGINE_LOOKS, looks_differently
from xunfang.cli.engine_papers import as_made, made_otherwise
from xunfang.clock import local
from xunfang.demo.played import PlayedWorker
from xunfang.errors import Invalid, Refused
from xunfang.prove.scenarios import (
    ALERTING,
    ON_TASKS,
    Failure,
    ImpossibleStepError,
    Story,
    holders,
    objected_to,
    plain,
    seen,
    who_acts,
    who_declares,
)
from xunfang.rulebook.acts import ACTS
from xunfang.rulebook.model import Rulebook, Scenario
from xunfang.rules.facts import facts_of
from xunfang.store import Case, Clue, Dispatch, Event, Job, Notice, Submission, Task, connection, new_id


@dataclass(frozen=True, slots=True)
class _BlankPaper:
    pdf: bytes = b"%PDF-1.7"
    pages: int = 1


def can_be_played(scenario: Scenario) -> bool:
    """Return whether there is anything in a scenario for the engine: a report or event and what follows, or a look."""
    return _tells(scenario) or any(ENGINE_LOOKS.keys() & step.get("expect", {}).keys() for step in scenario.steps)


def _tells(scenario: Scenario) -> bool:
    return any("submit" in step or step.get("act") in ALERTING for step in scenario.steps)


def disagreements(rulebook: Rulebook, scenario: Scenario) -> tuple[Failure, ...]:
    """Return every point in which the real engine does otherwise than the pure floor; empty when both agree."""
    told = _told_otherwise(rulebook, scenario) if _tells(scenario) else ()
    return (*told, *looks_differently(rulebook, scenario))


def print_papers(rulebook: Rulebook, scenario: Scenario, press: Press) -> None:
    """Let every paper of a scenario be printed as the engine prints it; raises Refused where a step cannot be done."""
    if not _tells(scenario):
        return
    with tempfile.TemporaryDirectory(prefix="xunfang-") as folder:
        played = _Played(rulebook, Path(folder), local(scenario.steps[0]["at"]), press)
        try:
            for step in scenario.steps:
                played.play(step)
            played.worker.work_until(local(scenario.steps[-1]["at"]) + timedelta(minutes=1))
        except ImpossibleStepError as error:
            raise Refused(str(error), "STEP_IMPOSSIBLE") from None
        finally:
            played.deployment.database.close()


def _told_otherwise(rulebook: Rulebook, scenario: Scenario) -> tuple[Failure, ...]:
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
                lived = played.play(step)
            except ImpossibleStepError as error:
                found.append(Failure(number, "act", step.get("act", ""), str(error)))
                break
            found += differing(number, expected, lived)
        found += made_otherwise(scenario, played.papers())
        found += played.undone(len(scenario.steps))
        played.deployment.database.close()
    return tuple(found)


class _Played:
    """One scenario on a database of its own."""

    def __init__(self, rulebook: Rulebook, folder: Path, start: datetime, press: Press | None = None) -> None:
        self.rulebook, self.press = rulebook, press
        self.deployment = founded(rulebook, folder, start)
        self.printed: list[NoticeOrder] = []
        self.worker = PlayedWorker(self.deployment, self._print, start - timedelta(days=1))
        self.case = ""  # the one that the latest report opened or joined
        self.in_time: dict[str, bool] = {}
        self.submission = ""
        self.joined = False
        self.known: set[str] = set()

    def _print(self, order: NoticeOrder) -> PrintedPaper:
        self.printed.append(order)
        return self.press(order) if self.press else _BlankPaper()

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

    def undone(self, number: int) -> list[Failure]:
        """Return the jobs of the worker that broke off, as of the last step: a paper that is never issued, say."""
        with connection(self.deployment.database) as reader:
            broken = [job for job in reader.select(Job) if job.status == "parked" or job.last_error]
        return [Failure(number, "job", "", f"作业 {job.kind} 没有办成：{job.last_error}") for job in broken]

    def _act(self, step: Mapping[str, Any], at: datetime) -> None:
        answers = plain(step.get("answers", {}))
        if "submit" in step:
            key, sender = new_id(), self._reporter(step)
            hangs = self._published(step)
            told = submit(self.deployment, sender, step["submit"], answers, key, at, _sure(step), publication=hangs)
            self.submission = key
            self.case, self.in_time, self.joined = told.case, dict(told.in_time), told.joined
        elif step.get("act") == "confirm-dispatch":
            self._confirm(self._concerned(step), at)
        elif step.get("act") == "complete":
            self._complete(self._concerned(step), step, answers, at)
        elif step.get("act") in ON_TASKS:
            self._do_task(self._concerned(step), step, at)
        elif step.get("act") in ("void", "reopen", "object"):
            self._do_whole(self._concerned(step), step["act"], at)
        elif step.get("act") in ("correct", "withdraw"):
            self._do_report(self._concerned(step), step, answers, at)
        elif step.get("act") == "sign-off":
            self._sign(self._concerned(step), at)
        elif step.get("act") in ALERTING:
            do_alert(self.deployment, self._actor(str(step.get("unit", "")), *who_declares(step)), step, answers, at)
            self.worker.work_until(at)

    def _published(self, step: Mapping[str, Any]) -> str:
        """Return what a step objects to, "" for nothing."""
        with connection(self.deployment.database) as reader:
            posted = objected_to(reader.every(Publication, jurisdiction=self.rulebook.id), step)
        return posted.id if posted else ""

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
        actor = self._actor(unit, *holders(self.rulebook.flows[tasks[0].flow].states[tasks[0].state], step))
        complete(self.deployment, actor, tasks[0].id, tasks[0].version, outcome, answers, new_id(), at, _sure(step))

    def _do_task(self, case: str, step: Mapping[str, Any], at: datetime) -> None:
        unit = str(step.get("unit", ""))
        with connection(self.deployment.database) as reader:
            tasks = [task for task in reader.select(Task, case=case, unit=unit, ended_at=None) if self._counts(task)]
        if not tasks:
            raise ImpossibleStepError(f"真实系统上单位“{unit}”没有待办的任务")
        roles, place = who_acts(self.rulebook.flows[tasks[0].flow].states[tasks[0].state], step)
        actor, version, days = self._actor(place, *roles), tasks[0].version, step.get("days", 0)
        asked = Asked(verb=step["act"], actor=actor, task=tasks[0].id, version=version, days=days, reason="情景")
        do_to_task(self.deployment, asked, at)

    def _do_whole(self, case_id: str, verb: str, at: datetime) -> None:
        with connection(self.deployment.database) as reader:
            case = reader.find(Case, case_id)
        leader, version = self._actor("whoever-confirms"), case.version if case else 0
        asked = Asked(verb=verb, actor=leader, case=case_id, version=version, reason="情景")
        do_to_case(self.deployment, asked, at)

    def _do_report(self, case: str, step: Mapping[str, Any], answers: Mapping[str, Any], at: datetime) -> None:
        with connection(self.deployment.database) as reader:
            clues = reader.select(Clue, case=case)
        if not clues:
            raise ImpossibleStepError("真实系统上没有可以更正或者撤回的线索")
        clue = max(clues, key=lambda clue: (clue.entered_at, clue.id))
        sender = self._actor(clue.unit)
        if step["act"] == "correct":
            correct(self.deployment, sender, clue.submission, answers, new_id(), at, _sure(step))
        else:
            do_to_report(
                self.deployment, Asked(verb=step["act"], actor=sender, submission=clue.submission, reason="情景"), at
            )

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
            case = reader.find(Case, case_id)
            tasks = reader.select(Task, case=case_id) if case_id else []
            notices = reader.select(Notice, case=case_id)
            events, dispatches = reader.select(Event, case=case_id), reader.select(Dispatch, case=case_id)
            clues = reader.select(Clue, case=case_id)
            given = [row for row in reader.select(Entitlement, case=case_id) if row.id not in self.known]
            of_events = events_since(reader, self.known)
        new = [task for task in tasks if task.id not in self.known and self._counts(task)]
        printed = [notice for notice in notices if notice.id not in self.known]
        told = [event for event in events if event.id not in self.known]
        self.known |= {row.id for rows in (tasks, notices, events, given) for row in rows} | of_events.new
        return {
            **self._facts(case, at),
            "in_time": seen.kept(clues, self.in_time if case is None else {}),
            "proposed": seen.proposed(dispatches),
            **seen.news(self.rulebook, new, printed, told),
            "entitlements": seen.entitlements(given),
            **seen.standing(case, tasks, at),
            **of_events.seen(self.rulebook, at),
        }

    def _facts(self, case: Case | None, at: datetime) -> dict[str, Any]:
        """Return what is made of the answers that are kept: computed fields, and the categories of the person."""
        rulebook = self.rulebook
        with acting(self.deployment, machinery(rulebook.id, "情景"), at) as act:
            report = act.tx.find(Submission, self.submission)
            form = rulebook.forms.get(report.form) if report else None
            answers = whole_answers(act, report)
            facts, computed = facts_of(rulebook, form, answers, report.at) if form and report else ({}, {})
            known = case_facts(draft_of(act, case), case) if case else facts
        return {"computed": computed, "categories": seen.categories(rulebook, known)}

    def papers(self) -> dict[str, dict[str, Any]]:
        """Return how each kind of paper was made that came about."""
        with connection(self.deployment.database) as reader:
            notices = list(reader.every(Notice, jurisdiction=self.rulebook.id))
        return as_made(self.rulebook, self.printed, notices)

    def _counts(self, task: Task) -> bool:
        """A scenario tells of the tasks of handling, not of the one to decide a dispatch."""
        return task.role == "lead" and not self.rulebook.flows[task.flow].states[task.state].routes_by


def _sure(step: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(step.get("confirmed", ()))
