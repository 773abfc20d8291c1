"""Every key of the rule files has its words: an editor shows them, and docs/reference.md tells all there is."""

import re
from pathlib import Path

import pytest

from xunfang.rulebook.block_inputs import Control, described
from xunfang.rulebook.block_shapes import Shape
from xunfang.rulebook.editing import TITLES, editor_schemas
from xunfang.rulebook.key_labels import label_of
from xunfang.rulebook.key_names import NAMED
from xunfang.rulebook.keywords import keys_of, words_of
from xunfang.rules.describe.options import options_of
from xunfang.rules.describe.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "reference.md"


@pytest.mark.parametrize("kind", TITLES)
def test_every_key_has_its_words(kind: str) -> None:
    silent = [key.path for key in keys_of(kind) if not words_of(kind, key.path)]
    assert silent == [], f"shapes/words.toml says nothing of {silent}"


@pytest.mark.parametrize("kind", TITLES)
def test_every_key_has_a_short_name_for_the_label_of_a_form(kind: str) -> None:
    labels = {key.path: label_of(kind, key.path) for key in keys_of(kind)}
    long = {path: label for path, label in labels.items() if not re.fullmatch(r"[\u4e00-\u9fffA-Z、（）]{1,14}", label)}
    assert long == {}, f"shapes/labels.toml names them too long, or not in Chinese: {long}"


@pytest.mark.parametrize("kind", TITLES)
def test_every_fixed_value_is_called_something(kind: str) -> None:
    places = [place_at(kind, key.path) for key in keys_of(kind)]
    inputs = [described(place, (), Control.CHOICE, {}, options_of(None)) for place in places if place.plain.get("enum")]
    assert [(each.label, option.value) for each in inputs for option in each.options if option.label.isascii()] == []


def place_at(kind: str, path: str) -> Shape:
    """Return a key's place in the schema of its kind."""
    return next(Shape(kind, path, key.schema) for key in keys_of(kind) if key.path == path)


def test_what_keys_name_is_told_of_keys_that_there_are() -> None:
    told = {(kind, path) for kind, paths in NAMED.items() for path in paths}
    assert told - {(kind, key.path) for kind in TITLES for key in keys_of(kind)} == set()


def test_an_editor_shows_them_where_a_key_is_written() -> None:
    schemas = editor_schemas()
    told = schemas["deadlines"]["additionalProperties"]["properties"]["escalate"]["items"]["properties"]["to"]
    assert told["description"] == "报给谁：单位编号，或 superior（承办单位的上级）"
    form = schemas["form"]["properties"]["properties"]["additionalProperties"]["properties"]
    assert form["x-when"]["description"] == "什么时候显示"


def test_the_page_in_docs_is_current() -> None:
    assert PAGE.read_text("utf-8") == reference(), "xunfang reference -o docs/reference.md"


def test_the_page_tells_acts_limits_conditions_and_facts() -> None:
    page = reference()
    for line in (
        "| `sign-off` | 签发 |",
        "| `5 workdays` | 5个工作日 |",
        "| `at_least` | 不小于 |",
        "| `person.age` | 年龄 |",
        "| `*.limits[].limit` | 期限，必写 | 这种情形的期限 |",
    ):
        assert line in page, line
    assert "|  |" not in page
