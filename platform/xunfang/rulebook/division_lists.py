"""A list of divisions as people have it, from a sheet or a statistical yearbook: read into divisions, or why not.

Statistical codes have twelve digits, filled up with zeros; a list may name what each lies in, which is then compared.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xunfang.division import Division, Level, digits_of

MOST = 6_000
_LEVELS = {digits_of(level): level for level in Level}
_HEADS = {"code": ("代码", "code"), "above": ("上级", "所属", "parent"), "name": ("名称", "名字", "name")}
_DIGITS = re.compile(r"\d{2,15}")
_FILLED = ((12, 15), (9, 12), (6, 9), (4, 6), (2, 4))
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class DivisionList:
    """The divisions within one that a list names, and what is wrong with it; `others`: how many rows of elsewhere."""

    divisions: tuple[Division, ...]
    problems: tuple[str, ...]
    others: int = 0


def rows_of(text: str) -> list[list[str]]:
    """Return the cells of pasted rows: apart by tabs, by commas, or by blanks."""
    lines = text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n")
    return [[cell.strip() for cell in re.split(_apart(line), line.strip())] if line.strip() else [] for line in lines]


def _apart(line: str) -> str:
    return r"\t" if "\t" in line.strip() else r"[,，]" if re.search("[,，]", line) else r"\s+"


def read_list(rows: Iterable[Row], home: str) -> DivisionList:
    """Return the divisions below one, by the code `home`, that rows list; its own row and those above are left out."""
    reading = _Reading(home)
    for number, row in enumerate(rows, 1):
        if any(row):
            reading.take(number, row)
        if len(reading.found) > MOST:
            reading.problems.append(f"超过{MOST}个区划，请分批。")
            break
    reading.compare()
    return DivisionList(tuple(reading.found.values()), tuple(reading.problems), reading.others)


class _Reading:
    def __init__(self, home: str) -> None:
        self.home = home
        self.found: dict[str, Division] = {}
        self.above: dict[str, tuple[int, str]] = {}
        self.problems: list[str] = []
        self.columns: dict[str, int] = {}
        self.others = 0

    def take(self, number: int, row: Row) -> None:
        """Take one row: a head, a division, or something that is none."""
        code_at = self.columns.get("code", next((n for n, cell in enumerate(row) if _DIGITS.fullmatch(cell)), -1))
        told = row[code_at] if 0 <= code_at < len(row) else ""
        if not _DIGITS.fullmatch(told):
            if not self.found and (head := _head(row)):
                self.columns = head
            else:
                self.problems.append(f"第{number}行没有代码：{' '.join(filter(None, row))[:40]}。")
            return
        code, name = bare(told), self._name(row, code_at)
        if code in _levels_above(self.home) or not code.startswith(self.home):
            self.others += code not in _levels_above(self.home)
        elif len(code) not in _LEVELS:
            self.problems.append(f"第{number}行的代码 {told} 位数不对：镇（街道）9位，村（社区）12位。")
        elif not name:
            self.problems.append(f"第{number}行（{told}）没有名称。")
        elif code in self.found:
            self.problems.append(f"第{number}行的代码 {told} 前面已经有了：{self.found[code].name}。")
        else:
            self.found[code] = Division(code, name, _LEVELS[len(code)])
            if "above" in self.columns and self.columns["above"] < len(row) and row[self.columns["above"]]:
                self.above[code] = (number, row[self.columns["above"]])

    def _name(self, row: Row, code_at: int) -> str:
        if "name" in self.columns:
            return row[self.columns["name"]] if self.columns["name"] < len(row) else ""
        return next((cell for n, cell in enumerate(row) if n != code_at and cell and not cell.isascii()), "")

    def compare(self) -> None:
        """Note where a list says that something lies in another division than its code does."""
        for code, (number, told) in self.above.items():
            above = next(
                (code[:n] for n in sorted(_LEVELS, reverse=True) if n < len(code) and code[:n] in self.found), ""
            )
            name = self.found[above].name if above else ""
            if above and told != name and bare(told) != above:
                self.problems.append(f"第{number}行{self.found[code].name}写的上级是{told}，按代码在{name}以下。")


def _head(row: Row) -> dict[str, int]:
    found: dict[str, int] = {}
    for n, cell in enumerate(row):
        name = next((name for name, words in _HEADS.items() if any(word in cell.lower() for word in words)), "")
        if name and name not in found:
            found[name] = n
    return found if {"code", "name"} <= found.keys() else {}


def bare(code: str) -> str:
    """Return a code without the zeros that it is filled up with."""
    for keeps, of in _FILLED:
        if len(code) >= of and not code[keeps:].strip("0"):
            code = code[:keeps]
    return code


def _levels_above(home: str) -> frozenset[str]:
    return frozenset(home[:n] for n in _LEVELS if n <= len(home))
