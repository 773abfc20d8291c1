"""A published option that a draft no longer has is told of, whatever way it went."""

from pathlib import Path

import pytest

from xunfang.prove.taken_options import options_taken
from xunfang.rulebook.files import read_files

FILES = read_files(Path(__file__).parents[2])
LAYER = "370304-boshan"
LISTS = f"workflows/{LAYER}/lists.toml"
CARE = '[need.humane-care]\nlabel = "人文关怀"\ncites = ["BS-二(三)-7"]\n'
NEW = '\n[need.night-care]\nlabel = "夜间照护"\n'


def taken(**changes: str | None) -> list[str]:
    files = {**FILES, **{path: text for path, text in changes.items() if text is not None}}
    files = {path: text for path, text in files.items() if path not in changes or changes[path] is not None}
    return [each.message for each in options_taken(files, FILES, LAYER)]


def test_an_option_that_was_published_may_not_be_taken_away() -> None:
    assert CARE in FILES[LISTS]
    (problem,) = options_taken({**FILES, LISTS: FILES[LISTS].replace(CARE, "")}, FILES, LAYER)
    assert (problem.file, problem.code) == (LISTS, "OPTION_TAKEN_AWAY")
    assert "选项“人文关怀”（与“" in problem.message
    assert "停用" in problem.hint


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("renamed", FILES[LISTS].replace("need.humane-care", "need.human-care")),
        ("not-wanted-of-the-layers-above", f'[need]\nremove = ["medical"]\n\n{FILES[LISTS]}'),
    ],
)
def test_nor_go_by_another_id_or_be_removed_of_the_layers_above(name: str, text: str) -> None:
    assert len(taken(**{LISTS: text})) == 1


def test_nor_with_its_whole_file() -> None:
    assert len(taken(**{LISTS: None})) > 5


@pytest.mark.parametrize(
    "text",
    [
        FILES[LISTS] + NEW,
        FILES[LISTS].replace("人文关怀", "人文关爱"),
        FILES[LISTS].replace("[need.humane-care]\n", "[need.humane-care]\nretired = 2026-12-31\n"),
        FILES[LISTS].replace('label = "人文关怀"', 'label = "人文'),
    ],
    ids=["added", "renamed", "retired", "unreadable"],
)
def test_what_stays_or_cannot_be_read_is_no_matter_here(text: str) -> None:
    assert text != FILES[LISTS]
    assert taken(**{LISTS: text}) == []


def test_where_nothing_was_published_everything_may_go() -> None:
    assert list(options_taken({**FILES, LISTS: FILES[LISTS].replace(CARE, "")}, {}, LAYER)) == []
