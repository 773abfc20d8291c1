"""The child process that opens what people handed in: it reads rows of sheets, and writes a column into them."""

import csv
import io
import json
import resource
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from xunfang.confinement import Answer, serve
from xunfang.sheets.patching import patched
from xunfang.sheets.sniffing import CODINGS, CSV, USUAL, XLSX, SheetRefused, kind_of, scan, text_of

_NOT_READ = "文件打不开：可能已损坏、加了密码，或者不是表格。请用 Excel 或 WPS 打开后另存一份再报。"
_MOST_SHEETS = 20


class _Opened:
    """One file, and of it the sheet whose rows were asked for last."""

    def __init__(self, data: bytes) -> None:
        self.data, self.kind, self.rows = data, kind_of(data), list[list[Any]]()
        self.book: Any = None
        if self.kind == XLSX:
            scan(data)

    def names(self) -> list[str]:
        """Return the names of the sheets that are not hidden."""
        if self.kind == CSV:
            return ["名单"]
        from python_calamine import CalamineWorkbook, SheetVisibleEnum

        self.book = CalamineWorkbook.from_filelike(io.BytesIO(self.data))
        shown = [each for each in self.book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
        return [each.name for each in shown][:_MOST_SHEETS]

    def take(self, name: str, most: int) -> int:
        """Read a sheet, of it only so many rows where that is not 0; returns how many it has."""
        if self.kind == CSV:
            self.rows = list(_of_csv(text_of(self.data)))
            return len(self.rows)
        sheet = self.book.get_sheet_by_name(name)
        height, width = sheet.total_height, sheet.total_width
        if height > USUAL.rows or width > USUAL.columns:
            raise SheetRefused(f"工作表“{name}”有{height}行{width}列，太多了。请删去名单以外的空行空列再报。")
        self.rows = sheet.to_python(skip_empty_area=False, nrows=most or None)
        return int(height)


def _of_csv(text: str) -> Iterator[list[str]]:
    dialect = "\t" if text[:2000].count("\t") > text[:2000].count(",") else ","
    csv.field_size_limit(100_000)
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=dialect)


def _cell(value: Any) -> Any:
    """Return a cell as JSON carries it: a day or moment as a list of one text."""
    if isinstance(value, datetime):
        return [value.isoformat(timespec="minutes")]
    if isinstance(value, date):
        return [value.isoformat()]
    if isinstance(value, (time, timedelta)):
        return str(value)
    return value


_CURRENT: list[_Opened] = []


def _order(order: Mapping[str, Any], body: bytes) -> Answer:
    try:
        return _ORDERS[order["do"]](order, body)
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
    return Answer({"height": _CURRENT[0].take(order["sheet"], order["most"])})


def _rows(order: Mapping[str, Any], body: bytes) -> Answer:
    some = _CURRENT[0].rows[order["first"] : order["first"] + order["count"]]
    rows = [[_cell(value) if not isinstance(value, (str, float, int)) else value for value in row] for row in some]
    return Answer({}, json.dumps(rows, ensure_ascii=False).encode("utf-8", "replace"))


def _patch(order: Mapping[str, Any], body: bytes) -> Answer:
    told = {int(row): text for row, text in json.loads(body).items()}
    current = _CURRENT[0]
    return Answer({}, patched(current.data, order["sheet"], order["head"], order["column"], order["title"], told))


_ORDERS = {"open": _open, "take": _take, "rows": _rows, "patch": _patch}


def _sample() -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.add_worksheet("名单").write_string(0, 0, "名")
    return made.getvalue()


def _prepare(_: Mapping[str, Any]) -> Any:
    for coding in (*CODINGS, "utf-8-sig", "utf-16"):  # so that all is loaded while files can still be opened
        "名".encode(coding).decode(coding)
    _CURRENT.append(_Opened(_sample()))
    name = _CURRENT[0].names()[0]
    _CURRENT[0].take(name, 0)
    patched(_CURRENT[0].data, name, 0, 1, "甲", {})
    _CURRENT.clear()
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    return _order


if __name__ == "__main__":
    raise SystemExit(serve(_prepare))
