"""One case 个案 as a scenario lives through it: its state, its dispatch, its tasks and clocks, what it brings about."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from xunfang.rulebook.model import Flow, IntakeForm, Outcome, Rulebook, State, UnitRef
from xunfang.rules.conditions import holds
from xunfang.rules.deadlines import PlannedDeadline, PlannedReminder, plan_deadline, plan_reminders
from xunfang.rules.facts import facts_of
from xunfang.rules.flow import PlannedTask, after_dispatch, enter, following, joined, stays_open
from xunfang.rules.intake import Decision, route
from xunfang.rules.routing import Proposal
from xunfang.rules.scenarios.comparing import plain
from xunfang.rules.scenarios.news import News
from xunfang.rules.submission import cleaned, problems
from xunfang.rules.units import unit_id

Facts = Mapping[str, Any]


class ImpossibleStepError(Exception):
    """A step cannot happen as things stand; the message says why, in Chinese."""


class LivedCase:
    """A case in memory, doing what the engine does with one; `beside` are the cases its outcomes started."""

    def __init__(
        self,
        rulebook: Rulebook,
        flow: Flow,
        at: datetime,
        places: Mapping[str, str],
        person: str = "",
        parent: "LivedCase | None" = None,
    ) -> None:
        self.rulebook, self.flow, self.opened_at = rulebook, flow, at
        self.places, self.person, self.parent = places, person, parent
        self.urgency: str = parent.urgency if parent else ""
        self.state = flow.start
        self.closed = False
        self.tasks: list[PlannedTask] = []
        self.decided: dict[str, list[str]] = {}
        self.beside: list[LivedCase] = []
        self.clues: list[tuple[IntakeForm, Facts]] = []
        self.told: list[tuple[str, Facts]] = []
        self.waiting: tuple[Proposal, ...] = ()  # what lies before those who confirm
        self.dispatched: tuple[Proposal, ...] = ()  # what was proposed last
        self.dispatch_state = ""
        self.wait_ends: datetime | None = None
        self.facts: Facts = {}
        self.in_time: Mapping[str, bool] = {}
        self.news = News()
        self.due, self.reminders = self._clock()

    def _clock(self) -> tuple[PlannedDeadline | None, tuple[PlannedReminder, ...]]:
        """The case's own clock, which runs beside those of its tasks."""
        if not self.flow.case_deadline:
            return None, ()
        deadline = self.rulebook.deadlines[self.flow.case_deadline]
        planned = plan_deadline(self.rulebook, deadline, {}, self.opened_at)
        start = self.flow.states[self.flow.start]
        unit = unit_id(self.rulebook, UnitRef(start.unit, start.unit_of), self.places) if start.unit else ""
        due_at = planned.due.due_at
        return planned, plan_reminders(self.rulebook, deadline, due_at, unit, self.opened_at, self.places)

    def family(self) -> Iterator["LivedCase"]:
        """Yield this case and every case begun beside it, and beside those."""
        yield self
        for other in self.beside:
            yield from other.family()

    # what is known

    def facts_at(self, at: datetime, but_state: str = "") -> Facts:
        """Return what clues and tasks have told by a moment; what was told in one state may be left out."""
        known = {
            "case.flow": self.flow.id,
            "case.state": self.state,
            "case.urgency": self.urgency,
            "case.opened_at": self.opened_at.isoformat(),
            **self.places,
            **self._task_answers(but_state),
        }
        origin = self
        while origin.parent:
            origin = origin.parent
        if not origin.clues:
            return known
        answers = {name: value for _, told in origin.clues for name, value in told.items()}
        return facts_of(self.rulebook, origin.clues[-1][0], answers, at, known)[0]

    def _task_answers(self, but_state: str = "") -> dict[str, Any]:
        answers = self.parent._task_answers() if self.parent else {}
        for state, told in self.told:
            if state != but_state:
                answers.update(told)
        return answers

    # time

    def pass_time(self, since: datetime, at: datetime) -> None:
        """Let everything happen that the rules do by themselves after `since` and by `at`, each at its moment."""
        while self.wait_ends and self.wait_ends < at:
            ended_at = self.wait_ends
            self._remind(since, ended_at)
            self._end_wait(ended_at)
            since = max(since, ended_at)
        self._remind(since, at)

    def _remind(self, since: datetime, at: datetime) -> None:
        due = [reminder for task in self.tasks for reminder in task.reminders if since < reminder.at <= at]
        self.news.printed += [reminder.notice for reminder in due if reminder.notice]
        due += [reminder for reminder in self.reminders if since < reminder.at <= at and not self.closed]
        self.news.reminded += [{"to": reminder.to, "kind": reminder.kind} for reminder in due]

    def _end_wait(self, at: datetime) -> None:
        state = self.flow.states[self.state]
        self.wait_ends = None
        self._drop(state.id)
        self._leave(state, next(iter(state.outcomes.values())), self.facts_at(at), at)

    # clues

    def take_clue(self, decision: Decision, at: datetime, *, joins: bool) -> None:
        """Take what was reported: dispatch it, and of a clue that joins only what nobody holds yet."""
        self.clues.append((decision.form, decision.answers))
        self.facts, self.in_time = decision.facts, decision.in_time or {}
        if not joins:
            self.urgency = str(decision.facts.get("urgency", ""))
        if decision.table is None:
            if not joins:
                self._enter(self.flow.start, decision.facts, at)
            return
        proposals = tuple(item for item in decision.proposals if not joins or item.lead not in self._held())
        if not proposals:
            return
        if decision.needs_confirmation:
            self._propose(self.flow.start, proposals, decision.facts, at)
        else:
            self._send_at_once(self.flow.start, proposals, decision.facts, at)

    def _held(self) -> set[str]:
        return {task.unit for task in self.tasks} | {proposal.lead for proposal in self.waiting}

    # states

    def arrive(self, state_id: str, facts: Facts, at: datetime) -> None:
        """Enter a state as a case comes to it: where a table routes, its proposals wait or go out at once."""
        routed = route(self.rulebook, self.flow, state_id, facts)
        if routed.table is None or not routed.proposals:
            self._enter(state_id, facts, at)
        elif routed.needs_confirmation:
            self._propose(state_id, routed.proposals, facts, at)
        else:
            self._send_at_once(state_id, routed.proposals, facts, at)

    def _propose(self, state_id: str, proposals: tuple[Proposal, ...], facts: Facts, at: datetime) -> None:
        if not self.waiting:
            self.dispatch_state = state_id
            self._enter(state_id, facts, at)
        self.waiting += proposals
        self.dispatched = self.waiting

    def _send_at_once(self, state_id: str, proposals: tuple[Proposal, ...], facts: Facts, at: datetime) -> None:
        self.dispatched = proposals
        self.urgency = str(facts.get("urgency") or self.urgency)
        self._move_to_handling(state_id, proposals, facts, at)

    def confirm(self, by: str, at: datetime) -> None:
        """Let whoever may confirm the proposed dispatch do so, as it stands; `by` is the role, or "" for that one."""
        if not self.waiting:
            raise ImpossibleStepError("没有等待批示的拟办分派")
        role = self.rulebook.routing[self.flow.states[self.dispatch_state].routes_by].confirm
        if by not in ("", role):
            raise ImpossibleStepError(f"分派须由“{role}”批示")
        proposals, self.waiting = self.waiting, ()
        self._move_to_handling(self.dispatch_state, proposals, self.facts_at(at), at)

    def _move_to_handling(self, state_id: str, proposals: Sequence[Proposal], facts: Facts, at: datetime) -> None:
        to = after_dispatch(self.flow, state_id)
        stays = {to, state_id} if self.waiting else {to}
        self.tasks = [task for task in self.tasks if task.state in stays]
        self._stand_in(to)
        self._enter(to, facts, at, proposals)

    def _stand_in(self, state_id: str) -> None:
        if state_id != self.state:
            self.wait_ends = None
        self.state = state_id

    def _enter(self, state_id: str, facts: Facts, at: datetime, proposals: Sequence[Proposal] = ()) -> None:
        entered = enter(self.rulebook, self.flow, state_id, {**facts, **self.places}, at, proposals)
        self.tasks += entered.tasks
        if not entered.state.routes_by:  # a scenario tells of the tasks of handling, not of that to decide a dispatch
            self.news.opened += [task for task in entered.tasks if task.role == "lead"]
        self.news.printed += entered.notices if entered.tasks or entered.waits else ()
        if entered.waits:
            self.news.waits_until = self.wait_ends = entered.waits.due.due_at

    def _leave(self, state: State, outcome: Outcome, facts: Facts, at: datetime) -> None:
        self._stand_in(outcome.to)
        self.decided.pop(outcome.to, None)
        if self.flow.states[outcome.to].ends:
            self.closed, self.tasks, self.wait_ends = True, [], None
        else:
            self.arrive(outcome.to, facts, at)

    def _drop(self, state_id: str) -> None:
        self.tasks = [task for task in self.tasks if task.state != state_id]

    # tasks

    def complete(self, step: Mapping[str, Any], at: datetime) -> list[str]:
        """Let a unit complete its task with an outcome; returns the fields that are wrong, and then nothing happens."""
        task = self._task_of(str(step.get("unit", "")))
        state = self.flow.states[task.state]
        outcome = state.outcomes.get(step.get("outcome", ""))
        if outcome is None:
            raise ImpossibleStepError(f"环节“{state.label}”没有办理结果“{step.get('outcome', '')}”")
        facts = self.facts_at(at, but_state=state.id if state.per_route else "")
        form = self.rulebook.forms.get(state.form)
        answers: dict[str, Any] = {}
        if form:
            answers = cleaned(form, plain(step.get("answers", {})))
            facts, _ = facts_of(self.rulebook, form, answers, at, {**facts, **answers})
            if wrong := self._wrong(form, outcome, answers, facts, at):
                return wrong
        self.facts = facts
        self._carry_out(task, state, outcome, answers, at)
        return []

    def _task_of(self, unit: str) -> PlannedTask:
        for task in self.tasks:
            if task.role == "lead" and task.unit == unit and not self.flow.states[task.state].routes_by:
                return task
        raise ImpossibleStepError(f"单位“{unit}”没有待办的任务")

    def _wrong(
        self, form: IntakeForm, outcome: Outcome, answers: dict[str, Any], facts: Facts, at: datetime
    ) -> list[str]:
        missing = [name for name in outcome.requires if name not in answers]
        contradicts = [] if missing or holds(outcome.when, facts) else ["outcome"]
        return [problem.field for problem in problems(self.rulebook, form, answers, at)] + missing + contradicts

    def _carry_out(self, task: PlannedTask, state: State, outcome: Outcome, answers: Facts, at: datetime) -> None:
        for flow in outcome.starts:
            self._start(flow, at)
        if outcome.grants:
            self.news.granted.append(str(self.facts.get(outcome.grants.removeprefix("$answers."), outcome.grants)))
        self.news.printed += outcome.prints
        if stays_open(state, outcome):
            return
        self.told.append((state.id, answers))
        self.tasks = following(self.tasks, task)
        self.decided.setdefault(state.id, []).append(outcome.id)
        still_open = sum(other.state == state.id and other.role == "lead" for other in self.tasks)
        reached = joined(state, self.decided[state.id], still_open)
        if reached and not self.waiting:
            self._drop(state.id)
            self._leave(state, reached, self.facts, at)

    def _start(self, flow_id: str, at: datetime) -> None:
        case = LivedCase(self.rulebook, self.rulebook.flows[flow_id], at, self.places, self.person, self)
        self.beside.append(case)
        self.news.started.append(flow_id)
        case.facts = self.facts
        case.arrive(case.flow.start, self.facts, at)
