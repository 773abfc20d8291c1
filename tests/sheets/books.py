"""Workbooks as offices really send them, made of invented people."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from xunfang.identity import make_id

HEADS = ("序号", "姓名", "身份证号", "联系电话", "详细地址", "医疗机构", "出院日期", "个人负担合规费用")
WORDS = {
    "name": ["姓名"], "id_number": ["身份证号", "公民身份号码"], "phone": ["联系电话"], "address": ["详细地址"],
    "hospital": ["医疗机构"], "discharged_on": ["出院日期"], "amount": ["个人负担合规费用"],
}  # fmt: skip
"""By which words each column is known."""


def number(serial: int, birth: date = date(1960, 3, 4)) -> str:
    """Return a number of an invented person."""
    return make_id("370304", birth, serial)


def patient(serial: int, **changes: Any) -> list[Any]:
    """Return the row of an invented patient."""
    told = {
        "name": f"王福{serial}", "id_number": number(serial), "phone": f"139{serial:08}",
        "address": "域城镇黄家峪村12号", "hospital": "区第一医院", "discharged_on": "2026-03-01", "amount": 30000,
    } | changes  # fmt: skip
    return [serial, *told.values()]


def book(sheets: Mapping[str, Sequence[Sequence[Any]]], merged: Sequence[str] = ()) -> bytes:
    """Return an .xlsx of these sheets; `merged` are ranges of the last one whose first cell alone has text."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as whole:
        for name, rows in sheets.items():
            sheet = whole.add_worksheet(name)
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell is not None:
                        (sheet.write_number if isinstance(cell, (int, float)) else sheet.write_string)(
                            place, column, cell
                        )
        for one in merged:
            sheet.merge_range(one, rows[int(one[1]) - 1][ord(one[0]) - 65])
    return made.getvalue()


def listed(*rows: Sequence[Any], heads: Sequence[str] = HEADS) -> bytes:
    """Return an .xlsx with one head row and these rows."""
    return book({"名单": [heads, *rows]})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return made.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """Return the parts of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}
