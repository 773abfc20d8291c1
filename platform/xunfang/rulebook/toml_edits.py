"""Changing what one block of a TOML file says: only lines whose values change are written anew, comments stay."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

from xunfang.rulebook.toml_print import (
    inline_table,
    laid_out,
    printed_inline,
    printed_key,
    printed_lines,
    printed_value,
)
from xunfang.rulebook.toml_syntax import Node, Parts, Statement, comments_above, line_end, statements

_MISSING = object()
_NOTE = re.compile(r"[ \t]*#[^\r\n]*")
_COMMA = re.compile(r"\s*,")
_STRING = re.compile(r'"""(?:\\[\s\S]|[^\\])*?"{3,5}|\'\'\'[\s\S]*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')

Edit = tuple[int, int, str]


class CommentsInside(ValueError):
    """A list with comments between its elements would have to be printed anew."""


def same(one: Any, other: Any) -> bool:
    """Return whether two values are the same in a file too: 1, 1.0 and true are not."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(item, other[key]) for key, item in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def at(data: Any, parts: Parts) -> Any:
    """Return what data say at a dotted key, `_MISSING` where they say nothing."""
    for part in parts:
        if not isinstance(data, dict) or part not in data:
            return _MISSING
        data = data[part]
    return data


def block_changed(text: str, data: dict[str, Any]) -> str:
    """Return the text of a block, its lines ending with a bare line feed, that says other data."""
    return _Change(text, data).made()


class _Change:
    """One block's text on its way to other data."""

    def __init__(self, text: str, data: dict[str, Any]) -> None:
        self.text, self.data = text, data
        self.all = tuple(statements(text))
        self.assignments = [each for each in self.all if each.value]
        self.kept: list[Statement] = []
        self.edits: list[Edit] = []

    def made(self) -> str:
        for each in self.assignments:
            self._look_at(each)
        self._add_what_is_new()
        return _edited(self.text, self.edits).strip("\n")

    def _look_at(self, each: Statement) -> None:
        assert each.value
        new = at(self.data, each.parts)
        if new is _MISSING:
            self._remove(each)
            return
        self.kept.append(each)
        old = at(tomllib.loads(self.text[each.start : each.end]), each.parts)
        if same(old, new):
            return
        if isinstance(new, dict) and new and not isinstance(old, dict):
            self.edits.append((each.start, each.end, "\n".join(printed_lines(each.parts, new))))
        else:
            value = value_changed(self.text, each.value, old, new)
            self.edits.append(self._with_note(each, value))

    def _with_note(self, each: Statement, value: str) -> Edit:
        """Return the edit that writes a value, and what follows it in its line at the column where that stood."""
        assert each.value
        start, end = each.value.start, each.end
        found = _NOTE.match(self.text, end)
        if not found or "\n" in value or "\n" in self.text[start:end]:
            return start, end, value
        note = found.group().lstrip()
        column = found.end() - len(note) - each.line_start
        space = max(column - (start - each.line_start) - len(value), 2)
        return start, found.end(), f"{value}{' ' * space}{note}"

    def _remove(self, each: Statement) -> None:
        start = self._begins(each)
        end = min(each.line_end + 1, len(self.text))
        if self.text[:start].endswith("\n\n") and self.text.startswith("\n", end):
            end += 1
        self.edits.append((start, end, ""))

    def _begins(self, each: Statement) -> int:
        """Return where a statement begins, the comments above it included."""
        place = self.all.index(each)
        floor = min(self.all[place - 1].line_end + 1, each.line_start) if place else 0
        return comments_above(self.text, each.line_start, floor)

    def _add_what_is_new(self) -> None:
        said = {each.parts for each in self.kept}
        for parts, value in _unsaid(self.data, said, ()):
            self.edits.append(self._beside(parts, "\n".join(printed_lines(parts, value))))

    def _beside(self, parts: Parts, lines: str) -> Edit:
        """Return the edit that puts a new key behind the last of its table, where one of it stood, or at the end."""
        shared = max((_shared(each.parts, parts) for each in self.assignments), default=0)
        of_table = [each for each in self.assignments if shared and _shared(each.parts, parts) == shared]
        if stay := [each for each in of_table if each in self.kept]:
            return _behind(stay[-1], lines)
        if of_table:
            start = self._begins(of_table[0])
            return start, start, f"{lines}\n"
        stay = [each for each in self.all if not each.value or each in self.kept]
        return _behind(stay[-1], lines) if stay else (len(self.text), len(self.text), f"\n{lines}")


def _behind(each: Statement, lines: str) -> Edit:
    return each.line_end, each.line_end, f"\n{lines}"


def _shared(one: Parts, other: Parts) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _unsaid(data: dict[str, Any], said: set[Parts], prefix: Parts) -> Iterator[tuple[Parts, Any]]:
    """Yield what data say that no statement says, as few and as whole as can be."""
    for key, value in data.items():
        parts = (*prefix, key)
        if parts in said:
            continue
        if isinstance(value, dict) and any(each[: len(parts)] == parts for each in said):
            yield from _unsaid(value, said, parts)
        else:
            yield parts, value


def _edited(text: str, edits: list[Edit]) -> str:
    order = sorted(range(len(edits)), key=lambda place: (edits[place][0], edits[place][1], place))
    made, reached = "", 0
    for start, end, new in (edits[place] for place in order):
        made += text[reached : max(start, reached)] + new
        reached = max(end, reached)
    return made + text[reached:]


def value_changed(text: str, node: Node, old: Any, new: Any) -> str:
    """Return the text of a value that says something else, as much of it as before as can be."""
    if isinstance(old, list) and isinstance(new, list) and node.is_list:
        return _list_changed(text, node, old, new)
    if isinstance(old, dict) and isinstance(new, dict) and node.keys:
        return _table_changed(text, node, old, new)
    if isinstance(new, dict):
        return printed_inline(new)
    return printed_value(new, _column(text, node.start))


def _table_changed(text: str, node: Node, old: dict[str, Any], new: dict[str, Any]) -> str:
    members: list[str] = []
    said: set[Parts] = set()
    for (start, parts), item in zip(node.keys or (), node.items, strict=True):
        value = at(new, parts)
        if value is not _MISSING:
            before = at(old, parts)
            said.add(parts)
            as_is = text[item.start : item.end]
            members.append(
                text[start : item.start] + (as_is if same(before, value) else value_changed(text, item, before, value))
            )
    members += [f"{printed_key(*parts)} = {printed_inline(value)}" for parts, value in _unsaid(new, said, ())]
    return inline_table(members)


def _list_changed(text: str, node: Node, old: list[Any], new: list[Any]) -> str:
    first = next((n for n, pair in enumerate(zip(old, new, strict=False)) if not same(*pair)), min(len(old), len(new)))
    most = min(len(old), len(new)) - first
    last = next((n for n in range(most) if not same(old[-1 - n], new[-1 - n])), most)
    old_middle, new_middle = range(first, len(old) - last), new[first : len(new) - last]
    if not _has_comments(text[node.start : node.end]):
        return _list_anew(text, node, old, (old_middle, new_middle))
    return _list_with_comments(text, node, old, (old_middle, new_middle))


def _list_anew(text: str, node: Node, old: list[Any], middle: tuple[range, list[Any]]) -> str:
    where, new = middle
    raw = [text[item.start : item.end] for item in node.items]
    printed = [_item(text, node, old, place, value) for place, value in zip(_places(where, new), new, strict=True)]
    items = [*raw[: where.start], *printed, *raw[where.stop :]]
    broken = "\n" in text[node.start : node.items[0].start]
    starts = [text.count("\n", node.start, item.start) for item in node.items]
    each = broken and len(set(starts)) == len(starts) and len(starts) > 1
    return laid_out(items, _column(text, node.start), broken=broken, each=each)


def _places(where: range, new: Sequence[Any]) -> Sequence[int]:
    """Return which old element each new one stands for, -1 for none."""
    return where if len(where) == len(new) else [-1] * len(new)


def _item(text: str, node: Node, old: list[Any], place: int, value: Any) -> str:
    if place >= 0:
        return value_changed(text, node.items[place], old[place], value)
    return printed_inline(value)


def _list_with_comments(text: str, node: Node, old: list[Any], middle: tuple[range, list[Any]]) -> str:
    """Return a list whose comments stay with the elements that do; raises CommentsInside where that cannot be done."""
    where, new = middle
    if len(where) == len(new):
        edits = [
            (node.items[place].start, node.items[place].end, _item(text, node, old, place, value))
            for place, value in zip(where, new, strict=True)
        ]
    elif not new:
        edits = [_cut(text, node.items[place]) for place in where]
    elif not where and where.start < len(old):
        start = node.items[where.start].start
        edits = [(start, start, "".join(f"{printed_inline(value)}, " for value in new))]
    else:
        raise CommentsInside
    shifted = [(start - node.start, end - node.start, said) for start, end, said in edits]
    return _edited(text[node.start : node.end], shifted)


def _cut(text: str, item: Node) -> Edit:
    """Return the edit that takes an element away, its comma and what is noted beside it, its line where it has one."""
    comma = _COMMA.match(text, item.end)
    end = comma.end() if comma else item.end
    note = _NOTE.match(text, end)
    line = text.rfind("\n", 0, item.start) + 1
    if not text[line : item.start].strip() and (ends := line_end(text, end)) == (note.end() if note else end):
        return line, min(ends + 1, len(text)), ""
    return item.start, end, ""


def _has_comments(text: str) -> bool:
    return "#" in _STRING.sub("", text)


def _column(text: str, place: int) -> int:
    return place - text.rfind("\n", 0, place) - 1
