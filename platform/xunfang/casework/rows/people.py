"""Persons 人 whom cases are about, and what was changed by hand of what is recorded of them."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as one source recorded them; who sees the source, sees the record. Several may have one number: what
    another source recorded is never shown, changed or merged by knowing the number.

    Number and phone lie sealed in `sealed`, and with them all that follows from them but the sex.

    Nothing that is part of a number lies beside it. `id_index` and `phone_index` find an exact number, None while none
    is known.
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
    phone_index: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A change 变更 of what the registry holds, made by hand: what, from which day, as it was and as it is, and why.

    `what` is the verb it was made by, `about` the key of the row that it changed, `field` which of its values. A
    verdict on a question is one too, of no `person`: it is for those who see both records. `by` is the account.
    """

    id: str
    jurisdiction: str
    residence: str
    person: str
    what: str
    made_at: datetime
    by: str
    unit: str
    about: str = ""
    on: date | None = None
    field: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""
    cites: tuple[str, ...] = ()
