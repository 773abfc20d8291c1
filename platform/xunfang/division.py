"""Administrative divisions 行政区划: the tree of one deployment, from province down to village."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Level(StrEnum):
    """The five levels of government, highest first."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


_DIGITS: Mapping[str, int] = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}
_LEVELS = frozenset(Level)
_DEEPEST_FIRST = tuple(sorted(_DIGITS.values(), reverse=True))
# The statistical list puts these where a municipality or province has no city between itself and its counties;
# nobody writes them in an address.
_NOT_SPOKEN = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@dataclass(frozen=True, slots=True)
class Division:
    """One division. `code` has 2, 4, 6, 9 or 12 digits, as its level has; a prefix of it names what it lies in."""

    code: str
    name: str
    level: Level


class DivisionTree:
    """The divisions a deployment knows, in the order of their codes. Immutable."""

    def __init__(self, divisions: Iterable[Division]) -> None:
        self._by_code = {division.code: division for division in sorted(divisions, key=lambda found: found.code)}
        self._of_level: dict[str, list[Division]] = {}
        self._children: dict[str, list[Division]] = {}
        for division in self._by_code.values():
            self._children.setdefault(self._parent(division.code), []).append(division)
            self._of_level.setdefault(division.level, []).append(division)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the tree that a CSV text with the columns code, name and level lists; an empty text has none.

        Raises ValueError with a Chinese sentence that names the line.
        """
        return cls(_read(text))

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Division]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def get(self, code: str) -> Division | None:
        """Return the division with a code, or None."""
        return self._by_code.get(code)

    def name(self, code: str) -> str:
        """Return the name of a division alone; the code itself when it is unknown."""
        found = self._by_code.get(code)
        return found.name if found else code

    def label(self, code: str, below: str = "") -> str:
        """Return the full name of a division as an address says it, without `below` and everything above it.

        For `below` itself, what remains is its own name; an unknown code is returned as it is.
        """
        if code not in self._by_code:
            return code
        names = [found.name for found in self._path(code) if not (below and below.startswith(found.code))]
        spoken = [name for name in names if name not in _NOT_SPOKEN]
        return "".join(spoken) or self._by_code[code].name

    def ancestor(self, code: str, level: Level | str) -> str:
        """Return the code of the division of a level that a code lies in, or is; "" when there is none."""
        above = code[: _DIGITS[level]]
        found = self._by_code.get(above)
        return above if found and found.level == level and code in self._by_code else ""

    def children(self, code: str = "") -> tuple[Division, ...]:
        """Return the divisions right below one, by code; of "", those with nothing above them."""
        return tuple(self._children.get(code, ()))

    def of_level(self, level: Level | str, within: str = "") -> tuple[Division, ...]:
        """Return the divisions of a level, by code, only those in (or equal to) `within` when given."""
        return tuple(d for d in self._of_level.get(level, ()) if d.code.startswith(within))

    def _path(self, code: str) -> list[Division]:
        return [self._by_code[code[:n]] for n in _DIGITS.values() if n <= len(code) and code[:n] in self._by_code]

    def _parent(self, code: str) -> str:
        above = (code[:n] for n in _DEEPEST_FIRST if n < len(code))
        return next((other for other in above if other in self._by_code), "")


def bounds(code: str) -> tuple[str, str]:
    """Return the range `lo <= other < hi` that holds a code and all codes within it; the empty code covers all.

    An index on the code answers such a range alone. A letter sorts after every digit in any database's collation,
    which the punctuation after "9" does not.
    """
    return code, code + "A"


def _read(text: str) -> list[Division]:
    found: dict[str, Division] = {}
    for line, row in _rows(text):
        if line == 1:
            _expect_head(row)
        elif row:
            division = _division(row, line)
            if division.code in found:
                raise ValueError(f"第{line}行：区划代码 {division.code} 重复。")
            found[division.code] = division
    return list(found.values())


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error:
        raise ValueError(f"第{reader.line_num}行：读不出来，请检查引号是否成对、行末是否有多余的符号。") from None


def _expect_head(row: list[str]) -> None:
    if [cell.strip() for cell in row] != ["code", "name", "level"]:
        raise ValueError("第1行：表头应为 code,name,level。")


def _division(row: list[str], line: int) -> Division:
    if len(row) != 3:
        raise ValueError(f"第{line}行：应有代码、名称、级别三列，实有{len(row)}列。")
    code, name, level = (cell.strip() for cell in row)
    if level not in _LEVELS:
        raise ValueError(f"第{line}行：级别“{level}”无法识别，应为 {'、'.join(Level)} 之一。")
    if not (code.isascii() and code.isdigit()) or len(code) != _DIGITS[Level(level)]:
        raise ValueError(f"第{line}行：代码“{code}”与级别不符，{level} 应为{_DIGITS[Level(level)]}位数字。")
    if not name:
        raise ValueError(f"第{line}行：{code} 没有名称。")
    return Division(code, name, Level(level))
