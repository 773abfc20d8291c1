"""What a layer changes of what it inherits: every value it adds or replaces, with where each was written."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.findings import key_text
from xunfang.rulebook.merge import Origin, Part


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs from the parent's. `before` is None for what the layer adds."""

    part: str
    key: str
    before: Any
    after: Any
    origin: Origin


def differences(parts: dict[str, Part], layer: str) -> Iterator[Difference]:
    """Yield what a layer adds or replaces, part by part, in the order of the files."""
    for name, part in parts.items():
        replaced = {override.path: override for override in part.overrides if override.origin.layer == layer}
        for path, origin in part.origins.items():
            if origin.layer != layer or not path:
                continue
            if path in replaced:
                override = replaced[path]
                yield Difference(name, key_text(path), override.before, override.after, origin)
            elif not _is_table(part, path) and not _inside_list(path):
                yield Difference(name, key_text(path), None, _value(part, path), origin)


def _value(part: Part, path: tuple[str | int, ...]) -> Any:
    value: Any = part.data
    for key in path:
        value = value[key]
    return value


def _is_table(part: Part, path: tuple[str | int, ...]) -> bool:
    return isinstance(_value(part, path), dict)


def _inside_list(path: tuple[str | int, ...]) -> bool:
    return isinstance(path[-1], int)
