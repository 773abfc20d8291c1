"""What a demonstration's people do to be paid each month: rolls begun, fixed, reviewed, signed, handed over, paid."""

from collections.abc import Callable, Mapping
from datetime import date

from xunfang.actions.rolls import Told, begin_roll, do_to_roll
from xunfang.casework import Roll, RollLine
from xunfang.casework.rolls import OPEN, VOID, may
from xunfang.clock import local_date
from xunfang.demo.playing import Playing
from xunfang.demo.step import Step
from xunfang.errors import Conflict
from xunfang.rules.rosters import before, month_of


def _start(playing: Playing, step: Step) -> None:
    """Start the roll of the month after the last; where that is not signed yet, nobody starts another."""
    live = _live(playing, step)
    if not any(roll.status in OPEN for roll in live):
        month = _next_month(live, local_date(step.moment))
        begin_roll(playing.deployment, playing.actor(step), step.told["roster"], f"{month:%Y-%m}", step.moment)


def _next_month(live: list[Roll], today: date) -> date:
    return before(max(roll.month for roll in live), -1) if live else month_of(today)


def _live(playing: Playing, step: Step) -> list[Roll]:
    return [roll for roll in playing.rows(Roll, roster=step.told["roster"]) if roll.status not in VOID]


def _do(playing: Playing, step: Step) -> None:
    """Do something to the newest roll, where it stands so that this is next."""
    told, actor = step.told, playing.actor(step)
    roll = max(_live(playing, step), key=lambda each: each.month, default=None)
    if roll is None or not may(playing.rulebook, actor, told["verb"], roll):
        return
    line = _line(playing, roll, told["name"]) if "name" in told else ""
    day = local_date(step.moment).isoformat()
    given = Told(told.get("reason", ""), line, day, told.get("receiver", ""))
    do_to_roll(playing.deployment, actor, told["verb"], roll.id, roll.version, given, step.moment)


def _line(playing: Playing, roll: Roll, name: str) -> str:
    found = next((line for line in playing.rows(RollLine, roll=roll.id) if line.name == name), None)
    if found is None:
        raise Conflict(f"名册里没有{name}。")
    return str(found.id)


PAYING: Mapping[str, Callable[[Playing, Step], None]] = {"start-roll": _start, "roll": _do}
"""Each act by its name."""
