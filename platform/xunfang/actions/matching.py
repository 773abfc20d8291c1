"""Whom the rows of a list are about, and what follows: matched against records, what people hold, and open cases."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xunfang.actions.deployment import Deployment
from xunfang.actions.people import same_name
from xunfang.casework import Delivery, ListedPerson
from xunfang.clock import local_date
from xunfang.errors import FieldProblem
from xunfang.rulebook.model import Feed, Rulebook
from xunfang.rules import feeds as rules
from xunfang.rules.contradictions import contradicting, contradiction_problems
from xunfang.rules.facts import facts_of
from xunfang.rules.feeds import Told
from xunfang.rules.flow import flow_opened_by
from xunfang.rules.identity_papers import number_of_person
from xunfang.rules.submission import cleaned, problems
from xunfang.rules.units import unit_label
from xunfang.sheets.people import Person
from xunfang.store import Reader
from xunfang.store.reading.feeds import Known, held_by, known_people, open_cases_of, opened_before

_UNPLACED = "看不出住在哪个{level}，请写明，如“××镇××村”"
_LEVELS = {"township": "镇（街道）", "village": "村（社区）"}


@dataclass
class _Row:
    """One row on its way: what it says, whose number it is, and the record that it is about."""

    person: Person
    told: Told
    facts: Mapping[str, Any] = field(default_factory=dict)
    index: str = ""
    name: str = ""
    digest: str = ""
    known: Known | None = None


class Matcher:
    """Checks and matches the rows of one list, some at a time. It writes nothing."""

    def __init__(self, deployment: Deployment, delivery: Delivery, rulebook: Rulebook, at: datetime) -> None:
        self.keys, self.delivery, self.rulebook, self.at = deployment.keys, delivery, rulebook, at
        self.feed: Feed = rulebook.feeds[delivery.feed]
        self.form = rulebook.forms[self.feed.row_form]
        flow = flow_opened_by(rulebook, self.feed.opens) if self.feed.opens else None
        self.flow = flow.id if flow else ""
        self.level = rules.level_asked(rulebook, self.feed) if self.feed.opens else ""
        self.unit = unit_label(rulebook, delivery.unit)
        self.seen: set[str] = set()

    def judged(self, reader: Reader, people: Sequence[Person], first: int) -> list[ListedPerson]:
        """Return some people of the list, the first of them the `first`-th, each with the verdict."""
        rows = [self._row(person) for person in people]
        good = [row for row in rows if not row.told.problems]
        self._recognise(reader, good)
        records = {row.known.id for row in good if row.known}
        held = held_by(reader, records, local_date(self.at))
        cases = open_cases_of(reader, records, self.flow) if self.flow else {}
        before = opened_before(reader, self.delivery.jurisdiction, [row.digest for row in good])
        return [self._listed(row, first + place, held, cases, before) for place, row in enumerate(rows)]

    def _row(self, person: Person) -> _Row:
        told = rules.told_by(self.rulebook, self.feed, person.cells, self.at)
        row = _Row(person, told)
        if told.problems:
            return row
        _, key = number_of_person(self.rulebook, self.form, told.answers)
        row.index = self.keys.blind_index(key) if key else ""
        row.name = str(told.answers.get(self.form.person.get("name", ""), ""))
        text = json.dumps([self.feed.id, told.answers], ensure_ascii=False, sort_keys=True)
        row.digest = self.keys.keyed(hashlib.sha256(text.encode()).hexdigest())
        row.facts = rules.row_facts(self.rulebook, self.feed, told.answers, self.at)
        return row

    def _recognise(self, reader: Reader, rows: Sequence[_Row]) -> None:
        """Find the record each row is about: by number and name, else by name where the place is told."""
        names = {row.name for row in rows if not row.index and row.name}
        known = known_people(reader, self.delivery.jurisdiction, {row.index for row in rows if row.index}, names)
        by_index: dict[str, list[Known]] = {}
        by_name: dict[str, list[Known]] = {}
        for each in known:
            by_index.setdefault(each.id_index, []).append(each)
            by_name.setdefault(each.name, []).append(each)
        for row in rows:
            if row.index:
                found = [each for each in by_index.get(row.index, ()) if same_name(each.name, row.name)]
            else:
                place = self._place(row)
                found = [each for each in by_name.get(row.name, ()) if place and each.residence.startswith(place)]
            row.known = found[0] if len(found) == 1 or (found and row.index) else None

    def _place(self, row: _Row) -> str:
        words = str(row.told.answers.get(self.feed.place, "")) if self.feed.place else ""
        return rules.place_in(self.rulebook, words, self.level) if words else ""

    def _listed(
        self, row: _Row, n: int, held: Mapping[str, list[str]], cases: Mapping[str, str], before: set[str]
    ) -> ListedPerson:
        verdict, residence, wrong = self._verdict(row, held, cases, before)
        told = {
            "answers": row.told.answers,
            "residence": residence,
            "problems": [[problem.field, problem.message] for problem in (*row.told.problems, *wrong)],
        }
        if verdict == rules.BAD and row.told.problems:
            told["cells"] = {name: _plain(cell) for name, cell in row.person.cells.items()}
        return ListedPerson(
            id=f"{self.delivery.id}-{n:07}",
            jurisdiction=self.delivery.jurisdiction,
            delivery=self.delivery.id,
            n=n,
            line=row.person.row,
            verdict=verdict,
            told=told,
            digest=row.digest,
            id_index=row.index,
        )

    def _verdict(
        self, row: _Row, held: Mapping[str, list[str]], cases: Mapping[str, str], before: set[str]
    ) -> tuple[str, str, tuple[FieldProblem, ...]]:
        if row.told.problems:
            return rules.BAD, "", ()
        if not rules.kept(self.rulebook, self.feed, row.facts):
            return rules.LEFT_OUT, "", ()
        if not self.feed.opens:
            return rules.LISTED, "", ()
        record = row.known.id if row.known else ""
        if rules.covered(self.feed, row.facts, held.get(record, [])):
            return rules.ENTITLED, "", ()
        if record in cases:
            return rules.OPEN_CASE, "", ()
        if row.digest in before or row.digest in self.seen:
            return rules.REPEATED, "", ()
        residence, wrong = self._opens(row)
        if not wrong:
            self.seen.add(row.digest)
        return (rules.BAD if wrong else rules.NEW), residence, wrong

    def _opens(self, row: _Row) -> tuple[str, tuple[FieldProblem, ...]]:
        """Return where somebody lives by a row or else by their record, and why no clue can be opened for them."""
        residence = self._place(row) or self._home(row)
        if self.level and not residence:
            text = _UNPLACED.format(level=_LEVELS.get(self.level, "地方"))
            title = self.form.fields[self.feed.place].title if self.feed.place else "住址"
            return "", (FieldProblem(self.feed.place, f"“{title}”：{text}。", "PLACE_UNCLEAR"),)
        return residence, tuple(self._wrong(row.told.answers, residence))

    def _home(self, row: _Row) -> str:
        divisions = self.rulebook.divisions
        home = divisions.follow(row.known.residence) if row.known else ""
        return divisions.ancestor(home, self.level) if self.level else home

    def _wrong(self, answers: Mapping[str, Any], residence: str) -> Iterator[FieldProblem]:
        opened = rules.opening(self.rulebook, self.feed, answers, residence, self.at, self.unit)
        form = self.rulebook.forms[self.feed.opens]
        counted = cleaned(form, opened)
        wrong = problems(self.rulebook, form, counted, self.at)
        yield from wrong
        if form.contradictions and not wrong:
            facts, _ = facts_of(self.rulebook, form, counted, self.at)
            yield from contradiction_problems(contradicting(form, facts), ())


def _plain(cell: Any) -> Any:
    return cell[0] if isinstance(cell, list) else cell
