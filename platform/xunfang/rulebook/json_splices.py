"""Splices of a form: its head, or one of its fields."""

from collections.abc import Sequence
from typing import Any

from xunfang.rulebook.json_blocks import (
    FIELDS,
    head_changed,
    member_added,
    member_changed,
    member_removed,
    members_of,
    members_reordered,
    printed_member,
)
from xunfang.rulebook.positions import Path


def with_block_set(text: str, key: Path, data: Any) -> str:
    """Return the form whose head or field says other data."""
    return member_changed(text, _fields(text), str(key[1]), data) if key else head_changed(text, data)


def with_block_added(text: str, key: Path, data: Any, place: int, *, behind: bool) -> str:
    """Return the form with one field more at a place among its blocks, of which the head is the first."""
    said = printed_member(str(key[1]), data)
    at = _fields(text)
    if not at:
        return member_added(text, 0, f'"{FIELDS}": {{\n    {said}\n  }}')
    names = [member.name for member in members_of(text, at)]
    return member_added(text, at, said, None if behind else names[place - 1])


def without_block(text: str, key: Path) -> str:
    """Return the form without a field; without any, it says nothing of fields."""
    at = _fields(text)
    return member_removed(text, at, str(key[1])) if len(members_of(text, at)) > 1 else member_removed(text, 0, FIELDS)


def with_blocks_in_order(text: str, order: Sequence[int]) -> str:
    """Return the form with its fields in another order."""
    at = _fields(text)
    names = [member.name for member in members_of(text, at)]
    return members_reordered(text, at, [names[place - 1] for place in order[1:]])


def _fields(text: str) -> int:
    """Return where the object with a form's fields begins, 0 where it has none."""
    return next((member.value_start for member in members_of(text) if member.name == FIELDS), 0)
