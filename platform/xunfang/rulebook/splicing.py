"""Changing one block of a rule file and nothing else: every splice is proven, or refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from xunfang.rulebook import json_splices, toml_splices
from xunfang.rulebook.block_order import OrderError, family, moved, place_for
from xunfang.rulebook.blocks import BOM, Block, blocks_of, is_in_blocks, place_in
from xunfang.rulebook.files import UnreadableError, parse_document
from xunfang.rulebook.intended import Intended, data_of
from xunfang.rulebook.json_blocks import FIELDS
from xunfang.rulebook.positions import Path
from xunfang.rulebook.toml_blocks import comments_between
from xunfang.rulebook.toml_edits import CommentsInside, same
from xunfang.rulebook.toml_print import UnprintableError

_AS_TEXT = "请改用“按文字修改”。"


class SpliceRefused(ValueError):
    """A change that cannot be made without harm to something else; says so in a Chinese sentence."""


class BlockChanged(ValueError):
    """A block is no longer what it was when somebody began to edit it, or is gone; says so in a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class SetBlock:
    """Let a block say these data: its own, without those of blocks within it. HEAD sets what stands before them all."""

    key: Path
    digest: str
    data: Any


@dataclass(frozen=True, slots=True)
class AddBlock:
    """Add a block, before another or behind the last of its kind; any number at the end of the key makes a row."""

    key: Path
    data: Any
    before: Path | None = None


@dataclass(frozen=True, slots=True)
class RemoveBlock:
    """Take a block away and all blocks within it; `digest` is its `whole`."""

    key: Path
    digest: str


@dataclass(frozen=True, slots=True)
class MoveBlock:
    """Move a block and all blocks within it by so many places among its like, up when negative, as far as there are."""

    key: Path
    digest: str
    by: int


Splice = SetBlock | AddBlock | RemoveBlock | MoveBlock


def spliced(path: str, text: str, splice: Splice) -> str:
    """Return a file's text after a splice, everything but its block byte for byte as before.

    Raises SpliceRefused, BlockChanged, and UnreadableError for a file that could not be read before.
    """
    if not is_in_blocks(path):
        raise SpliceRefused(f"这种文件不能逐项修改，{_AS_TEXT}")
    _check_key(path, splice)
    before = blocks_of(path, text)
    _check_seen(before, splice)
    bare = text.removeprefix(BOM)
    made = _made(path, bare, [block.key for block in before], splice)
    _prove(path, bare, made, intended(before, splice))
    return BOM + made if text.startswith(BOM) else made


def rewritten(path: str, text: str, key: Path, digest: str, typed: str) -> str:
    """Return a file's text with one block as it was typed, comments and all, everything else byte for byte as before.

    Raises SpliceRefused, BlockChanged, and UnreadableError for a file that could not be read before.
    """
    before = blocks_of(path, text)
    _check_seen(before, SetBlock(key, digest, {}))
    bare = text.removeprefix(BOM)
    place = place_in(path, bare, key)
    if place is None:
        raise SpliceRefused(f"这一处不能单独按文字修改，{_AS_TEXT}")
    said = typed.replace("\r\n", "\n").strip("\n")
    made = bare[: place[0]] + (said.replace("\n", "\r\n") if "\r\n" in bare else said) + bare[place[1] :]
    try:
        found = next((block for block in blocks_of(path, made) if block.key == key), None)
    except UnreadableError as error:
        line = max(error.problem.line - bare.count("\n", 0, place[0]), 1)
        raise SpliceRefused(f"这样写读不出来：这一段的第{line}行，{error.problem.message}。") from None
    if found is None:
        raise SpliceRefused("这一段开头写着名称的一行要原样留着，改名称请另加一段。")
    wanted = [Intended(each.key, each.text, each.data) for each in before if each.key != key]
    here = next(n for n, each in enumerate(before) if each.key == key)
    _prove(path, bare, made, [*wanted[:here], Intended(key, None, found.data), *wanted[here:]])
    return BOM + made if text.startswith(BOM) else made


def intended(before: Sequence[Block], splice: Splice) -> list[Intended]:
    """Return the blocks a splice is to lead to; a text of None is for the splice to find."""
    blocks = [Intended(block.key, block.text, block.data) for block in before]
    keys = [block.key for block in before]
    if isinstance(splice, SetBlock):
        blocks[keys.index(splice.key)] = Intended(splice.key, None, splice.data)
    elif isinstance(splice, AddBlock):
        blocks.insert(place_for(keys, splice.key, splice.before), Intended(splice.key, None, splice.data))
    elif isinstance(splice, RemoveBlock):
        gone = set(family(keys, splice.key))
        blocks = [block for place, block in enumerate(blocks) if place not in gone]
    else:
        blocks = [blocks[place] for place in moved(keys, splice.key, splice.by)]
    return blocks


def _check_key(path: str, splice: Splice) -> None:
    fits = not splice.key or path.endswith(".toml") or (len(splice.key) == 2 and splice.key[0] == FIELDS)
    whole = not splice.key and not isinstance(splice, SetBlock)
    data = getattr(splice, "data", {})
    if not fits or whole or not isinstance(data, dict):
        raise SpliceRefused(f"这一处不能逐项修改，{_AS_TEXT}")


def _check_seen(blocks: tuple[Block, ...], splice: Splice) -> None:
    if isinstance(splice, AddBlock):
        if any(block.key == splice.key and not isinstance(splice.key[-1], int) for block in blocks):
            raise SpliceRefused(f"已经有“{splice.key[-1]}”了，请换一个编号。")
        if splice.before is not None and all(block.key != splice.before for block in blocks):
            raise BlockChanged("要排在它前面的那一项已经不在了，请重新打开再加。")
        return
    block = next((each for each in blocks if each.key == splice.key), None)
    if block is None:
        raise BlockChanged("这一项已经不在了，可能刚被别人删去或挪动，请重新打开再改。")
    if splice.digest != (block.whole if isinstance(splice, RemoveBlock) else block.digest):
        raise BlockChanged("这一项刚被别人改过，请看过现在的内容再改。")


class _Splices(Protocol):
    """How the blocks of one kind of file are changed."""

    def with_block_set(self, text: str, key: Path, data: Any) -> str: ...
    def with_block_added(self, text: str, key: Path, data: Any, place: int, *, behind: bool) -> str: ...
    def without_block(self, text: str, key: Path) -> str: ...
    def with_blocks_in_order(self, text: str, order: Sequence[int]) -> str: ...


def _made(path: str, text: str, keys: Sequence[Path], splice: Splice) -> str:
    how: _Splices = json_splices if path.endswith(".json") else toml_splices
    try:
        if isinstance(splice, SetBlock):
            return how.with_block_set(text, splice.key, splice.data)
        if isinstance(splice, AddBlock):
            place = place_for(keys, splice.key, splice.before)
            return how.with_block_added(text, splice.key, splice.data, place, behind=splice.before is None)
        if isinstance(splice, RemoveBlock):
            return how.without_block(text, splice.key)
        return how.with_blocks_in_order(text, moved(keys, splice.key, splice.by))
    except CommentsInside:
        raise SpliceRefused(f"这一项的列表中间写有注释，逐项修改会丢掉注释，{_AS_TEXT}") from None
    except OrderError as error:
        raise SpliceRefused(f"{error}，{_AS_TEXT}") from None
    except (UnprintableError, ValueError, TypeError, RecursionError):
        raise SpliceRefused(f"有一个值不能写进文件，{_AS_TEXT}") from None


def _prove(path: str, text: str, made: str, wanted: Sequence[Intended]) -> None:
    """Raise SpliceRefused unless the new text says what was intended, and all else stands there as it stood."""
    try:
        after = blocks_of(path, made)
    except UnreadableError as error:
        raise SpliceRefused(f"这样改了以后文件读不出来：{error.problem.message}。") from None
    if not same(parse_document(path, made).data, data_of(wanted)) or not _stands(after, wanted):
        raise SpliceRefused(f"这样改会牵动文件里别的内容，{_AS_TEXT}")
    if _between(path, text) != _between(path, made):
        raise SpliceRefused(f"这样改会丢掉文件里的注释，{_AS_TEXT}")


def _stands(after: Sequence[Block], wanted: Sequence[Intended]) -> bool:
    """Return whether the blocks are those intended, in their order, and those nobody touched are the same bytes."""
    return len(after) == len(wanted) and all(
        each.text in (None, block.text) and same(block.data, each.data)
        for block, each in zip(after, wanted, strict=True)
    )


def _between(path: str, text: str) -> list[str]:
    """Return the comments of a file that belong to none of its blocks."""
    return comments_between(text) if path.endswith(".toml") else []
