"""A condition as a small table of fact, comparison and value, where all must hold; and back."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from xunfang.rulebook.conditions import OPERATORS, Operator

Row = tuple[str, str, str]
"""A fact, how it is compared, and with what."""

_LISTS = {Operator.ANY, Operator.ALL, Operator.NONE, Operator.IN}
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PARTS = re.compile(r'"(?:[^"\\]|\\.)*"|[^,，、]+')
_WORDS = {"true": True, "false": False, "是": True, "否": False}


class RowError(ValueError):
    """A row of a condition that says nothing; the message tells why, in Chinese."""


def rows_of(condition: dict[str, Any]) -> list[Row] | None:
    """Return a condition as rows, None for one that is more than a table can show."""
    try:
        rows = list(_rows(condition, ""))
    except RowError:
        return None
    return rows if rows and len({row[:2] for row in rows}) == len(rows) else None


def _rows(table: dict[str, Any], fact: str) -> Iterator[Row]:
    for key, value in table.items():
        if key == "any_of" and not fact:
            raise RowError(key)
        if key in OPERATORS and fact:
            yield fact, key, written(value)
        elif isinstance(value, dict):
            yield from _rows(value, f"{fact}.{key}" if fact else key)
        else:
            yield f"{fact}.{key}" if fact else key, Operator.IS.value, written(value)


def condition_of(rows: Iterable[Row], *, dotted: bool = False) -> dict[str, Any]:
    """Return the condition that rows say; in forms a fact's name is one key, dots and all."""
    condition: dict[str, Any] = {}
    for n, (fact, how, said) in enumerate(rows, 1):
        if not fact.strip():
            raise RowError(f"第{n}行没有选看哪一项")
        if not said.strip():
            raise RowError(f"第{n}行没有写与什么相比")
        parts = [fact.strip()] if dotted else fact.strip().split(".")
        value = read_list(said) if how in _LISTS else read(said)
        _put(condition, parts if how == Operator.IS else [*parts, how], value)
    return condition


def _put(condition: dict[str, Any], parts: list[str], value: Any) -> None:
    table = condition
    for part in parts[:-1]:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            break
    if not isinstance(table, dict) or parts[-1] in table:
        raise RowError(f"“{'.'.join(parts)}”写了两行，合成一行才好")
    table[parts[-1]] = value


def written(value: Any) -> str:
    """Return how a value is written in a row; raises RowError for one that is no word, number or list of such."""
    if isinstance(value, list):
        if any(isinstance(item, (list, dict)) for item in value):
            raise RowError(str(value))
        return "、".join(_written(item, within=True) for item in value)
    return _written(value, within=False)


def _written(value: Any, *, within: bool) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime) or not isinstance(value, (str, int, float, date)):
        raise RowError(str(value))
    if not isinstance(value, str):
        return str(value)
    plain = value == value.strip() and value and read(value) == value
    return value if plain and not (within and re.search("[,，、]", value)) else json.dumps(value, ensure_ascii=False)


def read(said: str) -> Any:
    """Return the value that is written in a row: a number, a date, 是 or 否, else a word."""
    said = said.strip()
    if said in _WORDS:
        return _WORDS[said]
    if _NUMBER.fullmatch(said):
        return float(said) if "." in said else int(said)
    if _DATE.fullmatch(said):
        try:
            return date.fromisoformat(said)
        except ValueError:
            raise RowError(f"没有“{said}”这一天") from None
    if len(said) > 1 and said[0] == said[-1] == '"':
        try:
            return json.loads(said)
        except ValueError:
            raise RowError(f"{said} 的引号没有成对") from None
    return said


def read_list(said: str) -> list[Any]:
    """Return the list that is written in a row, its words set apart by commas."""
    return [read(part) for part in _PARTS.findall(said) if part.strip()]
