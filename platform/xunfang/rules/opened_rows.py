"""What rows of a list open: the answers to the form of a clue, as far as a row tells them, and what is wrong there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from xunfang.clock import local
from xunfang.errors import FieldProblem
from xunfang.rulebook.kinds.feeds import UNIT
from xunfang.rulebook.model import Feed, IntakeForm, Rulebook
from xunfang.rules.at_once import at_once, cleaned_beside, printable
from xunfang.rules.bearing import can_hold
from xunfang.rules.contradictions import contradicting, contradiction_problems
from xunfang.rules.facts import facts_of
from xunfang.rules.labels import answer_text
from xunfang.rules.submission import TIDY, cleaned, problems

_LONGEST = 1000
_ALIKE = frozenset({"resident-id", "phone", "date", "moment"})
"""Kinds of which any field of any form may hold the same, beside what its own schema and bounds say."""
_PLACES = ("residence", "registration")
"""Facts that follow from an answer of whatever name."""


class Opening:
    """How a row becomes answers to the form that it opens; `unit` is who handed the list in."""

    def __init__(self, rulebook: Rulebook, feed: Feed, at: datetime, unit: str) -> None:
        self.rulebook, self.feed, self.at, self.unit = rulebook, feed, at, unit
        self.rows, self.form = rulebook.forms[feed.row_form], rulebook.forms[feed.opens]
        self.same = frozenset(name for name in self.rows.fields if _same(self.rows, self.form, name))
        found_at = {"found_at": local(at).isoformat(timespec="seconds")} if "found_at" in self.form.fields else {}
        self.always = {**feed.sets, **found_at}
        self.looked_at = {name for name in self.same if self.rows.fields[name].kind in _ALIKE}
        self.residence = self.form.person.get("residence", "")
        self.into = [
            (name, self.form.fields[name].schema.get("maxLength", _LONGEST), self._tellers(columns))
            for name, columns in feed.into.items()
        ]

    def answers(self, row: Mapping[str, Any], residence: str) -> dict[str, Any]:
        """Return the answers that a row opens with."""
        made = {name: value for name, value in row.items() if name in self.same}
        for name, most, tellers in self.into:
            said = [words for teller in tellers if (words := teller(row))]
            if said:
                made[name] = "；".join(said)[:most]
        made.update(self.always)
        if residence and self.residence:
            made[self.residence] = residence
        return made

    def wrong(self, opened: Sequence[dict[str, Any]]) -> dict[int, tuple[FieldProblem, ...]]:
        """Return what is wrong with some of these, by their place, beside which no clue can be opened."""
        counted = self._cleaned(opened)
        fine = at_once(self.rulebook, self.form).fine(counted, self.at, self.looked_at)
        asked = self.form.contradictions and self._may_contradict(counted)
        found = {
            place: tuple(self._problems(answers)) for place, answers in enumerate(counted) if asked or not fine[place]
        }
        return {place: problems for place, problems in found.items() if problems}

    def _cleaned(self, opened: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        """Return the answers that count: what a row tells counts by itself, and is as it is to be stored."""
        own = frozenset[str]().union(*opened) - self.same
        tidied = {name for name in own if self.form.fields[name].kind in TIDY}
        empty = any(value in ("", None, [], ()) for name, value in self.always.items())
        if (
            tidied
            or empty
            or not own.isdisjoint(beside := cleaned_beside(self.form))
            or not self.same.isdisjoint(beside)
        ):
            return [cleaned(self.form, answers) for answers in opened]
        return opened if printable(self.form, opened) else [cleaned(self.form, answers) for answers in opened]

    def _may_contradict(self, opened: Sequence[dict[str, Any]]) -> bool:
        """Return whether anything could contradict itself in what is told: most lists never tell what would."""
        told = frozenset(_PLACES).union(*opened)
        known = lambda name: name in told or name not in self.form.fields  # noqa: E731
        return any(can_hold(each.when, known) for each in self.form.contradictions)

    def _problems(self, answers: dict[str, Any]) -> Iterator[FieldProblem]:
        wrong = problems(self.rulebook, self.form, answers, self.at)
        yield from wrong
        if self.form.contradictions and not wrong:
            facts, _ = facts_of(self.rulebook, self.form, answers, self.at)
            yield from contradiction_problems(contradicting(self.form, facts), ())

    def _tellers(self, columns: tuple[str, ...]) -> list[Callable[[Mapping[str, Any]], str]]:
        return [self._teller(column, alone=len(columns) == 1) for column in columns]

    def _teller(self, column: str, *, alone: bool) -> Callable[[Mapping[str, Any]], str]:
        """Return what tells one column of a row in words, by its title where others stand beside it."""
        if column == UNIT:
            return lambda row: self.unit
        field = self.rows.fields[column]
        lead = "" if alone else f"{field.title}："
        if field.kind in ("text", "long-text", "date"):
            return lambda row: f"{lead}{row[column]}" if column in row else ""
        return lambda row: f"{lead}{answer_text(self.rulebook, field, row[column])}" if column in row else ""


def opening(
    rulebook: Rulebook, feed: Feed, answers: Mapping[str, Any], residence: str, at: datetime, unit: str
) -> dict[str, Any]:
    """Return the answers to the form that a row opens, as far as they are told by it; `unit` is who handed it in."""
    return Opening(rulebook, feed, at, unit).answers(answers, residence)


def _same(rows: IntakeForm, opens: IntakeForm, name: str) -> bool:
    return name in opens.fields and opens.fields[name].kind == rows.fields[name].kind
