"""What a unit owes as a whole, under which each thing that a duty falls on is owed: found, and opened."""

from datetime import date, datetime
from typing import Any

from xunfang.actions.acting import Act
from xunfang.actions.loading import Staff, Staffed
from xunfang.actions.storing import store
from xunfang.casework import Asked, DutyPeriod, File, advance
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import former_units
from xunfang.store import Reader, new_id

Key = tuple[str, str, str, date]
"""What a unit owes as a whole: duty, unit, how often and the first day."""


def wholes_of(reader: Reader, rulebook: Rulebook, key: Key) -> list[DutyPeriod]:
    """Return what a unit, or one that it follows, owes as a whole for a period, its latest turn last."""
    duty, unit, every, begins_on = key
    same: dict[str, Any] = {"jurisdiction": rulebook.id, "duty": duty, "every": every, "begins_on": begins_on}
    units = (unit, *former_units(rulebook, unit))
    return sorted((row for each in units for row in reader.select(DutyPeriod, unit=each, **same)), key=_turn)


def _turn(row: DutyPeriod) -> tuple[int, str]:
    return row.turn, row.id


def open_whole(act: Act, rulebook: Rulebook, key: Key, turn: int, since: datetime | None = None) -> str:
    """Return what a unit owes as a whole, opened with its task where nobody has done so meanwhile."""
    duty, unit, every, begins_on = key
    for row in reversed(wholes_of(act.tx, rulebook, key)):
        if row.ended_at is None and row.turn >= turn:
            return row.id
    payload = {"duty": duty, "unit": unit, "every": every, "begins_on": begins_on.isoformat(), "turn": str(turn)}
    payload |= {"since": since.isoformat()} if since else {}
    asked = Asked(verb="open-duty", actor=act.actor, payload=payload)
    changes = advance(rulebook, File(staffed=Staffed(Staff(act))), asked, act.at, new_id)
    store(act, changes)
    return next(row.id for row in changes.new if isinstance(row, DutyPeriod))
