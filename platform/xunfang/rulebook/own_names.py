"""What a file names of its own: the states of a flow, the outcomes of a state, the fields and sections of a form."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xunfang.rulebook.block_shapes import kind_of
from xunfang.rulebook.blocks import HEAD, Block
from xunfang.rulebook.called import Option, Options
from xunfang.rulebook.fields import TODAY
from xunfang.rulebook.intended import Intended, data_of
from xunfang.rulebook.json_blocks import FIELDS
from xunfang.rulebook.positions import Path

_OF_FORMS = {"rows/": "row_form", "opened/": "opens"}
"""The fields of a form that a block names by one of its keys."""
_DATED = frozenset({"date", "date-time"})


def own_names(path: str, blocks: Sequence[Block], key: Path, options: Options) -> Options:
    """Return the options of a rulebook, joined by those of the file that a block stands in.

    Of the file's name in the rulebook, where the layers above may say more, it asks as "states/clue".
    """
    name = path.rpartition("/")[2].partition(".")[0]
    own = {source: tuple(found) for source, found in _own(path, blocks, key).items()}
    state = str(key[1]) if len(key) > 1 and key[0] == "states" else ""
    forms = _forms(blocks, key)

    def known(source: str) -> tuple[Option, ...]:
        if not source.endswith("/"):
            return options(source)
        if source in _OF_FORMS:
            return options(f"fields/{forms[source]}") or options("fields")
        above = options(f"{source}{name}/{state}" if source == "outcomes/" else f"{source}{name}")
        labels = {option.value: option.label for option in (*above, *own.get(source, ())) if option.label}
        ids = dict.fromkeys(option.value for option in (*above, *own.get(source, ())))
        return tuple(Option(id, labels.get(id, id)) for id in ids)

    return known


def _forms(blocks: Sequence[Block], key: Path) -> Mapping[str, str]:
    """Return the forms that a block names, by what asks for their fields."""
    data: Any = next((block.data for block in blocks if block.key == key[:1] and key), {})
    return {source: str(data.get(name, "")) for source, name in _OF_FORMS.items()}


def _own(path: str, blocks: Sequence[Block], key: Path) -> Mapping[str, Iterator[Option]]:
    kind = kind_of(path)
    if kind == "form":
        sections: Any = next((block.data.get("x-sections", {}) for block in blocks if block.key == HEAD), {})
        fields = {str(block.key[1]): block.data for block in blocks if block.key[:1] == (FIELDS,)}
        dated = {name: field for name, field in fields.items() if field.get("format") in _DATED}
        return {
            "fields/": _labelled(fields, "title"),
            "sections/": _pairs(sections),
            "days/": iter((*_labelled(dated, "title"), Option(TODAY, "当天"))),
            "terms/": _terms(blocks, fields),
            "columns/": _labelled(_columns(fields, key), "title"),
        }
    if kind == "flow":
        states = data_of(Intended(block.key, None, block.data) for block in blocks).get("states", {})
        state = states.get(key[1], {}) if len(key) > 1 and key[0] == "states" else {}
        return {"states/": _labelled(states, "label"), "outcomes/": _labelled(state.get("outcomes", {}), "label")}
    own = data_of(Intended(block.key, None, block.data) for block in blocks).get(str(key[0]) if key else "", {})
    return {"decisions/": _pairs(own.get("labels"))} if kind == "meetings" else {}


def _terms(blocks: Sequence[Block], fields: Mapping[str, Any]) -> Iterator[Option]:
    """Yield what the sums of a form may reckon with: its fields, the columns of its rows, what it computes itself."""
    yield from _labelled(fields, "title")
    for name, field in fields.items():
        for column in _labelled(_columns(fields, (FIELDS, name)), "title"):
            yield Option(f"{name}.{column.value}", f"{field.get('title', name)}的{column.label}")
    yield from _pairs(next((block.data.get("x-computed-titles") for block in blocks if block.key == HEAD), None))


def _columns(fields: Mapping[str, Any], key: Path) -> Any:
    """Return the columns of the rows that the field of a key is answered by."""
    found = fields.get(str(key[1]), {}).get("items") if len(key) > 1 else None
    return found.get("properties") if isinstance(found, dict) else None


def _labelled(things: Any, label: str) -> Iterator[Option]:
    for id, thing in things.items() if isinstance(things, dict) else ():
        yield Option(id, str(thing.get(label, "")) if isinstance(thing, dict) else "")


def _pairs(things: Any) -> Iterator[Option]:
    for id, label in things.items() if isinstance(things, dict) else ():
        yield Option(id, str(label))
