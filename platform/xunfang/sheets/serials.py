"""Days and moments in a workbook: numbers, which only the look of their cell tells from others."""

import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from xunfang.sheets.parsing import elements

DAY, LENGTH = "day", "length"
"""What a number in a cell may be besides a number: a day or moment, or a length of time."""

_XFS = re.compile(rb"<cellXfs\b[^<>]*>(.*?)</cellXfs>", re.DOTALL)
_XF = re.compile(rb"<xf\b([^<>]*)>")
_FORMAT = re.compile(rb'numFmtId="(\d+)"')
_BUILT_IN = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
_OF_LENGTH = 46
_UNMEANT = re.compile(r'\\.|_.|"[^"]*"?')
_COUNTED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_EPOCH, _LEAP = datetime(1899, 12, 30, tzinfo=UTC), 60
_LAST = 2_958_466
_MILLISECONDS = 86_400_000


def meanings(packed: zipfile.ZipFile, part: str) -> Mapping[str, str]:
    """Return what numbers mean in cells of each style that makes a day or a length of time of them."""
    xml = packed.read(part) if part else b""
    found = _XFS.search(xml)
    if not found:
        return {}
    own = {each.get("numFmtId", ""): each.get("formatCode", "") for each in elements(xml, "numFmt")}
    formats = [(_FORMAT.search(each) or (b"", b"0"))[1].decode() for each in _XF.findall(found[1])]
    told = {str(place): _meant(number, own) for place, number in enumerate(formats)}
    return {style: meant for style, meant in told.items() if meant}


def _meant(number: str, own: Mapping[str, str]) -> str:
    if number in own:
        return meaning(own[number])
    return LENGTH if int(number) == _OF_LENGTH else DAY if int(number) in _BUILT_IN else ""


def meaning(code: str) -> str:
    """Return what a format of numbers makes of them, "" for a number."""
    plain = _UNMEANT.sub("", code).partition(";")[0]
    counted = _COUNTED.search(plain)
    bare = _BRACKETS.sub("", plain[: counted.start()] if counted else plain).lower()
    if re.search(r"[dmhys]|a[^dmhys]*[p/]", bare):
        return DAY
    return LENGTH if counted else ""


def moment_of(serial: float, meant: str) -> Any:
    """Return what a number says as a day, moment or length of time; a day or moment as a list of one text."""
    if meant == LENGTH:
        return str(timedelta(milliseconds=round(serial * _MILLISECONDS)))
    if serial < 1:
        since = round(max(serial, 0.0) * _MILLISECONDS) % _MILLISECONDS
        return str((_EPOCH + timedelta(milliseconds=since)).time())
    if serial >= _LAST:
        return serial
    days = serial + 1 if serial < _LEAP else serial
    on = _EPOCH + timedelta(milliseconds=round(days * _MILLISECONDS))
    if _LEAP <= serial < _LEAP + 1:  # 29 February 1900, which never was
        on -= timedelta(days=1) if on.month == 3 else timedelta()
    return [f"{on:%Y-%m-%d}" if on.time() == time() else f"{on:%Y-%m-%dT%H:%M}"]


def cell_of(value: Any) -> Any:
    """Return a value of another reader in the same way."""
    if isinstance(value, datetime):
        return [value.isoformat(timespec="minutes")]
    if isinstance(value, date):
        return [value.isoformat()]
    return str(value) if isinstance(value, (time, timedelta)) else value
