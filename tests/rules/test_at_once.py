"""Rows looked at together are judged as each by itself: what is called fine has no problem, whatever stands in it."""

import random
from datetime import timedelta
from typing import Any

import pytest

from xunfang.division import Level
from xunfang.rulebook.model import IntakeForm, Rulebook
from xunfang.rules.at_once import at_once, cleaned_all
from xunfang.rules.bearing import can_hold, facts_read
from xunfang.rules.feeds import _named, _names, place_in
from xunfang.rules.sample import sample_answers, sample_moment
from xunfang.rules.submission import cleaned, problems

STRANGE: tuple[Any, ...] = (
    "", " ", "370304102", {"a": 1}, "甲\u200b乙", "\ue000", "x" * 3000, 0, False, -1, 1e9, [], ["不是"], "2099-01-01",
    "1850-01-01", "2026-02-30", "370304199001010010", "37030419900101001x", "１３９００００１１１１", "139 0000 1111",
    "\ud800", None,
)  # fmt: skip


def _rows(rulebook: Rulebook, form: IntakeForm, count: int) -> list[dict[str, Any]]:
    """Return the sample of a form again and again, in most of them one or two answers exchanged or gone."""
    sample, chance = dict(sample_answers(rulebook, form)), random.Random(form.id)
    rows = []
    for _ in range(count):
        row = dict(sample)
        for name in chance.sample(list(form.fields), min(2, len(form.fields))) if chance.random() < 0.9 else ():
            row[name] = chance.choice(STRANGE)
        rows.append({name: value for name, value in row.items() if value is not None})
    return rows


def test_what_is_fine_at_once_is_fine_by_itself_and_the_other_way_round(rulebook: Rulebook) -> None:
    at = sample_moment(rulebook) + timedelta(hours=1)
    for form in rulebook.forms.values():
        rows = [cleaned(form, row) for row in _rows(rulebook, form, 12)]
        fine = at_once(rulebook, form).fine(rows, at)
        wrong = [bool(problems(rulebook, form, row, at)) for row in rows]
        assert not [row for row, well, bad in zip(rows, fine, wrong, strict=True) if well and bad], form.id
        if not form.row_fields and not any("ud800" in str(row) for row in rows):
            assert fine == [not bad for bad in wrong], form.id


def test_answers_are_cleaned_column_by_column_as_row_by_row(rulebook: Rulebook) -> None:
    for form in rulebook.forms.values():
        for rows in (_rows(rulebook, form, 6), [dict(sample_answers(rulebook, form))]):
            columns = {name: [row.get(name) for row in rows] for name in form.fields}
            assert cleaned_all(form, columns, len(rows)) == [cleaned(form, row) for row in rows], form.id


def test_places_are_found_wherever_a_name_of_theirs_stands(rulebook: Rulebook) -> None:
    def named(level: Any, told: str) -> list[str]:
        there = {name for _, names in _names(rulebook, level) for name in names if name in told}
        whole = {name for name in there if not any(name in one and name != one for one in there)}
        return [code for code, names in _names(rulebook, level) if not whole.isdisjoint(names)]

    chance = random.Random(1)
    names = [
        each.name
        for level in (Level.TOWNSHIP, Level.VILLAGE)
        for each in rulebook.divisions.of_level(level, rulebook.code)
    ]
    for _ in range(60):
        told = "".join(
            chance.choice([name, name[:-2], name[:2], "路12号", name[:1] + "3" + name[1:]])
            for name in chance.sample(names, 2)
        )
        for level in (Level.TOWNSHIP, Level.VILLAGE):
            assert sorted(_named(rulebook, level, told)) == sorted(named(level, told)), told
    assert place_in(rulebook, "", "") == ""


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("山东省淄博市沂源县域城镇北域城村", ""),
        ("沂源县北域城村3号", ""),
        ("山东省淄博市博山区域城镇北域城村", "370304102"),
        ("原博山县域城镇", "370304102"),
        ("博山区县前街域城镇", "370304102"),
        ("域城镇沂源县移民小区", "370304102"),
    ],
)
def test_a_place_of_one_name_in_another_county_is_not_ours(rulebook: Rulebook, words: str, found: str) -> None:
    assert place_in(rulebook, words, "township") == found


def test_a_condition_is_known_by_what_it_reads_and_whether_it_can_hold(rulebook: Rulebook) -> None:
    (contradiction,) = rulebook.forms["feed-row"].contradictions
    assert facts_read(contradiction.when) == {"sex", "person.sex"}
    assert can_hold(contradiction.when, lambda name: name in ("sex", "person.sex"))
    assert not can_hold(contradiction.when, lambda name: name == "person.sex")
