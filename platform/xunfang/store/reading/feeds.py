"""Lists of departments: pages of them and of the people in them, and what is known of those people."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from operator import attrgetter
from typing import Any

from peewee import SQL, fn

from xunfang.errors import NotFound
from xunfang.rules.openings import PREFIX, acts_for
from xunfang.store.database import Reader
from xunfang.store.listed import people_in
from xunfang.store.reading.duties import OF_TASK, DutyItem
from xunfang.store.reading.paging import PAGE_LENGTH, Listing, Page, ask_page
from xunfang.store.reading.sight import (
    CASE,
    DISPATCH,
    DUTY,
    ENTITLEMENT,
    OF_DUTY,
    TASK,
    deliveries_in_sight,
    of_unit,
    openings_in_sight,
)
from xunfang.store.rows import model_of
from xunfang.store.scope import Scope
from xunfang.store.tables import Delivery, ListedPerson, ListedStretch

DELIVERY, LISTED, STRETCH = model_of(Delivery), model_of(ListedPerson), model_of(ListedStretch)
_SHOWN = (
    "id", "feed", "unit", "to", "name", "status", "counts", "received_at", "handed_at", "ended_at", "owed", "release",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeliveryItem:
    """One line of the list of lists."""

    id: str
    feed: str
    unit: str
    to: tuple[str, ...]
    name: str
    status: str
    counts: Mapping[str, int]
    received_at: datetime
    handed_at: datetime | None
    ended_at: datetime | None
    owed: str
    release: str


def delivery_page(reader: Reader, scope: Scope, after: str, openings: tuple[str, ...] = ()) -> Page[DeliveryItem]:
    """Return a page of the lists in sight, those handed in last first; or of these kinds of an opening balance."""

    def item(row: Mapping[str, Any]) -> DeliveryItem:
        found = reader.opened(Delivery, {name: row[name] for name in _SHOWN})
        return DeliveryItem(**found)

    return ask_page(reader, item, after, _listed, scope, openings)


def _listed(scope: Scope, openings: tuple[str, ...]) -> Listing:
    seen = openings_in_sight(scope, openings) if openings else deliveries_in_sight(scope)
    query = DELIVERY.select(*(getattr(DELIVERY, name) for name in _SHOWN)).where(seen)
    return Listing(query, (DELIVERY.received_at, DELIVERY.id), newest_first=True)


def listed_people(
    reader: Reader, delivery: str, verdict: str, after: int, most: int = PAGE_LENGTH
) -> list[ListedPerson]:
    """Return some people of a list, in its order, of one verdict: those by themselves and those in stretches."""
    own = reader.ask_rows(ListedPerson, _people, delivery, verdict, after, most)
    together = list(islice(_in_stretches(reader, delivery, verdict, after), most))
    return sorted((*own, *together), key=attrgetter("n"))[:most]


def _people(delivery: str, verdict: str, after: int, most: int) -> Any:
    query = LISTED.select().where((LISTED.delivery == delivery) & (LISTED.verdict == verdict) & (LISTED.n > after))
    return query.order_by(LISTED.n).limit(most)


def _in_stretches(reader: Reader, delivery: str, verdict: str, after: int) -> Iterator[ListedPerson]:
    """Yield the people of a verdict that lie in stretches, but those who stand by themselves meanwhile."""
    keys = reader.database.keys
    assert keys is not None
    while found := reader.fetch(_stretch(delivery, verdict, after)):
        stretch = ListedStretch(**{**found[0], "told": bytes(found[0]["told"])})
        alone = {row["n"] for row in reader.fetch(_alone(delivery, stretch.first, stretch.last))}
        yield from (each for each in people_in(stretch, keys) if each.n > after and each.n not in alone)
        after = stretch.last


def _stretch(delivery: str, verdict: str, after: int) -> Any:
    mine = (STRETCH.delivery == delivery) & (STRETCH.verdict == verdict) & (STRETCH.last > after)
    return STRETCH.select().where(mine).order_by(STRETCH.last).limit(1)


def _alone(delivery: str, first: int, last: int) -> Any:
    """Ask who of some people of a list stands by themselves: more than lie in a stretch there cannot be."""
    query = LISTED.select(LISTED.n).where((LISTED.delivery == delivery) & LISTED.n.between(first, last))
    return query.limit(last - first + 1)


def used_up(reader: Reader, delivery: str, verdict: str, last: int) -> list[str]:
    """Return the stretches of a verdict of which everybody up to the `last` stands by themselves now."""
    mine = (STRETCH.delivery == delivery) & (STRETCH.verdict == verdict) & (STRETCH.last <= last)
    rows = reader.fetch(STRETCH.select(STRETCH.id).where(mine).order_by(STRETCH.last).limit(PAGE_LENGTH))
    return [row["id"] for row in rows]


def every_listed(reader: Reader, delivery: str, verdict: str) -> Iterator[ListedPerson]:
    """Yield all people of a list of one verdict, page by page."""
    after, most = -1, 500
    while page := listed_people(reader, delivery, verdict, after, most):
        yield from page
        after = page[-1].n


def everybody_on(reader: Reader, delivery: str) -> Iterator[ListedPerson]:
    """Yield all people of a list, of every verdict: those that stand by themselves first."""
    yield from reader.every(ListedPerson, delivery=delivery)
    verdicts = reader.fetch(STRETCH.select(STRETCH.verdict).where(STRETCH.delivery == delivery).distinct())
    for row in verdicts:
        yield from _in_stretches(reader, delivery, row["verdict"], -1)


@dataclass(frozen=True, slots=True)
class Known:
    """A record of a person: where they live, what they are called, by the index of their number."""

    id: str
    id_index: str
    name: str
    residence: str


def known_people(reader: Reader, jurisdiction: str, indexes: Collection[str], names: Collection[str]) -> list[Known]:
    """Return the records of these numbers, and those of these names, each once."""
    found: dict[str, Known] = {}
    told, mine = ("id", "id_index", "name", "residence"), {"jurisdiction": jurisdiction}
    for column, values in (("id_index", indexes), ("name", names)):
        rows = reader.among("person", told, mine, column, values)
        found |= {key: Known(key, index or "", name, residence) for key, index, name, residence in rows}
    return list(found.values())


def held_by(reader: Reader, people: Collection[str], day: date) -> dict[str, list[str]]:
    """Return the programmes that people hold on a day, as far as they were written down."""
    if not people:
        return {}
    holds = (ENTITLEMENT.state == "granted") & ENTITLEMENT.withdrawn_at.is_null()
    holds &= ENTITLEMENT.until.is_null() | (ENTITLEMENT.until >= day)
    query = ENTITLEMENT.select(ENTITLEMENT.person, ENTITLEMENT.programme)
    found: dict[str, list[str]] = {}
    for row in reader.fetch(query.where(holds & ENTITLEMENT.person.in_(list(people)))):
        found.setdefault(row["person"], []).append(row["programme"])
    return found


def open_cases_of(reader: Reader, people: Collection[str], flow: str) -> dict[str, str]:
    """Return the case that goes on of each of these people in a flow."""
    if not people:
        return {}
    ongoing = CASE.person.in_(list(people)) & (CASE.flow == flow) & CASE.closed_at.is_null()
    rows = reader.fetch(CASE.select(CASE.id, CASE.person).where(ongoing).order_by(CASE.opened_at))
    return {row["person"]: row["id"] for row in rows}


def opened_before(reader: Reader, jurisdiction: str, digests: Sequence[str]) -> set[str]:
    """Return which of these rows became clues of an earlier list that was not undone."""
    where = {"jurisdiction": jurisdiction, "verdict": "new"}
    rows = reader.among("listed_person", ("digest", "submission"), where, "digest", digests)
    return {digest for digest, submission in rows if submission}


def acted_on(reader: Reader, delivery: str) -> int:
    """Return in how many cases somebody has acted that came of a list, up to a page of them."""
    tasks = TASK.select(SQL("1")).where(
        (TASK.case == LISTED.case)
        & (TASK.claimed_at.is_null(False) | TASK.status.in_(["done", "returned", "transferred"]))
    )
    decided = DISPATCH.select(SQL("1")).where((DISPATCH.case == LISTED.case) & (DISPATCH.decided_by != ""))
    came = (LISTED.delivery == delivery) & (LISTED.verdict == "new") & (LISTED.case != "")
    query = LISTED.select(LISTED.id).where(came & (fn.EXISTS(tasks) | fn.EXISTS(decided))).limit(PAGE_LENGTH)
    return len(reader.fetch(query))


def listed_so_far(reader: Reader, delivery: str) -> int:
    """Return how many people of a list were written down so far."""
    rows = reader.fetch(STRETCH.select(fn.SUM(STRETCH.count).alias("n")).where(STRETCH.delivery == delivery))
    return int(rows[0]["n"] or 0)


def opened_so_far(reader: Reader, delivery: str) -> int:
    """Return of how many new people of a list there is a clue."""
    opened = (LISTED.delivery == delivery) & (LISTED.verdict == "new") & (LISTED.submission != "")
    return int(reader.fetch(LISTED.select(fn.COUNT(SQL("1")).alias("n")).where(opened))[0]["n"])


_MOST_OWED = 100


def owed_by(reader: Reader, scope: Scope) -> list[tuple[DutyItem, str, int]]:
    """Return what a unit still owes under duties, oldest first, each with its task and the version of that."""
    own = [getattr(DUTY, name) for name in DutyItem.__dataclass_fields__ if name not in OF_TASK]
    theirs = [getattr(TASK, name) for name in OF_TASK]
    query = DUTY.select(*own, *theirs, TASK.id.alias("task"), TASK.version.alias("task_version"))
    query = query.join(TASK, on=OF_DUTY)
    open_ = (DUTY.jurisdiction == scope.jurisdiction) & of_unit(DUTY.unit, scope) & DUTY.ended_at.is_null()
    rows = reader.fetch(query.where(open_).order_by(DUTY.opened_at, DUTY.id).limit(_MOST_OWED))
    found = []
    for row in rows:
        item = DutyItem(**{name: row[name] for name in DutyItem.__dataclass_fields__})
        found.append((item, str(row["task"]), int(row["task_version"])))
    return found


@dataclass(frozen=True, slots=True)
class ListsInSight:
    """Reads lists of departments within a scope."""

    reader: Reader
    scope: Scope

    def one(self, delivery: str) -> Delivery:
        """Return a list that the unit handed in, or that was handed over to it; raises NotFound for any other."""
        found = self.reader.ask_rows(Delivery, _in_sight, delivery, self.scope)
        if not found:
            raise NotFound()
        return found[0]

    def opening(self, delivery: str) -> Delivery:
        """Return a list of an opening balance that the unit brought, of a kind that its reader may bring."""
        found = self.reader.ask_rows(Delivery, _brought, delivery, self.scope)
        if not found or self.scope.acts.isdisjoint(acts_for(found[0].feed)):
            raise NotFound()
        return found[0]

    def openings(self, kinds: tuple[str, ...], after: str = "") -> Page[DeliveryItem]:
        """Return a page of the unit's lists of an opening balance, of these kinds, newest first."""
        return delivery_page(self.reader, self.scope, after, kinds)

    def page(self, after: str = "") -> Page[DeliveryItem]:
        """Return a page of the lists in sight, those handed in last first."""
        return delivery_page(self.reader, self.scope, after)

    def people(self, delivery: Delivery, verdict: str, after: int) -> list[ListedPerson]:
        """Return some people of a list in sight, in its order."""
        return listed_people(self.reader, delivery.id, verdict, after)

    def with_problems(self, delivery: Delivery) -> Iterator[ListedPerson]:
        """Yield all people of a list in sight with whom something is wrong."""
        return every_listed(self.reader, delivery.id, "bad")

    def that_stay(self, delivery: Delivery) -> Iterator[ListedPerson]:
        """Yield the rows of an opening balance that was undone which stay as they are."""
        return every_listed(self.reader, delivery.id, "new") if delivery.status == "undone" else iter(())

    def read_so_far(self, delivery: Delivery) -> int:
        """Return how many people of a list in sight were read so far."""
        return listed_so_far(self.reader, delivery.id)

    def opened_so_far(self, delivery: Delivery) -> int:
        """Return of how many people of a list in sight there is a clue."""
        return opened_so_far(self.reader, delivery.id)

    def owed(self) -> list[tuple[DutyItem, str, int]]:
        """Return what the unit still owes under duties, oldest first, each with its task and version."""
        return owed_by(self.reader, self.scope)


def _in_sight(delivery: str, scope: Scope) -> Any:
    return DELIVERY.select().where((DELIVERY.id == delivery) & deliveries_in_sight(scope)).limit(1)


def _brought(delivery: str, scope: Scope) -> Any:
    ours = (DELIVERY.jurisdiction == scope.jurisdiction) & of_unit(DELIVERY.unit, scope)
    behind = (DELIVERY.feed >= PREFIX) & (DELIVERY.feed < f"{PREFIX[:-1]};")
    return DELIVERY.select().where((DELIVERY.id == delivery) & ours & behind).limit(1)
