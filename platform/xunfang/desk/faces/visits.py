"""What is owed about people 走访对象 as pages show it: one line each, and what a unit owes as a whole."""

from dataclasses import dataclass
from datetime import date

from xunfang.desk.faces.basis import ClauseFace, DueFace
from xunfang.desk.wording import Standing


@dataclass(frozen=True, slots=True)
class ThingRow:
    """One line: whom to see, where, why, by when; `phones` are masked, `visited_on` is when somebody was there last.

    `made` of `needed` are done; `because` tells why it is owed no more, `button` what is done. `case` and `number` are
    of the case that it is about, if it is about one. `form` is the form it is done with, "" where the rules in force
    have none for it.
    """

    id: str
    person: str
    name: str
    place: str
    residence: str
    phones: tuple[str, ...]
    categories: tuple[str, ...]
    duty: str
    why: tuple[ClauseFace, ...]
    planned_on: date
    due: DueFace
    standing: Standing
    visited_on: date | None
    needed: int
    made: int
    status: str
    status_id: str
    because: str
    button: str
    case: str
    number: str
    form: str
    submission: str


@dataclass(frozen=True, slots=True)
class WholeRow:
    """What the unit owes as a whole: the duty, for which period, by when, and how far it is."""

    id: str
    label: str
    period: str
    due: DueFace
    progress: str
    forms: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class VisitDesk:
    """The page of visits: what the unit owes as a whole, a page of people, and how many wait, are for today, are late.

    `forms` are those by which anybody else is visited.
    """

    wholes: tuple[WholeRow, ...]
    rows: tuple[ThingRow, ...]
    next: str
    counts: dict[str, str]
    forms: tuple[tuple[str, str], ...]
