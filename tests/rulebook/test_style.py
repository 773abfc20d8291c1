"""One style: no value changes, no comment is lost, and a second time changes nothing."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from xunfang.rulebook.style import StyleError, styled_json, styled_toml

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(
    [*ROOT.glob("workflows/*/*.toml"), *ROOT.glob("workflows/*/flows/*.toml"), *ROOT.glob("forms/*/*.json")]
)


def styled(path: Path) -> str:
    text = path.read_text("utf-8")
    return styled_toml(text) if path.suffix == ".toml" else styled_json(text)


def test_every_shipped_file_can_be_styled_and_then_stands_still() -> None:
    for path in SHIPPED:
        once = styled(path)
        assert (styled_toml(once) if path.suffix == ".toml" else styled_json(once)) == once, path


def comments(text: str) -> list[str]:
    """Return the comments of a text whose strings hold no number sign."""
    return re.findall(r"#[^\n]*", text)


def test_no_comment_of_a_shipped_file_is_lost() -> None:
    for path in (path for path in SHIPPED if path.suffix == ".toml"):
        text = path.read_text("utf-8")
        assert [line.rstrip() for line in comments(styled_toml(text))] == [line.rstrip() for line in comments(text)]


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
plain = (
    words | st.integers(-999, 999) | st.booleans() | st.dates() | st.sampled_from(["#", "]", "[[x]]", "a = 1", '"""'])
)
values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words.filter(bool), inner, max_size=3)
)
tables = st.dictionaries(words.filter(bool), values, max_size=5)


@given(tables)
def test_whatever_a_file_says_it_says_the_same_in_style(data: dict[str, Any]) -> None:
    text = tomlkit.dumps(data)
    once = styled_toml(text)
    assert tomllib.loads(once) == tomllib.loads(text)
    assert styled_toml(once) == once


@given(st.dictionaries(words, values.filter(lambda value: "date" not in repr(value)), max_size=5))
def test_json_says_the_same_in_style(data: dict[str, Any]) -> None:
    once = styled_json(json.dumps(data))
    assert json.loads(once) == data
    assert styled_json(once) == once


UNTIDY = '''\ufeff# head\r
  label   =  "a"   \r
when . needs . any=["x"]


# about the table
[ a ]
list = [
  ["x", "y"],
["z"]
]   # kept
text = """
  [not a header]
# not a comment

"""
[[rows]]
id='x#y'
'''


def test_it_looks_like_this() -> None:
    assert styled_toml(UNTIDY) == (
        '# head\nlabel = "a"\nwhen.needs.any = ["x"]\n\n# about the table\n[ a ]\nlist = [\n  ["x", "y"],\n["z"]\n'
        ']   # kept\ntext = """\n  [not a header]\n# not a comment\n\n"""\n\n[[rows]]\nid = \'x#y\'\n'
    )


@pytest.mark.parametrize("text", ['x = """a\n\n\n\nb"""\n', "x = nan\n"])
def test_it_refuses_rather_than_change_a_value(text: str) -> None:
    with pytest.raises(StyleError, match="改变内容"):
        styled_toml(text)


def test_a_key_written_twice_is_not_lost_silently() -> None:
    with pytest.raises(StyleError, match="写了两次"):
        styled_json('{"a": 1, "a": 2}')


@pytest.mark.parametrize("text", ["x = ", "[a]\n[a]\n", "x = 1 y = 2"])
def test_a_broken_file_is_not_styled(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        styled_toml(text)
