"""What a unit owes as a whole, under which each thing that a duty falls on is owed: found, and opened."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from xunfang.actions.acting import Act
from xunfang.actions.loading import Staff, Staffed
from xunfang.actions.storing import store
from xunfang.casework import Asked, Changes, DutyPeriod, File, advance
from xunfang.casework.changes import together
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import former_units
from xunfang.store import Reader, new_id
from xunfang.store.reading.duties import owed_by

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


def wholes_in(reader: Reader, rulebook: Rulebook, keys: Collection[Key]) -> dict[Key, list[DutyPeriod]]:
    """Return the same for each of some, all found at once."""
    units = {unit: (unit, *former_units(rulebook, unit)) for _, unit, _, _ in keys}
    wanted = (sorted({duty for duty, _, _, _ in keys}), sorted({one for each in units.values() for one in each}))
    found: dict[Key, list[DutyPeriod]] = {}
    for row in owed_by(reader, rulebook.id, *wanted, sorted({key[3] for key in keys})):
        found.setdefault((row.duty, row.unit, row.every, row.begins_on), []).append(row)
    known: dict[Key, list[DutyPeriod]] = {}
    for duty, unit, every, day in keys:
        theirs = (row for one in units[unit] for row in found.get((duty, one, every, day), ()))
        known[duty, unit, every, day] = sorted(theirs, key=_turn)
    return known


def open_whole(act: Act, rulebook: Rulebook, key: Key, turn: int, since: datetime | None = None) -> str:
    """Return what a unit owes as a whole, opened with its task where nobody has done so meanwhile."""
    return open_wholes(act, rulebook, {key: turn}, {key: since} if since else {})[key]


def open_wholes(
    act: Act, rulebook: Rulebook, turns: Mapping[Key, int], since: Mapping[Key, datetime]
) -> dict[Key, str]:
    """Return, of some, which turn of it is open, opened with its task where nobody has done so meanwhile."""
    known = wholes_in(act.tx, rulebook, turns)
    opened = {key: _open_since(known[key], turn) for key, turn in turns.items()}
    missing = [key for key, found in opened.items() if not found]
    staff = Staff(act, {unit for _, unit, _, _ in missing})
    changes = [_opening(act, rulebook, staff, key, turns[key], since.get(key)) for key in missing]
    store(act, together(changes))
    made = (next(row.id for row in each.new if isinstance(row, DutyPeriod)) for each in changes)
    return opened | dict(zip(missing, made, strict=True))


def _open_since(rows: Sequence[DutyPeriod], turn: int) -> str:
    return next((row.id for row in reversed(rows) if row.ended_at is None and row.turn >= turn), "")


def _opening(act: Act, rulebook: Rulebook, staff: Staff, key: Key, turn: int, since: datetime | None) -> Changes:
    duty, unit, every, begins_on = key
    payload = {"duty": duty, "unit": unit, "every": every, "begins_on": begins_on.isoformat(), "turn": str(turn)}
    payload |= {"since": since.isoformat()} if since else {}
    asked = Asked(verb="open-duty", actor=act.actor, payload=payload)
    return advance(rulebook, File(staffed=Staffed(staff)), asked, act.at, new_id)
