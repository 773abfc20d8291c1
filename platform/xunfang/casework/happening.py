"""What happened 发生的事情, which only its unit knows of, is noted: what must be reported is owed from then on."""

from collections.abc import Sequence
from datetime import date, timedelta

from xunfang.casework.actor import Actor
from xunfang.casework.draft import Draft
from xunfang.casework.duties import open_duty
from xunfang.casework.handling import need_reason
from xunfang.casework.rows import DutyPeriod
from xunfang.casework.verb import Asked
from xunfang.clock import local_date
from xunfang.errors import FieldProblem, Invalid, NotAllowed
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.duties import owing, receivers
from xunfang.rules.occasions import is_noted

NOTING = ("complete", "submit", "confirm-dispatch")
"""The acts of which one is needed to note that something happened."""
FARTHEST = timedelta(days=366)
MOST_UNITS = 200


def notable(rulebook: Rulebook, actor: Actor) -> tuple[Duty, ...]:
    """Return the duties of which somebody may note that what they begin with happened."""
    noted = (duty for duty in rulebook.duties.values() if is_noted(duty))
    return tuple(duty for duty in noted if actor.acts & {*NOTING} and owed_by(rulebook, actor, duty))


def owed_by(rulebook: Rulebook, actor: Actor, duty: Duty) -> tuple[str, ...]:
    """Return the units that would owe it: the actor's own, or those that report to it."""
    units = owing(rulebook, duty)
    if actor.unit in units:
        return (actor.unit,)
    return tuple(unit for unit in units if actor.unit in receivers(rulebook, duty, unit))[:MOST_UNITS]


def note(draft: Draft, asked: Asked) -> None:
    """Note that something happened on a day, in a few words: what is owed of it is opened, due from that day.

    Raises NotAllowed, Invalid with every problem.
    """
    duty = draft.rulebook.duties.get(asked.kind)
    if not asked.kind:
        raise Invalid([FieldProblem("duty", "请选择发生了哪类事情。", "FIELD_MISSING")])
    units = owed_by(draft.rulebook, draft.actor, duty) if duty and is_noted(duty) else ()
    if duty is None or not units:
        raise NotAllowed("这类事情不由您所在的单位登记。")
    unit = asked.unit if asked.unit in units else units[0] if len(units) == 1 else ""
    day = _day(asked.day)
    if wrong := [*_wrong(draft, unit, day)]:
        raise Invalid(wrong)
    need_reason(asked.reason, "情况")
    assert day is not None
    before = draft.select(DutyPeriod, duty=duty.id, unit=unit, every="", begins_on=day)
    told = {
        "duty": duty.id,
        "unit": unit,
        "begins_on": day.isoformat(),
        "since": day.isoformat(),
        "turn": str(len(before)),
        "key": asked.submission,
        "reason": asked.reason.strip(),
    }
    open_duty(draft, told)


def _wrong(draft: Draft, unit: str, day: date | None) -> Sequence[FieldProblem]:
    found = [] if unit else [FieldProblem("unit", "请选择由哪个单位报送。", "FIELD_MISSING")]
    today = local_date(draft.at)
    if day is None or day > today or today - day > FARTHEST:
        found.append(FieldProblem("day", "请写明是哪一天的事，不晚于今天，不早于一年以前。", "FIELD_MISSING"))
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
