"""What brings a duty about besides the calendar: what happens in a case, what somebody notes, and a draw."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from xunfang.clock import SHANGHAI, local_date
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.conditions import holds
from xunfang.rules.drawing import is_drawn, takes_all
from xunfang.rules.duties import PlannedDuty, owing, plan_event_duty
from xunfang.worktime import Every, Period, period_of, preceding

NOTED = "event"
"""What somebody notes that it happened."""
CLOSED, ENTERED = ("case.closed", "case.archived"), "state.entered"
IN_CASES: Mapping[str, tuple[str, ...]] = {
    "case.opened": ("case.opened",),
    "case.closed": ("case.closed",),
    "case.archived": ("case.closed",),  # 办结归档: once for each time that a case is closed
    ENTERED: ("case.opened", "case.moved"),
    "clue.submitted": ("clue.submitted",),
    "task.completed": ("task.completed",),
    "notice.issued": ("notice.issued",),
}
"""What may happen in a case that a duty begins with, and the events that tell of it."""
DRAWN_OF = ("case.opened", *CLOSED, ENTERED)
"""Of these, what cases can be drawn by."""


def is_of_cases(duty: Duty) -> bool:
    """Return whether what happens in a case brings a duty about, which a form or a visit about that case does."""
    return duty.on in IN_CASES and bool(duty.form or duty.satisfied_by)


def falls_on_each(duty: Duty) -> bool:
    """Return whether a duty falls on every case in which something happens, at once."""
    return is_of_cases(duty) and takes_all(duty)


def draws_people(duty: Duty) -> bool:
    """Return whether people of the registry are drawn for a duty at the begin of each of its periods."""
    return is_drawn(duty) and bool(duty.every and (duty.form or duty.satisfied_by)) and not (duty.while_ or duty.on)


def draws_cases(duty: Duty) -> bool:
    """Return whether cases of the period before are drawn for a duty."""
    return is_drawn(duty) and is_of_cases(duty) and duty.on in DRAWN_OF


def draws(duty: Duty) -> bool:
    """Return whether anything is drawn for a duty."""
    return draws_people(duty) or draws_cases(duty)


def is_noted(duty: Duty) -> bool:
    """Return whether a duty begins with what somebody notes that it happened."""
    return duty.on == NOTED and duty.sample is None and not duty.satisfied_by


def is_done_thing_by_thing(duty: Duty) -> bool:
    """Return whether a duty is done by a form for each thing it falls on, and not handed in as a whole."""
    return bool(duty.satisfied_by or duty.sample) or is_of_cases(duty)


def owed_since(duty: Duty, at: datetime) -> datetime:
    """Return since when something is owed that happened at a moment: what is drawn of cases, since it is drawn."""
    if not draws_cases(duty) or duty.sample is None:
        return at
    period = period_of(Every(duty.sample.per), local_date(at))
    return datetime.combine(period.last + timedelta(days=1), time.min, SHANGHAI)


@lru_cache(maxsize=64)
def doing_thing_by_thing(rulebook: Rulebook) -> frozenset[str]:
    """Return the kinds of units that owe something which is done thing by thing."""
    duties = (duty for duty in rulebook.duties.values() if is_done_thing_by_thing(duty))
    return frozenset(kind for duty in duties for kind in (duty.of, duty.or_else) if kind)


@lru_cache(maxsize=64)
def on_cases(rulebook: Rulebook) -> tuple[Duty, ...]:
    """Return the duties that fall on every case in which something happens."""
    return tuple(duty for duty in rulebook.duties.values() if falls_on_each(duty))


def owed_by_case(rulebook: Rulebook, duty: Duty, facts: Mapping[str, Any], at: datetime) -> PlannedDuty | None:
    """Return what an event in a case makes a unit owe, None where it concerns the case not, or nobody is there."""
    planned = plan_event_duty(rulebook, duty, facts, at)
    return planned if planned and planned.unit else None


@dataclass(frozen=True, slots=True)
class PlannedDraw:
    """One draw that is to be made: by whom, what it is called by, and of cases in which days something happened."""

    duty: Duty
    unit: str
    period: Period
    of_cases: bool

    @property
    def key(self) -> str:
        """Return what it is told from others by, within a day."""
        return f"{self.duty.id} {self.unit}"


def draws_on(rulebook: Rulebook, day: date) -> Iterator[PlannedDraw]:
    """Yield every draw of the periods that a day lies in; of cases those of the period before are drawn from."""
    for duty in rulebook.duties.values():
        if draws_people(duty) and duty.every:
            period = period_of(duty.every, day, duty.starting)
        elif draws_cases(duty) and duty.sample:
            period = preceding(period_of(Every(duty.sample.per), day))
        else:
            continue
        for unit in owing(rulebook, duty):
            yield PlannedDraw(duty, unit, period, draws_cases(duty))


def falls_on(duty: Duty, facts: Mapping[str, Any]) -> bool:
    """Return whether a duty is about something with these facts."""
    return holds(duty.for_, facts)


def counted_within(duty: Duty, begins_on: date) -> Period | None:
    """Return in which period the least that is drawn is counted in all, where that is longer than one draw's own."""
    if duty.sample is None or duty.every is None:
        return None
    whole = period_of(Every(duty.sample.per), begins_on)
    return whole if whole.first < begins_on or whole.last > period_of(duty.every, begins_on).last else None
