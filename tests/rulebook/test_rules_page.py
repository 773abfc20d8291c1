"""docs/rules.md tells the truth: its messages are the compiler's own, and every kind of file has its place."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from xunfang.division import DivisionTree
from xunfang.rulebook.compile import FOLDERS, SINGLE
from xunfang.rulebook.paper_tables import table_of

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "rules.md").read_text("utf-8")
_BLOCK = re.compile(r"^```(\w+)(?: snapshot=([a-z-]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = _BLOCK.findall(PAGE)
MESSAGES = {name: text for kind, name, text in BLOCKS if name}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_told_word_for_word(name: str) -> None:
    told = next(file for file in HERE.glob(f"*/{name}.txt")).read_text("utf-8")
    assert told.replace("error: ", "").endswith(MESSAGES[name])


def test_every_kind_of_file_has_a_place() -> None:
    for kind in SINGLE:
        assert f"`{kind}.toml`" in PAGE
    for words in (*(f"`{folder}/" for folder in FOLDERS), "`forms/", "`scenarios/", "`templates/", "`divisions.csv`"):
        assert words in PAGE


def test_every_example_can_be_read() -> None:
    for kind, name, text in BLOCKS:
        if kind == "toml":
            assert tomllib.loads(text)
        elif kind == "json":
            assert json.loads(f"{{{text}}}")
        elif kind == "csv":
            assert len(DivisionTree.parse(text))
        elif kind == "html":
            assert table_of(text.strip())
        else:
            assert name
    assert PAGE.count("\n```") == 2 * len(BLOCKS)
    assert len(MESSAGES) >= 14
