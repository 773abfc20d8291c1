"""What the rows of a list say by their form, what is wrong with them, and which of them a feed asks for."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from xunfang.errors import FieldProblem
from xunfang.rulebook.model import Condition, Feed, Field, IntakeForm, Rulebook
from xunfang.rules.at_once import at_once, cleaned_all
from xunfang.rules.bearing import facts_read
from xunfang.rules.conditions import Holds, compiled
from xunfang.rules.facts import facts_of
from xunfang.rules.feeds import place_in
from xunfang.rules.submission import problems
from xunfang.sheets.cells import CellRefused, text
from xunfang.sheets.heads import plain
from xunfang.sheets.said import Said

ENTITLED = "person.entitled"
_CUT = re.compile("[、，,;；/]")
Cells = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What some rows say: answers to the form of rows, everything that is wrong with some, the cells that are refused.

    `wrong` and `cells` are by the place of a row among them.
    """

    answers: Sequence[dict[str, Any]]
    wrong: Mapping[int, tuple[FieldProblem, ...]]
    cells: Mapping[int, Cells] = field(default_factory=dict)


def kinds_of(form: IntakeForm, feed: Feed) -> dict[str, str]:
    """Return as what each column of a feed is read: what only the rules know the words of, as a text."""
    kinds = {name: form.fields[name].kind for name in feed.columns}
    return {name: "text" if kind in _MEANT else kind for name, kind in kinds.items()}


def told_by(rulebook: Rulebook, feed: Feed, said: Said, at: datetime) -> Told:
    """Return what some rows say by their form, and what is wrong with them."""
    form = rulebook.forms[feed.row_form]
    refused: dict[int, dict[str, FieldProblem]] = {}
    cells: dict[int, Cells] = {}
    for place, name, why, cell in said.refused:
        _refuse(form.fields[name], place, why, refused)
        cells.setdefault(place, {})[name] = cell
    columns = dict(said.columns)
    for name in columns.keys() & form.fields.keys():
        if meant := _MEANT.get(form.fields[name].kind):
            columns[name] = _column(rulebook, form.fields[name], columns[name], meant, refused)
    answers = cleaned_all(form, columns, len(said.rows))
    fine = at_once(rulebook, form).fine(answers, at)
    looked_at = [place for place, well in enumerate(fine) if not well or place in refused]
    wrong = {place: _wrong(rulebook, form, answers[place], at, refused.get(place, {})) for place in looked_at}
    return Told(answers, {place: found for place, found in wrong.items() if found}, cells)


def _wrong(
    rulebook: Rulebook, form: IntakeForm, answers: dict[str, Any], at: datetime, refused: Mapping[str, FieldProblem]
) -> tuple[FieldProblem, ...]:
    found = {problem.field: problem for problem in problems(rulebook, form, answers, at)}
    return tuple((found | dict(refused)).values())


def _refuse(of: Field, place: int, why: str, refused: dict[int, dict[str, FieldProblem]]) -> None:
    refused.setdefault(place, {})[of.name] = FieldProblem(of.name, f"“{of.title}”：{why}。", "CELL_UNREADABLE")


def _column(
    rulebook: Rulebook,
    of: Field,
    column: Sequence[Any],
    meant: Callable[[Rulebook, Field, str], Any],
    refused: dict[int, dict[str, FieldProblem]],
) -> list[Any]:
    """Return what the words in a column mean, None where they mean nothing and are refused."""
    found: list[Any] = []
    for place, words in enumerate(column):
        try:
            found.append(None if words is None else meant(rulebook, of, text(words)))
        except CellRefused as problem:
            _refuse(of, place, str(problem), refused)
            found.append(None)
    return found


def _choice(rulebook: Rulebook, of: Field, words: str) -> str:
    known = _entries(rulebook, of.list)
    if plain(words) in known:
        return known[plain(words)]
    some = "、".join(entry.label for entry in list(rulebook.lists[of.list].entries.values())[:8])
    raise CellRefused(f"没有“{words[:20]}”这一项，可填：{some}")


def _choices(rulebook: Rulebook, of: Field, words: str) -> list[str]:
    return [_choice(rulebook, of, each) for each in _CUT.split(words) if each.strip()]


def _division(rulebook: Rulebook, of: Field, words: str) -> str:
    return place_in(rulebook, words, of.level) or words


_MEANT: Mapping[str, Callable[[Rulebook, Field, str], Any]] = {
    "choice": _choice,
    "choices": _choices,
    "division": _division,
}


@lru_cache(maxsize=256)
def _entries(rulebook: Rulebook, of: str) -> Mapping[str, str]:
    entries = rulebook.lists[of].entries if of in rulebook.lists else {}
    return {plain(entry.label): key for key, entry in entries.items()}


# ----- what a feed asks for


class Asks:
    """What a feed asks of a row, and of what somebody has; the facts that it reads are worked out, and no others."""

    def __init__(self, rulebook: Rulebook, feed: Feed, at: datetime) -> None:
        self.rulebook, self.form, self.at = rulebook, rulebook.forms[feed.row_form], at
        self._keeps, self._covers = _judge(feed.keep_when), _judge(feed.unless)
        self._bare = self._is_bare(feed.keep_when), self._is_bare(feed.unless)

    def kept(self, answers: Mapping[str, Any]) -> bool:
        """Return whether a row is one of those that the feed asks for."""
        return self._keeps is None or self._keeps(answers if self._bare[0] else self._facts(answers))

    def covered(self, answers: Mapping[str, Any], entitled: list[str]) -> bool:
        """Return whether somebody has already what keeps a row from becoming a clue."""
        if self._covers is None:
            return False
        return self._covers({**(answers if self._bare[1] else self._facts(answers)), ENTITLED: entitled})

    def _facts(self, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        return facts_of(self.rulebook, self.form, answers, self.at)[0]

    def _is_bare(self, condition: Condition | None) -> bool:
        """Return whether a condition reads nothing but answers to the form of rows as they are, and what one holds.

        A place that was merged since is told by the facts only.
        """
        places = {self.form.person.get(use, "") for use in ("residence", "registration")}
        plain_names = {*self.form.fields, ENTITLED} - places - {each.name for each in self.form.row_fields}
        return condition is None or facts_read(condition) <= plain_names


def _judge(condition: Condition | None) -> Holds | None:
    return None if condition is None else compiled(condition)
