"""The register as the year finds it: households that were helped before, with their members and categories."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from xunfang.casework.rows import Entitlement, Holding, Household, Membership, Person
from xunfang.clock import local_date
from xunfang.identity import RESIDENT, paper_key, sex
from xunfang.store import new_id, transaction
from xunfang.store.reading.case_file import person_place
from year.aid import Help
from year.county import County
from year.people import Invented
from year.register import Known

BEFORE = timedelta(days=40)
"""So long before the year began what is held at its beginning was decided."""
PIECE = 300
SHARES = (0.8, 0.9)
"""Up to which share households are on allowance, and up to which on support of the destitute."""
RELATIONS = ("spouse", "child", "parent")


Found = list[tuple[str, str, Help | None]]
"""Everybody in the register: their key, where they live, and what they have."""


def open_register(county: County, people: Sequence[Invented], chance: Random) -> tuple[Found, dict[str, Known]]:
    """Write down who was helped when the year began; returns what the recount cannot know from the year's events:
    who has what, and who is on record as what.
    """
    opening = _Opening(county, chance)
    rows = [row for n, one in enumerate(people) for row in opening.household(n, one)]
    for at in range(0, len(rows), PIECE):
        with transaction(county.database, county.jurisdiction) as tx:
            for row in rows[at : at + PIECE]:
                tx.insert(row)
    return opening.found, {row.id: _known(row, opening) for row in rows if isinstance(row, Person)}


def _known(row: Person, opening: "_Opening") -> Known:
    one, held = opening.told.get(row.id), opening.held.get(row.id, "")
    number, phone = (one.id_number, one.phone) if one else ("", "")
    return Known(row.name, number, phone, row.sex, row.registration, ((held, f"{opening.day}"),) if held else ())


class _Opening:
    def __init__(self, county: County, chance: Random) -> None:
        self.county, self.chance, self.book = county, chance, county.now()
        self.at = county.at - BEFORE
        self.day = local_date(self.at)
        self.found: Found = []
        self.told, self.held = dict[str, Invented](), dict[str, str]()
        self.kinds = [entry.id for entry in self.book.lists["category"].entries.values() if not entry.retired]
        held = [one for one in self.book.programmes.values() if one.held and one.held.category in self.kinds]
        self.programmes = [one.id for one in held][:2]

    def household(self, n: int, head: Invented) -> Iterator[Any]:
        """Yield the rows of one household: its members, what it holds, and what its head is held to be."""
        base = {"jurisdiction": self.county.jurisdiction, "residence": head.village}
        person, home = self._person(head), new_id()
        yield person
        self.found.append((person.id, head.village, None))
        yield Household(id=home, number=f"{self.day.year}-{n + 1:05}", opened_at=self.at, **base)
        yield self._member(home, person, "head")
        others = self.chance.choice((0, 0, 1, 1, 2))
        for _ in range(others):
            other = Person(
                id=new_id(), registration=head.village, name=f"{head.name[0]}{self.chance.choice('佳晓雨思')}{n}",
                created_at=self.at, **base,
            )  # fmt: skip
            yield other
            self.found.append((other.id, head.village, None))
            yield self._member(home, other, self.chance.choice(RELATIONS))
        yield from self._held(person, home, 1 + others, base)

    def _held(self, person: Person, home: str, size: int, base: dict[str, str]) -> Iterator[Any]:
        share, kind = self.chance.random(), self.chance.choice(self.kinds)
        place = next((n for n, limit in enumerate(SHARES) if share < limit), -1)
        if 0 <= place < len(self.programmes):
            programme = self.book.programmes[self.programmes[place]]
            cents = self.chance.randrange(30_000, 120_000)
            yield Entitlement(
                id=new_id(), person=person.id, programme=programme.id, state="granted", since=self.day,
                decided_at=self.at, unit="", cents=cents, members=size, source="list", household=home, **base,
            )  # fmt: skip
            helped = Help(person.id, programme.id, "granted", self.day, None, cents, size, f"{self.day:%Y-%m}")
            self.found.append((person.id, person.residence, helped))
            kind = programme.held.category if self.chance.random() < 0.7 else kind
        self.held[person.id] = kind
        yield Holding(
            id=new_id(), person=person.id, category=kind, since=self.day, noted_at=self.at, source="list", **base
        )

    def _person(self, one: Invented) -> Person:
        key, keys = new_id(), self.county.keys
        self.told[key] = one
        secrets = {"id_number": one.id_number, "phone": one.phone, "id_kind": RESIDENT}
        return Person(
            id=key, jurisdiction=self.county.jurisdiction, residence=one.village, registration=one.village,
            name=one.name, created_at=self.at, id_index=keys.blind_index(paper_key(RESIDENT, one.id_number)),
            sealed=keys.seal_values(secrets, person_place(key)), sex=sex(one.id_number),
        )  # fmt: skip

    def _member(self, home: str, person: Person, relation: str) -> Membership:
        return Membership(
            id=new_id(), jurisdiction=person.jurisdiction, household=home, person=person.id, relation=relation,
            joined_on=self.day,
        )  # fmt: skip
