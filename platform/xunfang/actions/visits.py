"""Visits 走访 that are owed: planned for everybody day by day, in pieces; for one person as soon as they change."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from xunfang.actions.acting import Act, Look, acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.handling import carry_out
from xunfang.actions.known import Hearing
from xunfang.actions.planning import LOOKED_BACK, Alike, Plan, Planning, carry_through, late_news
from xunfang.actions.wholes import wholes_of
from xunfang.casework import Asked, DutyPeriod, OwedThing, Task, Visit
from xunfang.casework.jobs import PLAN_VISITS, SETTLE_VISITS
from xunfang.casework.visited import anybody_after, whole_after
from xunfang.clock import Now, local_date
from xunfang.division import bounds
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.duties import done_by_anybody, owing_at
from xunfang.rules.rhythms import Made, counting
from xunfang.rules.units import places_of
from xunfang.rules.visits import asked_of_people, is_visiting
from xunfang.store import Job, Reader, Transaction, connection
from xunfang.store.reading.visits import (
    counts_of,
    open_wholes,
    overlooked,
    people_after,
    people_with,
    visits_made,
)
from xunfang.worktime import Every, period_of

PIECE = 250
"""So many people are planned for in one transaction."""
MOST_OPENED = 8
"""A piece ends where more than so many units would be told of something new: that takes longest."""
LOOKED, CLOSED = 200, 20
"""So much of what units owe as a whole is looked at together, and so much of it at most ended in one transaction."""
_REASON = "计划走访"
_MOST_COUNTED = 400


def begin_visits(deployment: Deployment, at: datetime) -> None:
    """Put the job that plans the visits of today, once for each day and release, where any are owed."""
    for jurisdiction, rulebook in deployment.rulebooks.current.items():
        if any(_is_planned(duty) for duty in rulebook.duties.values()):
            key = f"{PLAN_VISITS}:{jurisdiction}:{local_date(at).isoformat()}:{rulebook.digest[:16]}"
            with acting(deployment, machinery(jurisdiction, _REASON), at) as act:
                act.jobs([act.new_job(PLAN_VISITS, key, _payload(key, 0, "people", "", ""), at)])


def _is_planned(duty: Duty) -> bool:
    return is_visiting(duty) or duty.sample is not None


def _payload(key: str, piece: int, part: str, after: str, place: str) -> dict[str, Any]:
    return {"key": key, "piece": piece, "part": part, "after": after, "place": place}


@dataclass(frozen=True, slots=True)
class Piece:
    """What one piece of planning found: a plan, or what may have come to an end; and where the next one begins."""

    part: str
    after: str = ""
    place: str = ""
    plan: Plan | None = None
    stale: tuple[OwedThing, ...] = ()
    wholes: tuple[str, ...] = ()
    over: bool = False


class VisitPlanning:
    """The worker's part: plans for some people, then looks whether what units owe as a whole has come to an end."""

    brief = False

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now
        self._alike: dict[str, Alike] = {}

    def prepare(self, job: Job) -> Piece:
        """Return the next piece, read while others write."""
        at, of = self.now(), job.jurisdiction
        rulebook = self.deployment.rulebooks.of(of).on(local_date(at))
        with connection(self.deployment.database, of) as reader, reader.by_keys():
            look = Look(reader, self.deployment, machinery(of, _REASON), at)
            if job.payload["part"] == "people":
                return _next_people(look, rulebook, job.payload, self._known(rulebook))
            found: dict[str, Any] = {"stale": _next_stale, "wholes": _next_wholes}
            piece: Piece = found[str(job.payload["part"])](look, rulebook, job.payload)
            return piece

    def _known(self, rulebook: Rulebook) -> Alike:
        """Return what was found and heard of the jurisdiction so far, as long as its rules ask for the same."""
        names, known = asked_of_people(rulebook), self._alike.get(rulebook.id)
        if known is None or known.hearing.names != names:
            known = self._alike[rulebook.id] = Alike(Hearing(names))
        return known

    def finish(self, tx: Transaction, job: Job, prepared: Piece) -> None:
        """Write a piece down, and put the job for the next."""
        act = Act(tx, self.deployment, machinery(job.jurisdiction, _REASON), self.now())
        rulebook = act.rules()
        if prepared.plan:
            carry_through(act, rulebook, prepared.plan)
            settle_later(act, late_news(act, prepared.plan))
        for thing in prepared.stale:
            values = {"status": "missed", "ended_at": act.at}
            tx.update(OwedThing, {"id": thing.id, "version": thing.version, "status": "owed"}, values)
        for key in prepared.wholes:
            end_if_over(act, rulebook, key)
        if not prepared.over:
            piece, key = int(job.payload["piece"]) + 1, str(job.payload["key"])
            payload = _payload(key, piece, prepared.part, prepared.after, prepared.place)
            act.jobs([act.new_job(PLAN_VISITS, f"{key}:{piece}", payload, act.at)])


def _next_people(look: Look, rulebook: Rulebook, payload: Any, alike: Alike) -> Piece:
    after = (str(payload["place"]), str(payload["after"]))
    people = people_after(look.tx, rulebook.id, after, PIECE)
    plan = Planning(look, rulebook, alike)
    done = plan.until_full(people, MOST_OPENED)
    if not done:
        return Piece("stale", plan=plan.plan)
    last = people[done - 1]
    part = "stale" if done == len(people) < PIECE else "people"
    if part == "stale":
        return Piece("stale", plan=plan.plan)
    return Piece("people", last["id"], last["residence"], plan.plan)


def _next_stale(look: Look, rulebook: Rulebook, payload: Any) -> Piece:
    """What was owed for a period long over, and is of nobody that was looked at, is missed."""
    stale = overlooked(look.tx, rulebook.id, local_date(look.at) - LOOKED_BACK, PIECE)
    return Piece("stale" if len(stale) == PIECE else "wholes", stale=tuple(stale))


def _next_wholes(look: Look, rulebook: Rulebook, payload: Any) -> Piece:
    names = [duty.id for duty in rulebook.duties.values() if _is_planned(duty)]
    found = open_wholes(look.tx, rulebook.id, names, str(payload["after"]), LOOKED)
    things, today = counts_of(look.tx, [row.id for row in found]), local_date(look.at)
    is_over = (row for row in found if _after(look.tx, rulebook, row, today, things)[0])
    over = [row.id for row in islice(is_over, CLOSED)]
    if len(over) == CLOSED:
        return Piece("wholes", over[-1], wholes=tuple(over))
    return Piece("wholes", found[-1].id if found else "", wholes=tuple(over), over=len(found) < LOOKED)


def settle_later(act: Act, people: Iterable[str]) -> None:
    """Put the job that finds out anew what is owed about some people."""
    wanted = sorted(set(filter(None, people)))
    if wanted:
        key = f"{SETTLE_VISITS}:{wanted[0]}:{act.at.isoformat()}"
        act.jobs([act.new_job(SETTLE_VISITS, key, {"people": wanted}, act.at)])


class VisitSettling:
    """The worker's part: finds out anew what is owed about some people."""

    brief = True

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now

    def prepare(self, job: Job) -> None:
        """Everything is found out where it is written."""

    def finish(self, tx: Transaction, job: Job, prepared: None) -> None:
        """Settle what is owed about them."""
        act = Act(tx, self.deployment, machinery(job.jurisdiction, _REASON), self.now())
        settle_now(act, [str(key) for key in job.payload["people"]])


def as_machine(act: Act) -> Act:
    """Return an act in which the machinery goes on: it does what follows of what somebody did."""
    return replace(act, actor=machinery(act.actor.jurisdiction, _REASON))


def settle_now(act: Act, people: Sequence[str]) -> None:
    """Find out, within an act, what is owed about some people as everything stands by it, and write that down."""
    if not people:
        return
    rulebook = act.rules()
    of_machine = as_machine(act)
    plan = Planning(of_machine, rulebook).people(people_with(act.tx, people))
    for key in sorted(carry_through(of_machine, rulebook, plan)):
        end_if_over(of_machine, rulebook, key)


def take_in(act: Act, visit: Visit) -> None:
    """Let a visit that was just made do what is owed: about its person, and by the units that owe visits to anybody."""
    if visit.person:
        settle_now(act, [visit.person])
    rulebook = act.rules()
    of_machine = as_machine(act)
    for whole in _of_anybody(act, rulebook, visit):
        end_if_over(of_machine, rulebook, whole.id)


def _of_anybody(act: Act, rulebook: Rulebook, visit: Visit) -> Iterator[DutyPeriod]:
    """Yield what units owe that a visit to anybody does, open in the period that it was made in."""
    for duty in rulebook.duties.values():
        if duty.satisfied_by == visit.form and done_by_anybody(duty):
            unit = owing_at(rulebook, duty, {"residence": visit.residence})
            yield from (row for row in _open_in(act, rulebook, duty, unit, visit.visited_on) if row.ended_at is None)


def _open_in(act: Act, rulebook: Rulebook, duty: Duty, unit: str, day: date) -> list[DutyPeriod]:
    """Return what a unit owes under a duty for the period of a day, or once while an event is on."""
    if duty.every:
        period = period_of(duty.every, day, duty.starting)
        return wholes_of(act.tx, rulebook, (duty.id, unit, period.every.value, period.first))
    same: dict[str, Any] = {"jurisdiction": rulebook.id, "duty": duty.id, "every": "", "ended_at": None}
    return act.tx.select(DutyPeriod, unit=unit, **same)


def end_if_over(act: Act, rulebook: Rulebook, key: str) -> None:
    """End what a unit owes as a whole, if nothing of it is left, or its time is."""
    whole, task = act.tx.find(DutyPeriod, key), act.tx.first(Task, about=key)
    if whole is None or task is None or whole.ended_at:
        return
    status, things = _after(act.tx, rulebook, whole, local_date(act.at), counts_of(act.tx, [key]))
    if status:
        payload = {"status": status, "things": things}
        carry_out(act, Asked(verb="end-whole", actor=act.actor, task=task.id, payload=payload), whole)


def _after(
    reader: Reader, rulebook: Rulebook, whole: DutyPeriod, today: date, counts: Mapping[str, dict[str, int]]
) -> tuple[str, dict[str, int]]:
    """Return how a whole ends as it stands now, "" while it does not, and how its things stand, of these `counts`."""
    duty = rulebook.duties.get(whole.duty)
    if duty and done_by_anybody(duty):
        last = _last_day(whole)
        made = _made_to_anybody(reader, rulebook, duty, whole, (whole.begins_on, last))
        return anybody_after(made, duty.at_least, last, today), {}
    things = counts.get(whole.id, {})
    return whole_after(things), things


def _last_day(whole: DutyPeriod) -> date:
    """Return the last day of what a unit owes; what it owes once while an event is on goes on until that is closed."""
    return period_of(Every(whole.every), whole.begins_on, whole.begins_on).last if whole.every else date.max


def _made_to_anybody(reader: Reader, rulebook: Rulebook, duty: Duty, whole: DutyPeriod, days: tuple[date, date]) -> int:
    made: list[Made] = []
    for place in places_of(rulebook, whole.unit):
        found = visits_made(reader, whole.jurisdiction, duty.satisfied_by, bounds(place), days, _MOST_COUNTED)
        made += (Made(on, way) for on, way in found)
    return len(counting(duty, made).counted)
