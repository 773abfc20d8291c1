"""In which order a ledger 台账 tells its lines: its own, from either end, or that of a column if they are not too many.

The own order lies in an index, however long a ledger is. What a column tells is put together of many rows, some of
them sealed, and lies in none: all lines are looked at, and sorted as a sheet would be.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from operator import itemgetter
from typing import Any

from xunfang.desk.faces.ledgers import OLDEST
from xunfang.desk.ledger_lines import Look, lines_at, next_lines
from xunfang.desk.lines import Cell, Line, cell
from xunfang.errors import Refused
from xunfang.rulebook.model import Ledger, Rulebook
from xunfang.rules.describe.ledgers import forms_filling
from xunfang.store.reading.paging import LOST

MOST_SORTED = 1_000
"""So many lines of a ledger are sorted by a column, in the time that a page may take."""
_AT_ONCE, _LOOKS = 500, 4
"""How many lines are read at once, and how often: of what lies far apart, no more is gone through."""
_SEALED = frozenset({"person.id_number", "person.phone", "person.birth_on"})
"""What the engine itself knows and shows masked: its order would tell of it."""


class TooLongToSort(Refused):
    """A ledger has more lines than are sorted by a column, or they lie too far apart to be found in the time."""

    status = 422
    code = "LEDGER_TOO_LONG_TO_SORT"

    def __init__(self) -> None:
        super().__init__(f"太长，不能按列排列（最多排{MOST_SORTED}条）。请先按区划、日期或者状态缩小范围。")


def orders_of(of: str) -> tuple[tuple[str, str], ...]:
    """Return the own order of a ledger by what it lists, and how it is called from either end."""
    return (("", "按居住地"),) if of == "person" else (("", "后登记的在前"), (OLDEST, "先登记的在前"))


def may_be_sorted(rulebook: Rulebook, ledger: Ledger) -> frozenset[str]:
    """Return the columns of a ledger that it may be sorted by: those that are shown whole."""
    forms = forms_filling(rulebook, ledger)
    sealed = {name for form in forms for name, field in form.fields.items() if field.sensitive}
    paths = {column.path for column in ledger.columns} - _SEALED
    return frozenset(path for path in paths if path.rpartition(".")[2] not in sealed)


def sorted_lines(look: Look, after: str) -> tuple[list[Line], str]:
    """Return the next lines in the order of a column, and where they go on; raises TooLongToSort."""
    keys = _in_order(look)
    begin = _place(after, keys)
    end = begin + look.length
    lines = lines_at(look, keys[begin:end])
    return lines, f"{end}.{keys[end - 1]}" if end < len(keys) else ""


def _place(after: str, keys: list[str]) -> int:
    """Return where a page begins: after the last line of the one before, or where that would be if it is there no more.

    Raises Refused.
    """
    if not after:
        return 0
    place, _, key = after.partition(".")
    if not (place.isascii() and place.isdigit() and len(place) < len(str(MOST_SORTED)) + 1):
        raise Refused(LOST, "BAD_CURSOR")
    return keys.index(key) + 1 if key in keys else int(place)


def _in_order(look: Look) -> list[str]:
    """Return the keys of all lines in the order of a column; what tells nothing there comes last, either way."""
    path, told, silent = look.asked.column, list[tuple[Any, str]](), list[str]()
    for line in _all_lines(replace(look, columns=(path,), length=_AT_ONCE)):
        value = cell(line, path)
        if value is None:
            silent.append(line.key)
        else:
            told.append((_rank(value), line.key))
    if len(told) + len(silent) > MOST_SORTED:
        raise TooLongToSort()
    told.sort(key=itemgetter(0), reverse=look.asked.descends)
    return [key for _, key in told] + silent


def _all_lines(look: Look) -> Iterator[Line]:
    after = ""
    for _ in range(_LOOKS):
        lines, after = next_lines(look, after)
        yield from lines
        if not after:
            return
    raise TooLongToSort()


def _rank(value: Cell) -> tuple[int, Any]:
    """Return what a value is ordered by: numbers, then days and moments, then words, by their sounds as far as may be.

    The signs of GB 2312 that are used most stand in the order of pinyin (level 1), so GB 18030 has them so.
    """
    if isinstance(value, (int, float)):
        return 0, value
    if isinstance(value, date):
        return 1, value.isoformat()
    return 2, str(value).encode("gb18030", "surrogatepass")
