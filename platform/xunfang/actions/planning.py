"""What is owed about people, found out for some at once: read beside whoever writes, and written in a moment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from xunfang.actions.acting import Act, Look
from xunfang.actions.drawing import stand_in
from xunfang.actions.known import Told, ToldOf, holds_on
from xunfang.actions.wholes import Key, open_whole, wholes_of
from xunfang.casework import Alert, Holding, OwedThing
from xunfang.casework.holdings import entitled
from xunfang.casework.owing import NEWLY, VISIT, Added, Gone, Settled, Somebody, settle, settle_added, settle_rest
from xunfang.clock import local, local_date
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.alerts import concerns, is_on, level_of
from xunfang.rules.conditions import holds
from xunfang.rules.duties import due_since, owing_at
from xunfang.rules.facts import standing
from xunfang.rules.rhythms import Bound
from xunfang.rules.visits import asks_at_once, counting_since, facts_about, visiting_forms, wanted
from xunfang.store import alerts_on, new_id
from xunfang.store.reading.visits import Resident, counts_of, residents, visits_since
from xunfang.worktime import Period

LOOKED_BACK = timedelta(days=35)
"""So long after its period something owed is still looked at with its person: visits are told late."""
_UNIQUE = ("about", "subject", "matter", "every", "begins_on")


@dataclass(frozen=True, slots=True)
class Whole:
    """What a unit owes as a whole, as it was found: "" is yet to be opened, as the `turn`-th of its period."""

    key: str
    status: str
    turn: int = 0


@dataclass(slots=True)
class Plan:
    """What is to be written about some people, as it was found at a moment."""

    at: datetime
    settled: list[Settled] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    opening: dict[Key, int] = field(default_factory=dict)
    since: dict[Key, datetime] = field(default_factory=dict)


class Planning:
    """Finds out what is owed about people, as everything stands that a look shows."""

    def __init__(self, look: Look, rulebook: Rulebook) -> None:
        self.look, self.rulebook, self.day = look, rulebook, local_date(look.at)
        self.plan = Plan(look.at)
        self._events = [event for event in alerts_on(look.tx, rulebook.id) if is_on(event, look.at)]
        self._levels: dict[str, Mapping[str, str]] = {}
        self._standing = standing(rulebook, self.day)
        self._known: dict[tuple[Any, ...], Mapping[str, Bound | None]] = {}
        self._asks: dict[tuple[Any, ...], tuple[str, ...]] = {}
        self._wholes: dict[Key, Whole] = {}
        self._at_once = [duty for duty in rulebook.duties.values() if asks_at_once(duty)]
        self._many: dict[Key, int] = {}

    def people(self, people: Sequence[Mapping[str, Any]]) -> Plan:
        """Return what is to be written about these people."""
        since = self.day - LOOKED_BACK
        found = residents(self.look.tx, people, since, counting_since(self.rulebook, since))
        told = ToldOf(self.look, found)
        for resident in found:
            self._settle(resident, told)
        return self.plan

    def _settle(self, resident: Resident, told: "ToldOf") -> None:
        where = resident.residence or self.rulebook.code
        somebody = Somebody(resident.id, self.rulebook.id, where, resident.things, resident.visits)
        living = resident.alive and resident.stands_for == resident.id
        bounds = self._bounds(resident, where, told) if living else {}
        before = (thing.matter for thing in resident.things if thing.subject == VISIT)  # by rules of then, perhaps
        for form in dict.fromkeys((*visiting_forms(self.rulebook), *before)):
            bound = bounds.get(form)
            if bound or resident.things:
                self.plan.settled += settle(self.rulebook, form, bound, somebody, self.look.at, self._place, new_id)
        for duty in self._at_once:
            asked = list(self._asked(duty, resident)) if living else []
            if asked or resident.things:
                self.plan.settled += settle_added(self.rulebook, duty, somebody, asked, self.look.at)
        for found in settle_rest(self.rulebook, somebody, self.look.at, alive=resident.alive):
            self.plan.gone.append(found) if isinstance(found, Gone) else self.plan.settled.append(found)

    def _asked(self, duty: Duty, resident: Resident) -> Iterator[Added]:
        """Yield when somebody came to be of a category that asks for a visit at once, each day once."""
        place, days = self.rulebook.divisions.follow(resident.residence), set[date]()
        for row in (row for row in resident.holdings if self._holds(row)):
            told = facts_about(place, resident.registration, resident.sex, (row.category,), ())
            day = local_date(row.noted_at)
            if day in days or not holds(duty.for_, {**self._standing, **told}):
                continue
            days.add(day)
            unit = owing_at(self.rulebook, duty, told)
            key, since = (duty.id, unit, "", day), local(row.noted_at)
            known = any((thing.matter, thing.begins_on) == (duty.id, day) for thing in resident.things)
            whole = "" if known or self.look.at - since > NEWLY else self._at_once_of(key, since)
            due = due_since(self.rulebook, duty, unit, since)
            yield Added(new_id(), since, unit, due.due_at if due else since + NEWLY, whole)

    def _at_once_of(self, key: Key, since: datetime) -> str:
        whole = self._wholes.get(key) or self._wholes.setdefault(key, self._found(key))
        if not whole.key:
            self.plan.opening[key] = whole.turn
            self.plan.since.setdefault(key, since)
        return whole.key

    def _bounds(self, resident: Resident, where: str, told: "ToldOf") -> Mapping[str, Bound | None]:
        """Return what binds by each form; found once for all of whom the registry, and forms asked for, tell alike."""
        held = tuple(dict.fromkeys(row.category for row in resident.holdings if self._holds(row)))
        given = tuple(entitled(resident.entitlements, self.day))
        alike = (where, resident.registration, resident.sex, held, given)
        asks = self._asks.get(alike)
        if asks is not None and (known := self._known.get((*alike, *told.by(resident, asks)))) is not None:
            return known
        place = self.rulebook.divisions.follow(resident.residence)
        registered = facts_about(place, resident.registration, resident.sex, held, given)
        facts = Told({**self._standing, **registered}, told, resident)
        levels = self._levels_at(where)
        forms = visiting_forms(self.rulebook)
        found = {form: wanted(self.rulebook, form, facts, self.day, levels) for form in forms}
        asks = self._asks[alike] = tuple(sorted({*(asks or ()), *facts.asked}))
        return self._known.setdefault((*alike, *told.by(resident, asks)), found)

    def _holds(self, row: Holding) -> bool:
        return holds_on(row, self.day)

    def _levels_at(self, place: str) -> Mapping[str, str]:
        if place not in self._levels:
            self._levels[place] = highest(self.rulebook, self._events, place)
        return self._levels[place]

    def _place(self, duty: str, unit: str, period: Period) -> tuple[str, int, str]:
        key = (duty, unit, period.every.value, period.first)
        whole = self._wholes.get(key) or self._wholes.setdefault(key, self._found(key))
        if not whole.key:
            self.plan.opening[key] = whole.turn
        many = self._many[key] = self._many.get(key, self._held(whole)) + 1
        return whole.key, many - 1, whole.status

    def _held(self, whole: Whole) -> int:
        return sum(counts_of(self.look.tx, [whole.key]).get(whole.key, {}).values()) if whole.key else 0

    def _found(self, key: Key) -> Whole:
        rows = wholes_of(self.look.tx, self.rulebook, key)
        for row in reversed(rows):
            if row.ended_at is None or row.status == "waived":
                return Whole(row.id, row.status)
        return Whole("", "", max((row.turn for row in rows), default=-1) + 1)


def highest(rulebook: Rulebook, events: Iterable[Alert], place: str) -> dict[str, str]:
    """Return the highest level at which each kind of event stands in a place."""
    found: dict[str, str] = {}
    for event in events:
        kind, level = rulebook.alerts.get(event.kind), level_of(event)
        if kind and concerns(event, place):
            before = found.get(event.kind, "")
            found[event.kind] = level if not before or kind.rank(level) > kind.rank(before) else before
    return found


def carry_through(act: Act, rulebook: Rulebook, plan: Plan) -> set[str]:
    """Write a plan down; returns what units owe as a whole and may have come to an end by it.

    What somebody else changed meanwhile is left to whoever did.
    """
    opened = {key: open_whole(act, rulebook, key, turn, plan.since.get(key)) for key, turn in plan.opening.items()}
    for gone in plan.gone:
        stand_in(act, rulebook, gone.thing, gone.because)
    settled = [_in_its_whole(one, opened) for one in plan.settled]
    act.tx.insert_all_unless([one.after for one in settled if one.before is None], *_UNIQUE)
    for one in settled:
        if one.before:
            _change(act, one.before, one.after)
    ended = {gone.thing.period for gone in plan.gone}
    return ended | {row.period for one in settled for row in (one.before, one.after) if row}


def late_news(act: Act, plan: Plan) -> list[str]:
    """Return the people of a plan who were visited after it was found out."""
    people = [one.after.person for one in plan.settled if one.before is None]
    return visits_since(act.tx, people, plan.at) if people else []


def _in_its_whole(one: Settled, opened: Mapping[Key, str]) -> Settled:
    row = one.after
    key = (row.duty, row.unit, row.every, row.begins_on)
    return one if row.period else replace(one, after=replace(row, period=opened[key]))


def _change(act: Act, before: OwedThing, after: OwedThing) -> None:
    names = (name for name in OwedThing.__dataclass_fields__ if getattr(before, name) != getattr(after, name))
    act.tx.update(
        OwedThing, {"id": before.id, "version": before.version}, {name: getattr(after, name) for name in names}
    )
