"""Draws 抽取: of the registry, and of cases, at the begin of a period; and who stands in for one that has gone."""

import secrets
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from xunfang.actions.acting import Act, Look, acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.handling import carry_out
from xunfang.actions.known import ToldOf, known_of
from xunfang.actions.loading import draft_of
from xunfang.actions.wholes import open_whole
from xunfang.casework import Asked, Case, Drawing, DutyPeriod, OwedThing, Task
from xunfang.casework.drawing import Candidate, Made, least_left, lots_in, make, may_stand_in
from xunfang.casework.facts import case_facts
from xunfang.casework.jobs import DRAW_SAMPLES
from xunfang.clock import SHANGHAI, Now, local_date, parse
from xunfang.division import bounds
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.drawing import lot_of, next_after
from xunfang.rules.duties import duty_due, owing_at
from xunfang.rules.occasions import CLOSED, ENTERED, PlannedDraw, counted_within, draws, draws_on, falls_on
from xunfang.rules.units import follow_unit, former_units, places_of
from xunfang.store import Job, Reader, Transaction, connection
from xunfang.store.reading.drawing import Touched, cases_within, drawings_within, people_within
from xunfang.store.reading.visits import Resident, people_with, residents
from xunfang.worktime import Period

PIECE = 200
"""So many people, or cases, are looked at in a row."""
MOST_TRIED = 200
"""So many are looked at for one who can stand in."""
_REASON = "抽取"
_TOUCHED = {ENTERED: Touched.OPEN}
After = tuple[str, str]
"""Where the last of some lived, and its key."""


def begin_draws(deployment: Deployment, at: datetime) -> None:
    """Put the job that draws what is to be drawn by today, once for each day and release, where anything is."""
    for jurisdiction, rulebook in deployment.rulebooks.current.items():
        if any(draws(duty) for duty in rulebook.duties.values()):
            key = f"{DRAW_SAMPLES}:{jurisdiction}:{local_date(at).isoformat()}:{rulebook.digest[:16]}"
            with acting(deployment, machinery(jurisdiction, _REASON), at) as act:
                act.jobs([act.new_job(DRAW_SAMPLES, key, {"key": key, "after": ""}, at)])


@dataclass(frozen=True, slots=True)
class Ready:
    """A draw that was made and is to be written down."""

    planned: PlannedDraw
    made: Made


class SampleDrawing:
    """The worker's part: looks who, or what, one unit draws from, and draws; then the next."""

    brief = False

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now

    def prepare(self, job: Job) -> Generator[None, None, Ready | None]:
        """Return the next draw with what is drawn from, read while others write; None where none is left."""
        at, of = self.now(), job.jurisdiction
        rulebook = self.deployment.rulebooks.of(of).on(local_date(at))
        with connection(self.deployment.database, of) as reader:
            left = list(_left(reader, rulebook, str(job.payload["after"]), at))
        for planned in left:
            found = yield from self._drawn_from(rulebook, planned, at)
            if found:
                return Ready(planned, self._made(rulebook, planned, found))
        return None

    def _made(self, rulebook: Rulebook, planned: PlannedDraw, found: list[Candidate]) -> Made:
        """Draw beside whoever writes: of a whole county that takes longer than anybody should wait."""
        duty, within = planned.duty, counted_within(planned.duty, planned.period.first)
        assert duty.sample is not None
        with connection(self.deployment.database, rulebook.id) as reader:
            earlier = drawings_within(reader, rulebook.id, duty.id, planned.unit, within) if within else []
        least = least_left(duty.sample.minimum, earlier)
        days = planned.period if planned.of_cases else None
        return make(rulebook, duty, found, secrets.token_hex(8), least, days)

    def _drawn_from(
        self, rulebook: Rulebook, planned: PlannedDraw, at: datetime
    ) -> Generator[None, None, list[Candidate]]:
        found: list[Candidate] = []
        for place in places_of(rulebook, planned.unit):
            after: After | None = ("", "")
            while after:
                with connection(self.deployment.database, rulebook.id) as reader:
                    look = Look(reader, self.deployment, machinery(rulebook.id, _REASON), at)
                    some, after = _page(look, rulebook, planned, place, after)
                found += some
                yield
        return found

    def finish(self, tx: Transaction, job: Job, prepared: Ready | None) -> None:
        """Draw, unless that was done meanwhile, and put the job for the next."""
        if prepared is None:
            return
        act = Act(tx, self.deployment, machinery(job.jurisdiction, _REASON), self.now())
        rulebook = act.rules()
        if not _drawn_before(tx, rulebook, prepared.planned):
            _draw(act, rulebook, prepared)
        key, after = str(job.payload["key"]), prepared.planned.key
        act.jobs([act.new_job(DRAW_SAMPLES, f"{key}:{after}", {"key": key, "after": after}, act.at)])


def _left(reader: Reader, rulebook: Rulebook, after: str, at: datetime) -> Iterator[PlannedDraw]:
    """Yield the draws of today that were not made, in the order of duty and unit; none whose time is up."""
    for planned in sorted(draws_on(rulebook, local_date(at)), key=lambda one: one.key):
        late = not planned.of_cases and duty_due(planned.duty, planned.period, rulebook.calendar).due_at <= at
        if planned.key > after and not late and not _drawn_before(reader, rulebook, planned):
            yield planned


def _drawn_before(reader: Reader, rulebook: Rulebook, planned: PlannedDraw) -> bool:
    units = (planned.unit, *former_units(rulebook, planned.unit))
    same = {"jurisdiction": rulebook.id, "duty": planned.duty.id, "every": planned.period.every.value}
    return any(reader.first(Drawing, unit=unit, begins_on=planned.period.first, **same) for unit in units)


def _draw(act: Act, rulebook: Rulebook, ready: Ready) -> None:
    planned, duty = ready.planned, ready.planned.duty
    key = (duty.id, planned.unit, planned.period.every.value, planned.period.first)
    whole = act.tx.find(DutyPeriod, open_whole(act, rulebook, key, 0, act.at if planned.of_cases else None))
    task = act.tx.first(Task, about=whole.id) if whole else None
    assert whole is not None
    assert task is not None
    payload = {"made": ready.made}
    carry_out(act, Asked(verb="draw-sample", actor=act.actor, task=task.id, payload=payload), whole)


def _page(
    look: Look, rulebook: Rulebook, planned: PlannedDraw, place: str, after: After
) -> tuple[list[Candidate], After | None]:
    """Return some of what a unit draws from within a place, and where to go on, None at the end."""
    if planned.of_cases:
        on = Touched.CLOSED if planned.duty.on in CLOSED else _TOUCHED.get(planned.duty.on, Touched.OPENED)
        cases = cases_within(look.tx, rulebook.id, bounds(place), on, _moments(planned.period), after[1], PIECE)
        there: Sequence[Resident | Case] = cases
    else:
        there = residents(look.tx, people_within(look.tx, rulebook.id, bounds(place), after, PIECE), date.max, {})
    told = ToldOf(look, [one for one in there if isinstance(one, Resident)])
    found = (_candidate(look, told, rulebook, planned, one) for one in there)
    beyond = (there[-1].residence, there[-1].id) if len(there) == PIECE else None
    return [one for one in found if one], beyond


def _moments(period: Period) -> tuple[datetime, datetime]:
    after = period.last + timedelta(days=1)
    return datetime.combine(period.first, time(), SHANGHAI), datetime.combine(after, time(), SHANGHAI)


def _candidate(
    look: Look, told: ToldOf, rulebook: Rulebook, planned: PlannedDraw, one: Resident | Case
) -> Candidate | None:
    """Return as what somebody, or a case, goes into a draw; None where it is not drawn from."""
    duty, unit = planned.duty, planned.unit
    if isinstance(one, Resident):
        facts: Mapping[str, Any] = known_of(told, rulebook, one, local_date(look.at))
        fits = one.alive and one.stands_for == one.id
        person, residence = one.id, one.residence
    else:
        state = _entered(duty, one, planned.period) if duty.on == ENTERED else one.state
        facts, fits = _facts(look, rulebook, duty, one, state), bool(state) and owing_here(rulebook, duty, one) == unit
        person, residence = one.person, one.residence
    assert duty.sample is not None
    if not fits or not falls_on(duty, facts):
        return None
    return Candidate(lot_of(duty.sample, one.id, facts), person, residence)


def owing_here(rulebook: Rulebook, duty: Duty, case: Case) -> str:
    """Return the unit that owes a duty about a case."""
    return owing_at(rulebook, duty, {"residence": rulebook.divisions.follow(case.residence)})


def _entered(duty: Duty, case: Case, period: Period) -> str:
    """Return the state that a case entered within a period and a duty asks for, "" where there is none."""
    for state, at in case.entered.items():
        within = period.first <= local_date(parse(str(at))) <= period.last
        if within and falls_on(duty, {"case.flow": case.flow, "case.state": state}):
            return state
    return ""


def _facts(look: Look, rulebook: Rulebook, duty: Duty, case: Case, state: str) -> dict[str, Any]:
    """Return what conditions may ask of a case; its forms are opened only where a duty asks anything at all."""
    asks = duty.for_ is not None or bool(duty.sample and duty.sample.strata)
    known = case_facts(draft_of(look, case), case) if asks and duty.on != ENTERED else {}
    place = {"residence": rulebook.divisions.follow(case.residence)}
    return {**known, **place, "case.flow": case.flow, "case.state": state, "case.outcome": case.outcome}


def stand_in(act: Act, rulebook: Rulebook, thing: OwedThing, because: str) -> None:
    """Let one that was drawn be checked no more, and the next stand in for it, where the rule has it so."""
    whole, task = act.tx.find(DutyPeriod, thing.period), act.tx.first(Task, about=thing.period)
    drawing = act.tx.first(Drawing, period=thing.period)
    if whole is None or task is None or whole.ended_at:
        return
    duty = rulebook.duties.get(whole.duty)
    instead = _next(act, rulebook, duty, drawing, thing) if duty and drawing and may_stand_in(duty) else None
    payload = {"thing": thing.id, "because": because, "instead": instead}
    carry_out(act, Asked(verb="redraw", actor=act.actor, task=task.id, payload=payload), whole)


def _next(act: Act, rulebook: Rulebook, duty: Duty, drawing: Drawing, thing: OwedThing) -> Candidate | None:
    lots = lots_in(drawing)
    taken = {*drawing.drawn, *(row.about for row in act.tx.every(OwedThing, period=thing.period))}
    known = {lot.key: lot for lot in lots}
    for key in islice(next_after(lots, drawing.seed, thing.about, taken), MOST_TRIED):
        case = act.tx.find(Case, key) if thing.about != thing.person else None
        person = case.person if case else key
        if case and (case.closed_at is None or case.ended_as) and duty.on in CLOSED:
            continue
        there = residents(act.tx, people_with(act.tx, [person]), date.max, {})
        if there and there[0].alive and (case or _is_here(rulebook, drawing.unit, there[0])):
            return Candidate(known[key], person, case.residence if case else there[0].residence)
    return None


def _is_here(rulebook: Rulebook, unit: str, resident: Resident) -> bool:
    home = rulebook.divisions.follow(resident.residence)
    return any(home.startswith(place) for place in places_of(rulebook, follow_unit(rulebook, unit)))
