"""The tree of folders is the tree of government: each layer inherits from the nearest folder whose code is a prefix."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from xunfang.errors import Problem
from xunfang.rulebook.files import Files

ROOT_CODE = "00"
_LAYER = re.compile(r"(?:forms|workflows|templates)/([0-9]{2,12})-([a-z0-9-]+)/")


@dataclass(frozen=True, slots=True)
class Layer:
    """One folder of rules: `id` is its name ("370304-boshan"), `code` its division code ("370304")."""

    id: str
    code: str


def layers_in(files: Files | Iterable[str]) -> dict[str, Layer]:
    """Return every layer that any file belongs to, by id, in the order of their codes."""
    found = {}
    for folder in dict.fromkeys(path[: path.rfind("/") + 1] for path in files):
        if match := _LAYER.match(folder):
            layer_id = f"{match.group(1)}-{match.group(2)}"
            found[layer_id] = Layer(layer_id, match.group(1))
    return dict(sorted(found.items()))


def depth_of(layer: str) -> int:
    """Return how far below the root a layer lies, by its id: of two in a chain the lower one has more."""
    code = layer.partition("-")[0]
    return 0 if code == ROOT_CODE else len(code)


def misplaced(files: Files | Iterable[str]) -> list[Problem]:
    """Return a problem for each folder that is no layer, and for each of two layers that share a code."""
    places = dict.fromkeys(tuple(path.split("/", 2)[:2]) if path.count("/") > 1 else (path,) for path in files)
    strays = ["/".join(place) for place in places if len(place) < 2 or not _LAYER.match("/".join((*place, "")))]
    hint = "文件夹名由区划代码、连字符和拼音组成，如 999999-shili"
    message = "这不是辖区文件夹，其中的文件不会起作用"
    found = [Problem(folder, 0, "", "LAYER_MALFORMED", message, hint) for folder in strays]
    by_code: dict[str, str] = {}
    for layer in layers_in(files).values():
        first = by_code.setdefault(layer.code, layer.id)
        if first != layer.id:
            message = f"与“{first}”的区划代码相同，一个区划只能有一个文件夹"
            hint = "备份请放到 workflows、forms、templates 之外"
            found.append(Problem(f"workflows/{layer.id}", 0, "", "LAYER_TWICE", message, hint))
    return found


def chain_of(layer_id: str, layers: dict[str, Layer]) -> tuple[str, ...]:
    """Return the ids from the root layer down to this one; raises KeyError when there is no such layer."""
    own = layers[layer_id].code
    above = [layer for layer in layers.values() if layer.code == ROOT_CODE or own.startswith(layer.code)]
    above = [layer for layer in above if layer.code != own or layer.id == layer_id]
    ranked = sorted(above, key=lambda layer: (layer.code != ROOT_CODE, len(layer.code)))
    return tuple(layer.id for layer in ranked)
