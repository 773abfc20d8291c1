"""Two changes of one text woven together: nothing of either is lost, or they are refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunfang.rulebook.weaving import woven

ROOT = Path(__file__).parents[2]
UNITS = (ROOT / "workflows/370304-boshan/units.toml").read_text("utf-8")


def test_changes_of_different_lines_are_both_made() -> None:
    one, other = UNITS.replace("区财政局", "区财金局"), UNITS.replace("区民政局", "民政局") + '\n[new]\nlabel = "新"\n'
    assert woven(UNITS, one, other) == one.replace("区民政局", "民政局") + '\n[new]\nlabel = "新"\n'


def test_the_same_change_is_made_once() -> None:
    one = UNITS.replace("区财政局", "区财金局")
    assert woven(UNITS, one, one) == one


@pytest.mark.parametrize(
    ("one", "other"), [("a\nB\nc\n", "a\nC\nc\n"), ("a\nb\nx\nc\n", "a\nb\ny\nc\n"), ("a\nc\n", "a\nB\nc\n")]
)
def test_what_touches_the_same_lines_is_refused(one: str, other: str) -> None:
    assert woven("a\nb\nc\n", one, other) is None


LINES = st.lists(st.sampled_from("abcd"), max_size=8).map(lambda lines: "".join(f"{line}\n" for line in lines))


@given(LINES, LINES)
def test_who_changed_nothing_takes_nothing_away(before: str, changed: str) -> None:
    assert woven(before, before, changed) == changed
    assert woven(before, changed, before) == changed


@given(LINES, LINES, LINES)
def test_it_does_not_matter_who_was_first(before: str, one: str, other: str) -> None:
    assert woven(before, one, other) == woven(before, other, one)
