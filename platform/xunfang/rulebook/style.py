"""One canonical style for rule files, comments kept: so that changes can be compared line by line."""

import json
import re
import tomllib
from typing import Any

_HEADER = re.compile(r"\[\[?[^\[\]]+\]\]?\s*(#.*)?")
_PART = r"(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')"
_KEY = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=\s*")
_MULTILINE = ('"""', "'''")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'.*?\'\'\'|(?<!")"(?!"")(?:[^"\\]|\\.)*"|(?<!\')\'(?!\'\')[^\']*\''
)


class StyleError(ValueError):
    """A file could not be put into style without changing what it says; it is left as it was."""


def styled_toml(text: str) -> str:
    """Return a TOML text in the canonical style; raises StyleError rather than change a value."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    lines: list[str] = []
    inside, depth = "", 0
    for raw in text.split("\n"):
        if inside:
            lines.append(raw)
            inside = "" if inside in raw else inside
            continue
        inside = _opened(raw)
        if not depth and _HEADER.fullmatch(raw.strip()):
            _end_block(lines)
            lines.append(raw.strip())
            continue
        lines.append(_spaced(raw) if not depth else raw if inside else raw.rstrip())
        depth += _deeper(raw) if not inside else 0
    result = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
    if tomllib.loads(result) != tomllib.loads(text):
        raise StyleError("调整格式会改变内容")
    return result


def _opened(line: str) -> str:
    """Return the quotes of a text over several lines that a line begins and does not end, or ""."""
    bare = _STRING.sub("", line)
    return next((mark for mark in _MULTILINE if mark in bare.split("#", 1)[0]), "")


def _deeper(line: str) -> int:
    """Return by how many brackets a line leaves a list or table open, or, negative, closes one."""
    bare = _STRING.sub("", line).split("#", 1)[0]
    return sum(bare.count(mark) for mark in "[{") - sum(bare.count(mark) for mark in "]}")


def _end_block(lines: list[str]) -> None:
    """Put one empty line before a table header, above the comments that belong to it."""
    at = len(lines)
    while at and lines[at - 1].startswith("#"):
        at -= 1
    while at and not lines[at - 1]:
        del lines[at - 1]
        at -= 1
    if at:
        lines.insert(at, "")


def _spaced(line: str) -> str:
    line = line if _opened(line) else line.rstrip()
    match = _KEY.match(line)
    if not match:
        return line
    key = re.sub(r"\s*\.\s*", ".", match.group(1)) if not set(match.group(1)) & set("\"'") else match.group(1)
    return f"{key} = {line[match.end() :]}"


def styled_json(text: str) -> str:
    """Return a JSON text in the canonical style: members on lines of their own, a field's keywords on one line."""
    data = json.loads(text, object_pairs_hook=_once)
    result = _members(data, 0) + "\n"
    if json.loads(result) != data:
        raise StyleError("调整格式会改变内容")
    return result


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise StyleError("同一个键写了两次")
    return dict(pairs)


def _members(value: Any, depth: int) -> str:
    if not isinstance(value, dict) or depth > 1:
        return json.dumps(value, ensure_ascii=False)
    if not value:
        return "{}"
    indent = "  " * (depth + 1)
    deeper = {"properties"} if depth == 0 else set()
    rows = [
        f"{indent}{json.dumps(key, ensure_ascii=False)}: {_members(item, 1 if key in deeper else 2)}"
        for key, item in value.items()
    ]
    return "{\n" + ",\n".join(rows) + "\n" + "  " * depth + "}"
