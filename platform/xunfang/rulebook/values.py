"""Values that no rule can mean: numbers that are none or beyond counting, characters that nobody sees."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from xunfang.errors import Problem
from xunfang.rulebook.positions import Lines, Path

LARGEST = 10**15
"""Beyond it, JSON and the browser no longer count by ones."""

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
_ESCAPE = re.compile(r"\\[uUbf]")
"""How a text writes a character that cannot be seen without having it."""
_ODD_NUMBER = re.compile(r'[0-9](?:(?<!["0-9_].)[0-9_]{14}|\.?[eE]|[xob])')
_NO_NUMBER = re.compile(r"\b(?:inf|nan)\b")


@lru_cache(maxsize=4096)
def unseen_in(path: str, text: str) -> tuple[Problem, ...]:
    """Return a problem for each line of a text with a character that cannot be seen or turns the others about."""
    if not _may_hide(text):
        return ()
    rows = enumerate(text.split("\n"), 1)
    return tuple(_unseen(path, line, found[0]) for line, row in rows if (found := _UNSEEN.search(row)))


@lru_cache(maxsize=4096)
def _may_hide(text: str) -> bool:
    """Return False for a text whose every character can be seen, but for the ends of its lines."""
    return not text.replace("\n", "").replace("\r", "").isprintable()


def may_be_odd(text: str) -> bool:
    """Return False for a text in which no value can be one that no rule can mean: so it is with nearly all."""
    none = ("inf" in text or "nan" in text) and _NO_NUMBER.search(text)
    return bool(none or _may_hide(text) or _ESCAPE.search(text) or _ODD_NUMBER.search(text))


def odd_values(path: str, data: Any, lines: Callable[[], Lines]) -> list[Problem]:
    """Return a problem for each value of parsed data that no rule can mean."""
    odd = [(place, value) for place, value in _leaves(data, ()) if _is_hidden(value) or _is_uncountable(value)]
    return [_odd(path, _line_of(lines(), place), value) for place, value in odd]


def _leaves(data: Any, place: Path) -> Iterator[tuple[Path, Any]]:
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield (*place, key), key
        yield from _leaves(value, (*place, key))
    if not isinstance(data, (dict, list)):
        yield place, data


def _is_hidden(value: Any) -> bool:
    return isinstance(value, str) and bool(_UNSEEN.search(value))


def _is_uncountable(value: Any) -> bool:
    return isinstance(value, (int, float)) and not abs(value) <= LARGEST


def _odd(path: str, line: int, value: Any) -> Problem:
    if isinstance(value, str) and (found := _UNSEEN.search(value)):
        return _unseen(path, line, found[0])
    return Problem(path, line, "", "NUMBER_WRONG", "这个数没有意义或过大", "请写普通的数字，如 20000 或 0.5")


def _unseen(path: str, line: int, char: str) -> Problem:
    message = f"这一行有看不见的控制字符（U+{ord(char):04X}）"
    return Problem(path, line, "", "CHARACTER_UNSEEN", message, "请删去后重新输入这一行，不要从网页或聊天软件中复制")


def _line_of(lines: Lines, place: Path) -> int:
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 0)
