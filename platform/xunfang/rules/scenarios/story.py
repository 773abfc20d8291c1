"""The story of a scenario: its cases in memory, the steps that concern them, and what is seen after each."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from xunfang.clock import local, local_date
from xunfang.identity import normalise_id
from xunfang.rulebook.model import Flow, Rulebook
from xunfang.rules.flow import PlannedTask
from xunfang.rules.intake import Decision, decide
from xunfang.rules.scenarios.comparing import plain
from xunfang.rules.scenarios.lived import ImpossibleStepError, LivedCase
from xunfang.rules.scenarios.news import News, proposal_seen
from xunfang.worktime import parse_limit

Step = Mapping[str, Any]


class Story:
    """Everything a scenario tells: the cases that were opened, and what the present step brought about."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.opened: list[LivedCase] = []
        self.case: LivedCase | None = None  # the one that the latest report opened or joined
        self.decision: Decision | None = None
        self.last: datetime | None = None
        self.problems: list[str] = []
        self.joined = False

    def play(self, step: Step) -> dict[str, Any]:
        """Return what is seen after a step, by the words that `expect` uses."""
        at = local(step["at"])
        self.problems, self.joined = [], False
        self._pass_time(at)
        if "submit" in step:
            self._submit(step, at)
        elif step.get("act") == "confirm-dispatch":
            self._concerned(step).confirm(step.get("by", ""), at)
        elif step.get("act") == "complete":
            self.problems = self._concerned(step).complete(step, at)
        return self._seen(self._concerned(step) if "flow" in step else self.case, at)

    def _pass_time(self, at: datetime) -> None:
        if self.last and at < self.last:
            raise ImpossibleStepError("时间早于上一步")
        for case in list(self._cases()):
            case.pass_time(self.last or at, at)
        self.last = at

    def _cases(self) -> Iterator[LivedCase]:
        for case in self.opened:
            yield from case.family()

    def _concerned(self, step: Step) -> LivedCase:
        """Return the case that a step is about: the latest of the flow it names, or that of the latest report."""
        flow = step.get("flow")
        if flow is None and self.case:
            return self.case
        begun = sorted((case for case in self._cases() if case.flow.id == flow), key=lambda case: case.opened_at)
        if not begun:
            raise ImpossibleStepError(f"此前没有启动流程“{flow}”" if flow else "此前没有报上来的线索")
        return begun[-1]

    def _submit(self, step: Step, at: datetime) -> None:
        decision = decide(self.rulebook, step["submit"], plain(step.get("answers", {})), at)
        self.problems = [problem.field for problem in decision.problems]
        if decision.problems:
            return
        self.decision, self.case = decision, None
        if decision.flow is None:
            return
        person = _person(decision)
        self.case = self._open_case_of(person, decision.flow, at)
        self.joined = self.case is not None
        if self.case is None:
            self.case = LivedCase(self.rulebook, decision.flow, at, self._places(decision), person)
            self.opened.append(self.case)
        self.case.take_clue(decision, at, joins=self.joined)

    def _open_case_of(self, person: str, flow: Flow, at: datetime) -> LivedCase | None:
        """Return the open case that another clue on the same person joins."""
        same = (case for case in self._cases() if person and case.person == person and case.flow.id == flow.id)
        case = next((case for case in same if not case.closed), None)
        if case is None or not flow.merge_within:
            return case
        days = parse_limit(flow.merge_within).amount
        return case if local_date(at) - local_date(case.opened_at) <= timedelta(days=days) else None

    def _places(self, decision: Decision) -> dict[str, str]:
        residence = str(decision.facts.get("residence") or self.rulebook.code)
        return {"residence": residence, "registration": str(decision.facts.get("registration") or residence)}

    def _seen(self, case: LivedCase | None, at: datetime) -> dict[str, Any]:
        """Return what is seen of a case; what came about in it counts as seen with this."""
        decision = self.decision
        facts = case.facts if case else decision.facts if decision else {}
        in_time = case.in_time if case else (decision and decision.in_time) or {}
        news = case.news if case else News()
        if case:
            case.news = News()
        return {
            "problems": self.problems,
            "joined": self.joined,
            "computed": dict(decision.computed) if decision else {},
            "in_time": [name for name, kept in in_time.items() if kept],
            "categories": _categories(self.rulebook, facts),
            "proposed": [proposal_seen(proposal) for proposal in _proposed(case)],
            **news.seen(),
            "state": case.state if case else "",
            "overdue": [task.unit for task in case.tasks if _is_late(task, at)] if case else [],
            "assisting": [task.unit for task in case.tasks if task.role == "assist"] if case else [],
            "case_due_at": plain(case.due.due.due_at) if case and case.due else "",
        }


def _person(decision: Decision) -> str:
    """Return the id number of whom a report is about; only an equal one makes two reports one person."""
    field = decision.form.person.get("id_number", "")
    number = decision.answers.get(field)
    return normalise_id(str(number)) if number else ""


def _proposed(case: LivedCase | None) -> tuple[Any, ...]:
    return case.waiting or case.dispatched if case else ()


def _categories(rulebook: Rulebook, facts: Mapping[str, Any]) -> list[str]:
    """Every category the facts put a person into, declared or computed, of whatever list has computed entries."""
    lists = (facts.get(f"person.{list_id}", ()) for list_id in rulebook.lists)
    return [entry for found in lists if isinstance(found, list) for entry in found]


def _is_late(task: PlannedTask, at: datetime) -> bool:
    return task.role == "lead" and task.deadline is not None and task.deadline.due.due_at < at
