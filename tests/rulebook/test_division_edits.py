"""Divisions renamed, merged, split among others, set up: one change of the table, every other line byte for byte."""

from datetime import date
from pathlib import Path

import pytest

from xunfang.division import DivisionTree, Level
from xunfang.errors import Invalid
from xunfang.rulebook.division_edits import DivisionChange, Heirs, changed
from xunfang.rulebook.division_plans import Ending, adding, ending, renaming
from xunfang.rulebook.splicing import SpliceRefused

TABLES = sorted((Path(__file__).parents[2] / "workflows").glob("*/divisions.csv"))
ON = date(2027, 4, 1)
SMALL = """code,name,level
370304,甲区,county
370304102,乙镇,township
370304103,丙镇,township
370304102001,东村,village
370304103001,东村,village
370304103002,西村,village
370304103002001,一组,grid
"""


def tree(text: str = SMALL) -> DivisionTree:
    return DivisionTree.parse(text)


def lines_changed(before: str, after: str) -> list[str]:
    kept = set(before.splitlines())
    return [line for line in after.splitlines() if line not in kept]


def test_a_renamed_place_has_a_line_for_each_name_and_keeps_its_code() -> None:
    made = changed(SMALL, renaming(tree(), "370304102", "丁镇", ON))
    assert lines_changed(SMALL, made) == [
        "code,name,level,from,until",
        "370304102,乙镇,township,,2027-03-31",
        "370304102,丁镇,township,2027-04-01",
    ]
    again = changed(made, renaming(tree(made), "370304102", "戊镇", date(2028, 1, 1)))
    assert lines_changed(made, again) == [
        "370304102,丁镇,township,2027-04-01,2027-12-31",
        "370304102,戊镇,township,2028-01-01",
    ]
    assert tree(again).on(ON).name("370304102") == "丁镇"


def test_all_that_lies_in_a_merged_place_goes_on_under_codes_that_are_free() -> None:
    named = {"370304103001": ("", "丙东村")}
    made = changed(SMALL, ending(tree(), Ending("370304103", "370304102", ON, named=named)))
    after = tree(made).on(ON)
    assert after.follow("370304103") == "370304102"
    assert [(one.code, one.name) for one in after.children("370304102")] == [
        ("370304102001", "东村"),
        ("370304102002", "丙东村"),
        ("370304102003", "西村"),
    ]
    assert after.follow("370304103002001") == "370304102003001"
    assert after.stands("370304102003001")


def test_two_of_one_name_in_one_place_are_not_made() -> None:
    with pytest.raises(Invalid) as refused:
        ending(tree(), Ending("370304103", "370304102", ON))
    assert [problem.field for problem in refused.value.problems] == ["name:370304103001"]


def test_what_an_abolished_place_held_goes_to_several_and_one_takes_the_rest() -> None:
    ask = Ending("370304103", "370304120", ON, heir_name="新镇", towards={"370304103002": "370304102"})
    made = changed(SMALL, ending(tree(), ask))
    assert "370304103,丙镇,township,,2027-03-31,370304120 370304102,370304120" in made.splitlines()
    after = tree(made).on(ON)
    assert [after.follow(code) for code in ("370304103", "370304103001")] == ["370304120", "370304120001"]
    assert after.ancestor(after.follow("370304103002001"), Level.TOWNSHIP) == "370304102"


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        (Ending("370304103", "", ON), "into"),
        (Ending("370304103", "370304103", ON), "into"),
        (Ending("370304103", "370304102001", ON), "into"),
        (Ending("370304103", "370304199", ON), "into"),
        (Ending("370304103", "3703041", ON, heir_name="新镇"), "code"),
        (Ending("370304103", "370304102", ON, named={"370304103001": ("370304102001", "")}), "code:370304103001"),
        (Ending("370304103", "370304102", ON, named={"370304103001": ("370304999001", "")}), "code:370304103001"),
    ],
)
def test_what_cannot_follow_is_told_beside_its_field(ask: Ending, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        ending(tree(), ask)
    assert [problem.field for problem in refused.value.problems] == [field]


@pytest.mark.parametrize(
    ("above", "code", "name", "field"),
    [
        ("370304", "370304102", "新镇", "code"),
        ("370304", "370304102009", "新村", "code"),
        ("370304", "37030410", "新镇", "code"),
        ("370304102", "370304103009", "新村", "code"),
        ("370304102", "370304102009", "东村", "name"),
        ("370304102", "370304102009", "", "name"),
    ],
)
def test_what_cannot_be_set_up_is_told_beside_its_field(above: str, code: str, name: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        adding(tree(), above, code, name, None)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_nothing_changes_before_it_began_or_once_it_has_ended() -> None:
    made = changed(SMALL, adding(tree(), "370304", "370304104", "新镇", ON))
    with pytest.raises(Invalid, match="才设立"):
        renaming(tree(made), "370304104", "别名", ON)
    gone = changed(SMALL, ending(tree(), Ending("370304102001", "370304103001", ON)))
    with pytest.raises(Invalid, match="已经写明撤销"):
        renaming(tree(gone), "370304102001", "别名", ON)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.parent.name)
def test_of_every_shipped_table_one_line_changes_and_nothing_else(path: Path) -> None:
    text = path.read_text("utf-8")
    places = tree(text)
    village = places.of_level(Level.VILLAGE)[0]
    made = changed(text, renaming(places, village.code, "某某村", ON))
    assert len(lines_changed(text, made)) == 3
    assert lines_changed(made, text)[1:] == [f"{village.code},{village.name},village"]


@pytest.mark.parametrize(
    "text",
    [
        SMALL.replace("\n", "\r\n"),
        f"\ufeff{SMALL}",
        SMALL.removesuffix("\n"),
        SMALL.replace("乙镇", '"乙镇"'),
        SMALL.replace("level\n", "level,until,from\n").replace("370304,甲区,county", "370304,甲区,county,,2000-01-01"),
    ],
)
def test_how_a_table_is_written_stays_as_it_was(text: str) -> None:
    made = changed(text, renaming(tree(text), "370304103", "丁镇", ON))
    assert made.count("\r\n") == (text.count("\r\n") + 1 if "\r" in text else 0)
    assert made.startswith("\ufeff") == text.startswith("\ufeff")
    untouched = [line for line in text.splitlines()[1:] if "370304103," not in line]
    assert [line for line in made.splitlines() if line in untouched] == untouched
    assert tree(made).on(ON).name("370304103") == "丁镇"


def test_a_table_begins_with_its_first_place() -> None:
    made = changed("", DivisionChange(None, tuple(tree().on(ON))[:1]))
    assert made == "code,name,level\n370304,甲区,county\n"


@pytest.mark.parametrize(
    "text",
    [
        SMALL.replace("乙镇", '"乙\n镇"'),
        SMALL.replace("township", "镇", 1),
        SMALL.replace("370304102,", "370304112,", 1),
    ],
)
def test_what_cannot_be_proven_is_refused(text: str) -> None:
    with pytest.raises(SpliceRefused):
        changed(text, DivisionChange(ON, (), {"370304102": Heirs()}))
