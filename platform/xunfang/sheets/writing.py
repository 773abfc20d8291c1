"""Workbooks as a bureau circulates them: a title, who fills it in and when, merged heads, lines, and what it is about.

Nothing in them is ever a formula or a link, whatever people typed: cells are written as text, numbers and days only.
Lines are written as they come (sheets/lines.py), so that a hundred thousand of them need no more room than their file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from itertools import groupby
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from xunfang.sheets.lines import LOOKS, with_lines

Cell = str | int | float | date | None
A4, A3 = 9, 8
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NARROW_ENOUGH = 15
"""So many columns fit across a sheet of A4."""
_SONG, _HEI = "宋体", "黑体"
_WIDTHS = {"text": 14.0, "number": 11.0, "day": 12.0, "moment": 17.0, "id": 21.0, "row": 6.0}
_NOTES = "填表说明"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: its head, what stands over it and its neighbours alike, and what it holds.

    `kind`: "text", "number", "day", "moment", "id" or "row" (the number of the line).
    """

    head: str
    group: str = ""
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook of one table. `above` stands between title and heads, `notes` on a sheet of their own."""

    title: str
    above: tuple[str, ...]
    columns: tuple[SheetColumn, ...]
    notes: tuple[tuple[str, str], ...]
    author: str
    at: datetime


Beside = tuple[str, Book, Sequence[Sequence[Cell]]]
"""A few lines on a sheet of their own: what the sheet is called, how it looks, and the lines."""


def write_book(book: Book, rows: Iterable[Sequence[Cell]], name: str = "", beside: Sequence[Beside] = ()) -> bytes:
    """Return the workbook as the bytes of an .xlsx file; `name` is that of its sheet, where not that of the book."""
    file = BytesIO()
    workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
    workbook.set_properties({"title": book.title, "author": book.author, "created": book.at.replace(tzinfo=None)})
    sheet = workbook.add_worksheet(_name(name or book.title))
    _write_table(sheet, _Formats(workbook), book)
    for each, other, lines in beside:
        _write_few(workbook.add_worksheet(_name(each)), _Formats(workbook), other, lines)
    _write_notes(workbook.add_worksheet(_NOTES), _Formats(workbook), book)
    workbook.close()
    return with_lines(file.getvalue(), rows)


def _name(title: str) -> str:
    """Return the name of a sheet: what no such name may hold is left out."""
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31] or "台账"


class _Formats:
    """How cells look."""

    def __init__(self, workbook: Any) -> None:
        line = {"font_name": _SONG, "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
        self.title = workbook.add_format(
            {"font_name": _HEI, "font_size": 18, "align": "center", "valign": "vcenter", "num_format": "@"}
        )
        self.above = workbook.add_format({"font_name": _SONG, "font_size": 10, "valign": "vcenter", "num_format": "@"})
        self.head = workbook.add_format(
            {**line, "font_name": _HEI, "align": "center", "bg_color": "#F2F2F2", "num_format": "@"}
        )
        self.text = workbook.add_format({**line, "num_format": "@"})
        self.number = workbook.add_format({**line, "align": "right"})
        self.day = workbook.add_format({**line, "align": "center", "num_format": "yyyy-mm-dd"})
        self.marked = workbook.add_format({**line, "num_format": "@", "font_color": "#C00000"})
        self.moment = workbook.add_format({**line, "align": "center", "num_format": "yyyy-mm-dd hh:mm"})


def _write_table(sheet: Any, formats: _Formats, book: Book) -> None:
    """Write all but the lines, for which blanks stand in, one for each look."""
    last = len(book.columns) - 1
    for index, column in enumerate(book.columns):
        sheet.set_column(index, index, _WIDTHS[column.kind])
    _span(sheet, 0, last, book.title, formats.title, 30)
    for index, text in enumerate(book.above, 1):
        _span(sheet, index, last, text, formats.above, 18)
    top = len(book.above) + 1
    _write_heads(sheet, formats, book.columns, top)
    _set_page(sheet, book, top + 1)
    for index, look in enumerate(LOOKS):
        sheet.write_blank(top + 2, index, None, getattr(formats, look))


def _write_few(sheet: Any, formats: _Formats, book: Book, rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table whose lines are few."""
    _write_table(sheet, formats, book)
    for number, row in enumerate(rows, len(book.above) + 3):
        for index, value in enumerate(row):
            if isinstance(value, (int, float)):
                sheet.write_number(number, index, value, formats.number)
            else:
                sheet.write_string(number, index, str(value or ""), formats.text)


def _span(sheet: Any, row: int, last: int, text: str, look: Any, height: float) -> None:
    """Write a text across all columns; rows that went to the disk are never come back to."""
    sheet.set_row(row, height)
    sheet.write_string(row, 0, text, look)
    if last:
        sheet.merge.append([row, 0, row, last])


def _write_heads(sheet: Any, formats: _Formats, columns: Sequence[SheetColumn], top: int) -> None:
    """Write two rows of heads: what several columns have in common over them, and what stands alone across both."""
    groups = list(_groups(columns))
    for first, last, group in groups:
        for index in range(first, last + 1):
            text = (group or columns[index].head) if index == first else ""
            sheet.write_string(top, index, text, formats.head)
        if group and last > first:
            sheet.merge.append([top, first, top, last])
        if not group:
            sheet.merge.append([top, first, top + 1, first])
    sheet.set_row(top + 1, 32)
    for first, last, group in groups:
        for index in range(first, last + 1):
            sheet.write_string(top + 1, index, columns[index].head if group else "", formats.head)


def _groups(columns: Sequence[SheetColumn]) -> Iterator[tuple[int, int, str]]:
    """Yield the first and the last of columns that stand side by side under one group; without one each by itself."""
    numbered = enumerate(columns)
    for group, found in groupby(numbered, lambda each: each[1].group or str(each[0])):
        places = [index for index, _ in found]
        yield places[0], places[-1], columns[places[0]].group and group


def _set_page(sheet: Any, book: Book, last_head: int) -> None:
    """Let it be printed across, the heads on every page, and stay in sight on the screen."""
    sheet.set_landscape()
    sheet.set_paper(A4 if len(book.columns) <= _NARROW_ENOUGH else A3)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(last_head - 1, last_head)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.freeze_panes(last_head + 1, min(2, len(book.columns) - 1))


def _write_notes(sheet: Any, formats: _Formats, book: Book) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    _span(sheet, 0, 1, f"{book.title}{_NOTES}", formats.title, 30)
    for row, (name, text) in enumerate(book.notes, 1):
        sheet.write_string(row, 0, name, formats.head)
        sheet.write_string(row, 1, text, formats.text)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
