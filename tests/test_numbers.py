"""Numbers as people type them; numbers.json is the table of the page's checks too."""

import json
from pathlib import Path

import pytest

from xunfang.numbers import is_grouped_wrong, read_number

CASES = json.loads((Path(__file__).parent / "numbers.json").read_text("utf-8"))


@pytest.mark.parametrize(("text", "number"), CASES["read"])
def test_a_number(text: str, number: float) -> None:
    assert read_number(text) == number
    assert not is_grouped_wrong(text)


@pytest.mark.parametrize("text", CASES["doubtful"])
def test_a_number_that_may_be_two(text: str) -> None:
    assert read_number(text) is None
    assert is_grouped_wrong(text)


@pytest.mark.parametrize("text", CASES["none"])
def test_no_number(text: str) -> None:
    assert read_number(text) is None
    assert not is_grouped_wrong(text)
