"""Where the blocks of rule files say on which clauses they rest, and how a clause is put there or taken away."""

from collections.abc import Iterator, Mapping
from typing import Any

from xunfang.rulebook.block_shapes import shape_at
from xunfang.rulebook.positions import Path

KEYS = ("cites", "x-cites")


def key_for(path: str, key: Path) -> str:
    """Return under which key a block may say what it rests on, "" for one that never does."""
    shape = shape_at(path, key)
    return next((name for name in KEYS if shape and name in shape.properties), "")


def cited_in(data: Any) -> Iterator[str]:
    """Yield every clause that data cite, at any depth."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name in KEYS and isinstance(value, list):
                yield from (each for each in value if isinstance(each, str))
            else:
                yield from cited_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from cited_in(value)


def citing_also(data: Mapping[str, Any], name: str, clause: str) -> dict[str, Any]:
    """Return data that cite one clause more."""
    cites = [*data.get(name, ())]
    return {**data, name: [*cites, clause] if clause not in cites else cites}


def citing_no_more(data: Any, clause: str) -> Any:
    """Return data that do not cite a clause at any depth; where nothing is left, nothing is said."""
    if isinstance(data, dict):
        told = {name: _without(name, value, clause) for name, value in data.items()}
        return {name: value for name, value in told.items() if name not in KEYS or value}
    return [citing_no_more(value, clause) for value in data] if isinstance(data, list) else data


def _without(name: str, value: Any, clause: str) -> Any:
    if name in KEYS and isinstance(value, list):
        return [each for each in value if each != clause]
    return citing_no_more(value, clause)
