"""Keyed merge of the layers' files into one tree in which every value knows the file and line it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from xunfang.rulebook.files import Document
from xunfang.rulebook.positions import Path

REMOVE = "remove"
ROWS = "rows"
"""The one list that is merged by the ids of what it holds."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was written."""

    file: str
    line: int
    layer: str


@dataclass(frozen=True, slots=True)
class Override:
    """A value of a layer that takes the place of one it inherits."""

    path: Path
    before: Any
    after: Any
    origin: Origin


@dataclass(slots=True, eq=False)
class Node:
    """A value with its origin; tables and lists hold nodes."""

    value: Any
    origin: Origin


@dataclass(slots=True)
class Part:
    """One kind of file after merging: plain data, the origin of each path, what lower layers replaced.

    `broken` holds the top-level ids whose shape is wrong: their names exist, but nothing is built from them.
    """

    kind: str
    name: str
    data: dict[str, Any]
    origins: dict[Path, Origin]
    overrides: list[Override] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def origin(self, path: Path) -> Origin:
        """Return where the value at a path, or the nearest thing around it, was written."""
        while path and path not in self.origins:
            path = path[:-1]
        return self.origins[path]

    def sound(self) -> Mapping[str, Any]:
        """Return the entries whose shape is right."""
        return {key: value for key, value in self.data.items() if key not in self.broken}


@lru_cache(maxsize=4096)
def grow(document: Document, layer: str) -> Node:
    """Return a document as a tree of nodes."""

    def node(value: Any, path: Path) -> Node:
        line = document.lines.get(path)
        at = path
        while line is None and at:
            at = at[:-1]
            line = document.lines.get(at)
        origin = Origin(document.path, line or 1, layer)
        if isinstance(value, dict):
            return Node({key: node(item, (*path, key)) for key, item in value.items()}, origin)
        if isinstance(value, list):
            return Node([node(item, (*path, index)) for index, item in enumerate(value)], origin)
        return Node(value, origin)

    return node(document.data, ())


class Merger:
    """Lays one tree over another and remembers each value that was replaced."""

    def __init__(self) -> None:
        self.overrides: list[Override] = []

    def lay(self, above: Node, below: Node, path: Path = ()) -> Node:
        """Return the lower layer's tree laid over the upper one's: tables key by key, other values replaced."""
        if isinstance(above.value, dict) and isinstance(below.value, dict):
            return self._tables(above, below, path)
        if plain(above) != plain(below):
            self.overrides.append(Override(path, plain(above), plain(below), below.origin))
        return below

    def _tables(self, above: Node, below: Node, path: Path) -> Node:
        gone = set(plain(below.value[REMOVE])) if REMOVE in below.value else set()
        merged = {key: node for key, node in above.value.items() if key not in gone}
        first = _plain_get(below, "hit", _plain_get(above, "hit", "collect")) == "first"
        for key, node in below.value.items():
            if key == REMOVE:
                continue
            if key == ROWS and key in merged and _is_keyed(node) and _is_keyed(merged[key]):
                merged[key] = self._rows(merged[key], node, (*path, key), nearer_first=first)
            else:
                merged[key] = self.lay(merged[key], node, (*path, key)) if key in merged else node
        return Node(merged, below.origin)

    def _rows(self, above: Node, below: Node, path: Path, *, nearer_first: bool) -> Node:
        own = {node.value["id"].value: node for node in below.value}
        for node in above.value:
            row = node.value["id"].value
            if row in own:
                self.overrides.append(Override((*path, row), plain(node), plain(own[row]), own[row].origin))
        if nearer_first:
            kept = [node for node in above.value if node.value["id"].value not in own]
            return Node([*below.value, *kept], below.origin)
        inherited = [own.pop(node.value["id"].value, node) for node in above.value]
        return Node([*inherited, *own.values()], below.origin)


def _plain_get(node: Node, key: str, otherwise: Any) -> Any:
    return node.value[key].value if key in node.value else otherwise


def _is_keyed(node: Node) -> bool:
    return isinstance(node.value, list) and all(
        isinstance(item.value, dict) and isinstance(getattr(item.value.get("id"), "value", None), str)
        for item in node.value
    )


def plain(node: Node) -> Any:
    """Return a tree of nodes as plain data."""
    if isinstance(node.value, dict):
        return {key: plain(item) for key, item in node.value.items()}
    if isinstance(node.value, list):
        return [plain(item) for item in node.value]
    return node.value


def merge(kind: str, name: str, trees: list[Node]) -> Part:
    """Return the trees of a chain of layers, root first, as one Part of its own."""
    data, origins, overrides = _merged(tuple(trees))
    return Part(kind, name, data, origins, overrides)


@lru_cache(maxsize=8192)
def _merged(trees: tuple[Node, ...]) -> tuple[dict[str, Any], dict[Path, Origin], list[Override]]:
    """Lay trees over one another: once for all counties that inherit the same. Nobody changes what comes out."""
    merger = Merger()
    whole = Node({}, trees[0].origin)
    for tree in trees:
        whole = merger.lay(whole, tree)
    origins: dict[Path, Origin] = {}

    def visit(node: Node, path: Path) -> None:
        origins[path] = node.origin
        if isinstance(node.value, dict):
            for key, item in node.value.items():
                visit(item, (*path, key))
        elif isinstance(node.value, list):
            for index, item in enumerate(node.value):
                visit(item, (*path, index))

    visit(whole, ())
    return plain(whole), origins, merger.overrides
