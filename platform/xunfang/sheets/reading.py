"""The server's side of reading: a confined child of its own for each file that was handed in."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from xunfang.confinement import Confined, HangupError, Limits
from xunfang.sheets.sniffing import SheetRefused

USUAL = Limits(memory=1400 * 1024 * 1024, cpu=120, wall=180.0)
"""What one order about a file may cost."""
PIECE = 2_000
"""How many rows come in one answer."""
HEAD_ROWS = 40
"""How many rows at the beginning of a sheet are looked at for its head."""
_TOO_MUCH = "文件处理起来超出允许的时间或内存。请把名单复制到新的工作簿，或者分成几份再报。"
Row = list[Any]


class Workbook:
    """A file that was handed in, opened in a child; sheets are asked for by their names."""

    def __init__(self, child: Confined, data: bytes) -> None:
        self._child = child
        told, _ = self._ask({"do": "open"}, data)
        self.sheets: tuple[str, ...] = tuple(told["sheets"])
        self.kind = str(told["kind"])

    def beginning(self, sheet: str) -> list[Row]:
        """Return the first rows of a sheet."""
        self._ask({"do": "take", "sheet": sheet, "most": HEAD_ROWS})
        return self._some(0, HEAD_ROWS)

    def pieces(self, sheet: str) -> Iterator[list[Row]]:
        """Yield all rows of a sheet, from its first on, in pieces."""
        self._ask({"do": "take", "sheet": sheet, "most": 0})
        first = 0
        while rows := self._some(first, PIECE):
            yield rows
            first += len(rows)

    def with_column(self, sheet: str, head: int, column: int, title: str, told: Mapping[int, str]) -> bytes:
        """Return an .xlsx as it came, with a column besides: its title in the row `head`, texts in others (from 0)."""
        order = {"do": "patch", "sheet": sheet, "head": head, "column": column, "title": title}
        return self._ask(order, json.dumps(told, ensure_ascii=False).encode())[1]

    def _some(self, first: int, count: int) -> list[Row]:
        rows: list[Row] = json.loads(self._ask({"do": "rows", "first": first, "count": count})[1])
        return rows

    def _ask(self, order: Mapping[str, Any], body: bytes = b"") -> tuple[dict[str, Any], bytes]:
        try:
            told, answer = self._child.ask(order, body)
        except HangupError:
            raise SheetRefused(_TOO_MUCH) from None
        if problem := told.get("problem"):
            raise SheetRefused(str(problem))
        return told, answer


@contextmanager
def opened(data: bytes, limits: Limits = USUAL) -> Iterator[Workbook]:
    """Open a file in a child of its own for the length of the block; raises SheetRefused."""
    try:
        child = Confined("xunfang.sheets.child", limits, {})
    except HangupError:
        raise SheetRefused("暂时不能读表格，请稍后再报。") from None
    try:
        yield Workbook(child, data)
    finally:
        child.kill()
