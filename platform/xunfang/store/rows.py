"""A table is written once, as a frozen dataclass: callers hold plain rows, never objects that reach the database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_type_hints

import peewee

from xunfang.store.columns import Column, column

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """What the store knows of a table: its name, its row class, its columns, and the peewee model made from them."""

    name: str
    row: type[R]
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    model: Any

    def read(self, values: Sequence[Any]) -> R:
        """Return the row whose stored values, in column order, these are."""
        return self.row(
            **{
                column.name: value if value is None or column.decode is None else column.decode(value)
                for column, value in zip(self.columns.values(), values, strict=True)
            }
        )

    def values(self, row: R) -> tuple[Any, ...]:
        """Return the values of a row as they are stored, in column order."""
        return tuple(
            value if (value := getattr(row, column.name)) is None or column.encode is None else column.encode(value)
            for column in self.columns.values()
        )

    def store(self, name: str, value: Any) -> Any:
        """Return a value of the named column as it is stored."""
        encode = self.columns[name].encode
        return value if value is None or encode is None else encode(value)


_TABLES: dict[type[Any], Table[Any]] = {}


def table(
    name: str,
    key: tuple[str, ...] = ("id",),
    unique: Sequence[tuple[str, ...]] = (),
    indexes: Sequence[tuple[str, ...]] = (),
    checks: Sequence[str] = (),
    references: Mapping[str, str] | None = None,
) -> Callable[[type[R]], type[R]]:
    """Return a decorator that makes a frozen dataclass the row of a table.

    `references` names, for a row that knows no database, the tables its columns refer to.
    """

    def register(row: type[R]) -> type[R]:
        hints = get_type_hints(row, include_extras=True)
        names: Iterable[str] = getattr(row, "__dataclass_fields__")  # noqa: B009
        refers = references or {}
        columns = {name: column(name, hints[name], refers.get(name, "")) for name in names}
        model = _model(name, key, columns, unique, indexes, checks)
        _TABLES[row] = Table(name, row, key, columns, model)
        return row

    return register


def _model(
    name: str,
    key: tuple[str, ...],
    columns: Mapping[str, Column],
    unique: Sequence[tuple[str, ...]],
    indexes: Sequence[tuple[str, ...]],
    checks: Sequence[str],
) -> Any:
    meta: dict[str, Any] = {
        "table_name": name,
        "indexes": [(names, True) for names in unique] + [(names, False) for names in indexes],
        "constraints": [peewee.Check(check) for check in checks],
        "legacy_table_names": False,
    }
    if len(key) > 1:
        meta["primary_key"] = peewee.CompositeKey(*key)
    fields = {column.name: _field(column, primary=key == (column.name,)) for column in columns.values()}
    return type(f"{name}_table", (peewee.Model,), {"Meta": type("Meta", (), meta), **fields})


def _field(column: Column, *, primary: bool) -> Any:
    constraints = [peewee.SQL(f'REFERENCES "{column.references}" ("id")')] if column.references else []
    return column.field(null=column.nullable, primary_key=primary, constraints=constraints)


def table_of(row: type[R]) -> Table[R]:
    """Return the table whose rows these are."""
    return _TABLES[row]


def model_of(row: type[Any]) -> Any:
    """Return the peewee model of a table, for composing a query inside the store."""
    return _TABLES[row].model


def all_tables() -> tuple[Table[Any], ...]:
    """Return every table, parents before the tables that refer to them."""
    ordered: dict[str, Table[Any]] = {}
    waiting = list(_TABLES.values())
    while waiting:
        table = waiting.pop(0)
        parents = {column.references for column in table.columns.values()} - {""}
        if parents <= ordered.keys():
            ordered[table.name] = table
        else:
            waiting.append(table)
    return tuple(ordered.values())
