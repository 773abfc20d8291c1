"""What was posted from the form of a block, and the edit that comes of it."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial

from xunfang.actions.drafting import Edit, Edited
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.rulebook.block_forms import BlockRead, FormProblem
from xunfang.rulebook.block_shapes import kind_of
from xunfang.rulebook.blocks import Block, block_at
from xunfang.rulebook.edit_words import UNNAMED, Names, said
from xunfang.rulebook.files import UnreadableError
from xunfang.rulebook.merge import ROWS
from xunfang.rulebook.positions import Path
from xunfang.rulebook.splicing import (
    AddBlock,
    BlockChanged,
    MoveBlock,
    RemoveBlock,
    SetBlock,
    Splice,
    SpliceRefused,
    rewritten,
    spliced,
)

_ID = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}")
_DOES: Mapping[type, str] = {SetBlock: "set", AddBlock: "add", RemoveBlock: "remove", MoveBlock: "move"}
Lists = Mapping[str, Sequence[str]]


def gathered(posted: Lists) -> dict[str, tuple[str, ...]]:
    """Return what was posted with the values that were ticked in conditions put where their rows want them."""
    found = {name: tuple(texts) for name, texts in posted.items()}
    for name in [name.removesuffix(":fact") for name in posted if name.endswith(":fact")]:
        values = list(found.get(f"{name}:value", ()))
        for n, fact in enumerate(found[f"{name}:fact"]):
            ticked = found.get(f"{name}:pick.{n}", ())
            if n < len(values) and not values[n].strip() and found.get(f"{name}:was.{n}") == (fact,):
                values[n] = "、".join(ticked)
        found[f"{name}:value"] = tuple(values)
    return found


def with_id(posted: Lists, blocks: Sequence[Block], key: Path) -> Lists:
    """Return what was posted of a new row with an id, where it needs one and nobody gave it: that of what it asks."""
    if not _is_row(key) or any(text.strip() for text in posted.get("id", ())):
        return posted
    values = [value for value in posted.get("when:value", ()) if value.strip()]
    return {**posted, "id": (free_id(blocks, key, values[0].split("、")[0].strip() if values else ""),)}


def wanting(told: BlockRead, keys_above: Collection[Path], key: Path) -> BlockRead:
    """Return what was posted of a new block with what it lacks; none of a block that the layers above have already."""
    if key in keys_above:
        return told
    lacking = [each for each in told.inputs if each.required and not each.problem and not each.is_filled]
    problems = [FormProblem(each.name, f"要填“{each.label}”。") for each in lacking]
    said = {problem.name: problem.message for problem in problems}
    inputs = tuple(replace(each, problem=each.problem or said.get(each.name, "")) for each in told.inputs)
    return replace(told, problems=(*told.problems, *problems), inputs=inputs)


def _is_row(key: Path) -> bool:
    return len(key) > 1 and key[-2] == ROWS and isinstance(key[-1], int)


def free_id(blocks: Sequence[Block], key: Path, asked: str, taken: Collection[str] = ()) -> str:
    """Return an id that no row beside a new one has: the word that it asks for, or its number."""
    known = {str(block.data.get("id")) for block in blocks if block.key[:-1] == key[:-1]} | set(taken)
    stem = asked if _ID.fullmatch(asked) else "row"
    names = (stem, *(f"{stem}-{n}" for n in range(2, len(known) + 3)))
    return next(name for name in names if name not in known)


def command_of(path: str, splice: Splice) -> str:
    """Return by which command a splice is made, such as `routing.set`."""
    return f"{kind_of(path) or 'file'}.{_DOES[type(splice)]}"


def arranging(key: Path, digest: str, how: str, by: int = 1) -> Splice:
    """Return the splice that moves a block by so many places or takes it away; `digest` is of all within it then."""
    return RemoveBlock(key, digest) if how == "remove" else MoveBlock(key, digest, -by if how == "up" else by)


def edit_of(path: str, splices: Sequence[Splice], told: str = "", names: Names = UNNAMED) -> Edit:
    """Return the edit of a file that makes these splices one after another, each proven; `told` is said of several.

    What one did is said with the `names` that people know.
    """

    def edit(text: str) -> Edited:
        before = text
        for splice in splices:
            text = refusing(partial(spliced, path, text, splice))
        return Edited(text, command_of(path, splices[0]), told or said(path, before, splices[0], names))

    return edit


def typed_edit(path: str, key: Path, digest: str, typed: str, names: Names = UNNAMED) -> Edit:
    """Return the edit of a file that lets one block read as it was typed, proven like any other."""

    def edit(text: str) -> Edited:
        made = refusing(partial(rewritten, path, text, key, digest, typed))
        block = block_at(path, made, key)
        assert block is not None
        told = said(path, text, SetBlock(key, digest, block.data), names)
        return Edited(made, f"{kind_of(path) or 'file'}.write", told.replace("没有改动。", "改了注释或者写法。"))

    return edit


def refusing(splice: Callable[[], str]) -> str:
    """Return what a splice makes; raises Conflict or Invalid with its sentence where it is refused."""
    try:
        return splice()
    except BlockChanged as changed:
        raise Conflict(str(changed)) from None
    except SpliceRefused as refused:
        raise Invalid([FieldProblem("", str(refused))], str(refused)) from None
    except UnreadableError as error:
        raise not_read(error) from None


def not_read(error: UnreadableError, at: str = "") -> Invalid:
    """Return in a sentence that a file cannot be changed before it can be read."""
    told = f"这个文件现在读不出来：第{error.problem.line}行，{error.problem.message}。请先按文字改好。"
    return Invalid([FieldProblem(at, told)], told)


def checked_id(typed: str) -> str:
    """Return an id that was typed; raises Invalid for what is none."""
    if not _ID.fullmatch(typed):
        told = "编号用小写英文字母、数字和连字符，如 medical-aid。"
        raise Invalid([FieldProblem(":id", told)], told)
    return typed
