"""Workbooks as they are opened again: what stands where, what it is, and that nothing in them runs."""

import ast
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from xunfang.clock import local, parse
from xunfang.sheets import writing
from xunfang.sheets.writing import Book, SheetColumn, write_book

COLUMNS = (
    SheetColumn("序号", kind="row"), SheetColumn("编号", "个案"), SheetColumn("姓名", "对象"),
    SheetColumn("身份证号", "对象", "id"), SheetColumn("走访日期", "走访", "day"),
    SheetColumn("金额（元）", "保障", "number"),
)  # fmt: skip
AT = local(parse("2026-03-10T14:30:00"))
BOOK = Book("测试/台账", ("填报单位：测试办　　导出时间：2026-03-10 14:30",), COLUMNS, (("依据", "甲"),), "测试办", AT)
HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2", "http://example.invalid/", "mailto:a@example.invalid")
ROWS = [(1, "号1", "甲", "370304195803140241", date(2026, 3, 9), 8000.5), (2, "号2", "乙", None, None, 300)]


def test_title_heads_and_lines_stand_where_a_bureau_expects_them() -> None:
    book = load_workbook(BytesIO(write_book(BOOK, ROWS)))
    sheet = book["测试台账"]
    assert [cell.value for cell in next(iter(sheet.rows))][:2] == ["测试/台账", None]
    assert sheet["A2"].value.startswith("填报单位：测试办")
    assert [cell.value for cell in sheet[3]] == ["序号", "个案", "对象", None, "走访", "保障"]
    assert [cell.value for cell in sheet[4]][1:] == ["编号", "姓名", "身份证号", "走访日期", "金额（元）"]
    assert {"A1:F1", "A2:F2", "A3:A4", "C3:D3"} <= {str(each) for each in sheet.merged_cells.ranges}
    assert [cell.value for cell in sheet[5]] == [
        1,
        "号1",
        "甲",
        ROWS[0][3],
        parse("2026-03-09T00:00:00").replace(tzinfo=None),
        8000.5,
    ]
    assert (sheet["D5"].data_type, sheet["D5"].number_format, sheet["F5"].data_type) == ("s", "@", "n")
    assert sheet["E5"].is_date
    assert [row[0].value for row in book["填表说明"].iter_rows(min_row=2)] == ["依据"]


def test_it_is_printed_across_and_its_heads_stay_in_sight() -> None:
    sheet = load_workbook(BytesIO(write_book(BOOK, ROWS))).worksheets[0]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in {(1, 0), (None, 0)}
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$3:$4", "C5")
    wide = Book("宽", (), tuple(SheetColumn(f"列{n}") for n in range(30)), (), "测试办", AT)
    assert load_workbook(BytesIO(write_book(wide, []))).worksheets[0].page_setup.paperSize == 8


def test_what_a_line_says_is_read_again_by_others_sign_for_sign() -> None:
    texts = (" 头尾 ", "<&>\"'", "甲\n乙", "_x000D_", "\x07", "𠮷", "甲", True, -0.125, 1e15, None)
    columns = tuple(SheetColumn(f"列{n}") for n in range(len(texts) + 2))
    days = (date(1900, 2, 28), local(parse("2026-03-10T23:59:30")).replace(tzinfo=None))
    lines = [(*texts, *days)] * 520 + [(*texts[:6], "甲" * 40_000, *texts[7:], *days)]
    data = write_book(Book("签", (), columns, (), "测试办", AT), lines)
    for found in (_by_openpyxl(data), _by_calamine(data)):
        assert len(found) == 3 + 521
        assert [found[-1][n] for n in (0, 1, 2, 5, 7, 8, 9)] == [" 头尾 ", "<&>\"'", "甲\n乙", "𠮷", 1, -0.125, 1e15]
        assert found[-1][6] == "甲" * 32_767
        assert found[-1][10] in (None, "")
        assert found[-1][11] == "1900-02-28"
        assert found[-1][12].isoformat(timespec="minutes") == "2026-03-10T23:59"
        assert found[3] == found[-2] == [*found[-1][:6], "甲", *found[-1][7:]]
    assert _by_calamine(data)[-1][3:5] == ["_x000D_", "\x07"]


def _by_openpyxl(data: bytes) -> list[list[Any]]:
    return [list(row) for row in load_workbook(BytesIO(data), read_only=True).worksheets[0].iter_rows(values_only=True)]


def _by_calamine(data: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_nothing_that_people_typed_runs_or_leads_anywhere() -> None:
    columns = tuple(SheetColumn(text) for text in HOSTILE)
    data = write_book(Book("=1+1", HOSTILE, columns, tuple((text, text) for text in HOSTILE), "=1+1", AT), [HOSTILE])
    book = load_workbook(BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    with zipfile.ZipFile(BytesIO(data)) as parts:
        texts = [parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))]
    assert not [text for text in texts if "<f>" in text or "<hyperlink" in text or 'TargetMode="External"' in text]


def test_only_what_says_of_what_kind_a_cell_is_is_ever_written() -> None:
    """`write` guesses: a text that begins with = becomes a formula, one that looks like an address a link."""
    allowed = {"write_string", "write_number", "write_datetime", "write_blank", "write_book"}
    for path in Path(writing.__file__).parent.rglob("*.py"):
        called = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
        written = {name for name in called if name == "write" or name.startswith("write_")}
        assert written <= allowed | {"writestr", "write_text"}, path
        assert "merge_range" not in called, path  # it writes what it is given as `write` does
