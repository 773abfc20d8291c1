"""Phone numbers as people type them: kept, shown, refused; phones.json is the table of the page's checks too."""

import json
from pathlib import Path

import pytest

from xunfang.phones import mask_phone, normalise_phone, phone_problem

CASES = json.loads((Path(__file__).parent / "phones.json").read_text("utf-8"))


@pytest.mark.parametrize(("text", "stored", "masked"), CASES["accepted"])
def test_a_phone(text: str, stored: str, masked: str) -> None:
    assert normalise_phone(text) == stored
    assert normalise_phone(stored) == stored
    assert phone_problem(text) == ""
    assert mask_phone(text) == masked
    assert mask_phone(stored) == masked


@pytest.mark.parametrize("text", CASES["refused"])
def test_a_phone_is_refused(text: str) -> None:
    assert "11位手机号" in phone_problem(text)


@pytest.mark.parametrize("text", ["  ", "\u200b", "\u202d\u202c"])
def test_an_empty_phone_is_asked_for(text: str) -> None:
    assert phone_problem(text) == "请填写联系电话。"


def test_what_is_no_phone_is_masked_all_the_same() -> None:
    assert mask_phone("1234") == "****"
    assert mask_phone("1234567") == "*****67"
