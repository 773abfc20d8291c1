"""Forms filled in by invented people: by chance, and put right until the rules take them."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from xunfang.casework.outcomes import outcome_problems
from xunfang.clock import local
from xunfang.errors import FieldProblem
from xunfang.rulebook.fields import Field, IntakeForm
from xunfang.rulebook.model import Outcome, Rulebook
from xunfang.rules.contradictions import contradicting
from xunfang.rules.facts import facts_of
from xunfang.rules.sample import values_of
from xunfang.rules.submission import cleaned, problems

Answers = dict[str, Any]
REPAIRS, TRIES = 12, 60
_NEVER = ("identity-paper", "resident-id", "photos")
"""Kinds of field that are filled only where the caller does."""


class Filler:
    """Fills forms. What led to an outcome once is remembered, so that the next one is found at once."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._recipes: dict[tuple[str, str, str], Answers] = {}

    def filled(
        self, rulebook: Rulebook, form: IntakeForm, at: datetime, told: Mapping[str, Any], **fixed: Any
    ) -> Answers | None:
        """Return answers that the form takes, None where chance comes by none; `told`: what was told before."""
        for _ in range(TRIES):
            found = self._repaired(rulebook, form, at, told, self._drawn(rulebook, form, at, fixed), fixed)
            if found is not None and not contradicting(form, {**told, **found}):
                return found
        return None

    def leading_to(
        self,
        rulebook: Rulebook,
        form: IntakeForm,
        chosen: Outcome,
        at: datetime,
        told: Mapping[str, Any],
        state: str,
        **told_by: Any,
    ) -> Answers | None:
        """Return answers by which an outcome may be chosen, None where none is found."""
        key = (form.id, state, f"{chosen.id} {told_by}")
        for fixed in self._hints(key, chosen):
            answers = self.filled(rulebook, form, at, told, **{**fixed, **told_by})
            if answers is None:
                return None
            clean = cleaned(form, answers)
            facts, _ = facts_of(rulebook, form, clean, at, {**told, **clean})
            if outcome_problems(rulebook, form, chosen, clean, facts) or contradicting(
                form, {**facts, "task.outcome": chosen.id}
            ):
                continue
            plain = {n: clean[n] for n, f in form.fields.items() if n in clean and f.kind in ("boolean", "choice")}
            self._recipes.setdefault(key, plain)
            return answers
        return None

    def _hints(self, key: tuple[str, str, str], chosen: Outcome) -> Iterator[Answers]:
        if known := self._recipes.get(key):
            yield from (known, known)
        yield from ({} for _ in range(TRIES))

    def _drawn(self, rulebook: Rulebook, form: IntakeForm, at: datetime, fixed: Answers) -> Answers:
        often = self.chance.choice((0.2, 0.5, 0.9))
        answers = dict(fixed)
        for name, field in form.fields.items():
            if name in fixed or field.kind in _NEVER or field.paper:
                continue
            if field.required or self.chance.random() < often:
                answers[name] = self._anything(rulebook, form, field, at)
        return {name: value for name, value in answers.items() if value is not None}

    def _anything(self, rulebook: Rulebook, form: IntakeForm, field: Field, at: datetime) -> Any:
        match field.kind:
            case "date":
                return local(at).date().isoformat()
            case "moment":
                return (local(at) - timedelta(minutes=20)).isoformat(timespec="seconds")
            case "boolean":
                return self.chance.random() < 0.6
            case "choice" | "choices" if field.list:
                return self._chosen(rulebook, field)
            case "integer":
                low, high = int(field.schema.get("minimum", 0)), int(field.schema.get("maximum", 60))
                return self.chance.randint(low, min(high, low + 60))
        return values_of(rulebook, form).get(field.name)

    def _chosen(self, rulebook: Rulebook, field: Field) -> Any:
        entries = [entry.id for entry in rulebook.lists[field.list].entries.values() if not entry.retired]
        if not entries:
            return None
        some = self.chance.sample(entries, min(len(entries), 1 + (self.chance.random() < 0.25)))
        return some if field.kind == "choices" else some[0]

    def _repaired(
        self,
        rulebook: Rulebook,
        form: IntakeForm,
        at: datetime,
        told: Mapping[str, Any],
        answers: Answers,
        fixed: Answers,
    ) -> Answers | None:
        for _ in range(REPAIRS):
            clean = cleaned(form, answers)
            wrong = problems(rulebook, form, clean, at, told)
            if not wrong:
                return answers
            for problem in wrong:
                self._mend(rulebook, form, problem, at, answers, fixed)
        return None

    def _mend(
        self,
        rulebook: Rulebook,
        form: IntakeForm,
        problem: FieldProblem,
        at: datetime,
        answers: Answers,
        fixed: Answers,
    ) -> None:
        field = form.fields.get(problem.field.partition(".")[0])
        if field is None or field.name in fixed:
            return
        if field.name in answers and not field.required and self.chance.random() < 0.6:
            del answers[field.name]
            return
        drawn = self._anything(rulebook, form, field, at)
        answers[field.name] = values_of(rulebook, form).get(field.name) if drawn is None else drawn
        if answers[field.name] is None:
            del answers[field.name]
