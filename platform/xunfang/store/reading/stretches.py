"""Stretches of places: rows in the order of where they lie, found from a place on."""

from collections.abc import Iterable, Iterator
from typing import Any

from peewee import Tuple, fn

from xunfang.division import bounds
from xunfang.store.reading.for_files import Otherwise

Stretch = tuple[str, str]
"""Where it begins, and before which code it ends, one that no place has; twice the same for that place alone."""
Spot = tuple[Any, Any]
"""A place and the key of a row in it."""


def stretches_of(divisions: Iterable[str], places: Iterable[str]) -> Iterator[Stretch]:
    """Yield the stretches of divisions with all that lies in them, then of places without."""
    yield from map(bounds, divisions)
    yield from ((place, place) for place in places)


def lies_in(at: Any, stretch: Stretch) -> Any:
    """Return the condition that a place lies in a stretch."""
    low, high = stretch
    return at == low if low == high else (at >= low) & (at < high)


def between_spots(by: tuple[Any, Any], stretch: Stretch, after: Spot | None, until: Spot | None = None) -> Any:
    """Return the condition on rows ordered `by` a place and a key: in a stretch, after one spot and up to another.

    A server begins and ends in its index where all of that says. SQLite takes one beginning and one end: the stretch,
    and goes through all of it that earlier pages showed; or the spot, and reads on beyond the stretch.
    """
    (at, key), (low, high) = by, stretch
    told: Any = lies_in(at, stretch)
    first: Any = low
    last: Any = high
    in_file: list[Any] = []
    if after is not None:
        told, first = told & (Tuple(at, key) > Tuple(*after)), fn.MAX(low, after[0])
        in_file.append((at != after[0]) | (key > after[1]))
    if until is not None:
        told, last = told & (Tuple(at, key) <= Tuple(*until)), fn.MIN(high, until[0])
        in_file.append((at != until[0]) | (key <= until[1]))
    if not in_file:
        return told
    in_file_told = (at >= first) & (at <= last)
    for each in in_file:
        in_file_told = in_file_told & each
    return Otherwise(told, in_file_told)
