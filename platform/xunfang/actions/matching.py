"""Whom the rows of a list are about, and what follows: matched against records, what people hold, and open cases."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.actions.deployment import Deployment
from xunfang.actions.people import same_name
from xunfang.casework import Delivery, Listed
from xunfang.clock import local_date
from xunfang.errors import FieldProblem
from xunfang.rulebook.model import Feed, Rulebook
from xunfang.rules import feeds as rules
from xunfang.rules.feeds import BAD, ENTITLED, LEFT_OUT, LISTED, NEW, OPEN_CASE, REPEATED
from xunfang.rules.flow import flow_opened_by
from xunfang.rules.identity_papers import number_of_person
from xunfang.rules.listed import Asks, Told, told_by
from xunfang.rules.opened_rows import Opening
from xunfang.rules.units import unit_label
from xunfang.sheets.said import Said
from xunfang.store import Keys, Reader
from xunfang.store.reading.feeds import Known, held_by, known_people, open_cases_of, opened_before

_UNPLACED = "看不出住在哪个{level}，请写明，如“××镇××村”"
_LEVELS = {"township": "镇（街道）", "village": "村（社区）"}
_SPACED = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


@dataclass(slots=True)
class _Row:
    """One row that a feed asks for: its place among those looked at, and the record that it is about."""

    place: int
    answers: Mapping[str, Any]
    name: str
    index: str
    digest: str
    known: Known | None = None


def index_of(keys: Keys, rulebook: Rulebook, feed: Feed, answers: Mapping[str, Any]) -> str:
    """Return by what the person of a row is found, "" for one without a number."""
    _, key = number_of_person(rulebook, rulebook.forms[feed.row_form], answers)
    return keys.blind_index(key) if key else ""


def digest_of(keys: Keys, feed: Feed, answers: Mapping[str, Any]) -> str:
    """Return by what the same row of a feed is known again."""
    text = _SPACED.encode([feed.id, answers])
    return keys.keyed(hashlib.sha256(text.encode()).hexdigest())


class Matcher:
    """Checks and matches the rows of one list, some at a time. It writes nothing."""

    def __init__(self, deployment: Deployment, delivery: Delivery, rulebook: Rulebook, at: datetime) -> None:
        self.keys, self.delivery, self.rulebook, self.at = deployment.keys, delivery, rulebook, at
        self.feed: Feed = rulebook.feeds[delivery.feed]
        self.form = rulebook.forms[self.feed.row_form]
        self.named = self.form.person.get("name", "")
        self.asks = Asks(rulebook, self.feed, at)
        flow = flow_opened_by(rulebook, self.feed.opens) if self.feed.opens else None
        self.flow = flow.id if flow else ""
        self.level = rules.level_asked(rulebook, self.feed) if self.feed.opens else ""
        unit = unit_label(rulebook, delivery.unit)
        self.opening = Opening(rulebook, self.feed, at, unit) if self.feed.opens else None
        self.seen: set[bytes] = set()

    def judged(self, reader: Reader, said: Said, first: int) -> list[Listed]:
        """Return some people of the list, the first of them the `first`-th, each with the verdict."""
        told = told_by(self.rulebook, self.feed, said, self.at)
        found = self._sorted(reader, told)
        nothing: tuple[str, str, tuple[FieldProblem, ...]] = (BAD, "", ())
        listed = []
        for place, (line, answers) in enumerate(zip(said.rows, told.answers, strict=True)):
            verdict, residence, wrong = found.get(place, nothing)
            problems = [[problem.field, problem.message] for problem in (*told.wrong.get(place, ()), *wrong)]
            cells = told.cells.get(place, {}) if problems else {}
            listed.append(Listed(first + place, line, verdict, residence, answers, problems, cells))
        return listed

    def _sorted(self, reader: Reader, told: Told) -> dict[int, tuple[str, str, tuple[FieldProblem, ...]]]:
        """Return the verdict on each row in which nothing is wrong by itself, where somebody lives, what hinders."""
        found: dict[int, tuple[str, str, tuple[FieldProblem, ...]]] = {}
        asked = []
        for place, answers in enumerate(told.answers):
            if place in told.wrong:
                continue
            if not self.asks.kept(answers):
                found[place] = (LEFT_OUT, "", ())
            elif not self.opening:
                found[place] = (LISTED, "", ())
            else:
                asked.append(self._row(place, answers))
        if self.opening and asked:
            left = self._unmatched(reader, asked, found)
            found.update(self._opened(self.opening, left))
        return found

    def _row(self, place: int, answers: Mapping[str, Any]) -> _Row:
        index = index_of(self.keys, self.rulebook, self.feed, answers)
        return _Row(place, answers, str(answers.get(self.named, "")), index, digest_of(self.keys, self.feed, answers))

    def _unmatched(
        self, reader: Reader, rows: Sequence[_Row], found: dict[int, tuple[str, str, tuple[FieldProblem, ...]]]
    ) -> list[_Row]:
        """Sort out who has what would be given, or is being dealt with; returns all others."""
        self._recognise(reader, rows)
        records = {row.known.id for row in rows if row.known}
        held = held_by(reader, records, local_date(self.at))
        cases = open_cases_of(reader, records, self.flow) if self.flow else {}
        before = opened_before(reader, self.delivery.jurisdiction, [row.digest for row in rows])
        left = []
        for row in rows:
            record = row.known.id if row.known else ""
            if self.asks.covered(row.answers, held.get(record, [])):
                found[row.place] = (ENTITLED, "", ())
            elif record in cases:
                found[row.place] = (OPEN_CASE, "", ())
            elif row.digest in before:
                found[row.place] = (REPEATED, "", ())
            else:
                left.append(row)
        return left

    def _opened(
        self, opening: Opening, rows: Sequence[_Row]
    ) -> Iterator[tuple[int, tuple[str, str, tuple[FieldProblem, ...]]]]:
        """Yield what becomes of rows of which each may open a clue: the same row does so once."""
        places = [self._place(row) or self._home(row) for row in rows]
        opened = [opening.answers(row.answers, place) for row, place in zip(rows, places, strict=True)]
        told = [at for at, place in enumerate(places) if place or not self.level]
        found = opening.wrong([opened[at] for at in told])
        wrong = {told[at]: problems for at, problems in found.items()}
        for at, (row, residence) in enumerate(zip(rows, places, strict=True)):
            own = bytes.fromhex(row.digest[:32])
            if own in self.seen:
                yield row.place, (REPEATED, "", ())
            elif self.level and not residence:
                yield row.place, (BAD, "", (self._unplaced(),))
            elif at in wrong:
                yield row.place, (BAD, residence, wrong[at])
            else:
                self.seen.add(own)
                yield row.place, (NEW, residence, ())

    def _unplaced(self) -> FieldProblem:
        text = _UNPLACED.format(level=_LEVELS.get(self.level, "地方"))
        title = self.form.fields[self.feed.place].title if self.feed.place else "住址"
        return FieldProblem(self.feed.place, f"“{title}”：{text}。", "PLACE_UNCLEAR")

    def _recognise(self, reader: Reader, rows: Sequence[_Row]) -> None:
        """Find the record each row is about: by number and name, else by name within the place that is told."""
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
                place = self._place(row, "")
                found = [each for each in by_name.get(row.name, ()) if place and each.residence.startswith(place)]
            row.known = found[0] if len(found) == 1 or (found and row.index) else None

    def _place(self, row: _Row, level: str | None = None) -> str:
        """Return where a row says that somebody lives, at the level asked for, or as closely as it tells for ""."""
        words = str(row.answers.get(self.feed.place, "")) if self.feed.place else ""
        return rules.place_in(self.rulebook, words, self.level if level is None else level) if words else ""

    def _home(self, row: _Row) -> str:
        divisions = self.rulebook.divisions
        home = divisions.follow(row.known.residence) if row.known else ""
        return divisions.ancestor(home, self.level) if self.level else home
