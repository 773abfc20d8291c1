"""What it costs to write a ledger of 100,000 lines as a workbook, beside openpyxl writing the same cells."""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from xunfang.clock import local, parse
from xunfang.sheets.writing import Book, Cell, SheetColumn, write_book

LINES = 100_000
KINDS = ("row", "text", "text", "id", "text", "text", "day", "number", "text", "moment")


def _rows() -> Iterator[tuple[Cell, ...]]:
    day, moment = date(2026, 1, 1), parse("2026-01-01T08:30:00").replace(tzinfo=None)
    for n in range(LINES):
        on = timedelta(days=n % 365)
        told = (f"救助〔2026〕{n}号", f"测试{n}", "370304************", "测试镇测试村", "医疗救助")
        yield (n + 1, *told, day + on, n % 9000 + 0.5, "测试单位", moment + on)


def _ours() -> int:
    columns = tuple(SheetColumn(f"第{n}列", "对象" if n in (2, 3, 4) else "", kind) for n, kind in enumerate(KINDS))
    at = local(parse("2026-03-10T14:30:00"))
    return len(write_book(Book("测试台账", ("填报单位：测试",), columns, (("依据", "测试"),), "测试", at), _rows()))


def _openpyxl() -> int:
    """Write the same cells as its own manual tells for large files: write-only, text as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("测试台账")
    for row in _rows():
        cells = [WriteOnlyCell(sheet, value=value) for value in row]
        for cell, kind in zip(cells, KINDS, strict=True):
            cell.number_format = {"day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "text": "@"}.get(kind, "General")
        sheet.append(cells)
    file = BytesIO()
    book.save(file)
    return len(file.getvalue())


def sheets() -> None:
    """Print what both take, in the seconds of one core."""
    ours, other = (_seconds(work) for work in (_ours, _openpyxl))
    print(f"a ledger of {LINES:,} lines as .xlsx       {ours:>10.1f} s")
    print(f"  openpyxl 3 writing the same cells       {other:>10.1f} s   ratio {other / ours:.1f}")


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.process_time()
    assert work() > LINES
    return time.process_time() - begun
