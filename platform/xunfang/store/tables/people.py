"""Persons 人 whom cases are about, and the questions 疑问 that two records of one number raise."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from xunfang.casework.rows import Amendment, Person
from xunfang.store.columns import References
from xunfang.store.rows import table

table(
    "person",
    indexes=[
        ("jurisdiction", "id_index"),
        ("jurisdiction", "residence", "id"),
        ("jurisdiction", "name", "id"),
        ("jurisdiction", "phone_index"),
    ],
)(Person)

table(
    "amendment",
    indexes=[("person",), ("about",)],
    checks=["residence <> ''"],
    sealed=("before", "after", "reason"),
)(Amendment)


@table("question", unique=[("person", "other")], indexes=[("other",)])
@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whether two records of one number are one person; it is for those who see both. `case` raised it by `person`.

    `verdict` is "", "same", "different" or "unsure"; why is told by the amendments about it.
    A record asked about itself is one whose sex the number contradicts.
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


__all__ = ["Amendment", "Person", "Question"]
