"""The child process that opens what people handed in: it reads rows of sheets, and writes a column into them."""

import csv
import io
import json
import resource
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from xunfang.confinement import Answer, serve
from xunfang.sheets.heads import Head
from xunfang.sheets.patching import patched
from xunfang.sheets.said import Said, Wanted, said_of
from xunfang.sheets.serials import cell_of
from xunfang.sheets.sniffing import (
    CODINGS,
    CSV,
    USUAL,
    WHOLE,
    XLSX,
    SheetRefused,
    kind_of,
    scan,
    text_of,
    too_much,
)
from xunfang.sheets.streaming import Streamed
from xunfang.sheets.stretches import NotPlain

_NOT_READ = "文件打不开：可能已损坏、加了密码，或者不是表格。请用 Excel 或 WPS 打开后另存一份再报。"
_MOST_SHEETS = 20
_UNCLOSED = "第{line}行起引号没有成对，后面的行会混进这一行。请用 Excel 或 WPS 打开核对后，存为 .xlsx 再报。"


class _Opened:
    """One file, and of it the sheet whose rows are read."""

    def __init__(self, data: bytes, *, streamed: bool = True) -> None:
        self.data, self.kind = data, kind_of(data)
        self.size = scan(data) if self.kind == XLSX else 0
        self.rows: Iterator[list[Any]] = iter(())
        self.said: Iterator[Said] = iter(())
        self.begun, self.width = False, 0
        self._book: Any = None
        self._streamed = self._streaming() if streamed and self.kind == XLSX else None

    def _streaming(self) -> Streamed | None:
        try:
            return Streamed(self.data)
        except NotPlain:
            return None

    def names(self) -> list[str]:
        """Return the names of the sheets that are not hidden."""
        if self.kind == CSV:
            return ["名单"]
        if self._streamed:
            return list(self._streamed.sheets)[:_MOST_SHEETS]
        from python_calamine import SheetVisibleEnum

        shown = [each for each in self._whole().sheets_metadata if each.visible == SheetVisibleEnum.Visible]
        return [each.name for each in shown][:_MOST_SHEETS]

    def take(self, name: str) -> None:
        """Turn to a sheet, from its first row on."""
        self.begun, self.width, self.rows = False, 0, self._measured(name)

    def _measured(self, name: str) -> Iterator[list[Any]]:
        """Yield the rows of a sheet, and take note of how wide it is."""
        for row in self._rows(name):
            self.begun = True
            if len(row) > self.width:
                self.width = len(row)
            yield row

    def _rows(self, name: str) -> Iterator[list[Any]]:
        if self.kind == CSV:
            yield from _of_csv(text_of(self.data))
            return
        if self._streamed:
            try:
                yield from self._streamed.rows(name)
            except NotPlain:
                self._streamed = None
                if self.begun:
                    raise
            else:
                return
        yield from self._whole_rows(name)

    def _whole_rows(self, name: str) -> Iterator[list[Any]]:
        sheet = self._whole().get_sheet_by_name(name)
        height, width = sheet.total_height, sheet.total_width
        if height > USUAL.rows or width > USUAL.columns:
            raise SheetRefused(f"工作表“{name}”有{height}行{width}列，太多了。请删去名单以外的空行空列再报。")
        for row in sheet.iter_rows():
            yield [cell_of(value) if not isinstance(value, (str, float, int)) else value for value in row]

    def _whole(self) -> Any:
        """Return the workbook as it is read by what holds all of it in memory."""
        if self.size > WHOLE:
            raise too_much(WHOLE)
        from python_calamine import CalamineWorkbook

        if self._book is None:
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(self.data))
        return self._book


def _of_csv(text: str) -> Iterator[list[str]]:
    """Yield the rows of a CSV; one in which a quote that is not closed swallows others is refused, not read shorter."""
    mark = "\t" if text[:2000].count("\t") > text[:2000].count(",") else ","
    csv.field_size_limit(100_000)
    rows, begun, width = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True), 0, 0
    try:
        for row in rows:
            width = max(width, len(row))
            if rows.line_num > begun + 1 and any(_holds_rows(cell, mark, width) for cell in row):
                raise csv.Error
            yield row
            begun = rows.line_num
    except csv.Error:
        raise SheetRefused(_UNCLOSED.format(line=begun + 1)) from None


def _holds_rows(cell: str, mark: str, width: int) -> bool:
    """Return whether other rows stand in a cell, by the marks between their columns."""
    return any(line.count(mark) >= max(2, width // 2) for line in cell.splitlines()[1:])


_CURRENT: list[_Opened] = []


def _order(order: Mapping[str, Any], body: bytes) -> Answer:
    try:
        return _ORDERS[order["do"]](order, body)
    except NotPlain:
        return Answer({"anew": True})
    except SheetRefused as refused:
        return Answer({"problem": str(refused)})
    except MemoryError:
        return Answer({"problem": "文件太大，处理时超出了允许的内存。请分成几份再报。"}, ends=True)
    except Exception:
        return Answer({"problem": _NOT_READ})


def _open(order: Mapping[str, Any], body: bytes) -> Answer:
    opened = _Opened(body)
    _CURRENT[:] = [opened]
    return Answer({"sheets": opened.names(), "kind": opened.kind})


def _take(order: Mapping[str, Any], body: bytes) -> Answer:
    _CURRENT[0].take(order["sheet"])
    return Answer()


def _rows(order: Mapping[str, Any], body: bytes) -> Answer:
    return Answer({}, _as_json(list(islice(_CURRENT[0].rows, order["count"]))))


def _people(order: Mapping[str, Any], body: bytes) -> Answer:
    told, current = order["head"], _CURRENT[0]
    columns, words = ({int(place): word for place, word in told[name].items()} for name in ("columns", "words"))
    head = Head(told["first"], told["last"], columns, {}, words)
    wanted = Wanted(head, order["each"], order["named"], order["kinds"])
    current.take(order["sheet"])
    current.said = said_of(current.rows, wanted, order["count"])
    return Answer()


def _more(order: Mapping[str, Any], body: bytes) -> Answer:
    current = _CURRENT[0]
    said = next(current.said, None)
    told = [said.rows, said.columns, said.refused] if said else []
    return Answer({"width": current.width}, _as_json(told))


def _as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _patch(order: Mapping[str, Any], body: bytes) -> Answer:
    told = {int(row): text for row, text in json.loads(body).items()}
    current = _CURRENT[0]
    return Answer({}, patched(current.data, order["sheet"], order["head"], order["column"], order["title"], told))


_ORDERS = {"open": _open, "take": _take, "rows": _rows, "people": _people, "more": _more, "patch": _patch}


def _sample() -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.add_worksheet("名单").write_string(0, 0, "名")
    return made.getvalue()


def _prepare(_: Mapping[str, Any]) -> Any:
    for coding in (*CODINGS, "utf-8-sig", "utf-16"):  # so that all is loaded while files can still be opened
        "名".encode(coding).decode(coding)
    for streamed in (True, False):
        sample = _Opened(_sample(), streamed=streamed)
        sample.take(name := sample.names()[0])
        list(sample.rows)
    patched(sample.data, name, 0, 1, "甲", {})
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    return _order


if __name__ == "__main__":
    raise SystemExit(serve(_prepare))
