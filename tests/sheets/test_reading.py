"""Files as they come, by their bytes: workbooks, CSV in two codings, and what was made to hurt."""

import io
import os
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from sheets.books import HEADS, book, listed, patient, unzipped, zipped
from xunfang.confinement import Limits
from xunfang.sheets.blank import Column, template, with_column
from xunfang.sheets.reading import opened
from xunfang.sheets.sniffing import MB, Bounds, SheetRefused, kind_of, scan, text_of

SMALL = Limits(memory=700 * MB, cpu=10, wall=600.0)


def test_rows_come_with_their_places_from_the_very_first_row() -> None:
    with opened(book({"封面": [["某医院"]], "名单": [[], ["标题"], list(HEADS), patient(1)]})) as file:
        assert (file.sheets, file.kind) == (("封面", "名单"), "xlsx")
        (rows,) = file.pieces("名单")
        assert [len([cell for cell in row if cell != ""]) for row in rows] == [0, 1, 8, 8]
        assert file.beginning("封面")[0][0] == "某医院"
        with pytest.raises(SheetRefused):
            file.beginning("没有这一张")


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_whichever_coding_it_was_saved(coding: str) -> None:
    with opened("姓名,身份证号\r\n王福,1\r\n㐂𠮷,2\r\n".encode(coding)) as file:
        assert [row for piece in file.pieces("名单") for row in piece][2] == ["㐂𠮷", "2"]


def test_a_quote_that_is_not_closed_swallows_nobody() -> None:
    for rest in ('"低保\r\n李英,2,甲\r\n', '"低保\r\n李英,2,"甲\r\n', '"低保\r\n李英,2,"\r\n赵铁,3,甲\r\n'):
        data = f"姓名,身份证号,备注\r\n王福,1,{rest}".encode()
        with opened(data) as file, pytest.raises(SheetRefused, match="第2行起引号没有成对"):
            file.beginning("名单")
    with opened('姓名,身份证号,备注\r\n王福,1,"低保，\r\n残疾,重"\r\n'.encode()) as file:
        assert file.beginning("名单")[1][2] == "低保，\r\n残疾,重"


def test_what_is_neither_coding_and_what_is_no_table_are_refused_in_words() -> None:
    with pytest.raises(SheetRefused, match="文字编码"):
        text_of(b"\xff\xff\x80,\x81")
    for data, words in ((b"", "空的"), (b"%PDF-1.7\x00\x00", "不是能识别的表格"), (b"a" * 61 * MB, "60MB")):
        with pytest.raises(SheetRefused, match=words):
            kind_of(data)


def test_a_workbook_is_known_by_its_bytes_and_not_by_its_name() -> None:
    assert (kind_of(listed()), kind_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), kind_of("姓名".encode())) == (
        "xlsx",
        "xls",
        "csv",
    )


def _lying() -> bytes:
    """Return a ZIP whose directory declares a part to be small which is large."""
    made = bytearray(zipped({"xl/a.xml": b"0" * (3 * MB)}))
    place = made.rindex(b"PK\x01\x02")
    made[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(made)


HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "bomb": lambda: zipped({"xl/a.xml": b"0" * (250 * MB)}),
    "lying": _lying,
    "parts": lambda: zipped({f"xl/{n}.xml": b"" for n in range(201)}),
    "macro": lambda: zipped({"xl/vbaProject.bin": b"macro"}),
    "above": lambda: zipped({"../../etc/passwd": b"x"}),
    "rooted": lambda: zipped({"/etc/passwd": b"x"}),
    "torn": lambda: listed(patient(1))[:-200],
    "noise": lambda: b"PK\x03\x04" + os.urandom(200),
}
"""Made only where they are tried: every process of the tests reads this file."""


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_archive_is_refused_before_anything_reads_it(hostile: str) -> None:
    archive = HOSTILE[hostile]()
    with pytest.raises(SheetRefused):
        scan(archive)


def test_what_is_within_the_bounds_passes() -> None:
    scan(listed(*(patient(n) for n in range(1, 200))))
    with pytest.raises(SheetRefused):
        scan(listed(patient(1)), Bounds(parts=3))


def _sheet(xml: bytes) -> bytes:
    return zipped(unzipped(listed(patient(1))) | {"xl/worksheets/sheet1.xml": xml})


FAR = """<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>
<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>"""
OUTSIDE = """<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>"""


def test_a_cell_far_away_kills_the_reader_and_not_us() -> None:
    with pytest.raises(SheetRefused), opened(_sheet(FAR.encode()), SMALL) as file:
        file.beginning("名单")


def test_an_entity_from_outside_is_never_filled_in() -> None:
    told = ""
    with suppress(SheetRefused), opened(_sheet(OUTSIDE.encode()), SMALL) as file:
        told = str(file.beginning("名单"))
    assert Path("/etc/hostname").read_text().strip() not in told


def test_a_list_written_anew_holds_no_formula() -> None:
    made = with_column([["姓名"], ["=cmd|' /C calc'!A0"]], 0, 1, "核对问题", {1: "=坏"})
    assert b"<f>" not in unzipped(made)["xl/worksheets/sheet1.xml"]
    with opened(made) as file:
        assert file.beginning("名单")[1] == ["=cmd|' /C calc'!A0", "=坏"]


@pytest.fixture
def empty() -> Iterator[zipfile.ZipFile]:
    columns = [Column("姓名", must=True), Column("身份证号"), Column("残疾类别", options=("视力", "听力"))]
    with zipfile.ZipFile(io.BytesIO(template("名单", columns, ["一人一行。"]))) as made:
        yield made


def test_the_empty_list_has_texts_for_numbers_choices_and_how_to_fill_it_in(empty: zipfile.ZipFile) -> None:
    sheet = empty.read("xl/worksheets/sheet1.xml").decode()
    assert 'type="list"' in sheet
    assert "选项!$A$1:$A$2" in sheet
    assert "一人一行。" in empty.read("xl/sharedStrings.xml").decode()
