"""What each key of the rule files says, in words: for an editor while one writes, and for docs/reference.md."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from xunfang.rulebook.shape import shape

_ANY = "any"
_COLUMN, _FIELD = "properties.*.items.properties.*.", "properties.*."


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    text = resources.files("xunfang.rulebook").joinpath("shapes", "words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def words_of(kind: str, path: str) -> str:
    """Return what a key says, "" for one that nobody has described; `path` as `keys_of` gives it."""
    of_kind, of_any = _words().get(kind, {}), _words()[_ANY]
    path = _FIELD + path.removeprefix(_COLUMN) if path.startswith(_COLUMN) else path
    last = path.rpartition(".")[2]
    return of_kind.get(path) or of_any.get(last) or of_kind.get(last, "")


@dataclass(frozen=True, slots=True)
class Key:
    """A key that a kind of file may say: its path, `*` for any id and `[]` for each of a list; what its schema is."""

    path: str
    schema: Any
    required: bool


def keys_of(kind: str) -> tuple[Key, ...]:
    """Return every key of a kind of file, each once."""
    return tuple({key.path: key for key in keys_in(shape(kind))}.values())


def keys_in(whole: Mapping[str, Any]) -> Iterator[Key]:
    """Yield every key that the schema of a kind of file allows; what it says of each stands in the whole."""
    yield from _keys(whole, "", whole["$defs"], ())


def _keys(schema: Mapping[str, Any], path: str, defs: Mapping[str, Any], within: tuple[str, ...]) -> Iterator[Key]:
    if name := str(schema.get("$ref", "")).removeprefix("#/$defs/"):
        if name not in within:
            yield from _keys(defs[name], path, defs, (*within, name))
        return
    for key, item in schema.get("properties", {}).items():
        here = f"{path}.{key}" if path else key
        yield Key(here, item, key in schema.get("required", ()))
        yield from _keys(item, here, defs, within)
    if isinstance(others := schema.get("additionalProperties"), dict):
        yield from _keys(others, f"{path}.*" if path else "*", defs, within)
    if isinstance(each := schema.get("items"), dict):
        yield from _keys(each, f"{path}[]", defs, within)
    for option in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from _keys(option, path, defs, within)
