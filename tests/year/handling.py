"""Those who handle tasks, and hand in what they owe."""

from typing import Any

from xunfang.actions.duties import hand_in
from xunfang.actions.handling import complete, do_to_task
from xunfang.actions.reports import prepared_report, words_for
from xunfang.actions.submitting import submit
from xunfang.casework import Asked, OwedThing
from xunfang.casework.terms import terms_of_task
from xunfang.errors import Refused
from xunfang.rules.occasions import is_done_thing_by_thing
from xunfang.rules.units import kind_of
from xunfang.store import Case, DutyPeriod, Task, connection, new_id
from xunfang.store.reading.reported import ReportSource
from year.sending import Sending
from year.sitting import Sitting

ATTEMPTS = 4
_GOES_ON = ("claim", "ask-extension", "consult")
"""After these a task is still to be completed."""


class Handling(Sitting, Sending):
    """Tasks and duties."""

    def work_on(self, key: str) -> None:
        """Let a unit do something with its task: mostly complete it."""
        task = self.county.find(Task, key)
        if task is None or task.ended_at or task.suspended_at or self._parked(task):
            return
        if (meeting := self._meeting(task)) and self.chance.random() < 0.9:
            self.wait_for_meeting(task, meeting)
            return
        verb = self._verb(task)
        if verb == "complete":
            self._complete(task)
            return
        told = {"reason": "不属本单位职责", "unit": self._other_unit(task), "days": self.chance.choice((2, 5, 10))}
        self._task(verb, task, self._worker(task), **told)
        if verb in _GOES_ON:
            self._again(task, self.patience())

    def _meeting(self, task: Any) -> str:
        """Return the meeting that a task waits for, "" for none."""
        book = self.county.deployment.rulebooks.release(self.county.find(Case, task.case).release)
        return book.flows[task.flow].states[task.state].meeting if task.role == "lead" else ""

    def _parked(self, task: Any) -> bool:
        """Whether a task waits for a leader rather than for its unit."""
        book = self.county.deployment.rulebooks.release(self.county.find(Case, task.case).release)
        return bool(book.flows[task.flow].states[task.state].routes_by)

    def _verb(self, task: Any) -> str:
        if task.role == "consult":
            return "answer"
        chance = self.chance.random()
        if task.role == "assist" or chance > 0.3:
            return "complete"
        for limit, verb in ((0.12, "claim"), (0.16, "return"), (0.2, "transfer"), (0.25, "ask-extension")):
            if chance < limit and (verb != "return" or task.routes):
                return verb if self.tried[f"{verb} {task.id}"] < 1 else "complete"
        return "suspend" if chance < 0.27 else "consult" if chance < 0.29 else "complete"

    def _other_unit(self, task: Any) -> str:
        kind = kind_of(task.unit)
        same = sorted(unit for unit in self.county.by_unit if kind_of(unit) == kind and unit != task.unit)
        plain = sorted(unit for unit in self.county.by_unit if ":" not in unit and unit != task.unit)
        return self.chance.choice(same or plain)

    def _worker(self, task: Any) -> Any:
        account = self.county.by_id.get(task.claimed_by)
        if account is not None:
            return self.county.actor(account)
        return self.county.of(task.unit, self.chance.randrange(2))

    def _again(self, task: Any, days: float) -> None:
        moment = self.agenda.at_work(self.county.rulebook.calendar, self.county.at, days)
        self.agenda.put(moment, self.work_on, task.id)

    def _task(self, verb: str, task: Any, actor: Any, **told: Any) -> None:
        self.tried[f"{verb} {task.id}"] += 1
        asked = Asked(verb=verb, actor=actor, task=task.id, version=task.version, **told)
        try:
            do_to_task(self.county.deployment, asked, self.county.at)
            self.done[verb] += 1
        except Refused:
            if task.case and verb not in _GOES_ON:
                self._again(task, 0.2)
            raise

    def _complete(self, task: Any) -> None:
        """Complete a task with some outcome, whichever the rules take."""
        case = self.county.find(Case, task.case)
        book = self.county.deployment.rulebooks.release(case.release)
        form = book.forms.get(terms_of_task(book, task).form)
        outcomes = list(book.flows[task.flow].states[task.state].outcomes.values())
        self.chance.shuffle(outcomes)
        last: Refused | None = None
        for chosen in outcomes[:ATTEMPTS] if task.role == "lead" else outcomes[:1]:
            if chosen.to == task.state and (self.tried[f"stay {task.id}"] or self.chance.random() < 0.7):
                continue
            told = self.told.setdefault(case.id, {})
            lead = form is not None and task.role == "lead"
            answers = self.filler.leading_to(book, form, chosen, self.county.at, told, task.state) if lead else {}
            if answers is None:
                continue
            try:
                given = (task.id, task.version, chosen.id, answers, new_id())
                complete(self.county.deployment, self._worker(task), *given, self.county.at)
            except Refused as refusal:
                last = refusal
                continue
            told.update(answers)
            self.done["completions"] += 1
            if chosen.to == task.state:
                self.tried[f"stay {task.id}"] += 1
                self._again(task, self.patience())
            return
        self.tried[f"complete {task.id}"] += 1
        if self.tried[f"complete {task.id}"] < ATTEMPTS:
            self._again(task, self.patience())
        raise last or Refused(f"没有可选的结果 {task.flow}.{task.state}")

    def decide_extension(self, key: str) -> None:
        task = self.county.find(Task, key)
        if task.extension and not task.ended_at:
            verb = "approve-extension" if self.chance.random() < 0.8 else "refuse-extension"
            self._task(verb, task, self.county.one_who("approve-extension"), reason="理由不充分")

    def resume(self, key: str) -> None:
        task = self.county.find(Task, key)
        if task.suspended_at and not task.ended_at:
            self._task("resume", task, self._worker(task))
            self._again(task, self.patience())

    def hand_in(self, key: str) -> None:
        """Let a unit hand in what it owes: on its form, as nil where that is allowed, or be let off."""
        task = self.county.find(Task, key)
        if task is None or task.ended_at:
            return
        owed = self.county.find(DutyPeriod, task.about)
        book = self.county.deployment.rulebooks.release(owed.release)
        duty, worker, chance = book.duties[owed.duty], self._worker(task), self.chance.random()
        if is_done_thing_by_thing(duty):
            self._fill_each(worker, book, duty, owed.id)
        elif chance < 0.03 and owed.to and self.county.by_unit.get(owed.to[0]):
            self._task("waive", task, self.county.of(owed.to[0]), reason="机构改革，本期免报")
        elif duty.feed and self.sends_a_list():
            self.send(task.unit, duty, owed.id)
        elif duty.zero_report and (duty.feed or chance < 0.15):
            self._task("report-nil", task, worker)
        else:
            self._fill_in(task, worker, book, duty)

    def _fill_each(self, worker: Any, book: Any, duty: Any, whole: str) -> None:
        """Fill the form of a duty for each thing that is owed under it, but those that somebody forgets."""
        form = book.forms.get(duty.form)
        owed = self.county.rows(OwedThing, period=whole, status="owed")
        for thing in (thing for thing in owed if form and self.chance.random() < 0.93):
            answers = self.filler.filled(book, form, self.county.at, {})
            if answers is not None:
                submit(self.county.deployment, worker, form.id, answers, new_id(), self.county.at, thing=thing.id)
                self.done["return visits"] += 1

    def _fill_in(self, task: Any, worker: Any, book: Any, duty: Any) -> None:
        form, (counted, words) = book.forms.get(duty.form), self._prepared(task, book)
        given = {**counted, **words}
        if counted and self.chance.random() < 0.1:  # somebody knows better
            given[self.chance.choice(list(counted))] += 1
        answers = self.filler.filled(book, form, self.county.at, {}, **given) if form else {}
        if answers is None and given and form:
            answers = self.filler.filled(book, form, self.county.at, {}, **words)
        if answers is None:
            self.refused[f"hand_in: no answers to {duty.form}"] += 1
            return
        reasons = {name: "与台账核对后更正" for name, value in counted.items() if answers.get(name) != value}
        told = (task.id, task.version, answers, "" if form else "本期情况正常", new_id())
        hand_in(self.county.deployment, worker, *told, self.county.at, reasons)
        self.done["figures corrected in reports"] += len(reasons)
        self.done["hand-in"] += 1

    def _prepared(self, task: Any, book: Any) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the figures that a report is filled in with beforehand, and the words for who has not reported."""
        owed = self.county.find(DutyPeriod, task.about)
        with connection(self.county.database, self.county.jurisdiction) as reader:
            report = prepared_report(ReportSource(reader, self.county.jurisdiction), book, owed)
        if report is None:
            return {}, {}
        words, missing = words_for(report, ""), {fill.field for fill in report.fills if fill.tells == "missing"}
        counted = {one.field: one.value for one in report.figures if one.value is not None}
        return counted, {field: words[field] for field in missing if words[field]}
