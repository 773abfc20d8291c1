"""What some rules say otherwise than others: every value added, replaced or dropped, with where each was written.

So a layer is compared with what it inherits, and a release with the one before it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.files import Files
from xunfang.rulebook.findings import key_text
from xunfang.rulebook.merge import ROWS, Origin, Part
from xunfang.rulebook.positions import Path

_NOTHING: Any = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs from the other's.

    `before` is None for what is added, `after` for what is taken away; `origin` is where that is said,
    `inherited_from` where the value stood that is replaced; `path` names rows of routing tables by their ids.
    """

    part: str
    path: Path
    before: Any
    after: Any
    origin: Origin
    inherited_from: Origin | None

    @property
    def key(self) -> str:
        """The path as people write it, rows by their ids."""
        return key_text(self.path)


def differences(own: Mapping[str, Part], inherited: Mapping[str, Part]) -> Iterator[Difference]:
    """Yield what a layer's merged files say otherwise than those of the layers above it, in the order of the files."""
    for name, part in own.items():
        above = inherited.get(name)
        yield from _compare(name, part, above, (), part.data, above.data if above else _NOTHING)


def reorderings(own: Mapping[str, Part], other: Mapping[str, Part]) -> Iterator[tuple[str, Path]]:
    """Yield each table, and each routing table's rows, of which both say the same names in another order."""
    for name in own:
        if name in other:
            yield from ((name, path) for path in _reordered((), own[name].data, other[name].data))


def _reordered(path: Path, after: Any, before: Any) -> Iterator[Path]:
    after_table, before_table = _table(path, after), _table(path, before)
    if after_table is None or before_table is None:
        return
    if [key for key in after_table if key in before_table] != [key for key in before_table if key in after_table]:
        yield path
    for key, (_, value) in after_table.items():
        if key in before_table:
            yield from _reordered((*path, key), value, before_table[key][1])


def template_differences(files: Files, chain: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return each template of the last layer, with the nearest layer's file above that it replaces, or ""."""
    head = f"templates/{chain[-1]}/"
    found = []
    for path in sorted(path for path in files if path.startswith(head)):
        above = (f"templates/{layer}/{path.removeprefix(head)}" for layer in reversed(chain[:-1]))
        found.append((path, next((other for other in above if other in files), "")))
    return found


def _compare(name: str, part: Part, above: Part | None, path: Path, after: Any, before: Any) -> Iterator[Difference]:
    after_table, before_table = _table(path, after), _table(path, before)
    added = before is _NOTHING and not _is_row(path)
    if after_table is None or (before_table is None and not added):
        if after != before or type(after) is not type(before):
            yield _difference(name, part, above, path, after, before)
        return
    for key, (place, value) in after_table.items():
        old = (before_table or {}).get(key, (place, _NOTHING))[1]
        yield from _compare(name, part, above, (*path, key), value, old)
    for key, (_, value) in (before_table or {}).items():
        if key not in after_table:
            yield _difference(name, part, above, (*path, key), None, value)


def _table(path: Path, value: Any) -> dict[str, tuple[str | int, Any]] | None:
    """Return what may be compared key by key: a table, or the rows of a routing table by their ids; else None."""
    if isinstance(value, dict):
        return {key: (key, item) for key, item in value.items()}
    if isinstance(value, list) and path and path[-1] == ROWS:
        rows = [(place, row) for place, row in enumerate(value) if isinstance(row, dict) and "id" in row]
        return {str(row["id"]): (place, row) for place, row in rows}
    return None


def _is_row(path: Path) -> bool:
    return len(path) > 1 and path[-2] == ROWS


def _difference(name: str, part: Part, above: Part | None, path: Path, after: Any, before: Any) -> Difference:
    old = None if before is _NOTHING else before
    return Difference(
        part=name,
        path=path,
        before=old,
        after=after,
        origin=part.origin(_placed(part, path)),
        inherited_from=above.origin(_placed(above, path)) if above and old is not None else None,
    )


def _placed(part: Part, path: Path) -> Path:
    """Return a path as the part knows it: rows by their place instead of their id."""
    found: list[str | int] = []
    value: Any = part.data
    for key in path:
        step: str | int = key
        if isinstance(value, list):
            step = next((n for n, row in enumerate(value) if row.get("id") == key), len(value))
        try:
            value = value[step]
        except (KeyError, IndexError):
            break
        found.append(step)
    return tuple(found)
