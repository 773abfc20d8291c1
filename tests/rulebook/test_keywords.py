"""Every key of the rule files has its words: an editor shows them, and docs/reference.md tells all there is."""

from pathlib import Path

import pytest

from xunfang.rulebook.editing import TITLES, editor_schemas
from xunfang.rulebook.keywords import keys_of, words_of
from xunfang.rules.describe.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "reference.md"


@pytest.mark.parametrize("kind", TITLES)
def test_every_key_has_its_words(kind: str) -> None:
    silent = [key.path for key in keys_of(kind) if not words_of(kind, key.path)]
    assert silent == [], f"shapes/words.toml says nothing of {silent}"


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
