"""Words of the rules that no paper could show: names, labels and clauses come to stand on papers sooner or later."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from xunfang.characters import unprintable
from xunfang.division import DivisionTree
from xunfang.errors import Problem
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.merge import Merged
from xunfang.rulebook.positions import Path

_CODE, _HINT = "CHARACTER_UNPRINTABLE", "请删去，或者换一个写法"


def lint(draft: Draft, divisions: DivisionTree) -> None:
    """Note every value with a character that no face of the press has, and every such name of a division."""
    for name, part in draft.parts.items():
        for path, strange in _strange_in(part.merged):
            draft.error(name, path, _CODE, _said(strange), _HINT)
    for division in divisions.lines():
        if strange := unprintable(division.name):
            found = Problem(division.file, division.line, division.code, _CODE, _said(strange), _HINT)
            draft.findings.problems.append(found)


def _said(strange: str) -> str:
    return f"“{strange}”（U+{ord(strange):04X}）印不出来，没有一种字体有这个字"


@lru_cache(maxsize=1024)
def _strange_in(merged: Merged) -> tuple[tuple[Path, str], ...]:
    """Return each place with such a character: looked for once for all who inherit the same."""
    return tuple(_strange(merged.data, ())) if unprintable("".join(_texts(merged.data))) else ()


def _texts(data: Any) -> Iterator[str]:
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _strange(data: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(data, str) and (found := unprintable(data)):
        yield path, found
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        yield from _strange(value, (*path, key))
