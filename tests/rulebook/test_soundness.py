"""Whatever is found sound quickly is sound: JSON Schema itself agrees."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.mutants import mutant
from xunfang.rulebook.compile import jurisdictions, merged_parts
from xunfang.rulebook.merge import Part
from xunfang.rulebook.shape import _sound, _validator
from xunfang.rulebook.soundness import sound_by

TYPES = {
    "string": lambda value: isinstance(value, str),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "integer": lambda value: type(value) is int,
}


def _parts(files: dict[str, str], layer: str) -> Iterator[Part]:
    yield from merged_parts(files, layer).values()


def test_all_that_is_shipped_is_found_sound(files: dict[str, str]) -> None:
    parts = [part for layer in jurisdictions(files) for part in _parts(files, layer)]
    assert [part.name for part in parts if not _sound(part.kind)(part.data)] == []
    assert {"form", "flow", "routing", "calendar"} <= {part.kind for part in parts}


@pytest.mark.parametrize("first", range(0, 240, 80))
def test_what_is_found_sound_is_sound(files: dict[str, str], first: int) -> None:
    unsound = 0
    for seed in range(first, first + 80):
        changed, layer = mutant(files, seed)
        for part in _parts(changed, layer):
            if not _sound(part.kind)(part.data):
                unsound += 1
            else:
                assert _is_kept(part) or _validator(part.kind).is_valid(part.data), (seed, part.name)
    assert unsound


_SEEN: set[int] = set()
_KEPT: list[Any] = []


def _is_kept(part: Part) -> bool:
    """Whether this very data was asked about before: what a mistake does not touch is the same each time."""
    if id(part.data) in _SEEN:
        return True
    _SEEN.add(id(part.data))
    _KEPT.append(part.data)
    return False


def _values() -> st.SearchStrategy[Any]:
    leaves = st.none() | st.booleans() | st.integers(-2, 3) | st.floats(-2, 3) | st.text("ab1", max_size=3)
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    )


SCHEMAS = [
    {"enum": ["a", 1, True]},
    {"const": 1},
    {"type": ["string", "integer"], "minimum": 0, "maximum": 2, "minLength": 1, "maxLength": 2},
    {"oneOf": [{"type": "string"}, {"type": "object", "required": ["a"]}]},
    {"oneOf": [{"type": "string"}, {"enum": ["a"]}]},
    {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "minItems": 1, "maxItems": 2},
    {"properties": {"a": {"type": "integer"}}, "additionalProperties": False, "minProperties": 1},
    {"additionalProperties": {"exclusiveMinimum": 0}, "propertyNames": {"enum": ["a", "b"]}, "maxProperties": 1},
    {"not": {"type": "string"}},
    {"multipleOf": 0.5},
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
@given(value=_values())
def test_never_more_than_json_schema_grants(schema: dict[str, Any], value: Any) -> None:
    from jsonschema import Draft202012Validator

    quick = sound_by(schema, TYPES, lambda pattern: lambda text: None)
    assert not quick(value) or Draft202012Validator(schema).is_valid(value)
