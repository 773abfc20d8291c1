"""Persons 人 whom cases are about."""

from dataclasses import dataclass
from datetime import date, datetime

from xunfang.store.rows import table


@table(
    "person",
    unique=[("jurisdiction", "id_index")],
    indexes=[("jurisdiction", "residence", "id"), ("jurisdiction", "name", "id")],
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person. Number and phone lie sealed in `sealed`; `id_index` finds an exact number, the masked texts are shown.

    `id_index` is None while no number is known.
    """

    id: str
    jurisdiction: str
    residence: str
    registration: str
    name: str
    created_at: datetime
    id_index: str | None = None
    sealed: bytes | None = None
    masked_id: str = ""
    masked_phone: str = ""
    sex: str = ""
    birth_on: date | None = None
    version: int = 1
