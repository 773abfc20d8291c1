"""Administrative divisions 行政区划: the tree of one deployment, from province down to grid, on any day."""

import csv
import io
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice, takewhile
from operator import attrgetter
from typing import Self


class Level(StrEnum):
    """The five levels of government, highest first, and below the village the grid 网格 (or group 村民小组)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"
    GRID = "grid"


_DIGITS: Mapping[str, int] = dict(zip(Level, (2, 4, 6, 9, 12, 15), strict=True))


def digits_of(level: Level | str) -> int:
    """Return how many digits the code of a division of a level has."""
    return _DIGITS[level]


_LEVELS: Mapping[str, Level] = {str(level): level for level in Level}
_DEEPEST_FIRST = tuple(sorted(_DIGITS.values(), reverse=True))
# The statistical list puts these where a municipality or province has no city between itself and its counties;
# nobody writes them in an address.
_NOT_SPOKEN = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@dataclass(frozen=True, slots=True)
class Division:
    """One division under one name. `code` has as many digits as its level has; a prefix names what it lies in.

    It stands from `since` through `until`, both included. When it ends without going on under another name, what stands
    on it goes to the `successors`; `default` is the one of several that takes what is in none of the others.
    """

    code: str
    name: str
    level: Level
    since: date | None = None
    until: date | None = None
    successors: tuple[str, ...] = ()
    default: str = ""
    line: int = field(default=0, compare=False)
    file: str = field(default="", compare=False)

    def stands(self, day: date) -> bool:
        """Return whether there is such a division, under this name, on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @property
    def heir(self) -> str:
        """Return the code of the one successor that takes what nothing else decides, or ""."""
        return self.default or (self.successors[0] if self.successors else "")


class DivisionTree:
    """The divisions a deployment knows, in the order of their codes, as they stand on a day. Immutable.

    One that has ended is still known, by the name it bore last, but stands in no list. Without a day everything written
    down has come about: that is how the rules are checked.
    """

    def __init__(self, divisions: Iterable[Division], day: date | None = None) -> None:
        self._lines: dict[str, tuple[Division, ...]] = {}
        for division in sorted(divisions, key=lambda one: (one.code, one.since or date.min)):
            self._lines[division.code] = (*self._lines.get(division.code, ()), division)
        self.day = day
        self._by_code = {code: _on(lines, day) for code, lines in self._lines.items()}
        self._above = {code: self._nearest_above(code) for code in self._by_code}
        self._children: dict[str, list[Division]] = {}
        self._of_level: dict[str, list[Division]] = {}
        for division in self._by_code.values():
            self._children.setdefault(self._above[division.code], []).append(division)
            self._of_level.setdefault(division.level, []).append(division)
        self._changes = sorted({moment for one in self.lines() for moment in _moments(one)})
        gone = [found.code for found in self._by_code.values() if self._ended(found)]
        self._heirs = {code: heir for code in gone if (heir := self.follow(code)) != code}
        self._former: dict[str, tuple[str, ...]] = {}
        for code, heir in self._heirs.items():
            self._former[heir] = (*self._former.get(heir, ()), code)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the tree that a table (`read_table`) lists; raises ValueError as that does."""
        return cls(read_table(text))

    def on(self, day: date) -> "DivisionTree":
        """Return the divisions as they stand on a day."""
        return DivisionTree(self.lines(), day)

    def known_with(self, later: "DivisionTree") -> "DivisionTree":
        """Return these divisions with all that another table knows: what both have is as that one says."""
        if all(self._lines.get(code) == lines for code, lines in later._lines.items()):
            return self
        own = (one for one in self.lines() if one.code not in later._lines)
        return DivisionTree([*later.lines(), *own], later.day)

    @property
    def changes(self) -> tuple[date, ...]:
        """Return the days on which any division begins, or is there no more."""
        return tuple(self._changes)

    def stage(self, day: date) -> date | None:
        """Return the last day of change up to a day, None before any: in between all stays as it is."""
        before = bisect_right(self._changes, day)
        return self._changes[before - 1] if before else None

    def lines(self) -> Iterator[Division]:
        """Return every division under each name it bears, whether it stands or not."""
        return (one for lines in self._lines.values() for one in lines)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Division]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def get(self, code: str) -> Division | None:
        """Return the division with a code, or None."""
        return self._by_code.get(code)

    def stands(self, code: str) -> bool:
        """Return whether a division is there on the day of the tree."""
        found = self._by_code.get(code)
        return found is not None and self._stands(found)

    def _stands(self, division: Division) -> bool:
        return division.until is None if self.day is None else division.stands(self.day)

    def follow(self, code: str) -> str:
        """Return the code of the division that is now where this one was, itself while it stands.

        A split one is followed by its default. What is unknown, or ended without a successor, is returned as it is.
        """
        seen = {code}
        while (found := self._by_code.get(code)) and self._ended(found) and found.heir and found.heir not in seen:
            code = found.heir
            seen.add(code)
        return code

    def _ended(self, division: Division) -> bool:
        return division.until is not None and (self.day is None or division.until < self.day)

    @property
    def heirs(self) -> Mapping[str, str]:
        """Every division that has ended and is followed by another, with the code of that."""
        return self._heirs

    def former(self, code: str) -> tuple[str, ...]:
        """Return the divisions that have ended and are followed by this one."""
        return self._former.get(code, ())

    def name(self, code: str, on: date | None = None) -> str:
        """Return the name of a division alone, or the one it bore on a day; the code itself when it is unknown."""
        found = self._by_code.get(code)
        return _on(self._lines[code], on or self.day).name if found else code

    def label(self, code: str, below: str = "", on: date | None = None) -> str:
        """Return the full name of a division as an address says it, without `below` and everything above it.

        For `below` itself, what remains is its own name; an unknown code is returned as it is. With a day, the names
        are those of that day.
        """
        if code not in self._by_code:
            return code
        codes = [found for found in self._path(code) if not (below and below.startswith(found))]
        spoken = [name for name in (self.name(found, on) for found in codes) if name not in _NOT_SPOKEN]
        return "".join(spoken) or self.name(code, on)

    def ancestor(self, code: str, level: Level | str) -> str:
        """Return the code of the division of a level that a code lies in, or is; "" when there is none."""
        above = code[: _DIGITS[level]]
        found = self._by_code.get(above)
        return above if found and found.level == level and code in self._by_code else ""

    def children(self, code: str = "") -> tuple[Division, ...]:
        """Return the divisions right below one, by code; of "", those with nothing above them."""
        return tuple(found for found in self._children.get(code, ()) if self._stands(found))

    def of_level(self, level: Level | str, within: str = "") -> tuple[Division, ...]:
        """Return the divisions of a level, by code, only those in (or equal to) `within` when given."""
        by_code = self._of_level.get(level, [])
        first = bisect_left(by_code, within, key=_code_of)
        found = takewhile(lambda one: one.code.startswith(within), islice(by_code, first, None))
        return tuple(division for division in found if self._stands(division))

    def answers(self, code: str, level: Level | str) -> bool:
        """Return whether a division is an answer where one of a level is asked for.

        A village that is not divided answers for a grid: not every village has any.
        """
        found = self._by_code.get(code)
        if found is None:
            return False
        undivided = level == Level.GRID and found.level is Level.VILLAGE and not self.children(code)
        return found.level == level or undivided

    def answering(self, level: Level | str, within: str = "") -> tuple[Division, ...]:
        """Return the divisions that answer where one of a level is asked for, by code."""
        if level != Level.GRID:
            return self.of_level(level, within)
        found = (*self.of_level(Level.VILLAGE, within), *self.of_level(level, within))
        return tuple(sorted((one for one in found if self.answers(one.code, level)), key=lambda one: one.code))

    def _path(self, code: str) -> list[str]:
        return [code[:n] for n in _DIGITS.values() if n <= len(code) and code[:n] in self._by_code]

    def parent(self, code: str) -> str:
        """Return the code of the nearest known division that holds one, "" when there is none."""
        return self._above[code] if code in self._above else self._nearest_above(code)

    def _nearest_above(self, code: str) -> str:
        above = (code[:n] for n in _DEEPEST_FIRST if n < len(code))
        return next((other for other in above if other in self._by_code), "")


def _on(lines: tuple[Division, ...], day: date | None) -> Division:
    """Return the line of a division that counts on a day: where it does not stand, the last that did, or the first."""
    begun = [one for one in lines if day is None or one.since is None or one.since <= day]
    return begun[-1] if begun else lines[0]


def _moments(division: Division) -> Iterator[date]:
    if division.since is not None:
        yield division.since
    if division.until is not None and division.until < date.max:
        yield division.until + timedelta(days=1)


_code_of = attrgetter("code")


def bounds(code: str) -> tuple[str, str]:
    """Return the range `lo <= other < hi` that holds a code and all codes within it; the empty code covers all.

    An index on the code answers such a range alone. A letter sorts after every digit in any database's collation,
    which the punctuation after "9" does not.
    """
    return code, code + "A"


_HEAD = ("code", "name", "level", "from", "until", "successor", "default")
_NEEDED = 3


def read_table(text: str, file: str = "") -> list[Division]:
    """Return the divisions that a CSV text with the columns code, name and level lists; an empty text has none.

    Optional columns: from, until, successor, default. Raises ValueError with a Chinese sentence that names the line.
    """
    found: dict[str, list[Division]] = {}
    head: tuple[str, ...] = ()
    for line, row in _rows(text):
        if line == 1:
            head = _head(row)
        elif row:
            division = _division(head, row, line, file)
            same = found.setdefault(division.code, [])
            if any(_overlap(division, other) for other in same):
                raise ValueError(f"第{line}行：区划代码 {division.code} 重复。")
            same.append(division)
    return [division for same in found.values() for division in same]


def _overlap(one: Division, other: Division) -> bool:
    """Return whether two lines of one code stand on the same day; a renamed division has a line for each name."""
    first, second = ((each.since or date.min, each.until or date.max) for each in (one, other))
    return first[0] <= second[1] and second[0] <= first[1]


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error:
        raise ValueError(f"第{reader.line_num}行：读不出来，请检查引号是否成对、行末是否有多余的符号。") from None


def _head(row: list[str]) -> tuple[str, ...]:
    head = tuple(cell.strip() for cell in row)
    if head[:_NEEDED] != _HEAD[:_NEEDED] or len(set(head)) != len(head) or not set(head) <= set(_HEAD):
        raise ValueError("第1行：表头应为 code,name,level，需要时再加 from,until,successor,default。")
    return head


def _division(head: tuple[str, ...], row: list[str], line: int, file: str) -> Division:
    if not _NEEDED <= len(row) <= len(head):
        raise ValueError(f"第{line}行：{_expected(head)}，实有{len(row)}列。")
    told = dict(zip(head, map(str.strip, row), strict=False))
    code, name, level = told["code"], told["name"], told["level"]
    if level not in _LEVELS:
        raise ValueError(f"第{line}行：级别“{level}”无法识别，应为 {'、'.join(Level)} 之一。")
    if not (code.isascii() and code.isdigit()) or len(code) != _DIGITS[level]:
        raise ValueError(f"第{line}行：代码“{code}”与级别不符，{level} 应为{_DIGITS[level]}位数字。")
    if not name:
        raise ValueError(f"第{line}行：{code} 没有名称。")
    since, until = _day(told.get("from", ""), "from", line), _day(told.get("until", ""), "until", line)
    if since and until and until < since:
        raise ValueError(f"第{line}行：{code} 的截止日 {until} 早于起始日 {since}。")
    heirs = tuple(told.get("successor", "").replace("；", " ").replace(";", " ").replace("、", " ").split())
    return Division(code, name, _LEVELS[level], since, until, heirs, told.get("default", ""), line, file)


def _expected(head: tuple[str, ...]) -> str:
    return "应有代码、名称、级别三列" if len(head) == _NEEDED else f"应有{'、'.join(head)}至多{len(head)}列"


def _day(text: str, key: str, line: int) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"第{line}行：{key} 写的“{text}”不是日期，应写作 2027-01-01。") from None
