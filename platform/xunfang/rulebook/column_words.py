"""What became of the columns of a field that is answered row by row, in words."""

from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any

from xunfang.rulebook.json_blocks import FIELDS

Table = Mapping[str, Any]
Changes = Callable[[dict[str, Any], dict[str, Any]], Iterator[str]]
"""Tells what one column says otherwise."""


def has_columns(items: Any) -> bool:
    """Return whether the `items` of a field are the columns of its rows."""
    return isinstance(items, dict) and isinstance(items.get(FIELDS), dict)


def column_changes(before: Table, after: Table, changes: Changes) -> Iterator[str]:
    """Yield what became of the columns: those that are new, gone, and say something else, then their order."""
    was, now = before[FIELDS], after[FIELDS]
    needed = _needed(before), _needed(after)
    yield from (f"增加一列“{_title(name, now)}”{_must(name in needed[1])}" for name in now if name not in was)
    yield from (f"删去一列“{_title(name, was)}”" for name in was if name not in now)
    for name in (name for name in now if name in was):
        told = [*changes(was[name], now[name]), *_requirement(name, *needed)]
        if told:
            yield f"“{_title(name, was)}”一列，{'，'.join(told)}"
    if [name for name in was if name in now] != [name for name in now if name in was]:
        yield f"各列的次序改为{'、'.join(f'“{_title(name, now)}”' for name in now)}"


def _must(needed: bool) -> str:
    return "（必填）" if needed else ""


def _needed(items: Table) -> Set[str]:
    return set(items.get("required", ()))


def _requirement(name: str, before: Set[str], after: Set[str]) -> Iterator[str]:
    if (name in before) != (name in after):
        yield "改为必填" if name in after else "改为可不填"


def _title(name: str, columns: Table) -> str:
    return str(columns[name].get("title", name)) if isinstance(columns[name], dict) else name
