"""The rows below a head: who stands in them, one person at a time, without sums, notes and what is signed below."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from xunfang.sheets.cells import text
from xunfang.sheets.heads import Head, plain

_SUMS = frozenset({"合计", "总计", "小计", "共计", "累计", "总合计"})
_SUM = "计"
"""What is in all of them."""
_SIGNED = re.compile(
    r"^(填表人|制表人|审核人|复核人|经办人|填报人|单位负责人|统计负责人|负责人|报送单位|填报单位|填表单位"
    r"|填表日期|报送时间|报出日期|联系电话)[:：]"
)
_NOTE = re.compile(r"^(填表说明|填写说明|说明|注意|备注|注)([:：。、]|$)")
_LONG = 40
_DIGITS = 15
"""So many digits a number of a resident has at least; what is written in its column of notes has none."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a list: the row (from 0) they stand in, and the cells of each column that is known."""

    row: int
    cells: Mapping[str, Any]


def people_of(rows: Iterable[Sequence[Any]], head: Head, each: str, named: str) -> Iterator[Person]:
    """Yield the people below a head; `rows` are all rows of the sheet from its first on.

    Where the column `each` (of numbers) stands several times, members of a household stand sideways in one row: each
    number is one person, with the cells since the number before; what stands once holds for all of them. `named` is
    the column of names.
    """
    groups, shared = _sideways(head, each, named)
    numbers = [column for column, name in head.columns.items() if name == each]
    for place, row in enumerate(rows):
        if place <= head.last or not _is_about_somebody(row, head, numbers):
            continue
        common = _cells(row, shared)
        if len(groups) < 2:
            yield Person(place, common | _cells(row, groups[0] if groups else {}))
            continue
        for group in groups:
            own = _cells(row, group)
            if own.get(each) or own.get(named):
                yield Person(place, common | own)


def _sideways(head: Head, each: str, named: str) -> tuple[list[dict[int, str]], dict[int, str]]:
    """Return the columns of each person that stand beside one another in a row, and those that hold for all of them.

    A second number without a name of its own, such as a guardian's, makes nobody.
    """
    several = {name for name in head.names if list(head.columns.values()).count(name) > 1}
    if each not in several or (named in head.names and named not in several):
        return [_of_one(head)], {}
    groups: list[dict[int, str]] = [{}]
    for column, name in sorted(head.columns.items()):
        if name not in several:
            continue
        if name in groups[-1].values():
            groups.append({})
        groups[-1][column] = name
    return groups, {column: name for column, name in head.columns.items() if name not in several}


def _of_one(head: Head) -> dict[int, str]:
    """Return the columns of a row that is about one person: of several of one name that which says least besides.

    姓名 is theirs where 户主姓名 stands beside it; of two that say alike, the first.
    """

    def besides(column: int) -> tuple[bool, int, int]:
        word = plain(head.words.get(column, ""))
        return word.startswith("户主"), len(head.words.get(column, "")), column

    own = dict[str, int]()
    for column in sorted(head.columns, key=besides):
        own.setdefault(head.columns[column], column)
    return {column: name for name, column in own.items()}


def _cells(row: Sequence[Any], columns: Mapping[int, str]) -> dict[str, Any]:
    return {
        name: row[column] for column, name in columns.items() if column < len(row) and row[column] not in ("", None)
    }


def _is_about_somebody(row: Sequence[Any], head: Head, numbers: Sequence[int]) -> bool:
    """Return whether a row is one of the list: no sum, note, numbers of columns, head again, or line to be signed."""
    told = list(islice(filter(None, (text(cell) for cell in row if cell not in ("", None))), 3))
    if not told or any(_SUM in each and plain(each) in _SUMS for each in told[:2]):
        return False
    if not (told[0].isdigit() and len(told) == 3) and _is_beside(told) and not _has_number(row, numbers):
        return False
    if not any(row[column] not in ("", None) for column in head.columns if column < len(row)):
        return False
    return not (told == ["1", "2", "3"] or _is_head_again(row, head))


def _has_number(row: Sequence[Any], numbers: Iterable[int]) -> bool:
    """Return whether the number of a person stands in a row, which no note or line to be signed has."""
    found = (text(row[column]) for column in numbers if column < len(row))
    return any(sum(map(str.isdigit, each)) >= _DIGITS for each in found)


def _is_beside(told: Sequence[str]) -> bool:
    """Return whether a row, by what stands first in it, is a note or a line to be signed."""
    if _SIGNED.match(told[0]) or _NOTE.match(told[0]):
        return True
    return len(told) <= 2 and len(told[0]) > _LONG


def _is_head_again(row: Sequence[Any], head: Head) -> bool:
    """Return whether the words of the head stand here once more, as at the beginning of each printed page."""
    there = [column for column in head.columns if column < len(row)]
    return bool(there) and all(text(row[column]) == head.words.get(column) for column in there)
