"""Rolls 发放名册: the list, the lines of one, what they come to by place, and whom a roll is drafted of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Value, fn

from xunfang.errors import NotFound
from xunfang.rules.rosters import Total, total_of
from xunfang.store.composing import in_few_shapes
from xunfang.store.database import Reader
from xunfang.store.reading.case_file import names_of
from xunfang.store.reading.paging import Listing, Page, ask_page, ask_through
from xunfang.store.reading.sight import ENTITLEMENT, of_unit, within
from xunfang.store.rows import model_of, table_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Roll, RollLine

ROLL, LINE = model_of(Roll), model_of(RollLine)
UNCOUNTED = ("drafting", "drafted", "returned", "dropped")
"""How a roll stands by which nobody was promised anything."""
SHOWN = ("all", "flagged", "changed", "held")
"""Which lines of a roll can be shown: all, those to be looked at, those not of the month itself, those held back."""


@dataclass(frozen=True, slots=True)
class RollItem:
    """One line of the list of rolls."""

    id: str
    roster: str
    unit: str
    month: Any
    turn: int
    status: str
    households: int
    insured: int
    cents: int
    release: str


def rolls_in_sight(scope: Scope) -> Any:
    """Return the condition on rolls: those of the unit, of one within the division, or of one that works around it."""
    ours = ROLL.jurisdiction == scope.jurisdiction
    if scope.is_system:
        return ours
    whole = Value(scope.division).cast("TEXT")  # a county's roll is seen from its townships and villages
    around = fn.SUBSTR(whole, 1, fn.LENGTH(ROLL.residence)) == ROLL.residence
    return ours & (of_unit(ROLL.unit, scope) | within(ROLL.residence, scope) | around)


def lines_in_sight(scope: Scope) -> Any:
    """Return the condition on lines: of people living within the division, or of a roll of the unit."""
    ours = LINE.jurisdiction == scope.jurisdiction
    if scope.is_system:
        return ours
    of_ours = LINE.roll.in_(ROLL.select(ROLL.id).where((ROLL.id == LINE.roll) & of_unit(ROLL.unit, scope)))
    return ours & (within(LINE.residence, scope) | of_ours)


@dataclass(frozen=True, slots=True)
class RollsInSight:
    """What a scope sees of rolls; what is out of it does not exist."""

    reader: Reader
    scope: Scope

    def roll(self, key: str) -> Roll:
        """Return a roll in sight; raises NotFound for any other."""
        found = self.reader.ask_rows(Roll, _keyed, key, self.scope)
        if not found:
            raise NotFound()
        return found[0]

    def line(self, roll: str, key: str) -> RollLine:
        """Return a line of a roll, in sight; raises NotFound for any other."""
        found = self.reader.ask_rows(RollLine, _line_keyed, roll, key, self.scope)
        if not found:
            raise NotFound()
        return found[0]

    def page(self, after: str = "") -> Page[RollItem]:
        """Return a page of the rolls in sight, of the newest month first."""
        return ask_through(self.reader, _item, after, _listed, self.scope)

    def lines(self, roll: str, shown: str, after: str = "") -> Page[RollLine]:
        """Return a page of the lines of a roll in sight, by place."""
        page = ask_page(self.reader, _key, after, _SHOWN[shown], self.scope, roll)
        return Page(tuple(found for key in page.items if (found := self.reader.find(RollLine, key))), page.next)

    def totals(self, roll: str) -> tuple[tuple[str, Total], ...]:
        """Return what the lines in sight of a roll come to, by where people live; what is held back is left out."""
        return totals_of(self.reader, self.scope, roll)

    def standing(self, roll: str) -> "Standing":
        """Return how the lines in sight of a roll stand."""
        return standing_of(self.reader, self.scope, roll)

    def names(self, accounts: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those who drafted, reviewed and signed a roll in sight, by their accounts."""
        return names_of(self.reader, [account for account in accounts if account])

    def of_person(self, person: str) -> tuple[RollLine, ...]:
        """Return the lines of a person whom the caller sees, oldest month first."""
        lines = sorted(self.reader.every(RollLine, person=person), key=lambda row: (row.month, row.id))
        rolls = {key: self.reader.find(Roll, key) for key in {line.roll for line in lines}}
        counts = {key for key, roll in rolls.items() if roll and roll.status not in UNCOUNTED}
        return tuple(line for line in lines if line.roll in counts)


def _keyed(key: str, scope: Scope) -> Any:
    return ROLL.select().where((ROLL.id == key) & rolls_in_sight(scope))


def _line_keyed(roll: str, key: str, scope: Scope) -> Any:
    return LINE.select().where((LINE.id == key) & (LINE.roll == roll) & lines_in_sight(scope))


def _listed(scope: Scope) -> Listing:
    query = ROLL.select(*(getattr(ROLL, name) for name in RollItem.__dataclass_fields__))
    through = ROLL.select().where(ROLL.jurisdiction == scope.jurisdiction)
    live = ROLL.status != "dropped"
    return Listing(query.where(rolls_in_sight(scope) & live), (ROLL.month, ROLL.id), newest_first=True, through=through)


def _item(row: Mapping[str, Any]) -> RollItem:
    return RollItem(**{name: row[name] for name in RollItem.__dataclass_fields__})


def _key(row: Mapping[str, Any]) -> str:
    return str(row["id"])


def _lines(scope: Scope, roll: str) -> Listing:
    query = LINE.select(LINE.id, LINE.residence).where((LINE.roll == roll) & lines_in_sight(scope))
    return Listing(query, (LINE.residence, LINE.id))


def _flagged(scope: Scope, roll: str) -> Listing:
    return _of(_lines(scope, roll), LINE.flagged & ~LINE.held_back)


def _changed(scope: Scope, roll: str) -> Listing:
    return _of(_lines(scope, roll), LINE.kind != "regular")


def _held(scope: Scope, roll: str) -> Listing:
    return _of(_lines(scope, roll), LINE.held_back)


def _of(lines: Listing, condition: Any) -> Listing:
    return Listing(lines.query.where(condition), lines.by)


_SHOWN: Mapping[str, Callable[[Scope, str], Listing]] = {
    "all": _lines, "flagged": _flagged, "changed": _changed, "held": _held
}  # fmt: skip
"""A query of its own for each: what is composed once takes values in, not conditions."""


def totals_of(reader: Reader, scope: Scope, roll: str) -> tuple[tuple[str, Total], ...]:
    """Return what the lines in sight of a roll come to, by where people live and what kind of line it is."""
    rows = reader.ask(_sums, scope, roll)
    return tuple(
        (row["residence"], total_of(row["kind"], row["lines"], int(row["insured"] or 0), int(row["cents"] or 0)))
        for row in rows
    )


def _sums(scope: Scope, roll: str) -> Any:
    sums = (fn.COUNT(LINE.id).alias("lines"), fn.SUM(LINE.insured).alias("insured"), fn.SUM(LINE.cents).alias("cents"))
    here = (LINE.roll == roll) & ~LINE.held_back & lines_in_sight(scope)
    return LINE.select(LINE.residence, LINE.kind, *sums).where(here).group_by(LINE.residence, LINE.kind)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many lines of a roll bar it, are to be looked at, are held back, or are not of its month itself."""

    barred: int
    flagged: int
    held: int
    changed: int


def standing_of(reader: Reader, scope: Scope, roll: str) -> Standing:
    """Return how the lines in sight of a roll stand."""
    found = {"barred": 0, "flagged": 0, "held": 0, "changed": 0}
    for row in reader.ask(_standing, scope, roll):
        count = int(row["lines"])
        found["held"] += count if row["held_back"] else 0
        found["barred"] += count if row["barred"] and not row["held_back"] else 0
        found["flagged"] += count if row["flagged"] and not row["held_back"] else 0
        found["changed"] += count if row["kind"] != "regular" else 0
    return Standing(**found)


def _standing(scope: Scope, roll: str) -> Any:
    by = (LINE.kind, LINE.barred, LINE.flagged, LINE.held_back)
    query = LINE.select(*by, fn.COUNT(LINE.id).alias("lines"))
    return query.where((LINE.roll == roll) & lines_in_sight(scope)).group_by(*by)


# whom a roll is drafted of


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody to whom a programme was ever granted, and where the reading goes on after them."""

    person: str
    after: str


def holders_after(reader: Reader, jurisdiction: str, programme: str, after: str, most: int) -> Sequence[Holder]:
    """Return so many of those to whom a programme was ever granted, by place; one may come several times."""
    place, _, key = after.partition("|")
    rows = reader.ask(_holders, jurisdiction, programme, place, key, most)
    return [Holder(row["person"], f"{row['residence']}|{row['id']}") for row in rows]


def _holders(jurisdiction: str, programme: str, place: str, key: str, most: int) -> Any:
    of = (ENTITLEMENT.jurisdiction == jurisdiction) & (ENTITLEMENT.programme == programme)
    beyond = (ENTITLEMENT.residence > place) | ((ENTITLEMENT.residence == place) & (ENTITLEMENT.id > key))
    query = ENTITLEMENT.select(ENTITLEMENT.id, ENTITLEMENT.residence, ENTITLEMENT.person)
    here = of & (ENTITLEMENT.state == "granted") & (ENTITLEMENT.residence >= place) & beyond
    return query.where(here).order_by(ENTITLEMENT.residence, ENTITLEMENT.id).limit(most)


_PLAIN = tuple(name for name in RollLine.__dataclass_fields__ if name not in table_of(RollLine).sealed)


def lines_paid(reader: Reader, people: Sequence[str]) -> list[RollLine]:
    """Return the lines that people have on any roll, without what lies sealed: nobody needs names to reckon."""
    if not people:
        return []
    sealed: dict[str, Any] = dict.fromkeys(table_of(RollLine).sealed, "")
    return [RollLine(**row, **sealed) for row in reader.ask(_paid_to, in_few_shapes(people))]


def _paid_to(people: tuple[str, ...]) -> Any:
    columns = (getattr(LINE, name) for name in _PLAIN)
    return LINE.select(*columns).where(LINE.person.in_(people)).order_by(LINE.id)


def every_line(reader: Reader, roll: str, residences: Iterable[str]) -> Iterable[RollLine]:
    """Yield the lines of a roll that are paid, place by place."""
    for residence in residences:
        for line in reader.every(RollLine, roll=roll, residence=residence):
            if not line.held_back:
                yield line
