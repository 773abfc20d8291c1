"""What a file is to say after a splice, put together from its blocks without looking at the new text."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.positions import Path


@dataclass(frozen=True, slots=True)
class Intended:
    """A block as it is to be; a text of None is not known yet."""

    key: Path
    text: str | None
    data: Any


def data_of(blocks: Iterable[Intended]) -> dict[str, Any]:
    """Return the data of a whole file; raises ValueError for blocks that contradict one another."""
    whole: dict[str, Any] = {}
    for block in blocks:
        if not block.key:
            _take_in(whole, block.data)
            continue
        *above, last = [part for part in block.key if isinstance(part, str)]
        table = _table(whole, above)
        if isinstance(block.key[-1], int):
            table.setdefault(last, []).append(copy.deepcopy(block.data))
        elif isinstance(block.data, dict):
            _take_in(_table(table, [last]), block.data)
        else:  # what a form takes away of the fields of a layer above, or no field at all
            table[last] = copy.deepcopy(block.data)
    return whole


def _table(table: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    for name in names:
        found = table.setdefault(name, {})
        table = found[-1] if isinstance(found, list) else found
    return table


def _take_in(table: dict[str, Any], data: dict[str, Any]) -> None:
    for key, value in data.items():
        if isinstance(value, dict) and isinstance(table.get(key), dict):
            _take_in(table[key], value)
        elif key in table:
            raise ValueError(key)
        else:
            table[key] = copy.deepcopy(value)
