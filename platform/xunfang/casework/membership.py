"""Households 户 and who belongs to them: founded, joined, left, split. Nobody belongs to two at once."""

from collections.abc import Mapping
from datetime import date

from xunfang.casework.draft import Draft
from xunfang.casework.rows import Household, Membership, Person
from xunfang.rules.kinship import HEAD

PATTERN = "户{year}-{n}"
"""How households are numbered 户编号: gapless in a jurisdiction and year."""


def belongs_to(draft: Draft, person: str) -> Membership | None:
    """Return by what somebody belongs to a household now, None where they belong to none."""
    return draft.first(Membership, person=person, left_on=None)


def found(draft: Draft, person: Person, day: date) -> Household:
    """Found a household with a number of its own, with somebody as its head from a day on."""
    household = draft.put(
        Household(
            id=draft.new_id(),
            jurisdiction=person.jurisdiction,
            residence=person.residence,
            number=draft.number(PATTERN),
            opened_at=draft.at,
        )
    )
    join(draft, household, person.id, HEAD, day)
    return household


def join(draft: Draft, household: Household, person: str, relation: str, day: date) -> Membership:
    """Let somebody belong to a household from a day on, in a relation to its head."""
    return draft.put(
        Membership(
            id=draft.new_id(),
            jurisdiction=household.jurisdiction,
            household=household.id,
            person=person,
            relation=relation,
            joined_on=day,
        )
    )


def leave(draft: Draft, membership: Membership, day: date, because: str) -> None:
    """Let somebody belong to a household no more from a day on; one that nobody belongs to has ended."""
    draft.change(membership, left_on=day, left_because=because)
    if not draft.select(Membership, household=membership.household, left_on=None):
        household = draft.find(Household, membership.household)
        assert household is not None
        draft.change(household, ended_at=draft.at)


def split(draft: Draft, person: Person, along: Mapping[str, str], day: date) -> Household:
    """Let somebody leave their household with others, and found one of their own; `along`: who, in which relation."""
    household = None
    for key in (person.id, *along):
        membership = belongs_to(draft, key)
        assert membership is not None
        leave(draft, membership, day, "split")
    household = found(draft, person, day)
    for key, relation in along.items():
        join(draft, household, key, relation, day)
    return household


def free_from(draft: Draft, person: str) -> date:
    """Return the first day on which somebody may belong to a household anew."""
    return max((row.left_on or date.max for row in draft.select(Membership, person=person)), default=date.min)
