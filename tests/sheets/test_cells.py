"""Cells as people fill them: numbers that lost digits are told of, never mended; days, amounts and yes as written."""

from typing import Any

import pytest

from sheets.books import number
from xunfang.sheets.cells import LOST, CellRefused, read


@pytest.mark.parametrize("lost", [3.703041990010113e17, 1e15, 370304199001011234, "3.70304E+17", "3.7E17"])
def test_a_number_that_lost_digits_is_refused_with_what_to_do(lost: float) -> None:
    with pytest.raises(CellRefused, match="设为文本"):
        read("resident-id", lost)
    assert "后几位已经丢失" in LOST


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        (f"G{number(7)}", number(7)),
        (f" {number(7)}\u3000", number(7)),
        ("３７０３０４", "370304"),
        ("37030419600304011x", "37030419600304011X"),
        (370304600304011.0, "370304600304011"),
        (f"'{number(7)}", number(7)),
        (f'="{number(7)}"', number(7)),
        ("37030419600304011×", "37030419600304011X"),
        ("37030419600304011Х", "37030419600304011X"),
        ("37030419600304011*", "37030419600304011*"),
    ],
)
def test_a_number_of_a_person_is_read_as_it_is_meant(cell: Any, meant: str) -> None:
    assert read("resident-id", cell) == meant


DAYS: tuple[Any, ...] = (
    "2026-03-05", "2026.3.5", "2026年3月5日", "2026/03/05", "20260305", 20260305.0, 46086.0, ["2026-03-05T00:00"],
)  # fmt: skip


@pytest.mark.parametrize("cell", DAYS)
def test_a_day_is_read_however_it_is_written(cell: Any) -> None:
    assert read("date", cell) == "2026-03-05"


@pytest.mark.parametrize(
    ("cell", "meant"),
    [("2万元", 20000), ("20,000.50元", 20000.5), (20000.0, 20000), ("￥1.25万", 12500), ("不详", "不详")],
)
def test_an_amount_is_read_in_yuan(cell: Any, meant: Any) -> None:
    assert read("number", cell) == meant


@pytest.mark.parametrize(("cell", "meant"), [("是", True), ("√", True), ("无", False), (True, True), ("也许", "也许")])
def test_yes_and_no_are_read_and_nothing_else_is_taken_for_them(cell: Any, meant: Any) -> None:
    assert read("boolean", cell) == meant


def test_a_phone_that_became_a_number_keeps_its_digits() -> None:
    assert read("phone", 13900001111.0) == "13900001111"
