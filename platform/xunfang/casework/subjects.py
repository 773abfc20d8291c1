"""What verbs are done to besides tasks: a case as a whole, and a report 上报 as part of a case."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from xunfang.casework.holdings import goes_on
from xunfang.casework.rows import Case, Clue, Entitlement, Holding, Membership, Person, Task


class Whole(NamedTuple):
    """A case with its clues, those that were taken back left out, and its tasks."""

    case: Case
    clues: tuple[Clue, ...] = ()
    tasks: tuple[Task, ...] = ()


class Report(NamedTuple):
    """A clue, seen by whoever handed it in, and the case it lies in."""

    case: Case
    clue: Clue


class Registered(NamedTuple):
    """A person of the registry: what goes on of what they hold and are held to be, and where they belong.

    `others` are those of their household, `to_end` what of theirs may be ended by hand.
    """

    person: Person
    died: bool = False
    membership: Membership | None = None
    others: tuple[Membership, ...] = ()
    categories: tuple[Holding, ...] = ()
    to_end: tuple[Entitlement, ...] = ()


def registered(
    person: Person,
    memberships: Iterable[Membership],
    holdings: Iterable[Holding],
    entitlements: Iterable[Entitlement],
    day: date,
    *,
    died: bool,
) -> Registered:
    """Return a person with what of these rows is theirs and goes on; `memberships` are those of their household."""
    here = [row for row in memberships if row.left_on is None]
    own = next((row for row in here if row.person == person.id), None)
    others = tuple(row for row in here if own and row.household == own.household and row.id != own.id)
    held = tuple(row for row in holdings if row.person == person.id and row.until is None)
    mine = (row for row in entitlements if row.person == person.id and row.source in ENDED_BY_HAND)
    return Registered(person, died, own, others, held, tuple(row for row in mine if goes_on(row, day)))


ENDED_BY_HAND = frozenset({"hand", "list", "import"})
"""By what an entitlement came that is ended by hand; what a case decided is ended by a case."""

Subject = Task | Whole | Report | Registered
"""What a verb is done to."""


def bar_put_away(case: Case) -> str:
    """Return why no paper is made in a case that was archived or ended without an outcome, "" for any other."""
    put_away = case.archived_at or case.ended_as
    return "本案已归档或已作废，不能再制作文书；确需办理的，请先重新办理。" if put_away else ""


def bar_closed(whole: Whole) -> str:
    """Return why a closed case can't be dealt with like one that goes on, "" for one that does."""
    return "本案已经办结，不能再这样办理；确需办理的，请先重新办理。" if whole.case.closed_at else ""
