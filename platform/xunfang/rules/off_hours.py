"""Who answers off hours 值班: while the office of a unit is closed, whoever the rules name for that time."""

from dataclasses import dataclass
from datetime import datetime

from xunfang.clock import local
from xunfang.rulebook.model import Basis, Closed, Rulebook, UnitRef
from xunfang.rules.office import office_of
from xunfang.rules.units import kind_of, place_within, unit_id
from xunfang.worktime import WEEKDAYS


@dataclass(frozen=True, slots=True)
class OnDuty:
    """The unit on duty, the role in it that is meant ("" for anybody), and by which rule of which moment."""

    unit: str
    role: str
    closed: Closed
    rule: str
    basis: Basis


def closed_at(rulebook: Rulebook, unit: str, at: datetime) -> Closed | None:
    """Return how the office of a unit is closed at a moment, None while it is open."""
    here = local(at)
    day = rulebook.calendar.day(here.date())
    if not day.is_workday:
        return Closed.WEEKEND if day.reason in WEEKDAYS else Closed.HOLIDAY
    hours = office_of(rulebook, unit).on(here.date())
    if any(opens <= here.time() < closes for opens, closes in hours):
        return None
    return Closed.NOON if hours[0][0] <= here.time() < hours[-1][1] else Closed.NIGHT


def on_duty(rulebook: Rulebook, unit: str, residence: str, at: datetime) -> OnDuty | None:
    """Return who answers for a unit at a moment, None while its office is open or where the rules name nobody.

    What a unit says for itself goes before what the jurisdiction says. A desk that exists per division is that of the
    unit's division, or else of the residence.
    """
    closed = closed_at(rulebook, unit, at)
    kind = rulebook.units.get(kind_of(unit))
    own = kind.off_hours if kind else ()
    whose = f"{kind_of(unit)}.off_hours" if own else "off_hours"
    for nth, row in enumerate(own or rulebook.info.off_hours, 1):
        if closed and row.answers(closed):
            desk = unit_id(
                rulebook, UnitRef(row.unit), {"residence": place_within(rulebook, unit, residence) or residence}
            )
            return OnDuty(desk, row.role, closed, f"{whose}.{nth}", row.basis)
    return None
