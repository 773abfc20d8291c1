"""The story of a scenario: its cases in memory, the steps that concern them, and what is seen after each."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from xunfang.casework import (
    Alert,
    Asked,
    Case,
    Changes,
    Clue,
    Decided,
    Dispatch,
    DutyPeriod,
    Entitlement,
    Notice,
    Publication,
    Task,
)
from xunfang.casework.objections import AGAINST
from xunfang.clock import local
from xunfang.errors import Invalid, Refused
from xunfang.prove.memory import Memory
from xunfang.prove.scenarios import seen
from xunfang.prove.scenarios.comparing import plain
from xunfang.prove.scenarios.steps import (
    ALERTING,
    ON_TASKS,
    ImpossibleStepError,
    Step,
    alert_asked,
    holders,
    latest,
    objected_to,
    who_acts,
    who_declares,
)
from xunfang.rulebook.model import Rulebook
from xunfang.rules.identity_papers import number_of_person
from xunfang.rules.intake import Decision, decide


class Story:
    """Everything a scenario tells: the cases that were opened, and what the present step brought about."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.memory = Memory(rulebook)
        self.case = ""  # the one that the latest report opened or joined
        self.decision: Decision | None = None
        self.last: datetime | None = None
        self.problems: list[str] = []
        self.joined = False
        self._known: set[str] = set()
        self._told: dict[str, int] = {}
        self._heard = 0

    def play(self, step: Step) -> dict[str, Any]:
        """Return what is seen after a step, by the words that `expect` uses."""
        at = local(step["at"])
        if self.last and at < self.last:
            raise ImpossibleStepError("时间早于上一步")
        self.problems, self.joined, self.last = [], False, at
        self.memory.pass_time(at)
        if "submit" in step:
            self._submit(step, at)
        elif step.get("act") == "confirm-dispatch":
            self._confirm(self._concerned(step), step.get("by", ""), at)
        elif step.get("act") == "complete":
            self._complete(self._concerned(step), step, at)
        elif step.get("act") in ON_TASKS:
            self._do_task(self._concerned(step), step, at)
        elif step.get("act") in ("void", "reopen", "object"):
            self._do_whole(self._concerned(step), step["act"], at)
        elif step.get("act") in ("correct", "withdraw"):
            self._do_report(self._concerned(step), step, at)
        elif step.get("act") == "sign-off":
            self._sign(self._concerned(step), step.get("by", ""), at)
        elif step.get("act") in ALERTING:
            self._do_alert(step, at)
        concerned = self._concerned(step).id if "flow" in step else self.case
        return self._seen(concerned, at)

    def _cases(self) -> list[Case]:
        return [row for row in self.memory.rows.values() if isinstance(row, Case)]

    def _concerned(self, step: Step) -> Case:
        """Return the case that a step is about: the latest of the flow it names, or that of the latest report."""
        flow = step.get("flow")
        found = [case for case in self._cases() if (case.flow == flow if flow is not None else case.id == self.case)]
        if not found:
            raise ImpossibleStepError(f"此前没有启动流程“{flow}”" if flow else "此前没有报上来的线索")
        return max(found, key=lambda case: (case.opened_at, case.id))

    # acts

    def _submit(self, step: Step, at: datetime) -> None:
        answers = plain(step.get("answers", {}))
        decision = decide(self.rulebook, step["submit"], answers, at, confirmed=_sure(step))
        self.problems = [problem.field for problem in decision.problems]
        if decision.problems:
            return
        posted, published = self._published(step, at)
        if self.problems:
            return
        number = number_of_person(self.rulebook, decision.form, decision.answers)[1]
        person = published[0].person if published else number or self.memory.new_id()
        if decision.flow and (known := self.memory.known_of(person, at)):
            decision = decide(self.rulebook, step["submit"], answers, at, known, _sure(step))
        self.decision, self.case = decision, ""
        filled_by = decision.form.filled_by
        asked = Asked(
            verb="submit",
            actor=self.memory.person(unit=filled_by[0] if filled_by else "somebody"),
            decision=decision,
            submission=self.memory.new_id(),
            person=person,
            payload={AGAINST: posted.id} if posted else {},
        )
        same = [case for case in self._cases() if case.person == asked.person and decision.flow]
        flow = decision.flow.id if decision.flow else ""
        joined = [case for case in same if case.flow == flow and case.closed_at is None]
        self.memory.do(asked, at, [*joined, *published])
        clue = next((row for row in self.memory.rows.values() if _is_clue_of(row, asked.submission)), None)
        if isinstance(clue, Clue):
            self.case, self.joined = clue.case, clue.joined

    def _published(self, step: Step, at: datetime) -> tuple[Publication | None, list[Case]]:
        """Return what a step objects to and the case that published it; what hangs no more is the step's problem."""
        posted = objected_to(self.memory.every(Publication), step)
        if posted and (posted.taken_down_at or (posted.until and posted.until <= at)):
            self.problems = ["NOT_HANGING"]
        return posted, [case for case in self._cases() if posted and case.id == posted.case]

    def _confirm(self, case: Case, by: str, at: datetime) -> None:
        dispatch = next((row for row in self._dispatches(case.id) if row.status == "proposed"), None)
        if dispatch is None:
            raise ImpossibleStepError("没有等待批示的拟办分派")
        role = self.rulebook.routing[self.rulebook.flows[case.flow].states[dispatch.state].routes_by].confirm
        if by not in ("", role):
            raise ImpossibleStepError(f"分派须由“{role}”批示")
        decided = tuple(Decided(str(item["lead"]), tuple(item["assist"])) for item in dispatch.proposed)
        leader = self.memory.person(role, unit="whoever-confirms")
        asked = Asked(verb="confirm-dispatch", actor=leader, case=case.id, version=dispatch.version, decided=decided)
        self.memory.do(asked, at, [case])

    def _complete(self, case: Case, step: Step, at: datetime) -> None:
        """Let a unit complete its task with an outcome; with problems nothing happens."""
        unit, outcome = str(step.get("unit", "")), str(step.get("outcome", ""))
        task = next((task for task in self._tasks(case.id) if task.unit == unit and task.ended_at is None), None)
        if task is None:
            raise ImpossibleStepError(f"单位“{unit}”没有待办的任务")
        state = self.rulebook.flows[task.flow].states[task.state]
        if outcome not in state.outcomes:
            raise ImpossibleStepError(f"环节“{state.label}”没有办理结果“{outcome}”")
        asked = Asked(
            verb="complete",
            actor=self.memory.person(*holders(state, step), unit=unit),
            task=task.id,
            version=task.version,
            outcome=outcome,
            answers=plain(step.get("answers", {})),
            submission=self.memory.new_id(),
            confirmed=_sure(step),
        )
        self._try(asked, at, case)

    def _try(self, asked: Asked, at: datetime, case: Case) -> Changes | None:
        """Let a verb be decided; what it was refused for are the step's problems."""
        try:
            return self.memory.do(asked, at, [case])
        except Invalid as error:
            self.problems = [problem.field for problem in error.problems]
        except Refused as error:
            self.problems = [error.code]
        return None

    def _do_task(self, case: Case, step: Step, at: datetime) -> None:
        """Let a unit ask for more time for its task or give it back, or somebody of a role decide about more time."""
        unit = str(step.get("unit", ""))
        task = next((task for task in self._tasks(case.id) if task.unit == unit and task.ended_at is None), None)
        if task is None:
            raise ImpossibleStepError(f"单位“{unit}”没有待办的任务")
        roles, place = who_acts(self.rulebook.flows[task.flow].states[task.state], step)
        actor = self.memory.person(*roles, unit=place)
        asked = Asked(
            verb=step["act"], actor=actor, task=task.id, version=task.version, days=step.get("days", 0), reason="情景"
        )
        self._try(asked, at, case)

    def _do_alert(self, step: Step, at: datetime) -> None:
        """Let a unit declare an event, change its level or close it; what is owed by that comes about at once."""
        alerts = self.memory.every(Alert)
        asked = alert_asked(step, self.memory.person(*who_declares(step), unit=str(step.get("unit", ""))))
        asked = replace(asked, submission=self.memory.new_id())
        concerned = [alert for alert in alerts if alert.ended_at is None]
        if step["act"] != "declare":
            alert = latest(concerned, str(step.get("alert", "")))
            task = next(task for task in self.memory.every(Task) if task.about == alert.id)
            concerned, asked = [alert], replace(asked, task=task.id, version=alert.version)
        try:
            self.memory.do(asked, at, concerned)
        except Invalid as error:
            self.problems = [problem.field for problem in error.problems]
        except Refused as error:
            self.problems = [error.code]
        self.memory.pass_time(at)

    def _do_whole(self, case: Case, verb: str, at: datetime) -> None:
        leader = self.memory.person(unit="whoever-confirms")
        self._try(Asked(verb=verb, actor=leader, case=case.id, version=case.version, reason="情景"), at, case)

    def _do_report(self, case: Case, step: Step, at: datetime) -> None:
        """Let whoever sent the latest report of a case correct it or take it back."""
        clues = [row for row in self.memory.rows.values() if isinstance(row, Clue) and row.case == case.id]
        if not clues:
            raise ImpossibleStepError("这件个案没有可以更正或者撤回的线索")
        clue, verb = max(clues, key=lambda clue: (clue.entered_at, clue.id)), step["act"]
        sender = self.memory.person(unit=clue.by.removeprefix("account-"))
        asked = Asked(verb=verb, actor=sender, clue=clue.id, reason="情景")
        if verb == "correct":
            decision = decide(self.rulebook, clue.form, plain(step.get("answers", {})), at, confirmed=_sure(step))
            self.problems = [problem.field for problem in decision.problems]
            person = number_of_person(self.rulebook, decision.form, decision.answers)[1] or case.person
            asked = replace(asked, decision=decision, submission=self.memory.new_id(), person=person)
        if not self.problems and self._try(asked, at, case) and asked.decision:
            self.decision = asked.decision

    def _sign(self, case: Case, by: str, at: datetime) -> None:
        """Let every draft of a case be signed off that waits, or those that one role signs, and be issued."""
        waiting = [row for row in self.memory.rows.values() if isinstance(row, Notice) and row.case == case.id]
        signers = {row.id: self.rulebook.notices[row.kind].signed_off_by for row in waiting if row.status == "draft"}
        chosen = {key: role for key, role in signers.items() if by in ("", role)}
        if not chosen:
            raise ImpossibleStepError(f"没有等待“{by}”签发的文书" if by else "没有等待签发的文书")
        for key, role in chosen.items():
            paper = self.memory.rows[key]
            signer = self.memory.person(role, unit="whoever-signs")
            asked = Asked(verb="sign-off", actor=signer, paper=key, version=getattr(paper, "version", 0))
            self.memory.do(asked, at, [case])
        self.memory.pass_time(at)

    def _tasks(self, case: str) -> list[Task]:
        """Return the leads' tasks of handling, not those to decide a dispatch."""
        states = self.rulebook.flows
        return [
            task
            for task in self.memory.rows.values()
            if isinstance(task, Task)
            and task.case == case
            and task.flow
            and task.role == "lead"
            and not states[task.flow].states[task.state].routes_by
        ]

    def _dispatches(self, case: str) -> list[Dispatch]:
        return [row for row in self.memory.rows.values() if isinstance(row, Dispatch) and row.case == case]

    # what is seen

    def _seen(self, case_id: str, at: datetime) -> dict[str, Any]:
        """Return what is seen of a case; what came about in it counts as seen with this."""
        rows = [row for row in self.memory.rows.values() if getattr(row, "case", "") == case_id and case_id]
        case = self.memory.rows.get(case_id)
        decision = self.decision
        in_time = {} if case_id or not decision else decision.in_time or {}
        facts = self.memory.facts(case, at) if isinstance(case, Case) else decision.facts if decision else {}
        return {
            "problems": self.problems,
            "joined": self.joined,
            "computed": dict(decision.computed) if decision else {},
            "in_time": seen.kept([row for row in rows if isinstance(row, Clue)], in_time),
            "categories": seen.categories(self.rulebook, facts),
            "proposed": seen.proposed([row for row in rows if isinstance(row, Dispatch)]),
            **self._news(case_id),
            **self._of_events(at),
            **seen.standing(
                case if isinstance(case, Case) else None, [row for row in rows if isinstance(row, Task)], at
            ),
        }

    def _of_events(self, at: datetime) -> dict[str, Any]:
        owed = [
            row
            for row in self.memory.every(DutyPeriod)
            if row.alert and row.status != "replaced" and row.id not in self._known
        ]
        tasks = {task.about: task for task in self.memory.every(Task)}
        self._known |= {row.id for row in owed}
        new, self._heard = self.memory.events[self._heard :], len(self.memory.events)
        pairs = [(row, tasks[row.id]) for row in owed]
        return seen.of_events(self.rulebook, self.memory.every(Alert), pairs, new, at)

    def _news(self, case: str) -> dict[str, Any]:
        tasks = [task for task in self._tasks(case) if task.id not in self._known]
        notices = [
            row
            for row in self.memory.rows.values()
            if isinstance(row, Notice) and row.case == case and row.id not in self._known
        ]
        decided = [row for row in self.memory.every(Entitlement) if row.case == case and row.id not in self._known]
        events = [event for event in self.memory.events if event.case == case and case]
        new = events[self._told.get(case, 0) :]
        self._told[case] = len(events)
        self._known |= {row.id for rows in (tasks, notices, decided) for row in rows}
        return {**seen.news(self.rulebook, tasks, notices, new), "entitlements": seen.entitlements(decided)}


def _is_clue_of(row: Any, submission: str) -> bool:
    return isinstance(row, Clue) and row.submission == submission


def _sure(step: Step) -> tuple[str, ...]:
    return tuple(step.get("confirmed", ()))
