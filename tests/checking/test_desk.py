"""What the child does: it finds of a draft what the check of this process finds, whatever it was told before."""

import json
import random
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rulebook.mutants import mutant
from xunfang.checking import check, verdict
from xunfang.checking.desk import Desk
from xunfang.checking.telling import MOST, problems_read, problems_told
from xunfang.errors import Problem, Severity
from xunfang.prove.coverage import coverage
from xunfang.prove.scenarios import run
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import Files, read_files
from xunfang.settings import read_settings

ROOT = Path(__file__).parents[2]
SERVED = read_settings(ROOT / "config.toml").serves
DAY = date(2026, 9, 29)
_EDITS = 1
"""Broken edits of each county."""


@cache
def _files() -> dict[str, str]:
    return read_files(ROOT)


class _Teller:
    """Gives a desk the orders that the server's side gives, each time with what differs."""

    def __init__(self) -> None:
        self.desk, self.held, self.name = Desk(), dict[str, str](), ""

    def told(self, do: str, files: Files, jurisdiction: str, **more: Any) -> dict[str, Any]:
        changed = {path: files.get(path) for path in {**self.held, **files} if self.held.get(path) != files.get(path)}
        name = str(hash(frozenset(files.items())))
        order = {"do": do, "jurisdiction": jurisdiction, "day": DAY.isoformat(), "was": self.name, "is": name, **more}
        answer = self.desk.work(order, json.dumps(changed).encode())
        assert (answer.told, answer.ends) == ({}, False)
        self.held, self.name = dict(files), name
        found: dict[str, Any] = json.loads(answer.body)
        return found


def _broken(county: str) -> list[dict[str, str]]:
    """Return the files of all with random mistakes in what a county reads, and with one certain mistake."""
    seeds, found = random.Random(county), list[dict[str, str]]()
    while len(found) < _EDITS:
        changed, reader = mutant(_files(), seeds.randrange(10**6))
        found += [changed] if reader == county else []
    units = f"workflows/{county}/units.toml"
    return [*found, {**_files(), units: _files()[units].replace('label = "', 'lable = "', 1)}]


@pytest.mark.parametrize("county", SERVED)
def test_it_tells_of_each_county_what_the_check_tells(county: str) -> None:
    teller, told = _Teller(), list[bool]()
    for files in (_files(), *_broken(county), _files()):
        found, expected = teller.told("check", files, county), verdict(check(files, county, DAY))
        assert problems_read(found["problems"]) == expected.problems
        assert problems_read(found["warnings"]) == expected.warnings
        assert (found["digest"], found["name"]) == (expected.digest, expected.name)
        told.append(bool(expected.problems))
    assert (told[0], told[-2], told[-1]) == (False, True, False)


def test_scenarios_coverage_and_sentences_are_those_of_the_rules() -> None:
    county, teller = SERVED[0], _Teller()
    book = compile_rulebook(_files(), county)
    limit = next(id for id in book.deadlines)
    tried = teller.told("scenarios", _files(), county)["tried"]
    assert [each["id"] for each in tried] == [each.id for each in book.scenarios]
    assert not any(each["failures"] or each["stuck"] for each in tried)
    told = teller.told("coverage", _files(), county, released=True)["coverage"]
    assert set(told["exercised"]) == coverage(book).exercised
    assert teller.told("show", _files(), county, rule=limit)["sentences"][-1][:2] == ["时限", limit]
    assert len(teller.told("show", _files(), county, rule="")["sentences"]) > len(book.deadlines)
    listed = next(iter(book.lists))
    assert teller.told("show", _files(), county, rule=listed)["sentences"][0][0] == "字典"


def test_a_rule_that_was_made_shorter_fails_the_scenarios_that_count_it() -> None:
    files = read_files(ROOT / "tests" / "fixtures" / "potholes")
    path = "workflows/9999-hebian/deadlines.toml"
    draft = {**files, path: files[path].replace("3 workdays", "2 workdays", 1)}
    assert draft != files
    tried = _Teller().told("scenarios", draft, "9999-hebian")["tried"]
    book = compile_rulebook(draft, "9999-hebian")
    for each, scenario in zip(tried, book.scenarios, strict=True):
        assert each["failures"] == [[one.step, one.what, one.expected, one.got] for one in run(book, scenario)]
    assert any(each["failures"] for each in tried)


def test_a_draft_that_does_not_compile_has_neither_scenarios_nor_sentences() -> None:
    files = read_files(ROOT / "tests" / "fixtures" / "potholes")
    draft = {**files, "workflows/9999-hebian/units.toml": "x = "}
    teller = _Teller()
    for do in ("scenarios", "coverage", "show"):
        problems = teller.told(do, draft, "9999-hebian", rule="")["problems"]
        assert "FILE_SYNTAX" in {problem["code"] for problem in problems}


def test_what_it_does_not_hold_is_not_guessed() -> None:
    order = {"do": "check", "jurisdiction": "x", "day": DAY.isoformat(), "was": "another", "is": "new"}
    assert Desk().work(order, b"{}").told == {"unknown": True}


def test_a_mistake_of_the_program_is_told_by_its_kind_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*_: object) -> None:
        raise ZeroDivisionError("13800000001")

    monkeypatch.setattr("xunfang.checking.desk.check", fall)
    order = {"do": "check", "jurisdiction": "x", "day": DAY.isoformat(), "was": "", "is": "new"}
    answer = Desk().work(order, b"{}")
    assert (answer.told, answer.body, answer.ends) == ({"failed": "ZeroDivisionError"}, b"", True)


def test_of_very_many_problems_the_first_are_told_and_how_many_more() -> None:
    many = [Problem("a.toml", line, "", "X", "甲" * 9_000, "", Severity.WARNING) for line in range(MOST + 7)]
    *told, last = problems_read(problems_told(many))
    assert [each.line for each in told] == list(range(MOST))
    assert max(len(each.message) for each in told) < 9_000
    assert last.code == "PROBLEMS_MANY"
    assert "7 处" in last.message
