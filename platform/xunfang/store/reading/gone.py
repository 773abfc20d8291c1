"""Who is there no more: of the people of a list, who died, and who moved out of the household they belonged to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xunfang.casework.upkeep import DIED
from xunfang.store.composing import in_few_shapes
from xunfang.store.database import Reader
from xunfang.store.reading.questions import SAME, questions_about
from xunfang.store.reading.sight import amendments_in_sight, memberships_in_sight
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Amendment, Membership

MOVED = "moved"
_AMENDMENT, _MEMBERSHIP = model_of(Amendment), model_of(Membership)


@dataclass(frozen=True, slots=True)
class Gone:
    """That somebody is there no more: since when they are dead, or left their household for another place."""

    died: date | None = None
    moved: date | None = None


def gone_of(reader: Reader, scope: Scope, people: Sequence[str]) -> Mapping[str, Gone]:
    """Return, by their keys, who of these people is there no more, as far as that is in sight.

    A death counts for a person whichever of their records it was written down on.
    """
    if not people:
        return {}
    records = _records(reader, scope, people)
    died = _deaths(reader, scope, (key for keys in records.values() for key in keys))
    moved = _moves(reader, scope, people)
    found = {
        key: Gone(next((died[one] for one in keys if one in died), None), moved.get(key))
        for key, keys in records.items()
    }
    return {key: gone for key, gone in found.items() if gone != Gone()}


def _records(reader: Reader, scope: Scope, people: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the records of each of these people: their own first, then those found to be of the same person."""
    found: dict[str, tuple[str, ...]] = {key: (key,) for key in people}
    for each in questions_about(reader, scope, people):
        for one, other in ((each.person, each.other), (each.other, each.person)):
            if each.verdict == SAME and one in found:
                found[one] += (other,)
    return found


def _deaths(reader: Reader, scope: Scope, people: Iterable[str]) -> Mapping[str, date]:
    found = reader.ask_rows(Amendment, _died, in_few_shapes(dict.fromkeys(people)), scope)
    return {row.person: row.on for row in found if row.on}


def _died(people: tuple[str, ...], scope: Scope) -> Any:
    written = _AMENDMENT.person.in_(people) & (_AMENDMENT.field == DIED)
    return _AMENDMENT.select().where(written & amendments_in_sight(scope))


def _moves(reader: Reader, scope: Scope, people: Sequence[str]) -> Mapping[str, date]:
    """Return since when who belongs to no household any more has moved out of the last."""
    last: dict[str, Membership] = {}
    for row in reader.ask_rows(Membership, _belonged, in_few_shapes(people), scope):
        there = last.get(row.person)
        if there is None or (there.left_on and (row.left_on is None or row.left_on >= there.left_on)):
            last[row.person] = row
    return {key: row.left_on for key, row in last.items() if row.left_on and row.left_because == MOVED}


def _belonged(people: tuple[str, ...], scope: Scope) -> Any:
    return _MEMBERSHIP.select().where(_MEMBERSHIP.person.in_(people) & memberships_in_sight(scope))
