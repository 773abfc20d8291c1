"""Rows read as they stream by are those that calamine reads, cell by cell; whatever is unusual calamine is left to."""

import io
import re
from collections.abc import Callable
from contextlib import suppress
from time import process_time
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook

from sheets.books import HEADS, WORDS, book, listed, patient, unzipped, zipped
from xunfang.sheets.heads import find_head
from xunfang.sheets.reading import ReadAnew, opened
from xunfang.sheets.said import Wanted
from xunfang.sheets.serials import cell_of
from xunfang.sheets.sniffing import SheetRefused
from xunfang.sheets.streaming import Streamed
from xunfang.sheets.stretches import NotPlain

SHEET = "xl/worksheets/sheet1.xml"
FORMATS = (
    "yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "[h]:mm", "[$-804]yyyy", "0.00", "@", "General", '"d"0', "[DBNum1]yyyy",
    "0.00E+00", "[Red]0", "h:mm AM/PM", "_(* #,##0", "m/d/yy;@", "0;d", "\\d0", "G/通用格式", "[$¥-804]#,##0",
)  # fmt: skip
SERIALS = (0, 0.25, 1, 59, 60, 60.5, 61, 46081, 46081.354166666664, 46081.99999999, 3_000_000, -3)


def by_calamine(data: bytes, sheet: str) -> list[list[Any]]:
    """Return the rows of a sheet as calamine reads them, without what is empty at their ends."""
    found = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    rows = [[cell_of(value) for value in row] for row in found]
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def made(write: Callable[[Any, Any], None], **options: Any) -> bytes:
    """Return a workbook in whose sheet 名单 something was written."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, options) as workbook:
        write(workbook, workbook.add_worksheet("名单"))
    return file.getvalue()


def _days(workbook: Any, sheet: Any) -> None:
    for row in range(60):
        look = workbook.add_format()
        look.num_format = look.num_format_index = row
        sheet.write_number(row, 0, 46081.25, look)
    for row, code in enumerate(FORMATS):
        look = workbook.add_format({"num_format": code})
        for column, serial in enumerate(SERIALS, 1):
            sheet.write_number(row, column, serial, look)


def _odd(workbook: Any, sheet: Any) -> None:
    bold = workbook.add_format({"bold": True})
    texts = (" 头尾 ", "a\r\nb", "_x000D_", "\x07", "<&>\"'", "𠮷㐂", "", "　全角　")
    for row, text in enumerate(texts):
        sheet.write_string(row, row % 3, text)
    sheet.write_rich_string(12, 0, "甲", bold, "乙", "丙<&>")
    sheet.write_boolean(13, 1, True)
    sheet.write_formula(14, 0, "=1/0", None, "#DIV/0!")
    sheet.write_formula(14, 1, '="a"', None, "文<")
    sheet.write_formula(14, 5, "=2+3", None, 5)
    sheet.write_blank(15, 40, None, bold)
    sheet.write_number(16, 2, 370304199001011234)


@pytest.mark.parametrize("options", [{}, {"constant_memory": True}], ids=["shared", "in-line"])
@pytest.mark.parametrize("write", [_days, _odd])
def test_every_cell_is_what_calamine_makes_of_it(write: Callable[[Any, Any], None], options: dict[str, Any]) -> None:
    data = made(write, **options)
    assert list(Streamed(data).rows("名单")) == by_calamine(data, "名单")


def test_sheets_that_are_hidden_are_passed_over_and_the_others_found_by_name() -> None:
    data = book({"封面": [["某医院"]], "名单": [[], list(HEADS), patient(1)]})
    parts = unzipped(data)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        'name="封面"'.encode(), 'name="封面" state="hidden"'.encode()
    )
    workbook = Streamed(zipped(parts))
    assert list(workbook.sheets) == ["名单"]
    assert list(workbook.rows("名单")) == by_calamine(data, "名单")


UNUSUAL: dict[str, Callable[[bytes], bytes]] = {
    "prefixed": lambda xml: re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", xml).replace(b" xmlns=", b" xmlns:x="),
    "no-places": lambda xml: re.sub(rb' r="[A-Z]*\d+"', b"", xml),
    "commented": lambda xml: xml.replace(b"<sheetData>", b"<sheetData><!-- -->"),
}


@pytest.mark.parametrize("change", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_written_in_an_unusual_way_is_left_to_calamine(change: Callable[[bytes], bytes]) -> None:
    plain = listed(patient(1), patient(2))
    parts = unzipped(plain)
    odd = zipped(parts | {SHEET: change(parts[SHEET])})
    with pytest.raises(NotPlain):
        list(Streamed(odd).rows("名单"))
    with opened(odd) as file:
        assert [row for piece in file.pieces("名单") for row in piece] == by_calamine(plain, "名单")


def test_what_turns_out_to_be_unusual_only_later_is_read_anew_from_its_first_row() -> None:
    parts = unzipped(listed(*(patient(n) for n in range(1, 60))))
    parts[SHEET] = parts[SHEET].replace(b'<row r="50"', b'<row spans="1:8" r="50"')
    with opened(zipped(parts)) as file:
        head = file.beginning("名单")
        assert head[1][1] == "王福1"
        with pytest.raises(ReadAnew):
            list(file.pieces("名单"))
        assert len([row for piece in file.pieces("名单") for row in piece]) == 60


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{cell}"><v>1</v></c></row>'


@pytest.mark.parametrize(("row", "cell"), [(2, "XFD2"), (1_048_577, "A1048577")])
def test_cells_beyond_what_a_list_has_are_refused_without_room_being_made_for_them(row: int, cell: str) -> None:
    xml = f"<worksheet><sheetData>{FAR.format(row=row, cell=cell)}</sheetData></worksheet>".encode()
    with pytest.raises(SheetRefused, match="太多了"):
        list(Streamed(zipped(unzipped(listed()) | {SHEET: xml})).rows("名单"))


def test_people_come_by_columns_with_what_is_refused_and_how_wide_the_sheet_is() -> None:
    rows = [patient(1), [*patient(2, id_number=3.703041990010113e17), "", "多出来的"], ["合计"]]
    with opened(listed(*rows)) as file:
        head = find_head(file.beginning("名单"), WORDS)
        assert head is not None
        kinds = dict.fromkeys(head.names, "text") | {"id_number": "resident-id", "amount": "number"}
        (said,) = file.people("名单", Wanted(head, "id_number", "name", kinds))
        assert (list(said.rows), said.columns["name"], said.columns["amount"]) == (
            [1, 2],
            ["王福1", "王福2"],
            [30000] * 2,
        )
        assert [each[:2] for each in said.refused] == [[1, "id_number"]]
        assert file.width == 10


NEVER_ENDING = {
    "cells": "<row r='1'>".replace("'", '"') + "<c >" * 60_000 + "</row>",
    "rows": "<row r=" * 60_000 + "</row>",
    "empty rows": '<row r="1"/> ' * 30_000 + "</row>",
    "attributes": '<row r="1">' + '<c r="A1" s=' * 40_000 + "</row>",
    "in-line": '<row r="1"><c r="A1" t="inlineStr"><is>' + "<rPh" * 60_000 + "</is></c></row>",
}


@pytest.mark.parametrize("rows", NEVER_ENDING.values(), ids=NEVER_ENDING)
def test_what_never_ends_is_given_up_at_once(rows: str) -> None:
    xml = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
    began = process_time()
    with suppress(NotPlain):
        assert not list(Streamed(zipped(unzipped(listed()) | {SHEET: xml})).rows("名单"))
    assert process_time() - began < 1


def test_texts_that_cells_share_and_that_never_end_are_given_up_at_once() -> None:
    for texts in ("<si>" * 60_000, "<si><t " * 60_000, f"<si>{'<rPh' * 60_000}</si>", "<si><r>" * 60_000 + "</si>"):
        shared = f"<sst>{texts}</sst>".encode()
        began = process_time()
        with pytest.raises(NotPlain):
            list(Streamed(zipped(unzipped(listed(patient(1))) | {"xl/sharedStrings.xml": shared})).rows("名单"))
        assert process_time() - began < 1
