"""A column written into somebody's own .xlsx: the XML of one sheet is spliced, everything else stays as it came."""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from xunfang.sheets.sniffing import SheetRefused

_UNWRITTEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NOT_PATCHED = "文件的结构特殊，写不进去。"
_WIDTH = 48
_BLOCK = 1 << 20
Splice = tuple[int, int, bytes]
"""From which byte to which what is written instead."""


def patched(data: bytes, sheet: str, head: int, column: int, title: str, told: Mapping[int, str]) -> bytes:
    """Return a workbook with texts in one column of a sheet (rows and columns from 0), its title in the row `head`.

    What stood in the column is replaced. Raises SheetRefused where the file cannot be spliced.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        part, styles = _parts(packed, sheet)
        style, new_styles = _with_style(packed.read(styles)) if styles else (None, b"")
        xml = packed.read(part)
        texts = {**told, head: title}
        spliced = _spliced(xml, _of_sheet(xml, head, column, texts, style))
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as anew:
            for info in packed.infolist():
                if info.filename == part:
                    _write(anew, info, spliced)
                else:
                    anew.writestr(info, new_styles if info.filename == styles else packed.read(info))
        return made.getvalue()


def _write(anew: zipfile.ZipFile, info: zipfile.ZipInfo, pieces: Iterator[bytes]) -> None:
    fresh = zipfile.ZipInfo(info.filename, info.date_time)
    fresh.compress_type = zipfile.ZIP_DEFLATED
    with anew.open(fresh, "w", force_zip64=False) as stream:
        stream.writelines(pieces)


def _parts(packed: zipfile.ZipFile, sheet: str) -> tuple[str, str]:
    """Return the part of a sheet, and that of the styles, "" where there is none."""
    names = {info.filename.replace("\\", "/"): info.filename for info in packed.infolist()}
    rels = _elements(packed.read(names["xl/_rels/workbook.xml.rels"]), "Relationship")
    relations = {each["Id"]: each for each in rels}
    for each in _elements(packed.read(names["xl/workbook.xml"]), "sheet"):
        if each.get("name") == sheet:
            key = next(value for name, value in each.items() if name.rpartition(":")[2] == "id")
            return names[_path(relations[key]["Target"])], names.get("xl/styles.xml", "")
    raise SheetRefused(_NOT_PATCHED)


def _path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _elements(xml: bytes, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser = _parser()
    parser.StartElementHandler = start
    parser.Parse(xml, True)
    return found


def _parser() -> Any:
    """Return a parser that reads UTF-8 and no definitions of types or entities."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.XmlDeclHandler = _check_declared
    return parser


def _refuse(*_: Any) -> None:
    raise SheetRefused(_NOT_PATCHED)


def _check_declared(_version: str, encoding: str | None, _standalone: int) -> None:
    if (encoding or "utf-8").lower() not in ("utf-8", "utf8", "us-ascii"):
        raise SheetRefused(_NOT_PATCHED)


def _spliced(xml: bytes, splices: list[Splice]) -> Iterator[bytes]:
    view, place, held = memoryview(xml), 0, bytearray()
    for begin, end, instead in splices:
        held += view[place:begin]
        held += instead
        place = end
        if len(held) > _BLOCK:
            yield bytes(held)
            held.clear()
    yield bytes(held)
    for begin in range(place, len(xml), _BLOCK):
        yield bytes(view[begin : min(len(xml), begin + _BLOCK)])


def letters(column: int) -> str:
    """Return what a workbook calls a column (from 0): A, B … AA."""
    name, rest = "", column + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        name = chr(65 + last) + name
    return name


@dataclass
class _Sheet:
    """What is gone through of a sheet: where rows end, and the cells of the column that is written."""

    xml: bytes
    column: str
    style: int | None
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
        if own == self.column:
            self.drop = self.put = self.at()
        elif self.put < 0 and (len(own), own) > (len(self.column), self.column):
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
        p, style = self.prefix, "" if self.style is None else f' s="{self.style}"'
        said = escape(_UNWRITTEN.sub("", told))
        return (
            f'<{p}c r="{self.column}{self.row}"{style} t="inlineStr">'
            f'<{p}is><{p}t xml:space="preserve">{said}</{p}t></{p}is></{p}c>'
        ).encode()

    def _widths(self) -> None:
        """Give the column a width where no column has one."""
        if not self.cols:
            here, p = self.at(), self.prefix
            self.splices.append((here, here, f"<{p}cols>{self._width(p)}</{p}cols>".encode()))

    def _add_width(self) -> None:
        here = self.at()
        prefix = self.xml[here + 2 : self.xml.index(b">", here)].decode().removesuffix("cols")
        if self.cols < _place(self.column):
            self.splices.append((here, here, self._width(prefix).encode()))

    def _width(self, prefix: str) -> str:
        place = _place(self.column)
        return f'<{prefix}col min="{place}" max="{place}" width="{_WIDTH}" customWidth="1"/>'


def _place(column: str) -> int:
    """Return the place of a column (from 1) by its letters."""
    place = 0
    for letter in column:
        place = place * 26 + ord(letter) - 64
    return place


def _of_sheet(xml: bytes, head: int, column: int, texts: Mapping[int, str], style: int | None) -> list[Splice]:
    parser = _parser()
    sheet = _Sheet(xml, letters(column), style, dict(texts), [], lambda: parser.CurrentByteIndex)
    parser.StartElementHandler, parser.EndElementHandler = sheet.start, sheet.end
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError):
        raise SheetRefused(_NOT_PATCHED) from None
    if sheet.texts and any(sheet.texts.values()):
        raise SheetRefused(_NOT_PATCHED)  # a row that is told of is not there
    return sorted(sheet.splices)


_FONT = '<{p}font><{p}sz val="11"/><{p}color rgb="FFC00000"/><{p}name val="宋体"/></{p}font>'
_FORMAT = (
    '<{p}xf numFmtId="49" fontId="{font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" '
    'applyAlignment="1"><{p}alignment vertical="top" wrapText="1"/></{p}xf>'
)


def _with_style(xml: bytes) -> tuple[int | None, bytes]:
    """Return the number of a new style, red and wrapped, and the styles with it; None where there can be none."""
    counted = {"fonts": 0, "cellXfs": 0}
    begun, ended, path = dict[str, int](), dict[str, tuple[int, str]](), list[str]()
    parser = _parser()

    def start(name: str, _: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if path and path[-1] in counted:
            counted[path[-1]] += 1
        if local in counted and len(path) == 1:
            begun[local] = parser.CurrentByteIndex
        path.append(local)

    def end(name: str) -> None:
        local = path.pop()
        if local in counted and len(path) == 1:
            ended[local] = (parser.CurrentByteIndex, name.removesuffix(local))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(xml, True)
    if set(ended) != set(counted) or not all(counted.values()):
        return None, xml
    added = {"fonts": _FONT, "cellXfs": _FORMAT}
    splices: list[Splice] = []
    for name, count in counted.items():
        here, prefix = ended[name]
        splices.append((here, here, added[name].format(p=prefix, font=counted["fonts"]).encode()))
        tag = xml[begun[name] : (close := xml.index(b">", begun[name]))]
        splices.append((begun[name], close, re.sub(rb'count="\d+"', f'count="{count + 1}"'.encode(), tag)))
    return counted["cellXfs"], b"".join(_spliced(xml, sorted(splices)))
