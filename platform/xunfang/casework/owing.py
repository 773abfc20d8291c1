"""What is owed about people 走访对象: how it comes to be owed, is done, and is owed no more, as all stands now."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from xunfang.casework.rows import OwedThing, Visit
from xunfang.clock import SHANGHAI, local_date
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.overdue import is_overdue as past_due
from xunfang.rules.rhythms import Bound, Made, counting
from xunfang.rules.units import follow_unit, places_of
from xunfang.rules.visits import counted, planned_day
from xunfang.worktime import Every, Period

VISIT, ADDED, DRAWN, EVENT = "visit", "added", "drawn", "event"
OPEN = "owed"


@dataclass(slots=True)
class Somebody:
    """A person as planning sees them: what is and was owed about them, and who visited them with which form."""

    id: str
    jurisdiction: str
    residence: str
    things: Sequence[OwedThing]
    visits: Sequence[Visit]


@dataclass(frozen=True, slots=True)
class Settled:
    """What is to be written about one person: a thing as it was (None: it is new) and as it comes to be."""

    before: OwedThing | None
    after: OwedThing


@dataclass(frozen=True, slots=True)
class Added:
    """That somebody came to be of a category: at which moment, who owes the visit, by when, under which key."""

    id: str
    since: datetime
    unit: str
    due_at: datetime
    whole: str

    @property
    def begins_on(self) -> date:
        """Return the day on which they did."""
        return local_date(self.since)


NEWLY = timedelta(days=3)
"""So long after it was noted that somebody is of a category, a visit that this asks for is still opened."""
KEPT_OPEN = timedelta(days=365)
"""So long after it began, what has no period of its own is looked at with its person."""


Place = Callable[[str, str, Period], tuple[str, int, str]]
"""What a unit owes under a duty for a period as a whole: its key ("" where it is yet to be opened), how many things
it holds already, and its status."""


def settle(
    rulebook: Rulebook,
    form: str,
    bound: Bound | None,
    somebody: Somebody,
    at: datetime,
    place: Place,
    new_id: Callable[[], str],
) -> Iterator[Settled]:
    """Yield what becomes of the visits owed to somebody by one form, so that it stands as the rules now have it.

    Nothing is owed for two periods at once: of what binds no more, what is over is missed, the rest has ended.
    """
    theirs = [thing for thing in somebody.things if (thing.subject, thing.matter) == (VISIT, form)]
    now = next((one for one in theirs if bound and (one.every, one.begins_on) == _key(bound.period)), None)
    for thing in theirs:
        after = _as_made(rulebook, thing, somebody.visits)
        if thing is not now and after.status == OPEN:
            over = thing.ends_on < local_date(at)
            after = replace(after, status="missed" if over else "ended", ended_at=at)
        if thing is not now and after != thing:
            yield Settled(thing, after)
    if bound:
        yield from _settle_bound(rulebook, bound, somebody, now, at, place, new_id, form)


def _settle_bound(
    rulebook: Rulebook,
    bound: Bound,
    somebody: Somebody,
    now: OwedThing | None,
    at: datetime,
    place: Place,
    new_id: Callable[[], str],
    form: str,
) -> Iterator[Settled]:
    if now is None and bound.due.due_at <= at:
        return  # nobody is late with what came to them when its time was up
    if now is None:
        after = _new(rulebook, bound, somebody, at, place, new_id(), form)
    elif now.status in (OPEN, "ended"):
        after = _moved(now, bound, somebody, place)
        after = replace(after, status=OPEN, ended_at=None) if now.status == "ended" else after
    else:
        after = now
    after = _as_made(rulebook, after, somebody.visits)
    if after != now:
        yield Settled(now, after)


def settle_added(
    rulebook: Rulebook, duty: Duty, somebody: Somebody, asked: Sequence[Added], at: datetime
) -> Iterator[Settled]:
    """Yield what becomes of the visits owed to somebody because they came to be of a category.

    `asked` are the days on which they did, and still are, each once; what was opened before is not opened again.
    """
    theirs = [thing for thing in somebody.things if (thing.subject, thing.matter) == (ADDED, duty.id)]
    for thing in theirs:
        after = _as_made(rulebook, thing, somebody.visits)
        if after.status == OPEN and not asked:
            after = replace(after, status="ended", ended_at=at)
        if after != thing:
            yield Settled(thing, after)
    known = {thing.begins_on for thing in theirs}
    for one in (each for each in asked if each.begins_on not in known and at - each.since <= NEWLY):
        yield Settled(None, _as_made(rulebook, _of_added(duty, somebody, one), somebody.visits))


@dataclass(frozen=True, slots=True)
class Gone:
    """Something that was drawn and can be checked no more: why."""

    thing: OwedThing
    because: str


def settle_rest(rulebook: Rulebook, somebody: Somebody, at: datetime, *, alive: bool) -> Iterator[Settled | Gone]:
    """Yield what becomes of what was drawn, or came about in a case, now that its person is as they are.

    Who died is visited no more; who has moved out of the unit's places is not checked by it. What was drawn for a
    period that is over is missed.
    """
    for thing in (each for each in somebody.things if each.subject in (DRAWN, EVENT)):
        after = _as_made(rulebook, _followed(rulebook, thing), somebody.visits)
        if after.status == OPEN and (because := _why_gone(rulebook, somebody, thing, alive=alive)):
            if thing.subject == DRAWN:
                yield Gone(thing, because)
                continue
            after = replace(after, status="ended", because=because, ended_at=at)
        elif after.status == OPEN and after.every and after.ends_on < local_date(at):
            after = replace(after, status="missed", ended_at=at)
        if after != thing:
            yield Settled(thing, after)


def _followed(rulebook: Rulebook, thing: OwedThing) -> OwedThing:
    """Return what is owed as it stands with the unit that follows the one which owed it 区划调整."""
    unit = follow_unit(rulebook, thing.unit)
    return replace(thing, unit=unit) if thing.status == OPEN and unit != thing.unit else thing


def _why_gone(rulebook: Rulebook, somebody: Somebody, thing: OwedThing, *, alive: bool) -> str:
    if not alive:
        return "died"
    if thing.about != thing.person:
        return ""  # a case stays with the unit that closed it
    home, unit = rulebook.divisions.follow(somebody.residence), follow_unit(rulebook, thing.unit)
    return "" if any(home.startswith(place) for place in places_of(rulebook, unit)) else "moved"


def _of_added(duty: Duty, somebody: Somebody, asked: Added) -> OwedThing:
    return OwedThing(
        id=asked.id,
        jurisdiction=somebody.jurisdiction,
        residence=somebody.residence,
        duty=duty.id,
        asks=duty.id,
        subject=ADDED,
        matter=duty.id,
        about=somebody.id,
        person=somebody.id,
        period=asked.whole,
        unit=asked.unit,
        every="",
        begins_on=asked.begins_on,
        ends_on=asked.begins_on + KEPT_OPEN,
        planned_at=datetime.combine(asked.begins_on, time.min, SHANGHAI),
        due_at=asked.due_at,
        needed=duty.at_least,
    )


def _key(period: Period) -> tuple[str, date]:
    return period.every.value, period.first


def _new(
    rulebook: Rulebook, bound: Bound, somebody: Somebody, at: datetime, place: Place, key: str, form: str
) -> OwedThing:
    duty, period = bound.ask.duty, bound.period
    whole, many, status = place(duty.id, bound.unit, period)
    planned = planned_day(rulebook.calendar, period, many, local_date(at))
    return OwedThing(
        id=key,
        jurisdiction=somebody.jurisdiction,
        residence=somebody.residence,
        duty=duty.id,
        asks=bound.ask.id,
        subject=VISIT,
        matter=form,
        about=somebody.id,
        person=somebody.id,
        period=whole,
        unit=bound.unit,
        every=period.every.value,
        begins_on=period.first,
        ends_on=period.last,
        planned_at=datetime.combine(planned, time.min, SHANGHAI),
        due_at=bound.due.due_at,
        needed=bound.ask.at_least,
        status="waived" if status == "waived" else OPEN,
        ended_at=at if status == "waived" else None,
    )


def _moved(thing: OwedThing, bound: Bound, somebody: Somebody, place: Place) -> OwedThing:
    """Return what is owed as it stands with whoever owes it now, by what asks for it now."""
    duty, unit, whole = bound.ask.duty.id, bound.unit, thing.period
    if (thing.duty, thing.unit, thing.status) != (duty, unit, OPEN):
        whole = place(duty, unit, bound.period)[0]
    now: dict[str, Any] = {
        "duty": duty,
        "asks": bound.ask.id,
        "unit": unit,
        "residence": somebody.residence,
        "period": whole,
        "due_at": bound.due.due_at,
        "needed": bound.ask.at_least,
    }
    changed = {name: value for name, value in now.items() if getattr(thing, name) != value}
    return replace(thing, **changed) if changed else thing  # most stand as they stood yesterday


def _as_made(rulebook: Rulebook, thing: OwedThing, visits: Sequence[Visit]) -> OwedThing:
    """Return what is owed with the visits that count for it: those of its days, whenever they were told."""
    duty = rulebook.duties.get(thing.duty)
    if duty is None or thing.status not in (OPEN, "missed"):
        return thing
    if not visits:
        return thing
    form = thing.matter if thing.subject == VISIT else duty.satisfied_by
    theirs = sorted((each for each in visits if each.form == form), key=lambda each: each.visited_on)
    made = counted(duty, [Made(each.visited_on, each.way) for each in theirs], period_of_thing(thing))
    if made < thing.needed:
        return replace(thing, made=made) if made != thing.made else thing
    done_by = _last_of(duty, theirs, thing)
    return replace(thing, made=made, status="done", submission=done_by.submission, ended_at=done_by.told_at)


def _last_of(duty: Duty, visits: Sequence[Visit], thing: OwedThing) -> Visit:
    """Return the visit with which as many count as are needed."""
    counting_days = [each.on for each in counting(duty, [Made(one.visited_on, one.way) for one in visits]).counted]
    within = [day for day in counting_days if thing.begins_on <= day <= thing.ends_on]
    day = within[thing.needed - 1]
    return next(each for each in visits if each.visited_on == day)


def period_of_thing(thing: OwedThing) -> Period:
    """Return the period that something is owed for."""
    return Period(thing.begins_on, thing.ends_on, Every(thing.every) if thing.every else Every.DAY)


def is_overdue(thing: OwedThing, at: datetime) -> bool:
    """Return whether something is late at a moment: not done though its time is up; the one answer there is to it."""
    return thing.status == "missed" or (thing.status == OPEN and past_due(thing.due_at, at))
