"""The blocks of a rule file, which people edit one at a time: a table of TOML, a field of a form."""

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from xunfang.rulebook.block_order import family
from xunfang.rulebook.files import parse_document
from xunfang.rulebook.json_blocks import FIELDS, members_of
from xunfang.rulebook.positions import Path
from xunfang.rulebook.toml_blocks import regions_of

BOM = "\ufeff"
HEAD: Path = ()
"""The key of what a file says before its first header, of a form all but its fields. Every file has it, even empty."""


@dataclass(frozen=True, slots=True)
class Block:
    """One table, one element of a list of tables, or one field of a form, with the comment lines above its header.

    A list's element has its number at the end of its key: ("clue", "rows", 3); a field is ("properties", "phone").
    What stands under headers of its own within it are blocks too: its `text` and `data` hold nothing of them.
    """

    key: Path
    header: str  # "[[clue.rows]]", "[county-office]"; "" for the head and in forms
    text: str
    line: int
    data: Any
    whole: str  # digest of its text and of all blocks within it: what somebody saw who takes it away

    @property
    def digest(self) -> str:
        """Return the digest of its own text: an edit names the block it saw."""
        return digest_of(self.text)


def digest_of(text: str) -> str:
    """Return the digest of a text."""
    return sha256(text.encode()).hexdigest()


def is_in_blocks(path: str) -> bool:
    """Return whether a file is edited block by block; any other only as text."""
    return path.endswith((".toml", ".json"))


def blocks_of(path: str, text: str) -> tuple[Block, ...]:
    """Return the blocks of a file in its order, the head first; a file that is only text is one block.

    Raises UnreadableError for a file that cannot be read.
    """
    if not is_in_blocks(path):
        return (Block(HEAD, "", text, 1, None, digest_of(text)),)
    bare = text.removeprefix(BOM)
    parse_document(path, bare)
    return _of_form(bare) if path.endswith(".json") else _of_toml(bare)


def _of_toml(text: str) -> tuple[Block, ...]:
    regions = regions_of(text)
    texts = [text[region.start : region.end] for region in regions]
    keys = [region.key for region in regions]
    blocks = []
    for region, said in zip(regions, texts, strict=True):
        whole = "".join(texts[place] for place in family(keys, region.key)) or said
        line = text.count("\n", 0, region.starts_on) + 1
        data = tomllib.loads(text[region.body : region.end])
        blocks.append(Block(region.key, region.header, said, line, data, digest_of(whole)))
    return tuple(blocks)


def _of_form(text: str) -> tuple[Block, ...]:
    top = members_of(text)
    head = [member for member in top if member.name != FIELDS]
    said = "\n".join(text[member.start : member.end] for member in head)
    line = text.count("\n", 0, head[0].start) + 1 if head else 1
    blocks = [Block(HEAD, "", said, line, {member.name: member.value for member in head}, digest_of(said))]
    for parent in top:
        for field in members_of(text, parent.value_start) if parent.name == FIELDS else ():
            said = text[field.start : field.end]
            line = text.count("\n", 0, field.start) + 1
            blocks.append(Block((FIELDS, field.name), "", said, line, field.value, digest_of(said)))
    return tuple(blocks)


def block_at(path: str, text: str, key: Path) -> Block | None:
    """Return the block with a key, None where there is none."""
    return next((block for block in blocks_of(path, text) if block.key == key), None)


def place_in(path: str, text: str, key: Path) -> tuple[int, int] | None:
    """Return from where to where a block goes in a text without its mark of order; None for what is in pieces."""
    if path.endswith(".toml"):
        return next(((each.start, each.end) for each in regions_of(text) if each.key == key), None)
    fields = next((each.value_start for each in members_of(text) if each.name == FIELDS), 0) if key else 0
    members = members_of(text, fields) if fields else ()
    return next(((each.start, each.end) for each in members if each.name == key[1]), None)
