"""Lines of a table as the XML of a sheet: many at once, much faster than cell by cell, and never a formula or a link.

XlsxWriter makes the workbook with one line of blanks, a cell for each look; here the lines are written in its place.
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from typing import Any

from xunfang.sheets.added import letters

PART = "xl/worksheets/sheet1.xml"
LOOKS = ("text", "number", "day", "moment", "marked")
"""How cells of lines look, in the order of the blanks that stand in for them."""
_PIECE = 500
_LONGEST = 32_767
"""So many characters a cell holds."""
_EPOCH = date(1899, 12, 30).toordinal()
_COUNTED = 61
"""From here on, 1 March 1900, days are counted alike by everybody."""
_BLANKS = re.compile(rb'<row r="(\d+)"[^>]*>((?:<c r="[A-Z]+\d+" s="\d+"/>)+)</row></sheetData>')
_STYLE = re.compile(rb' s="(\d+)"')
_SIZE = re.compile(rb'<dimension ref="[^"]*"/>')
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x|^\\s|\\s$")
_UNWRITTEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_ESCAPED = re.compile("_(?=x[0-9a-fA-F]{4}_)")


class Marked(str):
    """A text that is to be seen at once."""

    __slots__ = ()


def with_lines(frame: bytes, rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a workbook whose first sheet ends with blanks, one for each of LOOKS, with lines in their place."""
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(frame)) as packed,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as anew,
    ):
        for info in packed.infolist():
            with anew.open(_fresh(info), "w", force_zip64=info.filename == PART) as stream:
                if info.filename == PART:
                    stream.writelines(_sheet(packed.read(info), rows))
                else:
                    stream.writelines([packed.read(info)])
    return made.getvalue()


def _fresh(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    fresh = zipfile.ZipInfo(info.filename, info.date_time)
    fresh.compress_type, fresh.external_attr = zipfile.ZIP_DEFLATED, info.external_attr
    return fresh


def _sheet(xml: bytes, rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield a sheet without what it says of its size, which readers would believe: nobody knows yet how long it is."""
    found = _BLANKS.search(xml)
    assert found is not None
    styles = dict(zip(LOOKS, (style.decode() for style in _STYLE.findall(found[2])), strict=True))
    yield _SIZE.sub(b"", xml[: found.start()], count=1)
    for piece in _pieces(rows, int(found[1]), styles):
        yield piece.encode("utf-8", "replace")
    yield b"</sheetData>" + xml[found.end() :]


def _pieces(rows: Iterable[Sequence[Any]], number: int, styles: Mapping[str, str]) -> Iterator[str]:
    """Yield the XML of some lines at a time."""
    ways, names, coming = _ways(styles), [letters(column) for column in range(16_384)], iter(rows)
    while some := list(islice(coming, _PIECE)):
        told = []
        for row in some:
            told.append(f'<row r="{number}">')
            for name, value in zip(names, row, strict=False):
                told.append(ways[type(value)](f"{name}{number}", value))
            told.append("</row>")
            number += 1
        yield "".join(told)


class _Ways(dict[type, Callable[[str, Any], str]]):
    """How a cell of each type is written; one of a type derived from those as they are."""

    def __missing__(self, kind: type) -> Callable[[str, Any], str]:
        self[kind] = found = next(way for known, way in self.items() if issubclass(kind, known))
        return found


def _ways(styles: Mapping[str, str]) -> _Ways:
    text, number, day, moment = (styles[look] for look in ("text", "number", "day", "moment"))

    def words(place: str, value: str, text: str = text) -> str:
        if _SPECIAL.search(value) or len(value) > _LONGEST:
            kept = ' xml:space="preserve"' if value != value.strip() else ""
            return f'<c r="{place}" s="{text}" t="inlineStr"><is><t{kept}>{escaped(value)}</t></is></c>'
        return f'<c r="{place}" s="{text}" t="inlineStr"><is><t>{value}</t></is></c>'

    def amount(place: str, value: float) -> str:
        return f'<c r="{place}" s="{number}"><v>{value:.16G}</v></c>' if value - value == 0 else words(place, "")

    def on(place: str, value: date) -> str:
        serial = value.toordinal() - _EPOCH
        return f'<c r="{place}" s="{day}"><v>{serial}</v></c>' if serial >= _COUNTED else words(place, f"{value}")

    def at(place: str, value: datetime) -> str:
        serial = value.toordinal() - _EPOCH + (value.hour * 3600 + value.minute * 60 + value.second) / 86_400
        if serial < _COUNTED:
            return words(place, f"{value:%Y-%m-%d %H:%M}")
        return f'<c r="{place}" s="{moment}"><v>{serial:.16G}</v></c>'

    ways: dict[type, Callable[[str, Any], str]] = {
        Marked: lambda place, value: words(place, value, styles["marked"]),
        str: words,
        int: lambda place, value: f'<c r="{place}" s="{number}"><v>{value:d}</v></c>',
        float: amount,
        type(None): lambda place, _: f'<c r="{place}" s="{text}"/>',
        datetime: at,
        date: on,
    }
    return _Ways(ways)


def escaped(text: str) -> str:
    """Return a text as it stands in the XML of a sheet; what XML cannot say is told in a workbook's own way."""
    kept = _ESCAPED.sub("_x005F_", text[:_LONGEST])
    kept = _UNWRITTEN.sub(lambda sign: f"_x{ord(sign[0]):04X}_", kept)
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
