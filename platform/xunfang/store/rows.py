"""A table is written once, as a frozen dataclass: callers hold plain rows, never objects that reach the database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar, get_type_hints

import peewee

from xunfang.store.columns import Column, Convert, column
from xunfang.store.sealing import Keys, Place

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """What the store knows of a table: its name, its row class, its columns, and the peewee model made from them."""

    name: str
    row: type[R]
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    model: Any
    sealed: tuple[str, ...] = ()
    envelopes: tuple[str, ...] = ()
    """The columns that hold envelopes: those that rows hold in clear, and those that rows hold as they lie."""
    names: tuple[str, ...] = ()
    encoders: tuple[tuple[int, Convert], ...] = ()
    decoders: tuple[tuple[int, Convert], ...] = ()
    """How the columns of a whole row, by their places, go in and come out that do not lie as they are; nor sealed."""
    closed: tuple[tuple[int, str], ...] = ()
    """The places and names of those that lie sealed."""
    takes: Callable[[Any], Any] = tuple
    puts: tuple[Callable[[R, Any], None], ...] = ()
    """What takes all values out of a row, and puts each into a new one."""

    def read(self, values: Sequence[Any], keys: Keys | None) -> R:
        """Return the row whose stored values, in column order, these are; raises SealBroken."""
        found = list(values)
        for place, decode in self.decoders:
            if (value := found[place]) is not None:
                found[place] = decode(value)
        for place, name in self.closed:
            key = tuple(found[self.names.index(part)] for part in self.key) if found[place] else ()
            found[place] = self._open(name, bytes(found[place]), key, keys)
        row = object.__new__(self.row)  # its __init__ would put each value by name, and look for defaults
        for put, value in zip(self.puts, found, strict=True):
            put(row, value)
        return row

    def opened(self, found: Mapping[str, Any], keys: Keys | None, *key: Any) -> dict[str, Any]:
        """Return values of one row with those that lie sealed opened; the row's key is among them or given."""
        opened = dict(found)
        for name in self.sealed:
            if name in found:
                opened[name] = self._open(
                    name, bytes(found[name]), key or tuple(found[part] for part in self.key), keys
                )
        return opened

    def values(self, row: R, keys: Keys | None) -> tuple[Any, ...]:
        """Return the values of a row as they are stored, in column order."""
        stored = list(self.takes(row))
        for place, encode in self.encoders:
            if (value := stored[place]) is not None:
                stored[place] = encode(value)
        for place, name in self.closed:
            key = tuple(getattr(row, part) for part in self.key) if stored[place] else ()
            stored[place] = self.store(name, stored[place], keys, key)
        return tuple(stored)

    def store(self, name: str, value: Any, keys: Keys | None = None, key: Sequence[Any] = ()) -> Any:
        """Return a value of the named column as it is stored; one to be sealed needs the keys and its row's own key."""
        column = self.columns[name]
        encode = column.encode
        text = value if encode is None or value is None else encode(value)
        if not column.sealed:
            return text
        return b"" if not value else _at_hand(keys).seal(text.encode(), self.place(name, key))

    def _open(self, name: str, envelope: bytes, key: Sequence[Any], keys: Keys | None) -> Any:
        decode = self.columns[name].decode
        if not envelope:
            return decode("{}") if decode else ""
        text = _at_hand(keys).open(envelope, self.place(name, key)).decode()
        return decode(text) if decode else text

    def place(self, name: str, key: Sequence[Any]) -> Place:
        """Return where an envelope of the named column belongs, by the key of its row."""
        if not key:
            raise ValueError(f"{self.name}.{name} lies sealed: it is written and read by the key of its row")
        return Place(self.name, name, "|".join(map(str, key)))


def _at_hand(keys: Keys | None) -> Keys:
    if keys is None:
        raise RuntimeError("the database has not been given its keys")
    return keys


_TABLES: dict[type[Any], Table[Any]] = {}


def table(
    name: str,
    key: tuple[str, ...] = ("id",),
    unique: Sequence[tuple[str, ...]] = (),
    indexes: Sequence[tuple[str, ...]] = (),
    checks: Sequence[str] = (),
    references: Mapping[str, str] | None = None,
    sealed: Sequence[str] = (),
    in_clear: Sequence[str] = (),
    partial: Mapping[str, tuple[tuple[str, ...], str]] | None = None,
) -> Callable[[type[R]], type[R]]:
    """Return a decorator that makes a frozen dataclass the row of a table.

    For a row that knows no database, `references` names the tables its columns refer to, `sealed` what lies sealed.
    Bytes are envelopes, but for those named `in_clear`. `partial`: by name, indexes of the rows that hold a condition.
    """

    def register(row: type[R]) -> type[R]:
        hints = get_type_hints(row, include_extras=True)
        names: Iterable[str] = getattr(row, "__dataclass_fields__")  # noqa: B009
        refers = references or {}
        columns = {name: column(name, hints[name], refers.get(name, ""), sealed=name in sealed) for name in names}
        model = _model(name, key, columns, unique, indexes, checks)
        for index, (columns_of, condition) in (partial or {}).items():
            model.add_index(peewee.SQL(partial_index(index, name, columns_of, condition)))
        closed = tuple(column.name for column in columns.values() if column.sealed)
        blobs = (each.name for each in columns.values() if each.field is peewee.BlobField)
        envelopes = tuple(each for each in blobs if each not in in_clear)
        _TABLES[row] = Table(name, row, key, columns, model, closed, envelopes, *_ways(row, columns.values()))
        return row

    return register


def partial_index(name: str, table: str, columns: Iterable[str], condition: str) -> str:
    """Return the statement that makes an index of the rows of a table that hold a condition."""
    named = ", ".join(f'"{column}"' for column in columns)
    return f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table}" ({named}) WHERE {condition}'


def _ways(row: type[Any], columns: Iterable[Column]) -> tuple[Any, ...]:
    names = tuple(each.name for each in columns)
    lying = [(place, each) for place, each in enumerate(columns) if not each.sealed]
    encoders = tuple((place, each.encode) for place, each in lying if each.encode)
    decoders = tuple((place, each.decode) for place, each in lying if each.decode)
    closed = tuple((place, each.name) for place, each in enumerate(columns) if each.sealed)
    return names, encoders, decoders, closed, attrgetter(*names), tuple(getattr(row, name).__set__ for name in names)


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
