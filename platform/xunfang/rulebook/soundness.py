"""Is data of a shape? Yes for certain, or else `shape` looks again, slowly, and says in words what is wrong.

A schema is made into functions once. Each says True only where the schema certainly holds: what it does not know, and
whatever takes thought, is not certain.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

Sound = Callable[[Any], bool]
Types = Mapping[str, Callable[[Any], bool]]
Schema = Mapping[str, Any]

_SAYS_NOTHING = frozenset({"$schema", "title", "description", "default"})


def sound_by(schema: Schema | bool, types: Types, pattern: Callable[[str], Callable[[str], object]]) -> Sound:
    """Return the function that says whether data is certainly of a shape.

    `types` tells values of each type; `pattern` makes the search for a pattern.
    """
    if isinstance(schema, bool):
        return lambda value: schema

    def of(inner: Schema | bool) -> Sound:
        return sound_by(inner, types, pattern)

    checks: list[Sound] = []
    for word, told in schema.items():
        if word == "type":
            checks.append(_any_of([types[name] for name in ([told] if isinstance(told, str) else told)]))
        elif word == "pattern":
            checks.append(_pattern(pattern(told)))
        elif word in _INSIDE:
            checks.append(_INSIDE[word](told, of))
        elif word in _PLAIN:
            checks.append(_PLAIN[word](told))
        elif word not in _SAYS_NOTHING and word not in _WITH_OTHERS:
            return lambda value: False
    if {"properties", "additionalProperties"} & schema.keys():
        checks.append(_table(schema.get("properties", {}), schema.get("additionalProperties", True), of))
    return reduce(_both, checks) if checks else lambda value: True


_WITH_OTHERS = frozenset({"properties", "additionalProperties"})
_Of = Callable[[Schema | bool], Sound]


def _both(one: Sound, other: Sound) -> Sound:
    return lambda value: one(value) and other(value)


def _any_of(kinds: list[Sound]) -> Sound:
    return kinds[0] if len(kinds) == 1 else lambda value: any(kind(value) for kind in kinds)


def _table(properties: Mapping[str, Schema], others: Schema | bool, of: _Of) -> Sound:
    """Say of a table whether each of its entries is sound; of anything else nothing."""
    known = {name: of(inner) for name, inner in properties.items()}
    other = of(others)

    def check(value: Any) -> bool:
        if isinstance(value, dict):
            for key, item in value.items():
                if not known.get(key, other)(item):
                    return False
        return True

    return check


def _items(told: Schema | bool, of: _Of) -> Sound:
    each = of(told)
    return lambda value: not isinstance(value, list) or all(map(each, value))


def _names(told: Schema | bool, of: _Of) -> Sound:
    each = of(told)
    return lambda value: not isinstance(value, dict) or all(map(each, value))


def _one_of(told: list[Schema], of: _Of) -> Sound:
    """Say of ways that differ in type whether one is met: no two of them can be. Other ways take thought."""
    kinds = [way.get("type") for way in told]
    if not {"string", "object", "array", "boolean"}.issuperset(kinds) or len(set(kinds)) < len(kinds):
        return lambda value: False
    return _any_of([of(way) for way in told])


def _pattern(search: Callable[[str], object]) -> Sound:
    return lambda value: not isinstance(value, str) or bool(search(value))


def _required(told: list[str]) -> Sound:
    needed = frozenset(told)
    return lambda value: not isinstance(value, dict) or needed <= value.keys()


def _options(told: list[Any]) -> Sound:
    words = frozenset(word for word in told if isinstance(word, str))
    return lambda value: isinstance(value, str) and value in words


def _least(told: float) -> Sound:
    return lambda value: not isinstance(value, (int, float)) or value >= told


def _most(told: float) -> Sound:
    return lambda value: not isinstance(value, (int, float)) or value <= told


def _above(told: float) -> Sound:
    return lambda value: not isinstance(value, (int, float)) or value > told


def _long(kind: type[Any], least: int) -> Sound:
    return lambda value: not isinstance(value, kind) or len(value) >= least


def _short(kind: type[Any], most: int) -> Sound:
    return lambda value: not isinstance(value, kind) or len(value) <= most


def _unlike(told: bool) -> Sound:
    def check(value: Any) -> bool:
        if not told or not isinstance(value, list) or len(value) < 2:
            return True
        return all(isinstance(item, str) for item in value) and len(set(value)) == len(value)

    return check


_INSIDE: Mapping[str, Callable[[Any, _Of], Sound]] = {"items": _items, "propertyNames": _names, "oneOf": _one_of}
_PLAIN: Mapping[str, Callable[[Any], Sound]] = {
    "required": _required,
    "enum": _options,
    "const": lambda told: _options([told]),
    "minimum": _least,
    "maximum": _most,
    "exclusiveMinimum": _above,
    "minLength": lambda told: _long(str, told),
    "maxLength": lambda told: _short(str, told),
    "minItems": lambda told: _long(list, told),
    "maxItems": lambda told: _short(list, told),
    "minProperties": lambda told: _long(dict, told),
    "maxProperties": lambda told: _short(dict, told),
    "uniqueItems": _unlike,
}
