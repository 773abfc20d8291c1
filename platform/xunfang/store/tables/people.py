"""Persons 人 whom cases are about."""

from dataclasses import dataclass
from datetime import datetime

from xunfang.store.rows import table


@table(
    "person",
    unique=[("jurisdiction", "id_index")],
    indexes=[("jurisdiction", "residence", "id"), ("jurisdiction", "name", "id")],
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person. Number and phone lie sealed in `sealed`, and with them all that follows from them but the sex.

    Nothing that is part of a number lies beside it. `id_index` finds an exact number and is None while none is known.
    """

    id: str
    jurisdiction: str
    residence: str
    registration: str
    name: str
    created_at: datetime
    id_index: str | None = None
    sealed: bytes | None = None
    sex: str = ""
    version: int = 1
