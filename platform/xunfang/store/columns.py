"""How Python values lie in the database: moments as whole seconds, days as ISO text, structures as JSON text.

What people typed lies sealed: the envelope of the text that would have lain there, see `Sealed`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import peewee

Convert = Callable[[Any], Any]
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_TEXT = json.encoder.encode_basestring
_CHUNKS = json.encoder.c_make_encoder(None, _ENCODER.default, _TEXT, None, ":", ",", True, False, False)  # type: ignore[attr-defined]
"""What `_ENCODER` makes anew for each value, which costs more than a value as small as ours."""
_SCAN = json.JSONDecoder().raw_decode
_EMPTY: Mapping[type[Any], str] = {dict: "{}", list: "[]", tuple: "[]"}


def to_seconds(moment: datetime) -> int:
    """Return a moment as seconds since 1970 UTC; raises ValueError when it has no zone (a guess would be wrong)."""
    if moment.tzinfo is None:
        raise ValueError(f"a stored moment needs a zone: {moment!r}")
    return int(moment.timestamp())


def from_seconds(seconds: int) -> datetime:
    """Return the UTC moment that lies so many seconds after 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def to_json(value: Any) -> str:
    """Return a value as JSON text: keys sorted, no spaces, Chinese left as it is; refuses NaN."""
    return _EMPTY[type(value)] if type(value) in _EMPTY and not value else "".join(_CHUNKS(value, 0))


def from_json(text: str) -> Any:
    """Return the value that a JSON text tells; raises ValueError."""
    value, end = _SCAN(text)
    return value if end == len(text) else json.loads(text)


@lru_cache(maxsize=4096)
def to_strings(text: str) -> tuple[str, ...]:
    """Return the tuple of strings that a JSON text tells; the same few are told by row after row."""
    return tuple(from_json(text))


class MomentField(peewee.BigIntegerField):
    """An aware moment, kept as whole seconds UTC."""

    def db_value(self, value: datetime | int | None) -> int | None:
        """Return the seconds to store."""
        return to_seconds(value) if isinstance(value, datetime) else value

    def python_value(self, value: int | None) -> datetime | None:
        """Return the stored moment, in UTC."""
        return None if value is None else from_seconds(value)


class DayField(peewee.TextField):
    """A calendar day, kept as ISO text."""

    def db_value(self, value: date | str | None) -> str | None:
        """Return the text to store."""
        return value.isoformat() if isinstance(value, date) else value

    def python_value(self, value: str | None) -> date | None:
        """Return the stored day."""
        return None if value is None else date.fromisoformat(value)


class JsonField(peewee.TextField):
    """A structure of plain values, kept as JSON text."""

    def db_value(self, value: Any) -> str | None:
        """Return the text to store."""
        return None if value is None else to_json(value)

    def python_value(self, value: str | None) -> Any:
        """Return the stored structure."""
        return None if value is None else from_json(value)


class StringsField(JsonField):
    """A tuple of strings, kept as JSON text."""

    def python_value(self, value: str | None) -> tuple[str, ...] | None:
        """Return the stored tuple."""
        return None if value is None else to_strings(value)


@dataclass(frozen=True, slots=True)
class References:
    """Marks a column, by `Annotated`, as the key of a row in another table that must exist."""

    table: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """Marks a column, by `Annotated`, whose text lies on the disk as an envelope only its own row opens.

    Rows hold it in clear; nothing can be looked for by it. An empty text or structure is no secret and stays empty.
    """


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, whether it may be empty, what it refers to, and how values go in and come out.

    Of a `sealed` one, `encode` and `decode` tell of the text inside the envelope.
    """

    name: str
    nullable: bool
    references: str
    field: type[Any]
    encode: Convert | None
    decode: Convert | None
    sealed: bool = False

    @property
    def is_flag(self) -> bool:
        """Whether it holds true or false, which databases store differently."""
        return issubclass(self.field, peewee.BooleanField)


_KINDS: Mapping[Any, tuple[type[Any], Convert | None, Convert | None]] = {
    str: (peewee.TextField, None, None),
    int: (peewee.BigIntegerField, None, None),
    bool: (peewee.BooleanField, None, bool),
    bytes: (peewee.BlobField, None, bytes),
    datetime: (MomentField, to_seconds, from_seconds),
    date: (DayField, date.isoformat, date.fromisoformat),
    tuple[str, ...]: (StringsField, to_json, to_strings),
}
_JSON = (JsonField, to_json, from_json)


def column(name: str, annotation: Any, references: str = "", *, sealed: bool = False) -> Column:
    """Return the column that a field of a row with this annotation needs; whatever is no plain type is JSON."""
    if get_origin(annotation) is Annotated:
        annotation, mark = get_args(annotation)
        references, sealed = (mark.table, False) if isinstance(mark, References) else ("", True)
    nullable = get_origin(annotation) in (Union, UnionType)
    if nullable:
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    field, encode, decode = _KINDS.get(annotation, _JSON)
    return Column(name, nullable, references, peewee.BlobField if sealed else field, encode, decode, sealed)
