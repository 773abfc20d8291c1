"""One canonical style for rule files, comments kept: so that changes can be compared line by line."""

import json
import re
import tomllib
from typing import Any

_HEADER = re.compile(r"\[\[?[^\]]+\]\]?")
_KEY = re.compile(
    r"^(\s*)((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*=\s*"
)
_MULTILINE = ('"""', "'''")


class StyleError(ValueError):
    """A file could not be put into style without changing what it says; it is left as it was."""


def styled_toml(text: str) -> str:
    """Return a TOML text in the canonical style; raises StyleError rather than change a value."""
    lines: list[str] = []
    inside = ""
    for raw in text.replace("\r\n", "\n").replace("\ufeff", "").split("\n"):
        if inside:
            lines.append(raw)
            inside = "" if inside in raw else inside
            continue
        line = raw.rstrip()
        if _HEADER.match(line.strip()):
            _end_block(lines)
            lines.append(line.strip())
        else:
            lines.append(_spaced(line.expandtabs(4)))
        inside = next((mark for mark in _MULTILINE if line.count(mark) % 2), "")
    result = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
    if tomllib.loads(result) != tomllib.loads(text):
        raise StyleError("调整格式会改变内容")
    return result


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
    match = _KEY.match(line)
    if not match:
        return line
    key = re.sub(r"\s*\.\s*", ".", match.group(2)) if '"' not in match.group(2) else match.group(2)
    return f"{match.group(1)}{key} = {line[match.end() :]}"


def styled_json(text: str) -> str:
    """Return a JSON text in the canonical style: members on lines of their own, a field's keywords on one line."""
    data = json.loads(text)
    result = _members(data, 0) + "\n"
    if json.loads(result) != data:
        raise StyleError("调整格式会改变内容")
    return result


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
