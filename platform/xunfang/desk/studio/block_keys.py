"""Keys of blocks as addresses carry them, what may be added where, and which block a line of a file lies in."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from xunfang.errors import NotFound, Problem
from xunfang.rulebook.block_shapes import Shape, shape_at
from xunfang.rulebook.blocks import Block
from xunfang.rulebook.json_blocks import FIELDS
from xunfang.rulebook.key_labels import label_of
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.positions import Path

NEW = "new"
FIELD = "item_"
"""How the id of a field, or of a column, begins that nobody thought of; its number follows."""
_MOST = 8


def key_said(key: Path) -> str:
    """Return a key as an address carries it."""
    return json.dumps(list(key), ensure_ascii=False, separators=(",", ":"))


def key_read(said: str) -> Path:
    """Return the key that an address carries; raises NotFound for what is none."""
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        raise NotFound from None
    if not isinstance(found, list) or len(found) > _MOST or not all(_is_part(part) for part in found):
        raise NotFound
    return tuple(found)


def _is_part(part: object) -> bool:
    return isinstance(part, str) or (isinstance(part, int) and not isinstance(part, bool) and part >= 0)


def problems_by_block(blocks: Sequence[Block], problems: Iterable[Problem], path: str) -> dict[Path, list[Problem]]:
    """Return the problems of a file by the block that each lies in."""
    found: dict[Path, list[Problem]] = {}
    for problem in problems:
        if problem.file == path and (block := _at(blocks, problem.line)):
            found.setdefault(block.key, []).append(problem)
    return found


def _at(blocks: Sequence[Block], line: int) -> Block | None:
    before = [block for block in blocks if block.line <= max(line, 1)]
    return before[-1] if before else blocks[0] if blocks else None


def adds_to(path: str, block: Block, keys: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Yield what may be added directly within a block: what it is called, and the key that a new one has."""
    shape = shape_at(path, block.key)
    if shape is None:
        return
    if path.endswith(".json"):
        if not block.key:
            yield "字段", (FIELDS, NEW)
        return
    yield from adds_by_id(shape, block.key)
    for name in shape.properties:
        under = shape.under(name)
        if under is None or name in block.data:
            continue
        yield from adds_by_id(under, (*block.key, name))
        item = under.item
        if item and item.properties:
            beside = [key for key in keys if key[:-1] == (*block.key, name) and isinstance(key[-1], int)]
            yield called(item), (*block.key, name, len(beside))


def adds_by_id(shape: Shape, key: Path) -> Iterator[tuple[str, Path]]:
    """Yield what may be added under an id of its own, if anything may."""
    each = shape.each
    if each and (each.properties or each.each):
        yield called(each), (*key, NEW)


def called(shape: Shape) -> str:
    """Return what such a block is called: by its own place, else by what it is one of, else by its kind of file."""
    for path in (shape.path, shape.path.removesuffix("[]").removesuffix(".*")):
        label = label_of(shape.kind, path) if path.strip("*") else ""
        if label and not label.endswith(("*", "[]")):
            return label
    return next((kind.label for kind in KINDS.values() if kind.part == shape.kind), "一项")


def next_name(stem: str, taken: Collection[str]) -> str:
    """Return a stem with the number after the last that is taken: what was taken away leaves a gap for ever."""
    found = (re.fullmatch(rf"{re.escape(stem)}([0-9]+)", each) for each in taken)
    return f"{stem}{max((int(each[1]) for each in found if each), default=0) + 1}"
