"""Weaving two changes of one text together, line by line: nothing of either is lost, or they are refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class _Change:
    """Lines `begins` to `ends` of the text both began from become these."""

    begins: int
    ends: int
    lines: tuple[str, ...]

    def meets(self, other: "_Change") -> bool:
        """Return whether two changes touch the same lines, or put something at the same place."""
        if self.begins == self.ends or other.begins == other.ends:
            return self.begins <= other.ends and other.begins <= self.ends
        return self.begins < other.ends and other.begins < self.ends


def woven(before: str, one: str, other: str) -> str | None:
    """Return a text with both changes made to it, None where they touch the same lines and are not the same."""
    base = before.splitlines(keepends=True)
    mine, theirs = _changes(base, one), _changes(base, other)
    if any(left.meets(right) and left != right for left in mine for right in theirs):
        return None
    made, at = [], 0
    for change in sorted({*mine, *theirs}, key=lambda change: (change.begins, change.ends)):
        made += [*base[at : change.begins], *change.lines]
        at = change.ends
    return "".join([*made, *base[at:]])


def _changes(base: Sequence[str], text: str) -> list[_Change]:
    lines = text.splitlines(keepends=True)
    matcher = SequenceMatcher(None, base, lines, autojunk=False)
    return [
        _Change(begins, ends, tuple(lines[first:last]))
        for tag, begins, ends, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]
