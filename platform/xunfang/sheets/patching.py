"""A column written into somebody's own .xlsx: the XML of one sheet is spliced, everything else stays as it came."""

import io
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from xml.parsers import expat

from xunfang.sheets.added import Added, letters, with_cells
from xunfang.sheets.looks import with_style
from xunfang.sheets.parsing import NOT_PATCHED, Splice, parser, part_of, spliced
from xunfang.sheets.sniffing import SheetRefused
from xunfang.sheets.stretches import NotPlain, before_rows, rows_of

_WIDTH = 48
_BLOCK = 1 << 20
_LEVEL = 3


def patched(data: bytes, sheet: str, head: int, column: int, title: str, told: Mapping[int, str]) -> bytes:
    """Return a workbook with texts in one column of a sheet (rows and columns from 0), its title in the row `head`.

    What stood in the column is replaced. Raises SheetRefused where the file cannot be spliced.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        part, styles = part_of(packed, sheet), _styles_of(packed)
        style, new_styles = with_style(packed.read(styles)) if styles else (None, b"")
        changed: dict[str, Callable[[], Iterator[bytes]]] = {styles: lambda: iter([new_styles])} if styles else {}
        added = Added(letters(column), style, {**told, head: title})
        try:
            return _anew(packed, changed | {part: lambda: _streamed(packed, part, added)})
        except NotPlain:
            return _anew(packed, changed | {part: lambda: _whole(packed.read(part), added)})


def _anew(packed: zipfile.ZipFile, changed: Mapping[str, Callable[[], Iterator[bytes]]]) -> bytes:
    """Return an archive with some of its parts changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as anew:
        for info in packed.infolist():
            if info.filename in changed:
                _write(anew, info, changed[info.filename]())
            else:
                _copy(packed, anew, info)
    return made.getvalue()


def _copy(packed: zipfile.ZipFile, anew: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Write a part as it came, block by block: the texts that cells share may be the most of a workbook."""
    same = _swift(copy(info))  # whoever writes, writes into what it is given
    with packed.open(info) as part, anew.open(same, "w", force_zip64=False) as stream:
        shutil.copyfileobj(part, stream, _BLOCK)


def _swift(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return a part that is to be packed quickly, which the library lets nobody say of one that streams by."""
    info._compresslevel = _LEVEL  # type: ignore[attr-defined]
    return info


def _whole(xml: bytes, added: Added) -> Iterator[bytes]:
    return spliced(xml, _of_sheet(xml, added))


def _streamed(packed: zipfile.ZipFile, part: str, added: Added) -> Iterator[bytes]:
    """Yield a sheet with a column as it streams by; raises NotPlain where it is written in another way than most."""
    behind: list[bytes] = []
    with packed.open(part) as stream:
        before, rest = before_rows(stream)
        yield from spliced(before, _of_head(before, added))
        left = {row: text for row, text in added.texts.items() if text}
        for rows in rows_of(stream, rest, behind.append):
            yield with_cells(rows, added, left)
        if left:
            raise SheetRefused(NOT_PATCHED)  # a row that is told of is not there
        yield from behind
        while more := stream.read(_BLOCK):
            yield more


def _write(anew: zipfile.ZipFile, info: zipfile.ZipInfo, pieces: Iterator[bytes]) -> None:
    fresh = _swift(zipfile.ZipInfo(info.filename, info.date_time))
    fresh.compress_type = zipfile.ZIP_DEFLATED
    with anew.open(fresh, "w", force_zip64=False) as stream:
        stream.writelines(pieces)


def _styles_of(packed: zipfile.ZipFile) -> str:
    names = {info.filename.replace("\\", "/"): info.filename for info in packed.infolist()}
    return names.get("xl/styles.xml", "")


@dataclass
class _Sheet:
    """What is gone through of a sheet: where rows end, and the cells of the column that is written."""

    xml: bytes
    added: Added
    texts: dict[int, str]
    splices: list[Splice]
    at: Callable[[], int]
    row: int = 0
    put: int = -1
    drop: int = -1
    cols: int = 0
    depth: int = 0
    prefix: str = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take note of a row, a cell of the column or behind it, and whether there are widths."""
        if name.endswith("c") and name.rpartition(":")[2] == "c":
            self._cell(attributes.get("r", ""))
        elif (local := name.rpartition(":")[2]) == "row":
            self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
            self.put = self.drop = -1
        elif local == "sheetData":
            self.prefix = name.removesuffix("sheetData")
            self._widths()
        elif local == "dimension":
            self._forget_size()
        elif local == "col" and (attributes.get("max", "").isdigit()):
            self.cols = max(self.cols, int(attributes["max"]))

    def _forget_size(self) -> None:
        """Leave out what the sheet says of its size: readers that believe it would not see the column."""
        here, close = self.at(), self._after()
        if self.xml[close - 2 : close] == b"/>":
            self.splices.append((here, close, b""))

    def _cell(self, reference: str) -> None:
        if len(reference) < 2:
            return
        own = reference.rstrip("0123456789")
        if own == self.added.column:
            self.drop = self.put = self.at()
        elif self.put < 0 and (len(own), own) > (len(self.added.column), self.added.column):
            self.put = self.at()

    def end(self, name: str) -> None:
        """Write the cell of a row where it ends, and leave out the one that stood there."""
        local = name.rpartition(":")[2]
        if local == "c" and self.drop >= 0:
            self.splices.append((self.drop, self._past(name), self._new()))
            self.drop = -2
        elif local == "row":
            self._end_row(name)
        elif local == "cols" and self._has_end(name):
            self._add_width()

    def _has_end(self, name: str) -> bool:
        """Return whether the parser stands before the end of an element, not behind one that is empty."""
        return self.xml.startswith(f"</{name}".encode(), self.at())

    def _past(self, name: str) -> int:
        return self._after() if self._has_end(name) else self.at()

    def _after(self) -> int:
        return self.xml.index(b">", self.at()) + 1

    def _end_row(self, name: str) -> None:
        new = self._new() if self.drop == -1 else b""
        if not new:
            return
        here = self.at()
        if self.put >= 0:
            self.splices.append((self.put, self.put, new))
        elif self._has_end(name):
            self.splices.append((here, here, new))
        else:  # <row/>: the parser stands behind it
            self.splices.append((here - 2, here, b">" + new + f"</{name}>".encode()))

    def _new(self) -> bytes:
        told = self.texts.pop(self.row - 1, "")
        if not told:
            return b""
        return self.added.cell(self.row, told, self.prefix)

    def _widths(self) -> None:
        """Give the column a width where no column has one."""
        if not self.cols:
            here, p = self.at(), self.prefix
            self.splices.append((here, here, f"<{p}cols>{self._width(p)}</{p}cols>".encode()))

    def _add_width(self) -> None:
        here = self.at()
        prefix = self.xml[here + 2 : self.xml.index(b">", here)].decode().removesuffix("cols")
        if self.cols < _place(self.added.column):
            self.splices.append((here, here, self._width(prefix).encode()))

    def _width(self, prefix: str) -> str:
        place = _place(self.added.column)
        return f'<{prefix}col min="{place}" max="{place}" width="{_WIDTH}" customWidth="1"/>'


def _place(column: str) -> int:
    """Return the place of a column (from 1) by its letters."""
    place = 0
    for letter in column:
        place = place * 26 + ord(letter) - 64
    return place


def _of_sheet(xml: bytes, added: Added) -> list[Splice]:
    sheet = _parsed(xml, added, whole=True)
    if sheet.texts and any(sheet.texts.values()):
        raise SheetRefused(NOT_PATCHED)  # a row that is told of is not there
    return sorted(sheet.splices)


def _of_head(xml: bytes, added: Added) -> list[Splice]:
    return sorted(_parsed(xml, added, whole=False).splices)


def _parsed(xml: bytes, added: Added, *, whole: bool) -> _Sheet:
    reader = parser()
    sheet = _Sheet(xml, added, dict(added.texts), [], lambda: reader.CurrentByteIndex)
    reader.StartElementHandler, reader.EndElementHandler = sheet.start, sheet.end
    try:
        reader.Parse(xml, whole)
    except (expat.ExpatError, ValueError):
        raise SheetRefused(NOT_PATCHED) from None
    return sheet
