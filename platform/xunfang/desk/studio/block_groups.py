"""Blocks that belong together though no block of the file says so: the entries of one list, which has none itself."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby

from xunfang.desk.studio.block_faces import AddFace, BlockGroup, BlockRow
from xunfang.desk.studio.block_keys import adds_by_id, key_read, key_said
from xunfang.rulebook.block_shapes import kind_of, shape_at
from xunfang.rulebook.key_labels import label_of
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.positions import Path
from xunfang.rules.describe.behind import list_title

LISTS = "lists"


def grouped(
    path: str, rows: Sequence[BlockRow], above: Mapping[str, Sequence[Path]], rulebook: Rulebook
) -> Sequence[BlockGroup]:
    """Return the blocks of a file by what they belong to, in their order, then what only layers above have so far.

    `above`: the keys of the blocks of files of the same kind, by their paths.
    """
    keys = [key_read(row.key) for row in rows]
    of = {row.key: parent_of(path, key, keys) for row, key in zip(rows, keys, strict=True)}
    theirs = [parent for other, found in above.items() for key in found if (parent := parent_of(other, key, found))]
    made = partial(_group, path, theirs=theirs, rulebook=rulebook)
    groups = [made(parent, list(found)) for parent, found in groupby(rows, lambda row: of[row.key])]
    return [*groups, *(made(parent, []) for parent in dict.fromkeys(theirs) if parent not in of.values())]


def parent_of(path: str, key: Path, keys: Sequence[Path]) -> Path:
    """Return what a block belongs to that is none itself and may hold others; () for a block that stands for itself."""
    if len(key) < 2 or key[:-1] in keys or not isinstance(key[-1], str):
        return ()
    shape = shape_at(path, key[:-1])
    return key[:-1] if shape is not None and shape.each is not None else ()


def _group(
    path: str, parent: Path, rows: Sequence[BlockRow], *, theirs: Sequence[Path], rulebook: Rulebook
) -> BlockGroup:
    shape = shape_at(path, parent) if parent else None
    adds = [AddFace(label, key_said(key)) for label, key in adds_by_id(shape, parent)] if shape else []
    return BlockGroup(group_label(path, parent, rulebook), rows, adds, theirs.count(parent) if parent else 0)


def group_label(path: str, parent: Path, rulebook: Rulebook) -> str:
    """Return what blocks that belong together are called; "" for those that stand for themselves."""
    if not parent:
        return ""
    if kind_of(path) == LISTS:
        return list_title(rulebook, str(parent[-1]))
    shape = shape_at(path, parent)
    return label_of(shape.kind, shape.path) if shape and not shape.path.endswith("*") else str(parent[-1])


def same_kind(path: str, paths: Sequence[str]) -> Iterator[str]:
    """Yield the other files of the kind of one."""
    kind = kind_of(path)
    return (other for other in paths if other != path and kind and kind_of(other) == kind)
