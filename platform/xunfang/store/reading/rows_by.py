"""Rows that belong to something, found by the keys of that: whole, or without what no line tells."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from peewee import SQL

from xunfang.store.composing import in_few_shapes
from xunfang.store.database import Reader
from xunfang.store.rows import model_of, table_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Case, Notice, Task

R = TypeVar("R")
Sight = Callable[[Scope], Any]
UNTOLD: Mapping[type[Any], frozenset[str]] = {
    Case: frozenset({"due", "entered"}), Task: frozenset({"due"}), Notice: frozenset({"facts"}),
}  # fmt: skip
"""What of these rows no line tells, and is long: how a deadline was counted, what a paper says. It is not read."""


class By(StrEnum):
    """By which column rows are found that belong to something."""

    ID = "id"
    CASE = "case"
    PERSON = "person"
    ABOUT = "about"
    HOUSEHOLD = "household"


def rows_by(
    reader: Reader, row: type[R], by: By, keys: Iterable[str], sight: Sight | None = None, scope: Scope | None = None
) -> list[R]:
    """Return the rows that belong to these keys, in the order of their own; with a sight, those in it only."""
    return _asked(reader, _whole, row, by, keys, sight, scope)


def told_by(
    reader: Reader, row: type[R], by: By, keys: Iterable[str], sight: Sight | None = None, scope: Scope | None = None
) -> list[R]:
    """Return the same rows without what is UNTOLD."""
    return _asked(reader, _told, row, by, keys, sight, scope)


def _asked(reader: Reader, compose: Any, row: type[R], by: By, keys: Iterable[str], *within: Any) -> list[R]:
    wanted = in_few_shapes(dict.fromkeys(key for key in keys if key))
    return reader.ask_rows(row, compose, row, by, wanted, *within) if wanted else []


def _whole(row: type[Any], by: By, keys: tuple[str, ...], sight: Sight | None, scope: Scope | None) -> Any:
    model = model_of(row)
    found = getattr(model, by.value).in_(keys)
    found = found & sight(scope) if sight and scope else found
    return model.select().where(found).order_by(*(getattr(model, name) for name in table_of(row).key))


def _told(row: type[Any], by: By, keys: tuple[str, ...], sight: Sight | None, scope: Scope | None) -> Any:
    untold, columns = UNTOLD.get(row, frozenset()), table_of(row).columns
    told = (SQL("NULL") if name in untold else getattr(model_of(row), name) for name in columns)
    return _whole(row, by, keys, sight, scope).select(*told)
