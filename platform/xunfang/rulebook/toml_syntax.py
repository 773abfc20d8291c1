"""Where each thing of a TOML text stands that can be read: statements, and the parts of their values.

It only finds places; what is valid, `tomllib` has said before.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

Parts = tuple[str, ...]
"""A dotted key, quotes removed."""

_BLANK = re.compile(r"[ \t]*")
_BLANK_LINES = re.compile(r"[ \t\r\n]*")
_BETWEEN = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_KEY = re.compile(r"""(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+|[ \t]*\.[ \t]*)+""")
_PART = re.compile(r""""(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+""")
_SCALAR = re.compile(
    r'"""(?:\\[\s\S]|[^\\])*?"{3,5}'
    r"|'''[\s\S]*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[^\s,\]}#]+"
    r"|[^\s,\]}#]+"
)


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a text; a list has `items`, an inline table `keys` too, one for each item."""

    start: int
    end: int
    items: tuple["Node", ...] = ()
    keys: tuple[tuple[int, Parts], ...] | None = None  # where each member begins, and its key

    @property
    def is_list(self) -> bool:
        """Whether it is a list that is not empty."""
        return bool(self.items) and self.keys is None


@dataclass(frozen=True, slots=True)
class Statement:
    """A header, which has no value, or a key with its value; the line it begins on and the end of that it ends on."""

    line_start: int
    start: int
    parts: Parts
    value: Node | None
    is_array: bool
    end: int  # of the value or of the header's brackets
    line_end: int  # before the line's break


def statements(text: str) -> Iterator[Statement]:
    """Yield every statement of a TOML text that `tomllib` can read."""
    at = _end(_BETWEEN, text, 0)
    while at < len(text):
        statement = _header(text, at) if text[at] == "[" else _assignment(text, at)
        yield statement
        at = _end(_BETWEEN, text, statement.line_end)


def _header(text: str, at: int) -> Statement:
    is_array = text.startswith("[[", at)
    inside = _end(_BLANK, text, at + 1 + is_array)
    end = text.index("]", _end(_KEY, text, inside)) + 1 + is_array
    return Statement(_line_start(text, at), at, parts_of(text, inside), None, is_array, end, line_end(text, end))


def _assignment(text: str, at: int) -> Statement:
    value = _value_of(text, at)
    ends = line_end(text, value.end)
    return Statement(_line_start(text, at), at, parts_of(text, at), value, False, value.end, ends)


def _value_of(text: str, key: int) -> Node:
    return node_at(text, _end(_BLANK, text, text.index("=", _end(_KEY, text, key)) + 1))


def node_at(text: str, at: int) -> Node:
    """Return the value that begins at a place."""
    if text[at] == "[":
        return _list_at(text, at)
    if text[at] == "{":
        return _table_at(text, at)
    return Node(at, _end(_SCALAR, text, at))


def _list_at(text: str, start: int) -> Node:
    items: list[Node] = []
    at = _end(_BETWEEN, text, start + 1)
    while text[at] != "]":
        items.append(node_at(text, at))
        at = _end(_BETWEEN, text, items[-1].end)
        at = _end(_BETWEEN, text, at + 1) if text[at] == "," else at
    return Node(start, at + 1, tuple(items))


def _table_at(text: str, start: int) -> Node:
    items: list[Node] = []
    keys: list[tuple[int, Parts]] = []
    at = _end(_BLANK, text, start + 1)
    while text[at] != "}":
        keys.append((at, parts_of(text, at)))
        items.append(_value_of(text, at))
        at = _end(_BLANK, text, items[-1].end)
        at = _end(_BLANK, text, at + 1) if text[at] == "," else at
    return Node(start, at + 1, tuple(items), tuple(keys))


def parts_of(text: str, at: int) -> Parts:
    """Return the dotted key that begins at a place."""
    found = _KEY.match(text, at)
    return tuple(_bare(part) for part in _PART.findall(found.group())) if found else ()


def _bare(part: str) -> str:
    if part[0] == '"' and "\\" in part:
        return next(iter(tomllib.loads(f"{part} = 0")))
    return part[1:-1] if part[0] in "\"'" else part


def comments_above(text: str, line_start: int, floor: int) -> int:
    """Return where the comment lines directly above a line begin, or the line itself; `floor` is as far as to look."""
    while line_start > floor:
        above = text.rfind("\n", 0, line_start - 1) + 1
        if above < floor or not text[above:line_start].lstrip().startswith("#"):
            break
        line_start = above
    return line_start


def comments_below(text: str, end: int) -> int:
    """Return the end of the comment lines directly below the line that ends at a place."""
    while (begins := text.find("\n", end) + 1) and text[begins : line_end(text, begins)].lstrip().startswith("#"):
        end = line_end(text, begins)
    return end


def line_end(text: str, at: int) -> int:
    """Return the end of a place's line, before the break."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if end > at and text[end - 1] == "\r" else end


def after_blank_lines(text: str, at: int) -> int:
    """Return the first place from there on that is not blank."""
    return _end(_BLANK_LINES, text, at)


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
