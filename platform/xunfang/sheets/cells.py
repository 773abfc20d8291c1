"""One cell of somebody's list: the text, number, day or yes that is meant by what stands in it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from xunfang.characters import compact, seen

_LOST = 10**15
"""From here on a number of a workbook has lost its last digits."""
LOST = "这一列被存成了数字，后几位已经丢失；请把该列设为文本后重新填写"
_SHORTENED = re.compile(r"\d(\.\d+)?E\+?\d{2}")
"""A number as a workbook shows it that took it for one, in a text."""
_CROSSES = "×✕ХΧ"
_ENCLOSED = re.compile(rf'(?:=?"?|G)?(\d{{17}})([\dX{_CROSSES}])"?')
"""A number of eighteen digits as it is written by exports, school registers and by hand: ="…", G…, × for X."""
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:[T ].*)?")
_PLAIN_DAY = re.compile(r"(19|20)\d{6}")
_AMOUNT = re.compile(r"[¥￥]?(-?[\d,，]*\.?\d+)(万?)元?(?:整)?")
_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 73_051)  # days of 1954 to 2099 as a workbook counts them
YES, NO = frozenset({"是", "有", "√", "对", "Y", "YES", "1"}), frozenset({"否", "无", "×", "不是", "N", "NO", "0"})


class CellRefused(ValueError):
    """What stands in a cell is not what was asked for; the message says so."""


def text(cell: Any) -> str:
    """Return what stands in a cell as a text: a whole number without a point, a day as 2026-03-05."""
    if type(cell) is str:
        return seen(cell).replace("_x000D_", "").strip()
    if isinstance(cell, list):
        return str(cell[0]).removesuffix("T00:00")
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return seen(str(cell)).replace("_x000D_", "").strip()


def number_of_person(cell: Any) -> str:
    """Return a number of an id paper or a phone, digits half-width; raises CellRefused where digits were lost."""
    if type(cell) is str and cell.isascii() and cell.isalnum() and cell[0] not in "Gg":  # as nearly all are
        return cell.upper()
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= _LOST:
        raise CellRefused(LOST)
    found = compact(text(cell)).upper().lstrip("'‘’`")
    if _SHORTENED.fullmatch(found):
        raise CellRefused(LOST)
    told = _ENCLOSED.fullmatch(found)
    return f"{told[1]}{'X' if told[2] in _CROSSES else told[2]}" if told else found


def amount(cell: Any) -> Any:
    """Return a number as it is meant: 20,000元 and 2万元 are 20000; a text that is none comes back as it is."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return int(cell) if float(cell).is_integer() else cell
    found = _AMOUNT.fullmatch(compact(text(cell)))
    if not found:
        return text(cell)
    value = float(re.sub("[,，]", "", found[1])) * (10_000 if found[2] else 1)
    return int(value) if value.is_integer() else round(value, 4)


def day(cell: Any) -> str:
    """Return a day as 2026-03-05 from the ways people write it; a text that tells none comes back as it is."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and int(cell) in _SERIALS:
        return (_EPOCH + timedelta(days=int(cell))).isoformat()
    return _day_of(text(cell))


@lru_cache(maxsize=4096)
def _day_of(typed: str) -> str:
    plain = compact(typed)
    if _PLAIN_DAY.fullmatch(plain):
        return f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    if found := _DAY.fullmatch(typed) or _DAY.fullmatch(plain):
        year, month, which = found.groups()
        return f"{year}-{int(month):02}-{int(which):02}"
    return typed


def moment(cell: Any) -> str:
    """Return a moment in Chinese time; a day alone is its beginning."""
    typed = text(cell)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?", typed):
        return f"{typed.replace(' ', 'T')}+08:00"
    on = day(cell)
    return f"{on}T00:00:00+08:00" if re.fullmatch(r"\d{4}-\d{2}-\d{2}", on) else typed


def yes_or_no(cell: Any) -> Any:
    """Return whether a cell says yes; a text that says neither comes back as it is."""
    if isinstance(cell, bool):
        return cell
    typed = compact(text(cell)).upper()
    return True if typed in YES else False if typed in NO else text(cell)


READ: dict[str, Callable[[Any], Any]] = {
    "resident-id": number_of_person,
    "identity-paper": number_of_person,
    "phone": number_of_person,
    "number": amount,
    "integer": amount,
    "date": day,
    "moment": moment,
    "boolean": yes_or_no,
}
"""How a cell is read for what kind of answer; any other is a text."""


def read(kind: str, cell: Any) -> Any:
    """Return what a cell says, for a kind of answer; raises CellRefused."""
    reading = READ.get(kind)
    return reading(cell) if reading else text(cell)
