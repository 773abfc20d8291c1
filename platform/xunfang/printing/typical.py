"""Facts with words like any others: what a template makes of them it makes of the facts of every county.

Where a template compares a word, it stays. A moment stays a moment, nothing stays nothing, of several things two are
enough, and there is what the template names.
"""

import re
from collections.abc import Mapping, Set
from functools import lru_cache
from typing import Any

from xunfang.printing.inheritance import Lineage
from xunfang.printing.order import plain_facts

_RESULTS = "results"
_SEVERAL = 2
_DAY = r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9])"
_TYPICAL = {
    re.compile(_DAY): "2025-12-01",
    re.compile(rf"{_DAY}T[0-2][0-9]:00:00"): "2025-12-01T09:00:00",
    re.compile(rf"{_DAY}T[0-2][0-9]:[0-5][0-9]:00\+08:00"): "2025-12-01T09:00:00+08:00",
    re.compile(r"[0-9]{1,18}"): "12345",
    re.compile(r"[^0-9].*|[0-9]+[^0-9\-:./].*|[0-9]{3,4}-[0-9]{7,8}", re.DOTALL): "示例文字",
}
"""What stands for the texts of each pattern; one of no pattern stays as it is."""


def typical(facts: Mapping[str, Any], lineage: Lineage) -> dict[str, Any]:
    """Return plain facts for a template: what it does with them shows what it does with those of any county.

    Raises PrintError FACT_NOT_PLAIN for what is no plain value.
    """
    named, compared = lineage.named, lineage.compared
    asked = dict(facts) if named is None else {name: _asked(name, value, named) for name, value in facts.items()}
    return {name: _plain(value, compared) for name, value in asked.items()}


def _asked(name: str, value: Any, named: Set[str]) -> Any:
    """Return what a template with these names can see of a fact; filters see all of what is listed but results."""
    if name not in named:
        return type(value)()
    if name == _RESULTS:
        return [_named_of(each, named) for each in value]
    return _named_of(value, named)


def _named_of(value: Any, named: Set[str]) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {name: _named_of(inner, named) for name, inner in value.items() if name in named}


def _plain(value: Any, compared: frozenset[str]) -> Any:
    if isinstance(value, str):
        return _typical(value, compared)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {name: _plain(inner, compared) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner, compared) for inner in value[:_SEVERAL]]
    return plain_facts({"": value})


@lru_cache(maxsize=8192)
def _typical(text: str, compared: frozenset[str]) -> str:
    if any(word in text for word in compared):
        return text
    return next((words for pattern, words in _TYPICAL.items() if pattern.fullmatch(text)), text)
