"""The server's side of reading: a confined child of its own for each file that was handed in."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from xunfang.confinement import Confined, HangupError, Limits
from xunfang.sheets.said import Said, Wanted
from xunfang.sheets.sniffing import MB, SheetRefused

USUAL = Limits(memory=1400 * MB, cpu=120, wall=180.0, answer=96 * MB)
"""What one order about a file may cost."""
PIECE = 1_000
"""How many rows, or people, come in one answer."""
HEAD_ROWS = 40
"""How many rows at the beginning of a sheet are looked at for its head."""
_TOO_MUCH = "文件处理起来超出允许的时间或内存。请把名单复制到新的工作簿，或者分成几份再报。"
Row = list[Any]


class ReadAnew(Exception):
    """A sheet turned out to be written in an unusual way after some of it was read: asked again, it comes whole."""


class Workbook:
    """A file that was handed in, opened in a child; sheets are asked for by their names."""

    def __init__(self, child: Confined, data: bytes) -> None:
        self._child = child
        told, _ = self._ask({"do": "open"}, data)
        self.sheets: tuple[str, ...] = tuple(told["sheets"])
        self.kind = str(told["kind"])
        self.width = 0
        """How many columns the widest row had of those that were read as people."""

    def beginning(self, sheet: str) -> list[Row]:
        """Return the first rows of a sheet."""
        self._ask({"do": "take", "sheet": sheet})
        try:
            return self._some(HEAD_ROWS)
        except ReadAnew:
            return self.beginning(sheet)  # the child does not try that way twice

    def pieces(self, sheet: str) -> Iterator[list[Row]]:
        """Yield all rows of a sheet, from its first on, in pieces; raises ReadAnew."""
        self._ask({"do": "take", "sheet": sheet})
        while rows := self._some(PIECE):
            yield rows

    def people(self, sheet: str, wanted: Wanted) -> Iterator[Said]:
        """Yield what the people in a sheet say, some at a time; the child reads on meanwhile. Raises ReadAnew."""
        head = {name: getattr(wanted.head, name) for name in ("first", "last", "columns", "words")}
        told = {"sheet": sheet, "head": head, "each": wanted.each, "named": wanted.named, "kinds": dict(wanted.kinds)}
        self._ask({"do": "people", "count": PIECE, **told})
        self._tell({"do": "more"})
        while some := self._said():
            self._tell({"do": "more"})
            yield some

    def _said(self) -> Said | None:
        told, body = self._hear()
        self.width = int(told["width"])
        found = json.loads(body)
        return Said(*found) if found else None

    def with_column(self, sheet: str, head: int, column: int, title: str, told: Mapping[int, str]) -> bytes:
        """Return an .xlsx as it came, with a column besides: its title in the row `head`, texts in others (from 0)."""
        order = {"do": "patch", "sheet": sheet, "head": head, "column": column, "title": title}
        return self._ask(order, json.dumps(told, ensure_ascii=False).encode())[1]

    def _some(self, count: int) -> list[Row]:
        rows: list[Row] = json.loads(self._ask({"do": "rows", "count": count})[1])
        return rows

    def _ask(self, order: Mapping[str, Any], body: bytes = b"") -> tuple[dict[str, Any], bytes]:
        self._tell(order, body)
        return self._hear()

    def _tell(self, order: Mapping[str, Any], body: bytes = b"") -> None:
        with _refusing():
            self._child.tell(order, body)

    def _hear(self) -> tuple[dict[str, Any], bytes]:
        with _refusing():
            told, answer = self._child.hear()
        if problem := told.get("problem"):
            raise SheetRefused(str(problem))
        if told.get("anew"):
            raise ReadAnew
        return told, answer


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except HangupError:
        raise SheetRefused(_TOO_MUCH) from None


@contextmanager
def opened(data: bytes, limits: Limits = USUAL) -> Iterator[Workbook]:
    """Open a file in a child of its own for the length of the block; raises SheetRefused."""
    try:
        child = Confined("xunfang.sheets.child", limits, {})
    except HangupError:
        raise SheetRefused("暂时不能读表格，请稍后再报。") from None
    try:
        book = Workbook(child, data)
        del data  # the child has it now
        yield book
    finally:
        child.kill()
