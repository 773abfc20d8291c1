# ruff: noqa: E501 - a line of a table is read best on one line
"""Divisions that begin and end: what the check says of ones that leave somebody nowhere, the whole text of it.

The changes are made in county/. To write the snapshots anew, after looking at what changed:

    XUNFANG_SNAPSHOTS=write pytest tests/rulebook/test_successions.py
"""

import os
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from merged import Change, changed, handing_on, merging, renaming, splitting
from rulebook.test_lint import BOSHAN, FILES, W, row, told
from rulebook.test_will_work import CLUE, ROWS, rows
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rules.describe.names import names

SNAPSHOTS = Path(__file__).parent / "successions"
REAL = read_files(Path(__file__).parents[2])
TABLE = f"{W}/divisions.csv"
HEAD = "code,name,level,from,until,successor,default"


class Case(NamedTuple):
    """Lines put into the county's table, in the place of what is `gone` from it, and what else is written otherwise."""

    name: str
    lines: tuple[str, ...]
    gone: str = ""
    other: tuple[str, str, str] | None = None

    def files(self) -> dict[str, str]:
        table = FILES[TABLE].replace("code,name,level", HEAD)
        assert self.gone in table
        kept = "".join(line for line in table.splitlines(keepends=True) if not self.gone or self.gone not in line)
        files = {**FILES, TABLE: kept + "".join(f"{line}\n" for line in self.lines)}
        if self.other:
            file, old, new = self.other
            assert old in files[file]
            files[file] = files[file].replace(old, new, 1)
        return files


CASES = [
    Case("villages-left-behind", ("370304001,城东街道,township,,2026-12-31,370304002",), "370304001,"),
    Case("township-without-heir", ("370304009,夏庄街道,township,,2026-12-31",)),
    Case("heir-unknown", ("370304009,夏庄街道,township,,2026-12-31,370304099",)),
    Case("heir-of-another-level", ("370304009,夏庄街道,township,,2026-12-31,370304001001",)),
    Case("heir-gone-too", ("370304008,域北街道,township,,2025-12-31,370304001", "370304009,夏庄街道,township,,2026-12-31,370304008")),
    Case("heir-not-there-yet", ("370304008,域北街道,township,2027-02-01", "370304009,夏庄街道,township,,2026-12-31,370304008")),
    Case("heirs-in-a-circle", ("370304008,域北街道,township,,2026-12-31,370304009", "370304009,夏庄街道,township,,2026-12-31,370304008")),
    Case("heir-outside", ("370303001,张店街道,township", "370304009,夏庄街道,township,,2026-12-31,370303001")),
    Case("heir-outside-and-unknown", ("370304009,夏庄街道,township,,2026-12-31,370305101",)),
    Case("split-undecided", ("370304009,夏庄街道,township,,2026-12-31,370304001 370304002",)),
    Case("heir-without-end", ("370304009,夏庄街道,township,,,370304001",)),
    Case("grid-without-village", ("370304001999001,第一网格,grid",)),
    Case("renamed-with-one-day-twice", ("370304009,夏庄街道,township,,2026-12-31", "370304009,夏庄镇,township,2026-12-31")),
    Case("renamed-with-days-between", ("370304009,夏庄街道,township,,2026-12-31", "370304009,夏庄镇,township,2027-02-01")),
    Case("until-before-from", ("370304009,夏庄街道,township,2027-01-01,2026-12-31,370304001",)),
    Case("day-of-end-unreadable", ("370304009,夏庄街道,township,,2026年底,370304001",)),
    Case("more-columns-than-the-head", ("370304009,夏庄街道,township,,2026-12-31,370304001,,备注",)),
    Case("name-of-a-place-that-ends", ("370304009,夏庄街道,township,,2026-12-31,370304001",), "", (f"{W}/units.toml", "[township]\n", '[township]\ninstances."370304009".label = "夏庄街道社会救助站"\n')),
    Case("condition-on-what-ends", ("370304001001,公平庄居委会,village,,2026-12-31,370304001003",), "370304001001,", (ROWS, *rows(row("x", 'when.residence.in = ["370304001001"]')))),
    Case("residence-sometimes-too-coarse", (), "", (CLUE, 'unit = "service-centre"', 'unit = "village"')),
    Case("grid-too-long-for-its-field", (), "", (f"forms/{BOSHAN}/clue-report.json", '"x-level": "village"', '"x-level": "grid"')),
]  # fmt: skip
SOUND = Case(
    "renamed-the-next-day", ("370304009,夏庄街道,township,,2026-12-31", "370304009,夏庄镇,township,2027-01-01")
)


def test_a_place_may_have_another_name_from_a_day_on() -> None:
    assert told(SOUND.files()) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_says(case: Case) -> None:
    said = "\n".join(f"{problem.severity}: {problem}" for problem in sorted(set(told(case.files())))) + "\n"
    snapshot = SNAPSHOTS / f"{case.name}.txt"
    if os.environ.get("XUNFANG_SNAPSHOTS") == "write":
        SNAPSHOTS.mkdir(exist_ok=True)
        snapshot.write_text(said, "utf-8")
    assert said == snapshot.read_text("utf-8")
    assert said.strip()


@pytest.mark.parametrize("change", [merging, handing_on, splitting, renaming], ids=lambda change: change.__name__)
def test_a_change_that_leaves_nobody_nowhere_is_silent(change: Change) -> None:
    codes = {problem.code for problem in told(changed(REAL, change))}
    assert codes <= {"INSTANCE_ENDS"}


def test_every_snapshot_belongs_to_a_case() -> None:
    assert {file.stem for file in SNAPSHOTS.glob("*.txt")} == {case.name for case in CASES}


def test_the_rulebook_knows_on_any_day_who_is_there_under_which_name_and_who_follows_whom() -> None:
    book = compile_rulebook(changed(REAL, merging), BOSHAN)
    eve, day = (book.on(moment).divisions for moment in (date(2026, 3, 31), date(2026, 4, 1)))
    assert ("370304102" in {each.code for each in eve.of_level("township")}, eve.stands("370304120")) == (True, False)
    assert ("370304102" in {each.code for each in day.of_level("township")}, day.stands("370304120")) == (False, True)
    assert (eve.follow("370304103201"), day.follow("370304103201")) == ("370304103201", "370304120701")
    assert day.label("370304103201", "370304") == eve.label("370304103201", "370304") == "白塔镇小梁庄村委会"
    named = compile_rulebook(changed(REAL, renaming), BOSHAN).divisions
    assert [named.name("370304102", moment) for moment in (date(2026, 3, 31), date(2026, 4, 1))] == [
        "域城镇",
        "域城街道",
    ]


def test_the_list_of_divisions_says_since_when_and_until_when_and_who_follows() -> None:
    listed = list(names(compile_rulebook(changed(REAL, merging), BOSHAN), "divisions"))
    assert ("370304102", "域城镇（至2026年3月31日止，由域塔镇（370304120）接续）") in listed
    assert ("370304120", "域塔镇（自2026年4月1日起）") in listed
    assert ("370304106", "八陡镇") in listed


def test_without_a_change_the_rules_of_any_day_are_they_themselves() -> None:
    book = compile_rulebook(FILES, BOSHAN)
    assert book.on(date(2030, 1, 1)) is book
    changing = compile_rulebook(changed(REAL, merging), BOSHAN)
    assert changing.on(date(2026, 5, 1)) is changing.on(date(2026, 6, 1))
