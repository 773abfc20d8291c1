"""Persons 人 whom cases are about, and the questions 疑问 that two records of one number raise."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from xunfang.store.columns import References
from xunfang.store.rows import table


@table(
    "person",
    indexes=[("jurisdiction", "id_index"), ("jurisdiction", "residence", "id"), ("jurisdiction", "name", "id")],
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as one source recorded them; who sees the source, sees the record. Several may have one number: what
    another source recorded is never shown, changed or merged by knowing the number.

    Number and phone lie sealed in `sealed`, and with them all that follows from them but the sex.

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


@table("question", unique=[("person", "other")], indexes=[("other",)])
@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whether two records of one number are one person; it is for those who see both. `case` raised it by `person`.

    `verdict` is "", "same" or "different". A record asked about itself is one whose sex the number contradicts.
    """

    id: str
    jurisdiction: str
    case: Annotated[str, References("case")]
    person: Annotated[str, References("person")]
    other: Annotated[str, References("person")]
    asked_at: datetime
    verdict: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""
    version: int = 1
