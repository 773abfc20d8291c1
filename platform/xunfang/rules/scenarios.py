"""Scenarios 情景 on the pure floor: given, when, then, with a small case kept in memory and no database.

A step happens at a moment and may submit a form, confirm the proposed dispatch, or complete a task; `expect` says what
must then be seen. What a rule would do between two steps (reminders, papers of an escalation) is seen at the later one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xunfang.clock import local
from xunfang.rulebook.model import Flow, Outcome, Rulebook, Scenario, State
from xunfang.rules.conditions import holds
from xunfang.rules.facts import facts_of
from xunfang.rules.flow import Entered, PlannedTask, after_dispatch, enter, joined, stays_open
from xunfang.rules.intake import Decision, decide
from xunfang.rules.looks import LOOKS
from xunfang.rules.routing import Proposal
from xunfang.rules.submission import cleaned, problems

Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing a step (counted from 1) should have brought about and did not; both sides are JSON-ready data."""

    step: int
    what: str
    expected: Any
    got: Any

    def __str__(self) -> str:
        return f"第{self.step}步“{self.what}”：应为 {self.expected}，实为 {self.got}"


class ImpossibleStepError(Exception):
    """A step cannot happen as things stand; the message says why, in Chinese."""


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
        failures += _differences(number, {key: value for key, value in expected.items() if key not in LOOKS}, seen)
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


def _differences(number: int, expected: Mapping[str, Any], seen: Mapping[str, Any]) -> list[Failure]:
    found = []
    for what, wanted in expected.items():
        wanted, got = _comparable(what, plain(wanted), seen[what])
        if wanted != got:
            found.append(Failure(number, what, wanted, got))
    return found


_DEFAULTS: dict[str, dict[str, Any]] = {"proposed": {"assist": [], "meeting": ""}, "tasks": {"provisional": False}}
"""What an expected item says when it says nothing: nobody assists, no meeting decides, no date is provisional."""


def _comparable(what: str, wanted: Any, got: Any) -> tuple[Any, Any]:
    """Return both sides with the keys that matter, in an order that does not."""
    if isinstance(wanted, dict):
        return wanted, {key: got.get(key) for key in wanted}
    if not isinstance(wanted, list):
        return wanted, got
    if any(isinstance(item, dict) for item in wanted):
        asked = [{**_DEFAULTS.get(what, {}), **item} for item in wanted]
        keys = {key for item in asked for key in item}
        return _sorted(asked), _sorted([_like(item, asked, keys) for item in got])
    return sorted(set(wanted)), got if isinstance(got, str) else sorted({_name(item) for item in got})


def _like(item: dict[str, Any], asked: list[dict[str, Any]], keys: set[str]) -> dict[str, Any]:
    """Return an item seen with the keys of the expected item about the same unit, or of all when none is."""
    same = next((one for one in asked if _name(one) == _name(item)), None)
    return {key: item.get(key) for key in item if key in (same or keys)}


def _sorted(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: (_name(item), str(item)))


def _name(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    return str(item.get("lead") or item.get("unit") or item.get("to") or "")


def plain(value: Any) -> Any:
    """Return TOML data as JSON-ready data: moments in Chinese civil time, without the zone a file leaves out."""
    if isinstance(value, datetime):
        return local(value).replace(tzinfo=None).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


class Story:
    """One case as a scenario lives through it."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.decision: Decision | None = None
        self.state = ""
        self.tasks: list[PlannedTask] = []
        self.decided: list[str] = []
        self.facts: dict[str, Any] = {}
        self.last: datetime | None = None
        self.waiting: State | None = None
        self.wait_ends: datetime | None = None
        self._forget()

    def _forget(self) -> None:
        self.opened: list[PlannedTask] = []
        self.printed: list[str] = []
        self.started: list[str] = []
        self.granted: list[str] = []
        self.waits_until: datetime | None = None
        self.reminded: list[dict[str, Any]] = []
        self.problems: list[str] = []

    def play(self, step: Step) -> dict[str, Any]:
        """Return what is seen after a step, by the words that `expect` uses."""
        at = local(step["at"])
        self._forget()
        self._pass_time(at)
        if "submit" in step:
            self._submit(step, at)
        elif "act" in step:
            _ACTS[step["act"]](self, step, at)
        return self._seen(at)

    def _pass_time(self, at: datetime) -> None:
        if self.last and at < self.last:
            raise ImpossibleStepError("时间早于上一步")
        for reminder in (reminder for task in self.tasks for reminder in task.reminders):
            if self.last and self.last < reminder.at <= at:
                self.reminded.append({"to": reminder.to, "kind": reminder.kind})
                self.printed += [reminder.notice] if reminder.notice else []
        self.last = at
        if self.waiting and self.wait_ends and self.wait_ends < at:
            over = self.waiting
            self.tasks, self.decided, self.waiting = [], [], None
            self._enter(next(iter(over.outcomes.values())).to, self.wait_ends)

    def _submit(self, step: Step, at: datetime) -> None:
        decision = decide(self.rulebook, step["submit"], plain(step.get("answers", {})), at)
        self.problems = [problem.field for problem in decision.problems]
        if decision.problems:
            return
        self.decision, self.facts = decision, dict(decision.facts)
        self.tasks, self.decided = [], []
        self.state = decision.flow.start if decision.flow else ""
        if decision.entered and not decision.needs_confirmation:
            self._open(decision.entered)

    def _open(self, entered: Entered) -> None:
        self.state = entered.state.id
        self.tasks += entered.tasks
        self.opened += [task for task in entered.tasks if task.role == "lead"]
        self.printed += entered.notices if entered.tasks or entered.waits else ()
        self.waits_until = self.wait_ends = entered.waits.due.due_at if entered.waits else None
        self.waiting = entered.state if entered.waits else None

    def _enter(self, state: str, at: datetime, proposals: tuple[Proposal, ...] = ()) -> None:
        self._open(enter(self.rulebook, self._flow(), state, self.facts, at, proposals))

    def _flow(self) -> Flow:
        if self.decision is None or self.decision.flow is None:
            raise ImpossibleStepError("此前没有报上来的线索")
        return self.decision.flow

    def confirm(self, step: Step, at: datetime) -> None:
        """Let the leader confirm the proposed dispatch as it stands."""
        flow, decision = self._flow(), self.decision
        if decision is None or decision.table is None or self.state != flow.start:
            raise ImpossibleStepError("没有等待批示的拟办分派")
        if step.get("by", decision.table.confirm) != decision.table.confirm:
            raise ImpossibleStepError(f"分派须由“{decision.table.confirm}”批示")
        self._enter(after_dispatch(flow), at, decision.proposals)

    def complete(self, step: Step, at: datetime) -> None:
        """Let a unit complete its task with an outcome."""
        task = self._task_of(step.get("unit", ""))
        state = self._flow().states[task.state]
        outcome = state.outcomes.get(step.get("outcome", ""))
        if outcome is None:
            raise ImpossibleStepError(f"环节“{state.label}”没有办理结果“{step.get('outcome', '')}”")
        self._answer(state, outcome, step, at)
        if not self.problems:
            self._finish(task, state, outcome, at)

    def _task_of(self, unit: str) -> PlannedTask:
        for task in self.tasks:
            if task.role == "lead" and task.unit == unit:
                return task
        raise ImpossibleStepError(f"单位“{unit}”没有待办的任务")

    def _answer(self, state: State, outcome: Outcome, step: Step, at: datetime) -> None:
        form = self.rulebook.forms.get(state.form)
        if form is None:
            return
        answers = cleaned(form, plain(step.get("answers", {})))
        known = {**self.facts, **answers}
        facts, _ = facts_of(self.rulebook, form, answers, at, known)
        self.problems = [problem.field for problem in problems(self.rulebook, form, answers, at)]
        self.problems += [name for name in outcome.requires if name not in answers]
        if not self.problems and not holds(outcome.when, facts):
            self.problems = ["outcome"]
        if not self.problems:
            self.facts = facts

    def _finish(self, task: PlannedTask, state: State, outcome: Outcome, at: datetime) -> None:
        self.started += outcome.starts
        if outcome.grants:
            self.granted.append(str(self.facts.get(outcome.grants.removeprefix("$answers."), outcome.grants)))
        self.printed += outcome.prints
        if stays_open(state, outcome):
            return
        self.tasks = [other for other in self.tasks if other.lead != task.unit]
        self.decided.append(outcome.id)
        waiting = sum(other.role == "lead" for other in self.tasks)
        reached = joined(state, self.decided, waiting)
        if reached:
            self.tasks, self.decided = [], []
            self._enter(reached.to, at)

    def _seen(self, at: datetime) -> dict[str, Any]:
        decision = self.decision
        in_time = decision.in_time or {} if decision else {}
        return {
            "problems": self.problems,
            "computed": dict(decision.computed) if decision else {},
            "in_time": [name for name, kept in in_time.items() if kept],
            "proposed": [_proposal(proposal) for proposal in decision.proposals] if decision else [],
            "tasks": [_task(task) for task in self.opened],
            "printed": self.printed,
            "reminded": self.reminded,
            "started": self.started,
            "granted": self.granted,
            "waits_until": plain(self.waits_until) if self.waits_until else "",
            "categories": _categories(self.rulebook, self.facts),
            "state": self.state,
            "overdue": [task.unit for task in self.tasks if _is_late(task, at)],
        }


def _categories(rulebook: Rulebook, facts: Mapping[str, Any]) -> list[str]:
    """Every category the facts put a person into, declared or computed, of whatever list has computed entries."""
    lists = (facts.get(f"person.{list_id}", ()) for list_id in rulebook.lists)
    return [entry for found in lists if isinstance(found, list) for entry in found]


def _is_late(task: PlannedTask, at: datetime) -> bool:
    return task.role == "lead" and task.deadline is not None and task.deadline.due.due_at < at


_ACTS: dict[str, Callable[[Story, Step, datetime], None]] = {
    "confirm-dispatch": Story.confirm,
    "complete": Story.complete,
}


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "lead": proposal.lead,
        "assist": list(proposal.assist),
        "meeting": proposal.meeting,
        "routes": list(proposal.routes),
        "cites": list(proposal.cites),
    }


def _task(task: PlannedTask) -> dict[str, Any]:
    seen: dict[str, Any] = {"state": task.state, "unit": task.unit, "routes": list(task.routes), "provisional": False}
    if task.deadline:
        due = task.deadline.due
        seen |= {
            "deadline": task.deadline.id,
            "due_at": due.due_at,
            "counted": list(due.counted),
            "skipped": [skip.date for skip in due.skipped],
            "provisional": due.provisional,
        }
    shown: dict[str, Any] = plain(seen)
    return shown
