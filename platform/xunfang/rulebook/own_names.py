"""What a file names of its own: the states of a flow, the outcomes of a state, the fields and sections of a form."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xunfang.rulebook.block_inputs import Option, Options
from xunfang.rulebook.block_shapes import kind_of
from xunfang.rulebook.blocks import HEAD, Block
from xunfang.rulebook.intended import Intended, data_of
from xunfang.rulebook.json_blocks import FIELDS
from xunfang.rulebook.positions import Path


def own_names(path: str, blocks: Sequence[Block], key: Path, options: Options) -> Options:
    """Return the options of a rulebook, joined by those of the file that a block stands in.

    Of the file's name in the rulebook, where the layers above may say more, it asks as "states/clue".
    """
    name = path.rpartition("/")[2].partition(".")[0]
    own = {source: tuple(found) for source, found in _own(path, blocks, key).items()}
    state = str(key[1]) if len(key) > 1 and key[0] == "states" else ""

    def known(source: str) -> tuple[Option, ...]:
        if not source.endswith("/"):
            return options(source)
        above = options(f"{source}{name}/{state}" if source == "outcomes/" else f"{source}{name}")
        return tuple({option.value: option for option in (*above, *own.get(source, ()))}.values())

    return known


def _own(path: str, blocks: Sequence[Block], key: Path) -> Mapping[str, Iterator[Option]]:
    kind = kind_of(path)
    if kind == "form":
        sections: Any = next((block.data.get("x-sections", {}) for block in blocks if block.key == HEAD), {})
        fields = {str(block.key[1]): block.data for block in blocks if block.key[:1] == (FIELDS,)}
        return {"fields/": _labelled(fields, "title"), "sections/": _pairs(sections)}
    if kind == "flow":
        states = data_of(Intended(block.key, None, block.data) for block in blocks).get("states", {})
        state = states.get(key[1], {}) if len(key) > 1 and key[0] == "states" else {}
        return {"states/": _labelled(states, "label"), "outcomes/": _labelled(state.get("outcomes", {}), "label")}
    return {}


def _labelled(things: Any, label: str) -> Iterator[Option]:
    for id, thing in things.items() if isinstance(things, dict) else ():
        yield Option(id, str(thing.get(label, id)) if isinstance(thing, dict) else id)


def _pairs(things: Any) -> Iterator[Option]:
    for id, label in things.items() if isinstance(things, dict) else ():
        yield Option(id, str(label))
