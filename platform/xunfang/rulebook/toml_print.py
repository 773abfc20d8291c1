"""Printing data as TOML the way rule files write it: dotted keys, and inline tables only within lists."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

WIDTH = 120
_INDENT = "    "
_TOGETHER = {"unit", "of"}  # a unit and by which of two places it is found stand on one line
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class UnprintableError(ValueError):
    """A value that TOML cannot hold."""


def printed_key(*parts: str) -> str:
    """Return a dotted key, with quotes where they are needed."""
    return ".".join(part if _BARE.fullmatch(part) else _text(part) for part in parts)


def printed_lines(parts: tuple[str, ...], value: Any) -> list[str]:
    """Return the assignments that say a value: a table that is not empty is mostly said by dotted keys."""
    if isinstance(value, dict) and value and not value.keys() <= _TOGETHER:
        return [line for key, item in value.items() for line in printed_lines((*parts, key), item)]
    key = f"{printed_key(*parts)} = "
    return [key + printed_value(value, len(key))]


def printed_value(value: Any, column: int = 0) -> str:
    """Return a value as TOML; a list that goes beyond the width of a line, from that column on, is broken."""
    if isinstance(value, str):
        return _text(value) if "\n" not in value else _long_text(value)
    if isinstance(value, list):
        return laid_out([printed_inline(item) for item in value], column)
    return printed_inline(value)


def laid_out(items: list[str], column: int, *, broken: bool = False, each: bool = False) -> str:
    """Return a list: on one line, or broken where that is too long or wished; `each` item then has its own line."""
    line = f"[{', '.join(items)}]"
    if not items or (not broken and column + len(line) <= WIDTH):
        return line
    rows = items if each or any(item.startswith("{") for item in items) else list(_filled(items))
    return "[\n" + "".join(f"{_INDENT}{row},\n" for row in rows) + "]"


def _filled(items: list[str]) -> Iterator[str]:
    row = ""
    for item in items:
        if row and len(_INDENT) + len(f"{row}, {item},") > WIDTH:
            yield row
            row = ""
        row = f"{row}, {item}" if row else item
    yield row


def printed_inline(value: Any) -> str:
    """Return a value as TOML on one line."""
    if isinstance(value, Mapping):
        return inline_table([f"{printed_key(key)} = {printed_inline(item)}" for key, item in value.items()])
    if isinstance(value, list):
        return f"[{', '.join(printed_inline(item) for item in value)}]"
    return _text(value) if isinstance(value, str) else _scalar(value)


def inline_table(members: list[str]) -> str:
    """Return an inline table of printed members."""
    return f"{{ {', '.join(members)} }}" if members else "{}"


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (date, time)):  # a moment is a date too
        return value.isoformat()
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return repr(value)
    raise UnprintableError(repr(value))


def _text(value: str) -> str:
    return f'"{_escaped(value)}"'


def _long_text(value: str) -> str:
    """Return a text of several lines between three quotes, each line as it is."""
    return '"""\n' + "\n".join(_escaped(line) for line in value.split("\n")) + '"""'


def _escaped(value: str) -> str:
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise UnprintableError(repr(value))
    return json.dumps(value, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007F")
