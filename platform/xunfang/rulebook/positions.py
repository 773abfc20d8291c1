"""Line numbers of keys in TOML and JSON texts that have already been parsed without error."""

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]
Lines = dict[Path, int]

_KEY_PART = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+|[^\s.=\]"']+))\s*""")
_TOML_TOKEN = re.compile(
    r'"""[\s\S]*?(?<!\\)"""|\'\'\'[\s\S]*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}\n]'
)
_THREE_QUOTES = re.compile(
    r'#[^\n]*|"""(?:[^\\]|\\[\s\S])*?"""|\'\'\'[\s\S]*?\'\'\'|"""|\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\''
)
_ASKS_FOR_A_VALUE = re.compile(r"""\s*[\w."'-]+\s*=\s*""")
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:\n]|[^\s\[\]{},:"]+')


def split_key(text: str) -> list[str]:
    """Return the parts of a dotted TOML key, quotes removed."""
    parts, at = [], 0
    while match := _KEY_PART.match(text, at):
        parts.append(next(group for group in match.groups() if group is not None))
        at = match.end()
        if at >= len(text) or text[at] != ".":
            break
        at += 1
    return parts


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each TOML statement with the line it begins on; values may span lines."""
    start, line, first, depth = 0, 1, 1, 0
    for match in _TOML_TOKEN.finditer(text + "\n"):
        token = match.group()
        if token == "\n" and depth <= 0:
            statement = text[start : match.start()].strip()
            if statement and not statement.startswith("#"):
                yield first, statement
            start, first, depth = match.end(), line + 1, 0
        elif token in "[{":
            depth += 1
        elif token in "]}":
            depth -= 1
        line += token.count("\n")


class _TomlWalk:
    """Follows table headers through a TOML text, so that each key gets its whole path."""

    def __init__(self) -> None:
        self.lines: Lines = {}
        self.table: Path = ()
        self.counts: dict[Path, int] = {}

    def _resolve(self, parts: list[str]) -> Path:
        path: Path = ()
        for part in parts:
            path = (*path, part)
            if path in self.counts:
                path = (*path, self.counts[path])
        return path

    def header(self, line: int, inner: str, *, array: bool) -> None:
        parts = split_key(inner)
        path = (*self._resolve(parts[:-1]), parts[-1])
        if array:
            self.lines.setdefault(path, line)
            self.counts[path] = self.counts.get(path, -1) + 1
            path = (*path, self.counts[path])
        elif path in self.counts:
            path = (*path, self.counts[path])
        self.table = path
        self._record(path, line)

    def key(self, line: int, text: str) -> None:
        self._record((*self.table, *split_key(text)), line)

    def _record(self, path: Path, line: int) -> None:
        for end in range(1, len(path) + 1):
            self.lines.setdefault(path[:end], line)


def toml_lines(text: str) -> Lines:
    """Return the line of every key path of a TOML text (lines count from 1)."""
    walk = _TomlWalk()
    for line, statement in _statements(text):
        if statement.startswith("[["):
            walk.header(line, statement[2:], array=True)
        elif statement.startswith("["):
            walk.header(line, statement[1:], array=False)
        else:
            walk.key(line, statement)
    return walk.lines


def never_closed(text: str) -> int:
    """Return the line of three quotes in a TOML text that cannot be read, where nobody closed them; 0 for none.

    Three quotes further down that were to open something close them, so that the slip shows only behind those.
    """
    for found in _THREE_QUOTES.finditer(text):
        token = found.group()
        last_line = (text.rfind("\n", 0, found.end()) + 1, found.end() - 3)
        runs_on = "\n" in token and _ASKS_FOR_A_VALUE.fullmatch(text, *last_line)
        if token in ('"""', "'''") or runs_on:
            return text.count("\n", 0, found.start()) + 1
    return 0


def json_lines(text: str) -> Lines:
    """Return the line of every member and element of a JSON text (lines count from 1)."""
    lines: Lines = {(): 1}
    stack: list[tuple[str | int, bool]] = []  # (key or index, is an object)
    line, pending = 1, ""
    for match in _JSON_TOKEN.finditer(text):
        token = match.group()
        if token == "\n":
            line += 1
            continue
        if stack and not stack[-1][1] and token not in "],":  # an element of a list begins
            lines.setdefault(tuple(key for key, _ in stack), line)
        if token in "[{":
            stack.append((0 if token == "[" else "", token == "{"))
        elif token in "]}":
            stack.pop()
        elif token == ",":
            key, is_object = stack[-1]
            if not is_object and isinstance(key, int):
                stack[-1] = (key + 1, False)
        elif token == ":":
            stack[-1] = (pending, True)
            lines[tuple(key for key, _ in stack)] = line
        elif token.startswith('"'):
            pending = token[1:-1]
    return lines
