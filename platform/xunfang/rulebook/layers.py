"""The tree of folders is the tree of government: each layer inherits from the nearest folder whose code is a prefix."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from xunfang.rulebook.files import Files

ROOT_CODE = "00"
_LAYER = re.compile(r"(?:forms|workflows|templates)/(\d{2,12})-([a-z0-9-]+)/")


@dataclass(frozen=True, slots=True)
class Layer:
    """One folder of rules: `id` is its name ("370304-boshan"), `code` its division code ("370304")."""

    id: str
    code: str


def layers_in(files: Files | Iterable[str]) -> dict[str, Layer]:
    """Return every layer that any file belongs to, by id, in the order of their codes."""
    found = {}
    for path in files:
        if match := _LAYER.match(path):
            layer_id = f"{match.group(1)}-{match.group(2)}"
            found[layer_id] = Layer(layer_id, match.group(1))
    return dict(sorted(found.items()))


def chain_of(layer_id: str, layers: dict[str, Layer]) -> tuple[str, ...]:
    """Return the ids from the root layer down to this one; raises KeyError when there is no such layer."""
    own = layers[layer_id].code
    above = [layer for layer in layers.values() if layer.code == ROOT_CODE or own.startswith(layer.code)]
    ranked = sorted(above, key=lambda layer: (layer.code != ROOT_CODE, len(layer.code)))
    return tuple(layer.id for layer in ranked)
