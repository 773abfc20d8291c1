"""What is written into a column of somebody's sheet: the cell of a row, and a stretch of rows with theirs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from xunfang.sheets.stretches import NotPlain

_UNWRITTEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ROW = re.compile(rb'<row(?=[ >/])[^<>]*? r="(\d+)"[^<>]*?(/?)>')
_CELL = re.compile(rb'<c r="([A-Z]+)\d+"[^<>]*?(/?)>')


def letters(column: int) -> str:
    """Return what a workbook calls a column (from 0): A, B … AA."""
    name, rest = "", column + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        name = chr(65 + last) + name
    return name


@dataclass(frozen=True, slots=True)
class Added:
    """The column, by its letters, the look of its cells, and the texts in it by rows (from 0)."""

    column: str
    style: int | None
    texts: Mapping[int, str]

    def cell(self, row: int, told: str, prefix: str = "") -> bytes:
        """Return the cell of a row (from 1) with a text in it."""
        p, style = prefix, "" if self.style is None else f' s="{self.style}"'
        said = escape(_UNWRITTEN.sub("", told))
        return (
            f'<{p}c r="{self.column}{row}"{style} t="inlineStr">'
            f'<{p}is><{p}t xml:space="preserve">{said}</{p}t></{p}is></{p}c>'
        ).encode()


def with_cells(rows: bytes, added: Added, left: dict[int, str]) -> bytes:
    """Return rows with the cells of a column; what stood there is gone, what was written is taken out of `left`.

    Raises NotPlain for rows or cells that do not tell where they stand.
    """
    return b"".join(_parts(rows, added, left))


def _parts(rows: bytes, added: Added, left: dict[int, str]) -> Iterator[bytes]:
    had, done, count = f' r="{added.column}'.encode() in rows, 0, 0
    for found in _ROW.finditer(rows):
        count += 1
        row = int(found[1])
        told = left.pop(row - 1, "")
        if not told and not had:
            continue
        new = added.cell(row, told) if told else b""
        yield rows[done : found.start()]
        if found[2]:
            yield found[0][:-2] + b">" + new + b"</row>" if new else found[0]
            done = found.end()
            continue
        done = rows.index(b"</row>", found.end())
        yield found[0] + _with_cell(rows[found.end() : done], added.column, new)
    if count != rows.count(b"<row"):
        raise NotPlain
    yield rows[done:]


def _with_cell(cells: bytes, column: str, new: bytes) -> bytes:
    """Return the cells of a row with a new one in its place; b"" only takes away what stood there."""
    put, drop, count = -1, -1, 0
    for found in _CELL.finditer(cells):
        count += 1
        own = found[1].decode()
        if own == column:
            put, drop = found.start(), found.end() if found[2] else cells.index(b"</c>", found.end()) + 4
        elif put < 0 and (len(own), own) > (len(column), column):
            put = drop = found.start()
    if count != cells.count(b"<c ") + cells.count(b"<c>"):
        raise NotPlain
    return cells + new if put < 0 else cells[:put] + new + cells[drop:]
