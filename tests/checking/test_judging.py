"""A check after an edit finds what a first check finds, whatever was checked before."""

import os
import random
import signal
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from forgetting import forget
from rulebook.mutants import mutant
from xunfang.checking import Checked, check, check_all, stopping, verdict
from xunfang.errors import Problem, Severity
from xunfang.rulebook.compile import jurisdictions
from xunfang.rulebook.files import Files, read_files
from xunfang.rulebook.model import Rulebook

ROOT = Path(__file__).parents[2]
BOSHAN, WENSHUI, NATIONAL = "370304-boshan", "141121-wenshui", "00-national"
DAY = date(2026, 9, 29)
SLIP = f"templates/{NATIONAL}/transfer-slip.html"
NAME = "<td>{{ person.name }}</td>"


@cache
def _files() -> dict[str, str]:
    return read_files(ROOT)


def _first(files: dict[str, str], jurisdiction: str) -> Checked:
    forget()
    return check(files, jurisdiction, DAY)


def _found(checked: Checked) -> object:
    book = checked.rulebook
    return checked.problems, checked.warnings, book and (book.digest, book.forms.keys(), book.scenarios)


@cache
def _untouched(jurisdiction: str) -> object:
    return _found(_first(_files(), jurisdiction))


def _edit(seed: int) -> tuple[str, str | None, str]:
    """A file with a random mistake in it, and a jurisdiction that reads it; every third time a template."""
    files, chance = _files(), random.Random(seed)
    if seed % 3:
        changed, reader = mutant(files, seed)
        path = next((path for path in {**files, **changed} if files.get(path) != changed.get(path)), SLIP)
        return path, changed.get(path), reader
    path = chance.choice(sorted(path for path in files if path.startswith("templates/") and path.endswith(".html")))
    lines = files[path].split("\n")
    lines[chance.randrange(len(lines))] = chance.choice(("", "{{ case.nothing }}", "<b>", "{{ person.name | date }}"))
    readers = [reader for reader, chain in jurisdictions(files).items() if path.split("/")[1] in chain]
    return path, "\n".join(lines), chance.choice(readers)


@pytest.mark.parametrize("first", range(0, 24, 8))
def test_after_an_edit_a_check_finds_what_a_first_check_finds(first: int) -> None:
    edits = [_edit(seed) for seed in range(first, first + 8)]
    forget()
    warm = [_found(check(_files(), reader, DAY).edited(path, text)) for path, text, reader in edits]
    back = [_found(check(_files(), reader, DAY).edited(path, _files().get(path))) for path, _, reader in edits]
    for (path, text, reader), found, again in zip(edits, warm, back, strict=True):
        kept = {other: kept for other, kept in _files().items() if other != path}
        assert found == _found(_first(kept if text is None else {**kept, path: text}, reader)), (path, reader)
        assert again == _untouched(reader)
    assert any(problems for problems, *_ in warm)  # type: ignore[misc]


def test_a_county_is_told_the_same_whoever_was_checked_before() -> None:
    files = {**_files(), SLIP: _files()[SLIP].replace(NAME, "<td>{{ person.nmae }}</td>")}
    alone = _first(files, BOSHAN).problems
    forget()
    for layer in jurisdictions(files):
        last = check(files, layer, DAY)
        assert (last.problems == alone) is (layer == BOSHAN)
        assert {problem.file for problem in last.problems} <= {SLIP, f"templates/{layer}/transfer-slip.html"}
    assert check(files, BOSHAN, DAY).problems == alone != ()


def test_a_field_that_is_no_date_any_more_is_no_date_for_its_papers() -> None:
    form = f"forms/{BOSHAN}/clue-report.json"
    slip = f"templates/{BOSHAN}/transfer-slip.html"
    day = '"happened_on": {"title": "发生日期", "type": "string", "format": "date"},'
    files = {
        **_files(),
        form: _files()[form].replace('"properties": {', f'"properties": {{ {day}', 1),
        slip: _files()[slip].replace("{% endblock", "{{ case.happened_on | date }}{% endblock", 1),
    }
    checked = check(files, BOSHAN, DAY)
    assert checked.problems == ()
    text = checked.files[form].replace('"format": "date"}', '"maxLength": 40}', 1)
    assert {problem.file for problem in checked.edited(form, text).problems} == {slip}
    assert checked.edited(form, text).edited(form, files[form]).problems == ()


def test_a_file_may_be_taken_away() -> None:
    path = f"workflows/{BOSHAN}/jurisdiction.toml"
    checked = check(_files(), BOSHAN, DAY)
    without = checked.edited(path, None)
    assert checked.rulebook is not None
    assert without.rulebook is None
    assert without.problems
    assert without.edited(path, _files()[path]).rulebook is not None


def test_what_compiles_for_all_is_told_before_what_would_not_print() -> None:
    broken = {**_files(), SLIP: _files()[SLIP].replace(NAME, "<td>{{ person.nmae }}</td>")}
    good, unprintable = check(_files(), WENSHUI, DAY), check(broken, BOSHAN, DAY)
    uncompiled = good.edited(f"workflows/{WENSHUI}/units.toml", "x = ")
    assert stopping([verdict(good)]) == ()
    assert stopping([verdict(good), verdict(unprintable)]) == unprintable.problems
    assert stopping([verdict(uncompiled), verdict(unprintable)]) == uncompiled.problems


@pytest.mark.parametrize("cores", [1, 2])
def test_all_are_told_what_each_is_told_alone(cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: set(range(cores)))
    files = {**_files(), SLIP: _files()[SLIP].replace(NAME, "<td>{{ person.nmae }}</td>")}
    told = check_all(files, tuple(jurisdictions(files)), DAY, _besides)
    assert told == [verdict(check(files, layer, DAY), _besides) for layer in jurisdictions(files)]
    assert any(each.problems for each in told)
    assert any(not each.problems for each in told)
    assert [each.jurisdiction for each in check_all(files, (WENSHUI,), DAY, _besides)] == [WENSHUI]


def test_what_a_process_that_died_was_to_check_is_checked_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {0, 1})
    here = os.getpid()

    def dying(files: Files, book: Rulebook) -> list[Problem]:
        return [] if os.getpid() == here else os.kill(os.getpid(), signal.SIGKILL) or []

    told = check_all(_files(), tuple(jurisdictions(_files())), DAY, dying)
    assert [each.jurisdiction for each in told] == [*jurisdictions(_files())]
    assert stopping(told) == ()


def _besides(files: Files, book: Rulebook) -> list[Problem]:
    return [Problem(book.id, 0, "", "SAID_BESIDES", book.info.name, "", Severity.WARNING)]
