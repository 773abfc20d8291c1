"""Keyed merge of the layers' files into one tree in which every value knows the file and line it came from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from xunfang.rulebook.files import Document
from xunfang.rulebook.layers import depth_of
from xunfang.rulebook.positions import Path
from xunfang.rulebook.removals import REMOVE, removed_by

ROWS = "rows"
"""The one list that is merged by the ids of what it holds."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was written; its line is looked up when somebody asks."""

    document: Document
    path: Path
    layer: str

    @property
    def file(self) -> str:
        """The file."""
        return self.document.path

    @property
    def line(self) -> int:
        """The line of the value, or of the nearest thing around it that has one; 1 for a whole file."""
        lines, path = self.document.lines, self.path
        while path and path not in lines:
            path = path[:-1]
        return lines.get(path, 1)


@dataclass(frozen=True, slots=True)
class Override:
    """A value of a layer that takes the place of one it inherits."""

    path: Path
    before: Any
    after: Any
    origin: Origin


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A value as one file has it, with all that lies in it."""

    value: Any
    origin: Origin

    def inside(self) -> "dict[str | int, Node]":
        """Return what lies directly in it, by key or place."""
        pairs = self.value.items() if isinstance(self.value, dict) else enumerate(self.value)
        document, path, layer = self.origin.document, self.origin.path, self.origin.layer
        return {key: Written(item, Origin(document, (*path, key), layer)) for key, item in pairs}

    def find(self, path: Path) -> Origin | None:
        """Return where the value at a path below it was written, None where there is none."""
        value = self.value
        for key in path:
            if not (key in value if isinstance(value, dict) else _is_place(key, value)):
                return None
            value = value[key]
        return Origin(self.origin.document, (*self.origin.path, *path), self.origin.layer)


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A table laid over another, or the rows of two tables together: what lies in it comes from several files."""

    value: Any
    origin: Origin
    nodes: "dict[str | int, Node]"

    def inside(self) -> "dict[str | int, Node]":
        """Return what lies directly in it, by key or place."""
        return self.nodes

    def find(self, path: Path) -> Origin | None:
        """Return where the value at a path below it was written, None where there is none."""
        if not path:
            return self.origin
        node = self.nodes.get(path[0])
        return node.find(path[1:]) if node else None


Node = Written | Laid
"""A value with its origin; `value` is plain data."""


def _is_place(key: str | int, value: Any) -> bool:
    return isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value)


def _table(nodes: "dict[str | int, Node]", origin: Origin) -> Laid:
    return Laid({key: node.value for key, node in nodes.items()}, origin, nodes)


def _list(nodes: Iterable[Node], origin: Origin) -> Laid:
    found = dict[str | int, Node](enumerate(nodes))
    return Laid([node.value for node in found.values()], origin, found)


class Origins:
    """Where each value of a part was written, by its path."""

    __slots__ = ("_whole",)

    def __init__(self, whole: Node) -> None:
        self._whole = whole

    def get(self, path: Path) -> Origin | None:
        """Return where the value at a path was written, None where there is no such value."""
        return self._whole.find(path)

    def __contains__(self, path: Path) -> bool:
        return self._whole.find(path) is not None

    def __getitem__(self, path: Path) -> Origin:
        if (found := self._whole.find(path)) is None:
            raise KeyError(path)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """What several layers' files come to together. Nobody changes it: all who inherit the same share it.

    `own` is what the lowest of these layers wrote, `above` what the others come to; None for a layer with none above.
    """

    whole: Node
    overrides: tuple[Override, ...]
    own: Node
    above: "Merged | None"

    @property
    def data(self) -> dict[str, Any]:
        """The plain data."""
        found: dict[str, Any] = self.whole.value
        return found

    @property
    def origins(self) -> Origins:
        """Where each value was written."""
        return Origins(self.whole)

    @property
    def layer(self) -> str:
        """The lowest of these layers."""
        return self.own.origin.layer


@dataclass(slots=True)
class Part:
    """One kind of file after merging: plain data, the origin of each path, what lower layers replaced.

    `broken` holds the top-level ids whose shape is wrong: their names exist, but nothing is built from them.
    """

    kind: str
    name: str
    merged: Merged
    broken: set[str] = field(default_factory=set)

    @property
    def data(self) -> dict[str, Any]:
        """The plain data."""
        return self.merged.data

    @property
    def origins(self) -> Origins:
        """Where each value was written."""
        return self.merged.origins

    @property
    def overrides(self) -> tuple[Override, ...]:
        """What lower layers replaced, in the order of the layers."""
        return self.merged.overrides

    def origin(self, path: Path) -> Origin:
        """Return where the value at a path, or the nearest thing around it, was written."""
        found = self.origins.get(path)
        while found is None:
            path = path[:-1]
            found = self.origins.get(path)
        return found

    @property
    def steps(self) -> tuple[Merged, ...]:
        """What the layers come to from the second on, each with one layer more than the one before, root first."""
        found, here = list[Merged](), self.merged
        while here.above:
            found.append(here)
            here = here.above
        return tuple(reversed(found))

    def down_to(self, layer: str) -> Mapping[str, Any]:
        """Return what the layers from the root down to one come to, whether or not that one has such a file."""
        return self._until(lambda depth: depth <= depth_of(layer))

    def above(self, layer: str) -> Mapping[str, Any]:
        """Return what the layers above one come to."""
        return self._until(lambda depth: depth < depth_of(layer))

    def _until(self, reached: Callable[[int], bool]) -> Mapping[str, Any]:
        here: Merged | None = self.merged
        while here and not reached(depth_of(here.layer)):
            here = here.above
        return here.data if here else {}

    def sound(self) -> Mapping[str, Any]:
        """Return the entries whose shape is right."""
        return {key: value for key, value in self.data.items() if key not in self.broken}


@lru_cache(maxsize=4096)
def grow(document: Document, layer: str) -> Node:
    """Return a document as a value that knows its origin: the same one for the same document."""
    return Written(document.data, Origin(document, (), layer))


class Merger:
    """Lays one tree over another and remembers each value that was replaced."""

    def __init__(self) -> None:
        self.overrides: list[Override] = []

    def lay(self, above: Node, below: Node, path: Path = ()) -> Node:
        """Return the lower layer's tree laid over the upper one's: tables key by key, other values replaced."""
        if isinstance(above.value, dict) and isinstance(below.value, dict):
            return self._tables(above, below, path)
        if above.value != below.value:
            self.overrides.append(Override(path, above.value, below.value, below.origin))
        return below

    def _tables(self, above: Node, below: Node, path: Path) -> Node:
        gone = set(removed_by(below.value) or ())
        merged = {key: node for key, node in above.inside().items() if key not in gone}
        first = below.value.get("hit", above.value.get("hit", "collect")) == "first"
        for key, node in below.inside().items():
            if key == REMOVE:
                continue
            if key == ROWS and key in merged and _is_keyed(node.value) and _is_keyed(merged[key].value):
                merged[key] = self._rows(merged[key], node, (*path, key), nearer_first=first)
            else:
                merged[key] = self.lay(merged[key], node, (*path, key)) if key in merged else node
        return _table(merged, below.origin)

    def _rows(self, above: Node, below: Node, path: Path, *, nearer_first: bool) -> Node:
        own = {node.value["id"]: node for node in below.inside().values()}
        for node in above.inside().values():
            row = node.value["id"]
            if row in own:
                self.overrides.append(Override((*path, row), node.value, own[row].value, own[row].origin))
        if nearer_first:
            kept = (node for node in above.inside().values() if node.value["id"] not in own)
            return _list((*below.inside().values(), *kept), below.origin)
        inherited = [own.pop(node.value["id"], node) for node in above.inside().values()]
        return _list((*inherited, *own.values()), below.origin)


def _is_keyed(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows)


def merge(kind: str, name: str, trees: list[Node]) -> Part:
    """Return the trees of a chain of layers, root first, as one Part of its own."""
    return Part(kind, name, _merged(tuple(trees)))


@lru_cache(maxsize=8192)
def _merged(trees: tuple[Node, ...]) -> Merged:
    """Lay a tree over all before it: once for all counties that inherit the same."""
    *before, own = trees
    above = _merged(tuple(before)) if before else None
    merger = Merger()
    whole = merger.lay(above.whole if above else _table({}, own.origin), own)
    return Merged(whole, (*(above.overrides if above else ()), *merger.overrides), own, above)
