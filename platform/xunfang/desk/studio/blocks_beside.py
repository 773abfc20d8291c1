"""The blocks of files, and those beside them in other layers and in the base: whatever is new gets an id of its own."""

from collections.abc import Iterator
from functools import lru_cache

from xunfang.desk.studio.block_keys import FIELD, NEW, next_name
from xunfang.desk.studio.faces import Drafted
from xunfang.rulebook.block_shapes import kind_of
from xunfang.rulebook.blocks import Block, blocks_of, is_in_blocks
from xunfang.rulebook.files import Files, UnreadableError
from xunfang.rulebook.positions import Path


@lru_cache(maxsize=1024)
def read_blocks(path: str, text: str) -> tuple[tuple[Block, ...], str]:
    """Return the blocks of a file, or why it has none."""
    if not is_in_blocks(path):
        return (), "这种文件只能按文字修改。"
    try:
        return blocks_of(path, text), ""
    except UnreadableError as error:
        return (), f"第{error.problem.line}行：{error.problem.message}。请先按文字改好这一处。"


def keys_above(draft: Drafted, path: str) -> set[Path]:
    """Return the keys of the blocks that other layers have in their file of the same place."""
    others = {other: text for other, text in draft.files.items() if other != path}
    return {block.key for block in _laid_together(others, path)}


def blocks_known(draft: Drafted, path: str) -> list[Block]:
    """Return the blocks among which a new one needs an id of its own: of all layers, and those of the base."""
    return [block for files in (draft.files, draft.base) for block in _laid_together(files, path)]


def _laid_together(files: Files, path: str) -> Iterator[Block]:
    """Yield the blocks of the files that layers have at the same place: they are laid over each other key by key."""
    top, _, *place = path.split("/")
    for other, text in files.items():
        if other.startswith(f"{top}/") and other.split("/")[2:] == place:
            yield from read_blocks(other, text)[0]


def proposed_id(draft: Drafted, path: str, key: Path) -> str:
    """Return an id that nobody has or had, so that none need be thought of."""
    known = (block.key for block in blocks_known(draft, path))
    taken = {str(each[-1]) for each in known if each and each[:-1] == key[:-1]}
    return next_name(_stem(path, key), taken)


def _stem(path: str, key: Path) -> str:
    if path.endswith(".json"):
        return FIELD
    stem = (kind_of(path) or NEW) if len(key) == 1 else str(key[-2])
    return f"{stem.replace('ies', 'y').rstrip('s')}-"
