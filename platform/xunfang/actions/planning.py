"""What is owed about people, found out for some at once: read beside whoever writes, and written in a moment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from xunfang.actions.acting import Act, Look
from xunfang.actions.drawing import stand_in
from xunfang.actions.known import Hearing, Told, ToldOf, holds_on
from xunfang.actions.wholes import Key, open_wholes, wholes_in
from xunfang.casework import Alert, DutyPeriod, Holding, OwedThing
from xunfang.casework.holdings import entitled
from xunfang.casework.owing import NEWLY, VISIT, Added, Gone, Settled, Somebody, settle, settle_added, settle_rest
from xunfang.clock import local, local_date
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.alerts import concerns, is_on, level_of
from xunfang.rules.conditions import holds
from xunfang.rules.duties import due_since, owing_at
from xunfang.rules.facts import standing
from xunfang.rules.rhythms import Ask, Bound, asks, strictest_of
from xunfang.rules.visits import asks_at_once, counting_since, facts_about, visiting_forms
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


@dataclass(slots=True)
class Alike:
    """What asks for visits to people, found once for all of whom everything is alike that it goes by.

    It holds for one day, by the same rules, while the same events are on. What was heard of people stays.
    """

    hearing: Hearing
    of: tuple[Any, ...] = ()
    facts: dict[tuple[Any, ...], tuple[str, ...]] = field(default_factory=dict)
    asks: dict[tuple[Any, ...], tuple[tuple[Ask, ...], ...]] = field(default_factory=dict)

    def on(self, *of: Any) -> "Alike":
        """Return the same as far as it still holds."""
        if self.of != of:
            self.of = of
            self.facts.clear()
            self.asks.clear()
        return self


class Planning:
    """Finds out what is owed about people, as everything stands that a look shows."""

    def __init__(self, look: Look, rulebook: Rulebook, alike: Alike | None = None) -> None:
        self.look, self.rulebook, self.day = look, rulebook, local_date(look.at)
        self.plan = Plan(look.at)
        self._events = [event for event in alerts_on(look.tx, rulebook.id) if is_on(event, look.at)]
        self._levels: dict[str, Mapping[str, str]] = {}
        self._standing = standing(rulebook, self.day)
        self._forms = visiting_forms(rulebook)
        stand = tuple((event.id, level_of(event)) for event in self._events)
        self._alike = (alike or Alike(Hearing())).on(rulebook, self.day, stand)
        self._bound: dict[tuple[Any, ...], Mapping[str, Bound | None]] = {}
        self._wholes: dict[Key, Whole] = {}
        self._ahead: set[Key] = set()
        self._at_once = [duty for duty in rulebook.duties.values() if asks_at_once(duty)]
        self._many: dict[Key, int] = {}

    def people(self, people: Sequence[Mapping[str, Any]]) -> Plan:
        """Return what is to be written about these people."""
        self.until_full(people, len(people))
        return self.plan

    def until_full(self, people: Sequence[Mapping[str, Any]], most: int) -> int:
        """Find out what is to be written about people, until more units are to be told of something new than `most`.

        Returns about how many of them that was found out.
        """
        since = self.day - LOOKED_BACK
        found = residents(self.look.tx, people, since, counting_since(self.rulebook, since))
        told = ToldOf(self.look, found, self._alike.hearing)
        binding = [self._bounds(each, told) if _counts(each) else {} for each in found]
        self._ahead |= {_whole_of(bound) for bounds in binding for bound in bounds.values() if bound}
        for done, (resident, bounds) in enumerate(zip(found, binding, strict=True)):
            if len(self.plan.opening) > most:
                return done
            self._settle(resident, bounds)
        return len(found)

    def _settle(self, resident: Resident, bounds: Mapping[str, Bound | None]) -> None:
        where, living = resident.residence or self.rulebook.code, _counts(resident)
        somebody = Somebody(resident.id, self.rulebook.id, where, resident.things, resident.visits)
        if not (bounds or resident.things or resident.holdings):
            return
        before = (thing.matter for thing in resident.things if thing.subject == VISIT)  # by rules of then, perhaps
        for form in dict.fromkeys((*self._forms, *before)):
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
        opened = any(thing.matter == duty.id for thing in resident.things)
        for row in (row for row in resident.holdings if self._holds(row) and (opened or self._is_new(row))):
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

    def _is_new(self, row: Holding) -> bool:
        return self.look.at - local(row.noted_at) <= NEWLY

    def _at_once_of(self, key: Key, since: datetime) -> str:
        whole = self._whole(key)
        if not whole.key:
            self.plan.opening[key] = whole.turn
            self.plan.since.setdefault(key, since)
        return whole.key

    def _bounds(self, resident: Resident, told: "ToldOf") -> Mapping[str, Bound | None]:
        """Return what binds by each form; found once for each place of all whom it is asked of alike."""
        where = resident.residence or self.rulebook.code
        asked = self._asked_of(resident, where, told)
        if not any(asked):
            return {}
        key = (where, resident.registration, id(asked))
        if (known := self._bound.get(key)) is None:
            place = self.rulebook.divisions.follow(resident.residence)
            here = facts_about(place, resident.registration, resident.sex, (), ())
            bounds = (strictest_of(self.rulebook, each, here, self.day) for each in asked)
            known = dict(zip(self._forms, (bound if bound and bound.unit else None for bound in bounds), strict=True))
            self._bound[key] = known
        return known

    def _asked_of(self, resident: Resident, where: str, told: "ToldOf") -> tuple[tuple[Ask, ...], ...]:
        """Return what asks for visits by each form; found once for all of whom everything is alike that it goes by."""
        held = tuple(dict.fromkeys(row.category for row in resident.holdings if self._holds(row)))
        given = tuple(entitled(resident.entitlements, self.day))
        anywhere = (resident.sex, held, given)
        here = (where, resident.registration, *anywhere)
        for alike in (anywhere, here):
            facts = self._alike.facts.get(alike)
            if facts is not None and (known := self._alike.asks.get((*alike, *told.by(resident, facts)))) is not None:
                return known
        return self._ask_anew(resident, anywhere, here, told)

    def _ask_anew(
        self, resident: Resident, anywhere: tuple[Any, ...], here: tuple[Any, ...], told: "ToldOf"
    ) -> tuple[tuple[Ask, ...], ...]:
        sex, held, given = anywhere
        place, levels = self.rulebook.divisions.follow(resident.residence), self._levels_at(str(here[0]))
        facts = Told({**self._standing, **facts_about(place, resident.registration, sex, held, given)}, told, resident)
        found = tuple(tuple(asks(self.rulebook, form, facts, self.day, levels)) for form in self._forms)
        alike = here if facts.placed else anywhere
        names = self._alike.facts[alike] = tuple(sorted({*self._alike.facts.get(alike, ()), *facts.asked}))
        return self._alike.asks.setdefault((*alike, *told.by(resident, names)), found)

    def _holds(self, row: Holding) -> bool:
        return holds_on(row, self.day)

    def _levels_at(self, place: str) -> Mapping[str, str]:
        if place not in self._levels:
            self._levels[place] = highest(self.rulebook, self._events, place)
        return self._levels[place]

    def _place(self, duty: str, unit: str, period: Period) -> tuple[str, int, str]:
        key = (duty, unit, period.every.value, period.first)
        whole = self._whole(key)
        if not whole.key:
            self.plan.opening[key] = whole.turn
        many = self._held(key)
        self._many[key] = many + 1
        return whole.key, many, whole.status

    def _held(self, key: Key) -> int:
        """Return how many things a whole holds; those of all that were found are counted at once."""
        if key not in self._many:
            there = {each: whole.key for each, whole in self._wholes.items() if each not in self._many}
            counts = counts_of(self.look.tx, [found for found in there.values() if found])
            self._many |= {each: sum(counts.get(found, {}).values()) for each, found in there.items()}
        return self._many[key]

    def _whole(self, key: Key) -> Whole:
        """Return what a unit owes as a whole; all that these people may be placed in is found at once."""
        if key not in self._wholes:
            wanted, self._ahead = {key, *self._ahead} - self._wholes.keys(), set()
            self._wholes |= {
                each: _found(rows) for each, rows in wholes_in(self.look.tx, self.rulebook, wanted).items()
            }
        return self._wholes[key]


def _counts(resident: Resident) -> bool:
    """Return whether visits are owed to somebody: who lives, under the one record that stands for them."""
    return resident.alive and resident.stands_for == resident.id


def _whole_of(bound: Bound) -> Key:
    return bound.ask.duty.id, bound.unit, bound.period.every.value, bound.period.first


def _found(rows: Sequence[DutyPeriod]) -> Whole:
    """Return what is owed as a whole by these: what is open, else what was waived, where nothing else came of it."""
    turn = max((row.turn for row in rows), default=-1)
    latest = [row for row in rows if row.turn == turn]
    going = [row for row in rows if row.ended_at is None]
    if going or (latest and all(row.status == "waived" for row in latest)):
        last = (going or latest)[-1]
        return Whole(last.id, last.status)
    return Whole("", "", turn + 1)


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
    opened = open_wholes(act, rulebook, plan.opening, plan.since)
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
