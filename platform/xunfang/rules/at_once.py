"""Answers to one form by the thousand: cleaned, and sorted into those that are fine for certain and all others.

What is wrong with one of the others `submission.problems` tells. Nothing is called fine here that it would object to;
what it may object to is looked at together for all: one look at their texts, one at each day that is named.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import jsonschema_rs

from xunfang.characters import unprintable
from xunfang.clock import local_date
from xunfang.identity import RESIDENT, paper_problem, resident_id_problem
from xunfang.rulebook.fields import TODAY, is_day
from xunfang.rulebook.model import Field, IntakeForm, Rulebook
from xunfang.rules.bounds import bound_problem
from xunfang.rules.conditions import Holds
from xunfang.rules.identity_papers import paper_wrong
from xunfang.rules.submission import (
    TEXTS,
    TIDY,
    Answers,
    Check,
    cleaned,
    prepared,
)

Column = Sequence[Any]
Judge = Callable[[Answers], bool]
_FEW = frozenset({"date", "moment", "choice", "division", "boolean"})
"""Kinds of answers of which there are few different ones in a list, so that each is looked at once."""


@lru_cache(maxsize=1024)
def cleaned_beside(form: IntakeForm) -> frozenset[str]:
    """Return the fields of a form whose answers count or not by others, or are answered in rows."""
    return frozenset(field.name for field in form.fields.values() if field.when or field.row)


def cleaned_all(form: IntakeForm, columns: Mapping[str, Column], count: int) -> list[dict[str, Any]]:
    """Return the answers that count of so many rows, told column by column, as `cleaned` does one by one."""
    told = dict(columns)
    if not columns.keys().isdisjoint(cleaned_beside(form)) or not _all_printable(form, told):
        rows = ({name: column[place] for name, column in told.items()} for place in range(count))
        return [cleaned(form, row) for row in rows]
    for name in told:
        if tidy := TIDY.get(form.fields[name].kind):
            told[name] = [tidy(value) if type(value) is str else value for value in told[name]]
    names = tuple(told)
    return [
        {name: value for name, value in zip(names, row, strict=True) if value or value is False or value == 0}
        for row in zip(*told.values(), strict=True)
    ]


def _all_printable(form: IntakeForm, columns: Mapping[str, Column]) -> bool:
    texts = (column for name, column in columns.items() if form.fields[name].kind in TEXTS)
    return all("".join([text for text in column if type(text) is str]).isprintable() for column in texts)


def printable(form: IntakeForm, rows: Sequence[Answers]) -> bool:
    """Return whether nothing stands in the texts of some rows that nobody sees."""
    texts = [name for name, field in form.fields.items() if field.kind in TEXTS]
    return "".join([str(row[name]) for row in rows for name in texts if name in row]).isprintable()


class AtOnce:
    """A form with all that is looked at for many rows together."""

    def __init__(self, rulebook: Rulebook, form: IntakeForm) -> None:
        self.rulebook, self.form, self.ready = rulebook, form, prepared(rulebook, form)
        options = jsonschema_rs.RegexOptions(size_limit=1_000_000)
        schema = {name: part for name, part in form.schema.items() if name != "$schema"}
        self.validator = jsonschema_rs.validator_for({"type": "array", "items": schema}, pattern_options=options)
        self.texts = tuple(self.ready.texts & self.ready.checks.keys())
        self.checks = [each for name, each in self.ready.checks.items() if name not in self.ready.texts]

    def fine(self, rows: Sequence[dict[str, Any]], at: datetime, looked_at: Set[str] = frozenset()) -> list[bool]:
        """Return of each of some cleaned answers whether nothing is wrong with them for certain.

        Fields that were `looked_at` are known to hold what a field of their kind may hold.
        """
        found = self._well_formed(rows)
        if not self._readable(rows):
            found = [well and self._readable([row]) for well, row in zip(found, rows, strict=True)]
        for judge in self._judges(at, looked_at):
            for place, row in enumerate(rows):
                if found[place] and not judge(row):
                    found[place] = False
        return found

    def _well_formed(self, rows: Sequence[dict[str, Any]]) -> list[bool]:
        try:
            if self.validator.is_valid(rows):
                return [True] * len(rows)
            return [self.ready.validator.is_valid(row) for row in rows]
        except ValueError:  # it does not look at what JSON cannot carry
            return [False] * len(rows)

    def _readable(self, rows: Sequence[Answers]) -> bool:
        """Return whether everything in the texts of some rows can be printed."""
        return not any(unprintable("\n".join([str(row[name]) for row in rows if name in row])) for name in self.texts)

    def _judges(self, at: datetime, looked_at: Set[str]) -> list[Judge]:
        checks = [each for each in self.checks if each[0].name not in looked_at]
        judges = [_judge(self.rulebook, field, check, at) for field, check in checks]
        judges += [_required_judge(field, needed) for field, needed in self.ready.required]
        judges += [_paper_judge(self.rulebook, self.form, field, local_date(at)) for field in self.ready.papers]
        judges += [_bound_judge(self.rulebook, self.form, field, at) for field in self.ready.bounded]
        return judges + [_rows_judge(field.name) for field in self.form.row_fields]


@lru_cache(maxsize=64)
def at_once(rulebook: Rulebook, form: IntakeForm) -> AtOnce:
    """Return a form ready for many rows."""
    return AtOnce(rulebook, form)


def _judge(rulebook: Rulebook, field: Field, check: Check, at: datetime) -> Judge:
    name, known, day = field.name, dict[Any, bool](), local_date(at)
    if field.kind == "resident-id":
        return lambda row: name not in row or not resident_id_problem(str(row[name]), day)
    if field.kind not in _FEW:
        return lambda row: name not in row or not check(rulebook, field, row[name], at)

    def judge(row: Answers) -> bool:
        value = row.get(name)
        if value is None:
            return True
        if (told := known.get(value)) is None:
            told = known[value] = not check(rulebook, field, value, at)
        return told

    return judge


def _required_judge(field: Field, needed: Holds) -> Judge:
    name = field.name
    return lambda row: name in row or not needed(row)


def _rows_judge(name: str) -> Judge:
    """Return what calls nothing fine that is answered in rows: those are looked at one by one."""
    return lambda row: name not in row


def _paper_judge(rulebook: Rulebook, form: IntakeForm, field: Field, day: date) -> Judge:
    name, paper = field.name, field.paper

    def judge(row: Answers) -> bool:
        if name not in row:
            return True
        if not row.get(paper):  # of no kind that was chosen: a citizen's
            return not paper_problem(RESIDENT, str(row[name]), day)
        return not paper_wrong(rulebook, form, field, row, day)

    return judge


def _bound_judge(rulebook: Rulebook, form: IntakeForm, field: Field, at: datetime) -> Judge:
    """Return what holds a date against its bounds: each date once where no other answer bounds it."""
    alone = all(not bound or bound == TODAY or is_day(bound) for bound in (field.not_before, field.not_after))
    name, known = field.name, dict[Any, bool]()

    def judge(row: Answers) -> bool:
        if not alone:
            return name not in row or not bound_problem(rulebook, form, field, row, at)
        value = row.get(name)
        if value is None:
            return True
        if (told := known.get(value)) is None:
            told = known[value] = not bound_problem(rulebook, form, field, row, at)
        return told

    return judge
