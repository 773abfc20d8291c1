"""People 人 of the registry: the list of those in sight, and everything recorded of one of them that is in sight."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xunfang.division import bounds
from xunfang.errors import Refused
from xunfang.rules.entitlements import GRANTED
from xunfang.store.composing import in_few_shapes
from xunfang.store.database import Reader
from xunfang.store.reading.case_file import PersonView, person_view
from xunfang.store.reading.gone import Gone, gone_of
from xunfang.store.reading.paging import LOST, PAGE_LENGTH, Listing, Page, ask_page
from xunfang.store.reading.sight import (
    CASE,
    CLUE,
    ENTITLEMENT,
    PERSON,
    cases_in_sight,
    entitlements_in_sight,
    holdings_in_sight,
    is_county_wide,
    people_in_sight,
)
from xunfang.store.reading.stretches import between_spots
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Entitlement, Holding, Person

WALK = 400
"""Through so many people one page looks for a category: it lies sealed, and no index finds it."""
_NAMESAKES = 20
"""So many of one name in one place are looked at: more than one is nobody in particular."""


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Whom to list: by exact `name`, by the blind `indexes` of a number (one a kind of paper) or that of a `phone`, or
    whoever lives within the scope's division.

    Of those, only who lives in `places` (each with all in it) or `former` ones (each alone), is held to be of a
    `category`, or holds a `programme` on a `day`.
    """

    name: str = ""
    indexes: tuple[str, ...] = ()
    phone: str = ""
    places: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    category: str = ""
    programme: str = ""
    day: date | None = None

    @property
    def place(self) -> str:
        """The division that is looked at, "" for none; all else of `places` is what went before it."""
        return self.places[0] if self.places else ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a page ended that goes from place to place."""

    residence: str
    id: str

    def __str__(self) -> str:
        return f"{self.residence}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Spot | None":
        """Return the spot that a page handed out, None for the first page; raises Refused for any other text."""
        residence, dot, key = text.partition(".")
        if text and not (dot and residence.isalnum() and key.isalnum() and len(text) <= 80):
            raise Refused(LOST, "BAD_CURSOR")
        return cls(residence, key) if text else None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One line of the list: the record, what it is held to be and was given, as far as that is in sight, and since when
    its person is there no more."""

    person: PersonView
    holdings: tuple[Holding, ...]
    entitlements: tuple[Entitlement, ...]
    gone: Gone


def people_page(reader: Reader, scope: Scope, wanted: PeopleFilter, after: str) -> Page[str]:
    """Return the keys of a page of the people in sight: those looked for, or those who live within, place by place."""
    if wanted.name or wanted.indexes or wanted.phone:
        return ask_page(reader, _key, after, _found, scope, wanted.name, wanted.indexes, wanted.phone)
    most = WALK if wanted.category else PAGE_LENGTH
    spots = _walked(reader, scope, wanted, Spot.parse(after), most + 1)
    more = len(spots) > most
    keys = tuple(dict.fromkeys(person for _, person in spots[:most]))
    if wanted.category:
        keys = _of_category(reader, keys, wanted.category)
    return Page(keys, str(spots[most - 1][0]) if more else "")


def people_with(reader: Reader, keys: Sequence[str]) -> list[Person]:
    """Return the records with these keys, in the order of the keys; whether they are in sight was found before."""
    found = {row.id: row for row in reader.ask_rows(Person, _with, in_few_shapes(keys))} if keys else {}
    return [found[key] for key in keys if key in found]


def _with(keys: tuple[str, ...]) -> Any:
    return PERSON.select().where(PERSON.id.in_(keys))


def rows_of(reader: Reader, row: type[Any], people: Iterable[str], in_sight: Any, scope: Scope) -> list[Any]:
    """Return the rows of a table about these people that are in sight, oldest first."""
    wanted = in_few_shapes(dict.fromkeys(people))
    return reader.ask_rows(row, _about, row, in_sight, wanted, scope) if wanted else []


def _about(row: type[Any], in_sight: Any, people: tuple[str, ...], scope: Scope) -> Any:
    model = model_of(row)
    return model.select().where(model.person.in_(people) & in_sight(scope)).order_by(model.id)


def _key(row: Mapping[str, Any]) -> str:
    return str(row["id"])


def _found(scope: Scope, name: str, indexes: tuple[str, ...], phone: str) -> Listing:
    if name:
        wanted = PERSON.name == name
    else:
        wanted = PERSON.id_index.in_(indexes)
        wanted = (wanted | PERSON.id.in_(who_has_phone(scope, phone))) if phone else wanted
    wanted = people_in_sight(scope) & wanted
    return Listing(PERSON.select(PERSON.id).where(wanted), (PERSON.created_at, PERSON.id), newest_first=True)


def who_has_phone(scope: Scope, phone: str) -> Any:
    """Return the query of those whose record, or a report in a case in sight, tells a phone number."""
    recorded, clues = PERSON.alias("reached_at"), CLUE.alias("rung_from")
    own = recorded.select(recorded.id).where(
        (recorded.jurisdiction == scope.jurisdiction) & (recorded.phone_index == phone)
    )
    told = clues.select(clues.case).where((clues.jurisdiction == scope.jurisdiction) & (clues.phone_index == phone))
    return own | CASE.select(CASE.person).where(CASE.id.in_(told) & cases_in_sight(scope))


def _walked(
    reader: Reader, scope: Scope, wanted: PeopleFilter, after: Spot | None, most: int
) -> list[tuple[Spot, str]]:
    """Return the next spots and whom they are of, along the index of places, each stretch of it for itself."""
    found = [
        (Spot(row["residence"], row["id"]), str(row["person"]))
        for low, high in stretches(scope, wanted)
        for row in reader.ask(_stretch, scope, wanted.programme, wanted.day, low, high, after, most)
    ]
    return sorted(found, key=lambda each: (each[0].residence, each[0].id))[:most]


def stretches(scope: Scope, wanted: PeopleFilter) -> tuple[tuple[str, str], ...]:
    """Return the stretches of places that a scope sees all of, or those of the places wanted among them."""
    wide = is_county_wide(scope) and not scope.division
    whole = tuple(map(bounds, (scope.division, *scope.served))) if scope.division else (bounds(""),) if wide else ()
    whole += tuple(map(_alone, scope.former_places)) if scope.division else ()
    if not wanted.places:
        return whole
    asked = (*map(bounds, wanted.places), *map(_alone, wanted.former))
    return tuple(each for each in asked if any(low <= each[0] < high for low, high in whole))


def _alone(code: str) -> tuple[str, str]:
    """Return the stretch of a place without what lies in it."""
    return code, f"{code}0"


def _stretch(scope: Scope, programme: str, day: date | None, low: str, high: str, after: Spot | None, most: int) -> Any:
    if programme:
        return _in_order(_holders(scope, programme, day), ENTITLEMENT, low, high, after, most)
    query = PERSON.select(PERSON.id, PERSON.residence, PERSON.id.alias("person"))
    return _in_order(query.where(PERSON.jurisdiction == scope.jurisdiction), PERSON, low, high, after, most)


def _holders(scope: Scope, programme: str, day: date | None) -> Any:
    """Return the query of those who hold a programme on a day, by where they lived when it was given."""
    held = (ENTITLEMENT.programme == programme) & (ENTITLEMENT.state == GRANTED) & ENTITLEMENT.withdrawn_at.is_null()
    held = held & (ENTITLEMENT.until.is_null() | (ENTITLEMENT.until >= day))
    query = ENTITLEMENT.select(ENTITLEMENT.id, ENTITLEMENT.residence, ENTITLEMENT.person)
    query = query.join(PERSON, on=(PERSON.id == ENTITLEMENT.person))
    return query.where((ENTITLEMENT.jurisdiction == scope.jurisdiction) & held & people_in_sight(scope))


def _in_order(query: Any, table: Any, low: str, high: str, after: Spot | None, most: int) -> Any:
    spot = (after.residence, after.id) if after else None
    query = query.where(between_spots((table.residence, table.id), (low, high), spot))
    return query.order_by(table.residence, table.id).limit(most)


def _of_category(reader: Reader, people: tuple[str, ...], category: str) -> tuple[str, ...]:
    """Return those of these people who are held to be of a category now, in their order."""
    wanted = in_few_shapes(people)
    rows = reader.ask_rows(Holding, _held_now, wanted) if wanted else []
    of_it = {row.person for row in rows if row.category == category}
    return tuple(person for person in people if person in of_it)


def _held_now(people: tuple[str, ...]) -> Any:
    model = model_of(Holding)
    return model.select().where(model.person.in_(people) & model.until.is_null())


def each_of(rows: Iterable[Any]) -> Mapping[str, tuple[Any, ...]]:
    """Return rows by whom they are about."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.person, []).append(row)
    return {person: tuple(theirs) for person, theirs in found.items()}


def person_lines(reader: Reader, scope: Scope, keys: Sequence[str]) -> tuple[PersonLine, ...]:
    """Return the lines of people in sight, in the order of their keys."""
    people = people_with(reader, keys)
    held = each_of(rows_of(reader, Holding, keys, holdings_in_sight, scope))
    given = each_of(rows_of(reader, Entitlement, keys, entitlements_in_sight, scope))
    gone = gone_of(reader, scope, keys)
    views = [person_view(person, reader.database.keys) for person in people]
    return tuple(
        PersonLine(view, held.get(view.id, ()), given.get(view.id, ()), gone.get(view.id, Gone())) for view in views
    )


def namesakes(name: str, residence: str, scope: Scope) -> Any:
    """Return the query of people in sight of one name who live in one place: some, more than one are nobody certain."""
    named = (PERSON.jurisdiction == scope.jurisdiction) & (PERSON.name == name) & (PERSON.residence == residence)
    return PERSON.select().where(named & people_in_sight(scope)).order_by(PERSON.id).limit(_NAMESAKES)
