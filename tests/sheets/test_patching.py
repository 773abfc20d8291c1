"""The error column in the sender's own workbook: everything else stays, and openpyxl reads what was written."""

import io
import re
import tracemalloc
from typing import Any

import openpyxl
import pytest

from sheets.books import book, listed, patient, unzipped, zipped
from xunfang.sheets.patching import patched
from xunfang.sheets.sniffing import SheetRefused
from xunfang.sheets.stretches import NotPlain

TITLE = "核对问题"


def read_again(data: bytes, sheet: str = "名单") -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True))


def test_the_column_stands_behind_the_others_with_each_text_in_its_row() -> None:
    made = patched(listed(patient(1), patient(2)), "名单", 0, 8, TITLE, {2: "=1+1 <&> “住址”看不出"})
    rows = read_again(made)
    assert [row[8] for row in rows] == [TITLE, None, "=1+1 <&> “住址”看不出"]
    assert rows[1][1] == "王福1"
    cell = openpyxl.load_workbook(io.BytesIO(made))["名单"]["I3"]
    assert (cell.data_type, cell.font.color.rgb, cell.alignment.wrap_text) == ("s", "FFC00000", True)


def test_every_other_part_stays_as_it_came() -> None:
    before = zipped(unzipped(listed(patient(1))) | {"xl/media/seal.png": b"seal", "xl/drawings/drawing1.xml": b"<a/>"})
    after = patched(before, "名单", 0, 8, TITLE, {1: "坏"})
    changed = {name for name, part in unzipped(after).items() if part != unzipped(before)[name]}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/styles.xml"}
    assert unzipped(after).keys() == unzipped(before).keys()


def test_what_only_passes_through_is_never_held_as_a_whole() -> None:
    large = zipped(unzipped(listed(patient(1))) | {"xl/sharedStrings2.xml": b"0" * (16 << 20)})
    tracemalloc.start()
    try:
        made = patched(large, "名单", 0, 8, TITLE, {1: "坏"})
        assert tracemalloc.get_traced_memory()[1] < 6 << 20
    finally:
        tracemalloc.stop()
    assert len(unzipped(made)["xl/sharedStrings2.xml"]) == 16 << 20


def test_what_was_told_before_is_replaced_not_told_twice() -> None:
    once = patched(listed(patient(1), patient(2)), "名单", 0, 8, TITLE, {1: "旧", 2: "旧"})
    again = patched(once, "名单", 0, 8, TITLE, {2: "新"})
    assert [row[8] for row in read_again(again)] == [TITLE, None, "新"]


@pytest.mark.parametrize("column", [0, 3, 8, 30])
def test_what_streams_by_is_written_as_what_is_gone_through_whole(column: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [patient(n) for n in range(1, 60)]
    data, told = listed(*rows, [], ["合计", None, None, None, 5]), {1: "坏 <&>", 30: "也坏", 59: "坏"}
    streamed = patched(data, "名单", 0, column, TITLE, told)

    def strange(_: object) -> None:
        raise NotPlain

    monkeypatch.setattr("xunfang.sheets.patching.before_rows", strange)
    assert unzipped(patched(data, "名单", 0, column, TITLE, told)) == unzipped(streamed)


def test_the_sheet_is_found_by_its_name_among_several() -> None:
    made = patched(book({"说明": [["请看"]], "名单": [["姓名"], ["王福"]]}), "名单", 0, 1, TITLE, {1: "坏"})
    assert read_again(made)[1][1] == "坏"
    assert read_again(made, "说明") == [("请看",)]


def _rewritten(change: Any) -> bytes:
    parts = unzipped(listed(patient(1), patient(2)))
    parts["xl/worksheets/sheet1.xml"] = change(parts["xl/worksheets/sheet1.xml"])
    return zipped(parts)


def test_rows_without_cells_and_without_numbers_are_written_too() -> None:
    bare = _rewritten(
        lambda xml: re.sub(rb'<row r="3".*?</row>', b'<row r="3"/>', re.sub(rb' spans="[^"]*"', b"", xml))
    )
    assert read_again(patched(bare, "名单", 0, 8, TITLE, {2: "空"}))[2][8] == "空"


def test_a_prefix_of_names_is_kept() -> None:
    def prefixed(xml: bytes) -> bytes:
        return re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", xml).replace(b" xmlns=", b" xmlns:x=")

    assert read_again(patched(_rewritten(prefixed), "名单", 0, 8, TITLE, {1: "坏"}))[1][8] == "坏"


@pytest.mark.parametrize(
    "hostile",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet><sheetData>&x;</sheetData></worksheet>',
        b'<?xml version="1.0" encoding="UTF-16"?><worksheet/>',
        b"<worksheet><sheetData><row>",
    ],
)
def test_what_defines_entities_or_is_no_plain_sheet_is_not_touched(hostile: bytes) -> None:
    with pytest.raises(SheetRefused):
        patched(_rewritten(lambda _: hostile), "名单", 0, 8, TITLE, {1: "坏"})
