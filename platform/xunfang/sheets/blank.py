"""Workbooks that are made here: the empty one to be filled in, and a list written anew with a column besides."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from xunfang.sheets.cells import text
from xunfang.sheets.lines import LOOKS, Marked, with_lines

_ROWS = 5_000
_WIDE = 24
_MADE: dict[str, Any] = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True, slots=True)
class Column:
    """A column to be filled in: its head, how wide, whether it is a must, what may be chosen, and a hint."""

    head: str
    must: bool = False
    options: tuple[str, ...] = ()
    hint: str = ""
    text: bool = True


@contextmanager
def _book(made: io.BytesIO) -> Iterator[Any]:
    book = xlsxwriter.Workbook(made, _MADE)
    yield book
    book.close()


def template(title: str, columns: Sequence[Column], notes: Iterable[str]) -> bytes:
    """Return an empty list to be filled in: heads, choices to pick from, and a sheet that says how."""
    made = io.BytesIO()
    with _book(made) as book:
        sheet, told = book.add_worksheet("名单"), book.add_worksheet("填表说明")
        bold = {"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}
        must, may = book.add_format({**bold, "bg_color": "#FCE8D5"}), book.add_format({**bold, "bg_color": "#EEF2F6"})
        as_text, plain = book.add_format({"num_format": "@"}), book.add_format({})
        for place, column in enumerate(columns):
            sheet.set_column(place, place, _WIDE, as_text if column.text else plain)
            sheet.write_string(0, place, column.head, must if column.must else may)
        sheet.freeze_panes(1, 0)
        _choices(book, sheet, columns)
        told.set_column(0, 0, 22)
        told.set_column(1, 1, 80, book.add_format({"text_wrap": True}))
        told.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        for row, note in enumerate(notes, 1):
            told.write_string(row, 1, note)
    return made.getvalue()


def slips(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a sheet of slips to be printed and cut: each row with the heads above it once more."""
    made = io.BytesIO()
    with _book(made) as book:
        sheet = book.add_worksheet("清单")
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#EEF2F6"})
        cell = book.add_format({"num_format": "@", "border": 1, "text_wrap": True})
        sheet.set_column(0, len(heads) - 1, _WIDE)
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        for place, row in enumerate(rows):
            for at, (name, value) in enumerate(zip(heads, row, strict=True)):
                sheet.write_string(2 + 3 * place, at, name, head)
                sheet.write_string(3 + 3 * place, at, value, cell)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    return made.getvalue()


def _choices(book: Any, sheet: Any, columns: Sequence[Column]) -> None:
    """Let what has choices be picked from a list, which stands on a sheet of its own."""
    chosen = [(place, column) for place, column in enumerate(columns) if column.options]
    if not chosen:
        return
    options = book.add_worksheet("选项")
    options.hide()
    for at, (place, column) in enumerate(chosen):
        for row, option in enumerate(column.options):
            options.write_string(row, at, option)
        letter = xlsxwriter.utility.xl_col_to_name(at, col_abs=True)
        source = f"=选项!{letter}$1:{letter}${len(column.options)}"
        sheet.data_validation(1, place, _ROWS, place, {"validate": "list", "source": source, "ignore_blank": True})


def with_column(rows: Iterable[Sequence[Any]], head: int, column: int, title: str, told: Mapping[int, str]) -> bytes:
    """Return a list written anew as .xlsx, with texts in a column besides; nothing in it is ever a formula."""
    made = io.BytesIO()
    with _book(made) as book:
        sheet, plain = book.add_worksheet("名单"), book.add_format({"align": "general"})
        looks = dict.fromkeys(LOOKS, plain) | {"text": book.add_format({"num_format": "@"})}
        looks["marked"] = book.add_format({"font_color": "#C00000", "text_wrap": True})
        sheet.set_column(column, column, 48)
        for place, look in enumerate(LOOKS):
            sheet.write_blank(0, place, None, looks[look])
    words = {**told, head: title}
    lines = (_line(row, column, words.get(place, "")) for place, row in enumerate(rows))
    return with_lines(made.getvalue(), lines)


def _line(row: Sequence[Any], column: int, words: str) -> list[Any]:
    """Return the cells of a row, with words in a column."""
    cells = [_plain(cell) for cell in row]
    if words or column < len(cells):
        cells += [None] * (column + 1 - len(cells))
        cells[column] = Marked(words) if words else None
    return cells


def _plain(cell: Any) -> Any:
    if cell in ("", None):
        return None
    return cell if isinstance(cell, (int, float)) and not isinstance(cell, bool) else text(cell)


def listed(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a plain list as an office sends it: one head row, texts as texts and numbers as numbers."""
    made = io.BytesIO()
    with _book(made) as book:
        sheet = book.add_worksheet(name)
        for place, row in enumerate([heads, *rows]):
            for column, cell in enumerate(row):
                (sheet.write_number if isinstance(cell, (int, float)) else sheet.write_string)(place, column, cell)
    return made.getvalue()
