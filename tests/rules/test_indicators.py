"""Indicators: part over whole, and points in proportion up to the mark."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.model import Indicator, Operator, Score, Selection, Test
from xunfang.rules.indicators import Measured, measure


def indicator(score: Score | None = None) -> Indicator:
    return Indicator(
        id="on-time",
        label="按时率",
        per=("unit", "month"),
        whole=Selection("task", Test("task.state", Operator.IS, "handling")),
        part=Test("task.completed_in_time", Operator.IS, True),
        score=score,
        basis=Basis(practice="试验"),
    )


def tasks(*in_time: bool | None, state: str = "handling") -> list[Mapping[str, Any]]:
    return [{"task.state": state, "task.completed_in_time": kept} for kept in in_time]


def test_only_what_belongs_to_the_whole_is_counted() -> None:
    things = tasks(True, True, False, None) + tasks(True, state="notify")
    assert measure(indicator(), things) == Measured(2, 4, 0.5, None)


def test_nothing_to_count_is_no_value_and_no_points() -> None:
    assert measure(indicator(Score(10, 0.95)), tasks(True, state="notify")) == Measured(0, 0, None, None)


@pytest.mark.parametrize(
    ("kept", "late", "points"), [(19, 1, 10.0), (20, 0, 10.0), (0, 5, 0.0), (1, 1, 5.26), (3, 1, 7.89)]
)
def test_points_grow_in_proportion_up_to_the_mark(kept: int, late: int, points: float) -> None:
    found = measure(indicator(Score(10, 0.95)), tasks(*[True] * kept, *[False] * late))
    assert found.points == points


def test_a_penalty_counts_the_other_way() -> None:
    assert measure(indicator(Score(-5, 1)), tasks(True, False)).points == -2.5


@given(st.lists(st.sampled_from([True, False, None])))
def test_the_part_is_never_more_than_the_whole(kept: list[bool | None]) -> None:
    found = measure(indicator(Score(10, 0.8)), tasks(*kept))
    assert 0 <= found.part <= found.whole == len(kept)
    assert found.points is None or 0 <= found.points <= 10
