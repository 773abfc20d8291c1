"""An .xlsx read as it streams out of its archive, row by row: a million need no more room than the texts they share.

Raises NotPlain for whatever is written in another way than Excel, WPS and libraries do: calamine reads that.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from xunfang.sheets.parsing import elements, part_of
from xunfang.sheets.serials import meanings, moment_of
from xunfang.sheets.sniffing import USUAL, SheetRefused
from xunfang.sheets.stretches import NotPlain, before_rows, rows_of
from xunfang.sheets.strings import SharedStrings, runs_of, unescaped

_EMPTY = r"(?:\s*<row(?: [^<>]*)?/>)*\s*"
_BEGIN, _NONE = re.compile(rf'{_EMPTY}<row r="(\d+)"(?: [^<>]*[^/<>])?>'), re.compile(_EMPTY)
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="([a-zA-Z]+)")?\s*(?:/>|>(?:<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?'
    r"(?:<v>([^<]*)</v>|<is><t(?: [^<>]*)?>([^<]*)</t></is>)?</c>)"
)
_ANY_CELL = re.compile(r"<c(?=[ >/])([^<>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_ATTRIBUTE = re.compile(r"(\w+)=(?:\"([^\"]*)\"|'([^']*)')")
_VALUE, _INLINE = re.compile(r"<v(?: [^<>]*)?>([^<]*)</v>"), re.compile(r"<is>(.*?)</is>", re.DOTALL)
_SHOWN = ("", "visible")
Cells = list[tuple[str, str, str, str, str]]
"""The letters of its column, style, kind, value and text of each cell of a row."""


class Streamed:
    """A workbook whose sheets are read row by row."""

    def __init__(self, data: bytes) -> None:
        """Look which sheets there are; raises NotPlain."""
        try:
            self._packed = zipfile.ZipFile(io.BytesIO(data))
            self._names = {info.filename.replace("\\", "/"): info.filename for info in self._packed.infolist()}
            book = self._packed.read(self._names["xl/workbook.xml"])
            properties = elements(book, "workbookPr")
            shown = [each for each in elements(book, "sheet") if each.get("state", "") in _SHOWN]
            self.sheets = {each["name"]: part_of(self._packed, each["name"]) for each in shown}
        except Exception:
            raise NotPlain from None
        if any(each.get("date1904", "0") not in ("0", "false") for each in properties):
            raise NotPlain
        self._ready = False

    def rows(self, sheet: str) -> Iterator[list[Any]]:
        """Yield the rows of a sheet from its first on, without what is empty at their ends; raises NotPlain."""
        try:
            yield from self._rows(sheet)
        except (SheetRefused, NotPlain):
            raise
        except (KeyError, ValueError, IndexError):
            raise NotPlain from None

    def _prepare(self) -> None:
        if self._ready:
            return
        shared = self._names.get("xl/sharedStrings.xml")
        if shared:
            with self._packed.open(shared) as stream:
                self._strings = SharedStrings(stream)
        else:
            self._strings = SharedStrings(None)
        self._meant: Mapping[str, str] = meanings(self._packed, self._names.get("xl/styles.xml", ""))
        self._ready = True

    def _rows(self, sheet: str) -> Iterator[list[Any]]:
        self._prepare()
        places, done = _Places(), 0
        with self._packed.open(self.sheets[sheet]) as stream:
            _, rest = before_rows(stream)
            for block in rows_of(stream, rest):
                for number, cells in _rows_in(block.decode()):
                    if number <= done:
                        raise NotPlain
                    row = self._row(cells, places)
                    if row:
                        if number > USUAL.rows:
                            raise SheetRefused(_too_many(sheet))
                        yield from ([] for _ in range(done + 1, number))
                        yield row
                        done = number

    def _row(self, cells: Cells, places: "_Places") -> list[Any]:
        row = list[Any]()
        for letters, style, kind, value, text in cells:
            told = self._told(style, kind, value, text)
            if told == "":
                continue
            place = places[letters]
            if place != len(row):
                if place < len(row):
                    raise NotPlain
                row.extend([""] * (place - len(row)))
            row.append(told)
        return row

    def _told(self, style: str, kind: str, value: str, text: str) -> Any:
        if kind == "s":
            return self._strings[int(value)] if value else ""
        if kind == "inlineStr":
            return unescaped(text)
        if not value:
            return ""
        if kind in ("", "n"):
            number = float(value)
            return moment_of(number, self._meant[style]) if style in self._meant else number
        if kind == "str":
            return unescaped(value)
        if kind == "b":
            return value not in ("0", "false")
        if kind == "e":
            return ""
        raise NotPlain


class _Places(dict[str, int]):
    """The place (from 0) of each column by its letters; none may lie beyond what a list has."""

    def __missing__(self, letters: str) -> int:
        place = 0
        for letter in letters:
            place = place * 26 + ord(letter) - 64
        if place > USUAL.columns:
            raise SheetRefused(_TOO_WIDE)
        self[letters] = place - 1
        return place - 1


_TOO_WIDE = f"名单有一行超过{USUAL.columns}列，太多了。请删去名单以外的空行空列再报。"


def _too_many(sheet: str) -> str:
    return f"工作表“{sheet}”超过{USUAL.rows}行，太多了。请删去名单以外的空行空列再报。"


def _rows_in(block: str) -> Iterator[tuple[int, Cells]]:
    """Yield the number of each row in a block that has cells, and those."""
    for piece in block.split("</row>"):
        begin = _BEGIN.match(piece)
        if begin:
            cells: Cells = _CELL.findall(piece, begin.end())
            usual = len(cells) == piece.count("<c", begin.end())
            yield int(begin[1]), cells if usual else _unusual(piece[begin.end() :])
        elif not _NONE.fullmatch(piece):
            raise NotPlain


def _unusual(body: str) -> Cells:
    """Return the cells of a row that are written in an unusual way, as rich texts are."""
    found = Cells()
    if body.count("</c>") + body.count("/>") < body.count("<c"):
        raise NotPlain
    for told, inside in _ANY_CELL.findall(body):
        attributes = {name: one or other for name, one, other in _ATTRIBUTE.findall(told)}
        letters = attributes.get("r", "").rstrip("0123456789")
        if not letters:
            raise NotPlain
        value, inline = _VALUE.search(inside), _INLINE.search(inside)
        text = runs_of(inline[1].encode()).decode() if inline else ""
        found.append((letters, attributes.get("s", ""), attributes.get("t", ""), value[1] if value else "", text))
    return found
