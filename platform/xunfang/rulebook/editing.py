"""JSON Schemas for an editor: what completes and checks a county's files while they are written.

The compiler checks whole, merged files; an editor sees one layer's file, which holds only what differs. So these
schemas demand nothing where layers are merged, and allow `remove`; what is missing in the end is the compiler's to say.
"""

import copy
from typing import Any

from xunfang.rulebook.keywords import keys_in, words_of
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.removals import REMOVE
from xunfang.rulebook.shape import shape

TITLES = {kind.part: f"{kind.title or kind.heading}（{kind.where}）" for kind in KINDS.values()}
TITLES["scenario"] = "情景（scenarios/*.toml）"
_WHOLE = {"scenario"}
"""Kinds that are never merged: an editor may ask for all of them."""
_DATES = {
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}"},
}
_REMOVES = {
    "description": "从上级继承来、本级不要的项目；去掉约束人的，给每一项写上依据：remove.<编号>.cites",
    "anyOf": [
        {"type": "array", "items": {"type": "string"}},
        {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {"cites": {"type": "array", "items": {"type": "string"}, "minItems": 1}},
                "required": ["cites"],
                "additionalProperties": False,
            },
        },
    ],
}


def editor_schemas() -> dict[str, dict[str, Any]]:
    """Return a self-contained JSON Schema (2020-12) for every kind of file, by the kind's name."""
    return {kind: _for_editor(kind, title) for kind, title in TITLES.items()}


def _for_editor(kind: str, title: str) -> dict[str, Any]:
    whole = copy.deepcopy(shape(kind))
    for key in list(keys_in(whole)):
        key.schema["description"] = words_of(kind, key.path)
    schema: dict[str, Any] = _plain(whole, merged=kind not in _WHOLE)
    used = _used(schema, schema["$defs"])
    schema["$defs"] = {name: item for name, item in schema["$defs"].items() if name in used}
    return schema | {"title": title}


def _plain(schema: Any, *, merged: bool) -> Any:
    """Return a schema in standard words: TOML's dates as strings, and, where layers are merged, nothing demanded."""
    if isinstance(schema, list):
        return [_plain(item, merged=False) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("type"), str) and schema["type"] in _DATES:
        return {**_DATES[schema["type"]], **({"description": said} if (said := schema.get("description")) else {})}
    plain = {key: _plain(item, merged=merged and key != "items") for key, item in schema.items()}
    return _of_layer(plain) if merged and plain.get("type") == "object" else plain


def _of_layer(schema: dict[str, Any]) -> dict[str, Any]:
    schema.pop("required", None)
    if "properties" in schema or isinstance(schema.get("additionalProperties"), dict):
        schema["properties"] = {**schema.get("properties", {}), REMOVE: _REMOVES}
    return schema


def _used(schema: Any, definitions: dict[str, Any]) -> set[str]:
    """Return the definitions that a schema reaches, through one another too."""
    found: set[str] = set()
    waiting = [item for key, item in schema.items() if key != "$defs"]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            name = str(item.get("$ref", "")).removeprefix("#/$defs/") if "$ref" in item else ""
            if name and name not in found:
                found.add(name)
                waiting.append(definitions[name])
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    return found
