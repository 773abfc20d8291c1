"""What a layer takes away of what it inherits: `remove = ["x"]`, or with a clause for it, `remove.x.cites = ["…"]`."""

from collections.abc import Iterator, Mapping
from typing import Any

from xunfang.rulebook.positions import Path

REMOVE = "remove"
CITES = "cites"


def removed_by(table: Mapping[str, Any]) -> list[str] | None:
    """Return what a table takes away of what it inherits, None where that is told in neither of the two ways."""
    found = table.get(REMOVE, [])
    if isinstance(found, dict):
        return list(found) if all(map(_is_basis, found.values())) else None
    return found if _are_words(found) else None


def _is_basis(told: Any) -> bool:
    return isinstance(told, dict) and set(told) == {CITES} and bool(told[CITES]) and _are_words(told[CITES])


def _are_words(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(word, str) for word in found)


def malformed_removals(data: Any) -> Iterator[Path]:
    """Yield every place in a file where `remove` is said in neither way."""
    for path, table in _tables(data, ()):
        if removed_by(table) is None:
            yield (*path, REMOVE)


def clauses_of_removals(data: Any) -> Iterator[tuple[Path, str]]:
    """Yield every clause by which a file takes something away, with the place where it is cited."""
    for path, table in _tables(data, ()):
        taken = table.get(REMOVE)
        for name, told in taken.items() if isinstance(taken, dict) and removed_by(table) else ():
            yield from (((*path, REMOVE, name, CITES), clause) for clause in told[CITES])


def _tables(data: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    if isinstance(data, dict):
        yield path, data
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        if key != REMOVE:
            yield from _tables(value, (*path, key))
