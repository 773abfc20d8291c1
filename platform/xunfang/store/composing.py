"""Queries composed once for each shape of what they are asked: composing one costs more than running it.

No value is kept. What a query is asked is taken apart into its shape (which texts are empty, which choice was made) and
its values; a query is composed with stand-ins for the values, and each run puts the values of the day in their places.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, is_dataclass, replace
from datetime import datetime
from enum import Enum
from operator import add
from typing import Any, Self

import peewee

from xunfang.store.columns import to_seconds
from xunfang.store.dialects.lasting import Lasting

MOST_SHAPES = 1000
"""More shapes than all readings have; whoever asks in ever new ones only loses what was kept."""

_MARK = "\ue000"
_kept: dict[Hashable, "Composed"] = {}


class StandIn(str):
    """Stands in a query for a value; a text added to it will be added to the value."""

    __slots__ = ("more", "place")
    place: int
    more: str

    def __new__(cls, place: int, more: str = "") -> Self:
        """Return the stand-in for the value at a place."""
        made = super().__new__(cls, f"{_MARK}{place}{_MARK}{more}")
        made.place, made.more = place, more
        return made

    def __add__(self, more: str) -> "StandIn":
        """Return the stand-in for the value with a text after it."""
        return StandIn(self.place, self.more + more)

    def among(self, values: list[Any]) -> Any:
        """Return the value it stands for."""
        return values[self.place] + self.more if self.more else values[self.place]


@dataclass(frozen=True, slots=True)
class Composed:
    """A query ready to run: its SQL, its parameters, some of them stand-ins, and how its columns are named and read."""

    sql: str
    parameters: tuple[Any, ...]
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    ready: bool = False


def kept_ready(query: Any) -> Any:
    """Let a server keep a query ready, whose plan has nothing to look at the values for, though it lists many rows."""
    query.is_kept_ready = True
    return query


def run(database: Lasting, compose: Callable[..., Any], *asked: Any) -> list[dict[str, Any]]:
    """Return the rows of the query that `compose` makes of what is asked, by the names of its columns.

    It may choose by what is empty and by enumerations, flags and functions, and puts all else into the query as it is:
    a value it would work with is not there. Raises TypeError where that shows.
    """
    kept, found = _found(database, compose, asked, database.rows)
    return [_named(kept, row) for row in found]


def run_plain(database: Lasting, compose: Callable[..., Any], *asked: Any) -> list[tuple[Any, ...]]:
    """Return the same rows as they are stored.

    They are found by keys, mostly: a server keeps such a query ready, its plan has nothing to look at the values for.
    """
    return _found(database, compose, asked, database.often)[1]


def _found(
    database: Lasting, compose: Callable[..., Any], asked: tuple[Any, ...], rows: Callable[..., list[Any]]
) -> tuple["Composed", list[Any]]:
    values: list[Any] = []
    key = (compose, database.param, _shape(asked, values))
    kept = _kept.get(key)
    if kept is None:
        return _first(database, key, compose(*_stood_in(asked, [])), values)
    return kept, (database.often if kept.ready else rows)(kept.sql, _put(kept.parameters, values))


def in_few_shapes(keys: Iterable[str]) -> tuple[str, ...]:
    """Return keys to be looked for, the last of them again and again up to a power of two: each number is a shape."""
    wanted = tuple(keys)
    return wanted + wanted[-1:] * ((1 << (len(wanted) - 1).bit_length()) - len(wanted)) if wanted else ()


def forget() -> None:
    """Compose everything anew from now on: for whoever exchanges a function that readings are made of."""
    _kept.clear()


def _first(database: Lasting, key: Hashable, query: Any, values: list[Any]) -> tuple[Composed, list[Any]]:
    context: Any = database.get_sql_context()
    sql, parameters = context.sql(query).query()
    if any(isinstance(each, str) and _MARK in each and not isinstance(each, StandIn) for each in parameters):
        raise TypeError("a kept query puts its values into place as they are, it works with none")
    cursor = database.execute_sql(sql, _put(parameters, values))  # type: ignore[no-untyped-call]
    if len(_kept) >= MOST_SHAPES:
        forget()
    ready = getattr(query, "is_kept_ready", False)
    if ready:
        sql, parameters = _with_numbers(sql, parameters, database.param)
    _kept[key] = kept = Composed(sql, tuple(parameters), _columns(query, cursor), ready)
    return kept, cursor.fetchall()


def _with_numbers(sql: str, parameters: Sequence[Any], mark: str) -> tuple[str, tuple[Any, ...]]:
    """Return a statement with its numbers written out: by how many rows are wanted a server plans, be it kept ready."""
    first, *rest = sql.split(mark)
    told = [str(each) if type(each) is int else mark for each in parameters]
    left = tuple(each for each in parameters if type(each) is not int)
    return first + "".join(map(add, told, rest)), left


def _columns(query: Any, cursor: Any) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    found = query.dicts()._get_cursor_wrapper(cursor)
    found.initialize()
    if type(found) is peewee.DictCursorWrapper:  # what is selected from a query has no columns of a table
        return tuple((name, None) for name in found.columns)
    return tuple(zip(found.unique_columns, found.converters, strict=True))


def _put(parameters: tuple[Any, ...], values: list[Any]) -> tuple[Any, ...]:
    return tuple(each.among(values) if type(each) is StandIn else each for each in parameters)


def _named(kept: Composed, row: tuple[Any, ...]) -> dict[str, Any]:
    return {name: value if read is None else read(value) for (name, read), value in zip(kept.columns, row, strict=True)}


def _is_value(asked: Any) -> bool:
    return (isinstance(asked, str) and asked != "" and not isinstance(asked, Enum)) or isinstance(asked, datetime)


def _is_row(asked: Any) -> bool:
    return is_dataclass(asked) and not isinstance(asked, type)


def _shape(asked: Any, values: list[Any]) -> Hashable:
    """Return the shape of what is asked, and add its values, in their order."""
    if _is_value(asked):
        values.append(to_seconds(asked) if isinstance(asked, datetime) else asked)
        return _MARK
    if _is_row(asked):
        return (type(asked), *(_shape(getattr(asked, name), values) for name in asked.__dataclass_fields__))
    if isinstance(asked, tuple):
        if all(type(each) is str for each in asked) and "" not in asked:  # keys by the hundred, as lists have them
            values.extend(asked)
            return (_MARK,) * len(asked)
        return tuple(_shape(each, values) for each in asked)
    return (type(asked), asked)


def _stood_in(asked: Any, places: list[None]) -> Any:
    """Return what is asked with a stand-in for each value, in the order of `_shape`."""
    if _is_value(asked):
        places.append(None)
        return StandIn(len(places) - 1)
    if _is_row(asked):
        return replace(asked, **{name: _stood_in(getattr(asked, name), places) for name in asked.__dataclass_fields__})
    if isinstance(asked, tuple):
        return tuple(_stood_in(each, places) for each in asked)
    return asked
