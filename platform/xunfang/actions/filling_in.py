"""Filling the registry 补记 for cases decided before it was kept: a handful of people in each transaction."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.loading import draft_of
from xunfang.casework import Case, Entitlement, Holding, Person
from xunfang.casework.filling import FILL, Past, decided_in, told_in, written
from xunfang.casework.holdings import goes_on
from xunfang.clock import local_date
from xunfang.errors import RulebookError
from xunfang.store import connection, new_id

PIECE = 50
"""So many people are filled in at once, so that nobody waits for long."""
_REASON = "补记救助对象档案"


@dataclass(frozen=True, slots=True)
class Filled:
    """What a handful of people were filled in with: how many people, entitlements and categories, cases left out."""

    people: int = 0
    entitlements: int = 0
    categories: int = 0
    unreadable: int = 0

    def __add__(self, other: "Filled") -> "Filled":
        """Return both together."""
        return Filled(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


def fill_registry(deployment: Deployment, jurisdiction: str, at: datetime, *, dry: bool) -> Iterator[Filled]:
    """Fill in what is amiss for all people of a jurisdiction, and yield what was done of each handful; dry: nothing is.

    Done again, it does nothing.
    """
    for people in _handfuls(deployment, jurisdiction):
        with acting(deployment, machinery(jurisdiction, _REASON), at) as act:
            done = sum((_fill(act, person, dry=dry) for person in people), Filled())
            if not dry and done.entitlements + done.categories:
                act.event("registry.filled", data={"count": done.entitlements + done.categories})
        yield done


def _handfuls(deployment: Deployment, jurisdiction: str) -> Iterator[Sequence[str]]:
    with connection(deployment.database, jurisdiction) as reader:
        people = [person.id for person in reader.every(Person, jurisdiction=jurisdiction)]
    for first in range(0, len(people), PIECE):
        yield people[first : first + PIECE]


def _fill(act: Act, person: str, *, dry: bool) -> Filled:
    pasts, told, unreadable = _decided(act, person)
    before = {row.id: row for row in act.tx.every(Entitlement, person=person)}
    after = written(before.values(), pasts, new_id)
    new = [row for key, row in after.items() if key not in before]
    holdings = _holdings(act, person, told, after.values())
    if not dry:
        act.tx.insert_all([*new, *holdings])
        for key, row in before.items():
            _follow(act, row, after[key])
    return Filled(int(bool(new or holdings)), len(new), len(holdings), unreadable)


def _decided(act: Act, person: str) -> tuple[list[Past], list[tuple[Case, Any]], int]:
    """Return what was decided of a person, what reports told, and how many cases stand on rules nobody can read."""
    pasts: list[Past] = []
    told: list[tuple[Case, Any]] = []
    unreadable = 0
    for case in act.tx.every(Case, person=person):
        unreadable += 1
        with suppress(KeyError, RulebookError):
            draft = draft_of(act, case)
            pasts += decided_in(draft, case)
            told += [(case, each) for each in told_in(draft, case)]
            unreadable -= 1
    return pasts, told, unreadable


def _follow(act: Act, before: Entitlement, after: Entitlement) -> None:
    if before != after:
        change = {"until": after.until, "follows": after.follows}
        act.tx.update(Entitlement, {"id": before.id, "version": before.version}, change)


def _holdings(act: Act, person: str, told: list[tuple[Case, Any]], given: Any) -> list[Holding]:
    """Return the categories that are amiss: told by a report, or of whoever holds a programme today."""
    known = {row.category for row in act.tx.every(Holding, person=person)}
    found: list[Holding] = []
    for case, (clue, category, since) in told:
        if category not in known:
            known.add(category)
            found.append(_holding(act, case, category, since, submission=clue.submission))
    programmes, day = act.rules().programmes, local_date(act.at)
    for row in (row for row in given if row.source == FILL and row.state == "granted" and goes_on(row, day)):
        category = programmes[row.programme].held.category if row.programme in programmes else ""
        if category and category not in known:
            known.add(category)
            found.append(_holding(act, act.case(row.case), category, row.since, submission=row.submission))
    return found


def _holding(act: Act, case: Case, category: str, since: Any, *, submission: str) -> Holding:
    return Holding(
        id=new_id(),
        jurisdiction=case.jurisdiction,
        residence=case.residence,
        person=case.person,
        category=category,
        since=since,
        noted_at=act.at,
        source=FILL,
        case=case.id,
        submission=submission,
    )
