"""The units of a new jurisdiction: those it would have by what it inherits or was copied, kept, named or left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.blocks import HEAD, Block, blocks_of
from xunfang.rulebook.compile import merged_parts
from xunfang.rulebook.files import Files
from xunfang.rulebook.removals import REMOVE
from xunfang.rulebook.splicing import AddBlock, RemoveBlock, SetBlock, Splice, spliced

UNITS = "units.toml"


@dataclass(frozen=True, slots=True)
class UnitOffer:
    """A unit that may be kept: whether there is one in each division, and how often other rules name it."""

    id: str
    label: str
    per: str
    uses: int


def units_offered(files: Files, layer: str) -> list[UnitOffer]:
    """Return the units of a layer as its files have them, in their order."""
    chain = _chain(files, layer)
    told = "\n".join(
        text for path, text in chain.items() if not path.endswith(f"/{UNITS}") and "/scenarios/" not in path
    )
    return [
        UnitOffer(id, str(data.get("label", id)), str(data.get("per", "")), told.count(f'"{id}"'))
        for id, data in _units(files, layer).items()
    ]


def _chain(files: Files, layer: str) -> Files:
    code = layer.partition("-")[0]
    owners = {path: path.split("/")[1].partition("-")[0] for path in files}
    return {path: text for path, text in files.items() if owners[path] == "00" or code.startswith(owners[path])}


def _units(files: Files, layer: str) -> dict[str, Mapping[str, Any]]:
    part = merged_parts(files, layer).get("units")
    return {id: data for id, data in part.data.items() if isinstance(data, dict)} if part else {}


def with_units(files: Files, layer: str, kept: Mapping[str, str]) -> dict[str, str]:
    """Return the files of a layer with only those units, by id, each with the name that it is given here."""
    path = f"workflows/{layer}/{UNITS}"
    text = files.get(path, "# 本级的单位\n")
    above = {name: said for name, said in files.items() if name != path}
    inherited = _units(above, layer)
    gone = []
    for id, data in _units(files, layer).items():
        own = next((block for block in blocks_of(path, text) if block.key == (id,)), None)
        if id not in kept:
            gone += [id] if id in inherited else []
            text = spliced(path, text, RemoveBlock(own.key, own.whole)) if own else text
        elif kept[id] and kept[id] != data.get("label"):
            text = spliced(path, text, _labelled(id, kept[id], own))
    if gone:
        text = spliced(path, text, _taken_away(path, text, gone))
    return {**files, path: text} if path in files or len(text.splitlines()) > 1 else dict(files)


def _labelled(id: str, label: str, own: Block | None) -> Splice:
    if own is None:
        return AddBlock((id,), {"label": label})
    return SetBlock(own.key, own.digest, {**own.data, "label": label})


def _taken_away(path: str, text: str, gone: list[str]) -> Splice:
    head = next((block for block in blocks_of(path, text) if block.key == HEAD), None)
    data = dict(head.data) if head else {}
    said = data.get(REMOVE, [])
    data[REMOVE] = {**said, **{id: {} for id in gone}} if isinstance(said, dict) else [*said, *gone]
    return SetBlock(HEAD, head.digest if head else "", data)
