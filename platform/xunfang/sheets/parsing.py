"""Parts of a workbook's archive: which is which sheet, what elements say, and bytes put in between."""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from xunfang.sheets.sniffing import SheetRefused

NOT_PATCHED = "文件的结构特殊，写不进去。"
_BLOCK = 1 << 20
Splice = tuple[int, int, bytes]
"""From which byte to which what is written instead."""


def part_of(packed: zipfile.ZipFile, sheet: str) -> str:
    """Return which part of an archive a sheet is; raises SheetRefused, KeyError."""
    names = {info.filename.replace("\\", "/"): info.filename for info in packed.infolist()}
    rels = elements(packed.read(names["xl/_rels/workbook.xml.rels"]), "Relationship")
    relations = {each["Id"]: each for each in rels}
    for each in elements(packed.read(names["xl/workbook.xml"]), "sheet"):
        if each.get("name") == sheet:
            key = next(value for name, value in each.items() if name.rpartition(":")[2] == "id")
            return names[_path(relations[key]["Target"])]
    raise SheetRefused(NOT_PATCHED)


def _path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def elements(xml: bytes, wanted: str) -> list[dict[str, str]]:
    """Return the attributes of all elements of a name; raises SheetRefused for what defines types or entities."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    reader = parser()
    reader.StartElementHandler = start
    reader.Parse(xml, True)
    return found


def parser() -> Any:
    """Return a parser that reads UTF-8 and no definitions of types or entities."""
    made = expat.ParserCreate()
    made.StartDoctypeDeclHandler = _refuse
    made.XmlDeclHandler = _check_declared
    return made


def _refuse(*_: Any) -> None:
    raise SheetRefused(NOT_PATCHED)


def _check_declared(_version: str, encoding: str | None, _standalone: int) -> None:
    if (encoding or "utf-8").lower() not in ("utf-8", "utf8", "us-ascii"):
        raise SheetRefused(NOT_PATCHED)


def spliced(xml: bytes, splices: list[Splice]) -> Iterator[bytes]:
    """Yield bytes with others put in between, in blocks."""
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
