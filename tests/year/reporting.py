"""Those who report, visit, and put right what they reported."""

from typing import Any

from xunfang.actions.correcting import correct, do_to_report
from xunfang.actions.submitting import submit
from xunfang.casework import Asked
from xunfang.errors import Refused
from xunfang.rulebook.fields import IntakeForm
from xunfang.rules.intake import decide
from xunfang.rules.units import kind_of
from xunfang.store import Case, Clue, new_id
from year.acting import Acting
from year.people import Invented

SENT_AGAIN = 8
"""So often a report is filled in anew that would not be taken."""


class Reporting(Acting):
    """Reports and visits, about invented people."""

    people: list[Invented]

    def report(self, urgent: bool = False) -> None:
        """Let somebody report one of the people, on a form that their unit may fill."""
        book, person = self.county.now(), self.chance.choice(self.people)
        forms = [book.forms[name] for flow in book.flows.values() for name in flow.opens_on if name in book.forms]
        first = [form for form in forms if form.id == next(iter(book.flows["clue"].opens_on))]
        form = self.chance.choice(first if urgent or self.chance.random() < 0.5 else forms)
        sender = self._sender(form, person)
        fixed = {**person.told(book, form), **self._urgency(form, urgent)}
        answers = self.filler.filled(book, form, self.county.at, {}, **fixed)
        for _ in range(SENT_AGAIN):
            if answers is not None and not decide(book, form.id, answers, self.county.at).problems:
                break
            answers = self.filler.filled(book, form, self.county.at, {}, **fixed)
        if answers is None:
            self.refused[f"report: no answers to {form.id}"] += 1
            return
        sent = submit(self.county.deployment, sender, form.id, answers, new_id(), self.county.at)
        self.done["reports"] += 1
        self.told.setdefault(sent.case, {}).update(answers)

    def _urgency(self, form: IntakeForm, urgent: bool) -> dict[str, Any]:
        field = form.fields.get("urgency")
        if field is None:
            return {}
        words = list(self.county.rulebook.lists[field.list].entries)
        return {"urgency": words[-1] if urgent else words[0]}

    def _sender(self, form: IntakeForm, person: Invented) -> Any:
        book = self.county.now()
        village = book.divisions.follow(person.village)
        near = [unit for unit in self._units_at(village) if not form.filled_by or kind_of(unit) in form.filled_by]
        if near and (self.chance.random() < 0.8 or not form.filled_by):
            return self.county.of(self.chance.choice(near), self.chance.randrange(2))
        able = [unit for unit in self.county.by_unit if not form.filled_by or kind_of(unit) in form.filled_by]
        return self.county.of(self.chance.choice(sorted(able)), self.chance.randrange(2))

    def _units_at(self, village: str) -> list[str]:
        return [unit for unit in self.county.by_unit if (place := unit.partition(":")[2]) and village.startswith(place)]

    def visit(self) -> None:
        """Let somebody of a village visit one of its people, and tell it in the form of visits."""
        book, person = self.county.now(), self.chance.choice(self.people)
        names = dict.fromkeys(duty.satisfied_by for duty in book.duties.values() if duty.satisfied_by)
        opening = {name for flow in book.flows.values() for name in flow.opens_on}
        rare = self.chance.random() < 0.01  # a look at somebody that opens a case
        form = self.chance.choice([book.forms[name] for name in names if (name in opening) == rare] or [None])
        answers = form and self.filler.filled(book, form, self.county.at, {}, **person.told(book, form))
        if form and answers is not None:
            sender = self._sender(form, person)
            submit(self.county.deployment, sender, form.id, answers, new_id(), self.county.at)
            self.done["visits"] += 1

    def correct(self, case: str) -> None:
        """Let whoever reported put something right."""
        clue = self.clue_of(case)
        form = self.county.deployment.rulebooks.release(self.county.find(Case, case).release).forms[clue.form]
        told = self.told.get(case, {})
        fixed = {form.person[use]: told[form.person[use]] for use in form.person if form.person[use] in told}
        answers = self.filler.filled(self.county.now(), form, self.county.at, {}, **fixed)
        if answers is not None:
            correct(self.county.deployment, self._by(clue), clue.submission, answers, new_id(), self.county.at)
            self.done["corrections"] += 1

    def withdraw(self, case: str) -> None:
        clue = self.clue_of(case)
        asked = Asked(verb="withdraw", actor=self._by(clue), submission=clue.submission, reason="报错了人")
        do_to_report(self.county.deployment, asked, self.county.at)
        self.done["withdrawals"] += 1

    def clue_of(self, case: str) -> Any:
        found = self.county.rows(Clue, case=case)
        if not found:
            raise Refused("没有线索")
        return found[0]

    def _by(self, clue: Any) -> Any:
        account = self.county.by_id.get(clue.by)
        if account is None:
            raise Refused("上报人已离开")
        return self.county.actor(account)
