"""Changing the table of divisions and nothing else: lines end or begin, every other stays byte for byte, proven."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from xunfang.division import Division, read_table
from xunfang.rulebook.splicing import SpliceRefused

BOM = "\ufeff"
HEAD = "code,name,level"
_DAY = timedelta(days=1)
_AS_TEXT = "请改用“按文字修改”。"


@dataclass(frozen=True, slots=True)
class Heirs:
    """Who follows a division that ends, and which of several takes what is in none of the others."""

    codes: tuple[str, ...] = ()
    default: str = ""


@dataclass(frozen=True, slots=True)
class DivisionChange:
    """What ends the day before `on`, by code, and what begins on it; without a day, what was always there."""

    on: date | None
    begins: tuple[Division, ...] = ()
    ends: Mapping[str, Heirs] = field(default_factory=dict)


def changed(text: str, change: DivisionChange) -> str:
    """Return a table of divisions after a change; raises SpliceRefused where that cannot be proven harmless."""
    bare = text.removeprefix(BOM)
    before = _read(bare)
    made = _Table(bare or f"{HEAD}\n", before).after(change)
    _prove(bare, made, before, change)
    return BOM + made if text.startswith(BOM) else made


def _read(text: str) -> list[Division]:
    try:
        return read_table(text)
    except ValueError as error:
        raise SpliceRefused(f"区划表现在读不出来：{error}请先按文字改好。") from None


class _Table:
    """The lines of a table, without their ends."""

    def __init__(self, text: str, divisions: Sequence[Division]) -> None:
        self.eol = "\r\n" if "\r\n" in text.partition("\n")[0] + "\n" else "\n"
        self.lines = [line.removesuffix("\r") for line in text.split("\n")]
        self.ended = self.lines[-1] == ""
        self.lines = self.lines[:-1] if self.ended else self.lines
        self.head = [cell.strip() for cell in _cells(self.lines[0])]
        self.divisions = divisions

    def after(self, change: DivisionChange) -> str:
        """Return the text after a change."""
        self._widen(change)
        lines = {division.line: division for division in self.divisions}
        for code, heirs in change.ends.items():
            line = next((line for line, one in lines.items() if one.code == code and one.until is None), 0)
            if not line or change.on is None:
                raise SpliceRefused(f"本级的区划表里没有还在用的 {code}。")
            self.lines[line - 1] = self._row(_ended(lines[line], change.on, heirs))
        made = [*self._with(change.begins)]
        return self.eol.join(made) + (self.eol if self.ended or change.begins else "")

    def _widen(self, change: DivisionChange) -> None:
        """Let the head name the columns that are needed."""
        dated = any(division.since for division in change.begins)
        needed = {"from": dated, "until": bool(change.ends)}
        needed["successor"] = any(heirs.codes for heirs in change.ends.values())
        needed["default"] = any(heirs.default for heirs in change.ends.values())
        for name in (name for name, is_needed in needed.items() if is_needed and name not in self.head):
            self.head.append(name)
            self.lines[0] += f",{name}"

    def _row(self, division: Division) -> str:
        told = {
            "code": division.code, "name": division.name, "level": str(division.level),
            "from": division.since.isoformat() if division.since else "",
            "until": division.until.isoformat() if division.until else "",
            "successor": " ".join(division.successors), "default": division.default,
        }  # fmt: skip
        cells = [told[name] for name in self.head]
        while not cells[-1]:
            cells.pop()
        written = io.StringIO()
        csv.writer(written, lineterminator="").writerow(cells)
        return written.getvalue()

    def _with(self, begins: Sequence[Division]) -> Iterator[str]:
        """Yield the lines with what begins, each behind the last of its level with a code not above its own."""
        behind: dict[int, list[Division]] = {}
        for division in sorted(begins, key=lambda one: one.code):
            alike = [one.line for one in self.divisions if one.level is division.level and one.code <= division.code]
            behind.setdefault(max(alike, default=len(self.lines)), []).append(division)
        for number, line in enumerate(self.lines, 1):
            yield line
            yield from map(self._row, behind.get(number, ()))


def _cells(line: str) -> list[str]:
    return next(csv.reader([line]), [])


def _ended(division: Division, on: date, heirs: Heirs) -> Division:
    return replace(division, until=on - _DAY, successors=heirs.codes, default=heirs.default)


def _prove(before: str, after: str, divisions: Sequence[Division], change: DivisionChange) -> None:
    """Raise SpliceRefused unless the table says what is intended, and every other line is there as it was."""
    on = change.on or date.max
    touched = {one.line for one in divisions if one.code in change.ends and one.until is None}
    intended = [_ended(one, on, change.ends[one.code]) if one.line in touched else one for one in divisions]
    lines = iter(after.replace("\r\n", "\n").split("\n"))
    others = before.replace("\r\n", "\n").split("\n")[1:]
    kept = [line for number, line in enumerate(others, 2) if number not in touched and line]
    if _said([*intended, *change.begins]) != _said(_read(after)) or not all(line in lines for line in kept):
        raise SpliceRefused(f"这张区划表不能逐项修改，{_AS_TEXT}")


def _said(divisions: Sequence[Division]) -> list[Division]:
    plain = (replace(one, line=0, file="") for one in divisions)
    return sorted(plain, key=lambda one: (one.code, one.since or date.min))
