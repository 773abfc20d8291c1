"""No form of a block shows an id where people know a name: over every construct of every shipped file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from actions.town import FILES
from xunfang.desk.studio.block_pages import block_label
from xunfang.desk.studio.blocks_beside import read_blocks
from xunfang.desk.studio.files import file_label
from xunfang.desk.studio.said_options import options_said
from xunfang.rulebook.block_forms import form_of
from xunfang.rulebook.block_inputs import Control, Input
from xunfang.rulebook.block_shapes import kind_of, shape_at
from xunfang.rulebook.compile import compile_rulebook

COUNTIES = ("141121-wenshui", "370304-boshan", "3705-dongying", "500229221-heyu", "6205-tianshui")
MOST = "370304-boshan"
"""Whose scenarios say nearly everything that scenarios can say."""
_ID = re.compile(r"[a-z][a-z0-9_.:$-]*[a-z0-9]")
_CLAUSE = re.compile(r"[A-Z]{2,12}-\S+")
_PLACEHOLDER = re.compile(r"\{[a-z]+\}")
_TYPED = frozenset({Control.LONG_TEXT, Control.TOML, Control.FIXED, Control.DATE, Control.MOMENT, Control.YES_NO})
ITSELF = {
    "routing *.rows[].id", "form x-sections", "meetings *.labels", "form x-computed", "form x-computed-titles",
    "scenario steps[].base", "scenario steps[].confirmed", "notices *.template",
}  # fmt: skip
"""Where an id is made up, or names what has no name: folded away, or beside the words it stands for."""
GONE = {"village-cadre", "task:statistics"}
"""What these rules no longer have, and a word that any field may be for."""


def shown(each: Input) -> Iterator[str]:
    """Yield what people read of an input: what it is called, and what it holds."""
    yield from (each.label, each.group)
    yield from () if each.control is Control.TOML else (each.help,)
    if each.control not in _TYPED and (each.open or not each.options) and each.control is not Control.CONDITION:
        yield from (text for texts in each.shown.values() for text in texts)


def offered(each: Input) -> Iterator[str]:
    """Yield what people read of what an input offers: where something is typed, that is the very value."""
    chosen = not each.open or each.control is Control.CONDITION
    yield from (option.label if chosen else option.value for option in each.options)


@dataclass(frozen=True)
class Found:
    """The ids that can be read: on the forms of blocks by the key that shows them, and in the names of blocks."""

    shown: dict[str, set[str]] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)


def ids_in(text: str) -> set[str]:
    """Return what in a text is neither Chinese nor the number of a clause."""
    return set(_ID.findall(_PLACEHOLDER.sub("", _CLAUSE.sub("", text)))) - GONE


@pytest.fixture(scope="module")
def found() -> Found:
    """Return what can be read on the forms of the blocks of all counties and of the layers above them.

    A block that says nothing not said before is left out.
    """
    found, seen, done = Found(), set[object](), set[str]()
    for county in COUNTIES:
        book, offering = compile_rulebook(FILES, county), set[str]()
        files = {path: text for path, text in FILES.items() if path.split("/")[1] in book.chain and kind_of(path)}
        for path in files.keys() - done:
            done.add(path)
            text = files[path]
            found.named.update(ids_in(file_label(path, text, files)))
            blocks = read_blocks(path, text)[0]
            for block in blocks:
                found.named.update(ids_in(block_label(path, block, book)))
                shape = shape_at(path, block.key)
                said = {(shape and (shape.kind, shape.path), each) for each in _said(block.data)} - seen
                said = said if "/scenarios/" not in path or county == MOST else set()
                if said:
                    seen |= said
                    _read(found.shown, form_of(path, blocks, block.key, options_said(book)).inputs, offering)
    return found


def _read(found: dict[str, set[str]], inputs: Sequence[Input], offering: set[str]) -> None:
    """Note what can be read of inputs; `offering` are those whose offers were read in this county."""
    for each in inputs:
        at = f"{each.shape.kind} {each.shape.path}" if each.shape else "rest"
        texts = (*shown(each), *(offered(each) if at not in offering else ()))
        offering.add(at)
        found.setdefault(at, set()).update(*map(ids_in, texts))


def _said(data: Any) -> Iterator[object]:
    """Yield every key, with each id that it says: what else it says, a form shows as it is."""
    for key, value in data.items() if isinstance(data, dict) else ():
        for each in value if isinstance(value, list) else [value]:
            yield (key, each if isinstance(each, str) and _ID.fullmatch(each) else "")
            yield from ((key, inner) for inner in _said(each))


def test_no_input_shows_an_id_where_people_know_a_name(found: Found) -> None:
    assert {at: sorted(words)[:8] for at, words in found.shown.items() if words and at not in ITSELF} == {}
    assert {at for at in ITSELF if not found.shown.get(at)} == set(), "no more than there has to be"


def test_every_block_and_every_file_has_a_name(found: Found) -> None:
    assert found.named == set()
