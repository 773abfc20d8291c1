"""A statistical table 统计表 as a bureau circulates it: who fills it in, merged heads, units, numbers, and who signs.

Nothing in it is ever a formula: what is a number is written as one, all else as text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from xunfang.sheets.writing import A3, A4

_SONG, _HEI = "宋体", "黑体"
_NARROW_ENOUGH = 15
_FIRST, _OTHERS = 22, 9.5


@dataclass(frozen=True, slots=True)
class Head:
    """One cell of the heads: its text, in which row and column it begins, and over how many of both it stands."""

    text: str
    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """A table of numbers. `above` stands under the title, `units` and the numbers of columns under the heads.

    Each line begins with what it is called; `below` are the checks, what is missing, and who signs.
    """

    title: str
    above: str
    heads: Sequence[Head]
    depth: int
    units: Sequence[str]
    lines: Sequence[tuple[str, Sequence[int | float | None]]]
    below: Sequence[str]
    author: str


def write_statistics(told: Statistics) -> bytes:
    """Return the table as the bytes of an .xlsx file."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"title": told.title, "author": told.author})
    sheet = book.add_worksheet("统计表")
    looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
    last = len(told.units)
    sheet.set_column(0, 0, _FIRST)
    sheet.set_column(1, max(1, last), _OTHERS)
    _across(sheet, 0, last, told.title, looks["title"])
    _across(sheet, 1, last, told.above, looks["plain"])
    for head in told.heads:
        _put_head(sheet, head, looks["head"])
    top = 2 + told.depth
    _units(sheet, top, told.units, looks["head"])
    _lines(sheet, top + 2, told.lines, looks)
    for row, text in enumerate(told.below, top + 3 + len(told.lines)):
        _across(sheet, row, last, text, looks["plain"])
    _set_page(sheet, last, top + 1)
    book.close()
    return file.getvalue()


_LINE = {"font_name": _SONG, "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"font_name": _HEI, "font_size": 18, "align": "center", "valign": "vcenter", "num_format": "@"},
    "plain": {"font_name": _SONG, "font_size": 10, "valign": "vcenter", "text_wrap": True, "num_format": "@"},
    "head": {**_LINE, "font_name": _HEI, "align": "center", "num_format": "@"},
    "text": {**_LINE, "num_format": "@"},
    "number": {**_LINE, "align": "right"},
}


def _merge(sheet: Any, top: int, left: int, bottom: int, right: int, look: Any) -> None:
    """Make one cell of several, each with its lines; XlsxWriter's own way writes what it is given as it guesses."""
    sheet.merge.append([top, left, bottom, right])
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            sheet.write_blank(row, column, None, look)


def _across(sheet: Any, row: int, last: int, text: str, look: Any) -> None:
    if last:
        _merge(sheet, row, 0, row, last, look)
    sheet.write_string(row, 0, text, look)


def _put_head(sheet: Any, head: Head, look: Any) -> None:
    row = 2 + head.row
    if head.rows > 1 or head.columns > 1:
        _merge(sheet, row, head.column, row + head.rows - 1, head.column + head.columns - 1, look)
    sheet.write_string(row, head.column, head.text, look)


def _units(sheet: Any, row: int, units: Sequence[str], look: Any) -> None:
    """Write what each column counts, and its number, by which the checks name it."""
    sheet.write_string(row, 0, "计量单位", look)
    sheet.write_string(row + 1, 0, "序号", look)
    for column, unit in enumerate(units, 1):
        sheet.write_string(row, column, unit, look)
        sheet.write_number(row + 1, column, column, look)


def _lines(
    sheet: Any, top: int, lines: Sequence[tuple[str, Sequence[int | float | None]]], looks: dict[str, Any]
) -> None:
    for row, (label, values) in enumerate(lines, top):
        sheet.write_string(row, 0, label, looks["text"])
        for column, value in enumerate(values, 1):
            if value is None:
                sheet.write_blank(row, column, None, looks["number"])
            else:
                sheet.write_number(row, column, value, looks["number"])


def _set_page(sheet: Any, last: int, last_head: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4 if last < _NARROW_ENOUGH else A3)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2, last_head)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.freeze_panes(last_head + 1, 1)
