"""Deadlines 时限: a limit, what it runs from and until, reminders and escalation."""

from dataclasses import dataclass
from typing import Literal

from xunfang.rulebook.model.basis import NO_BASIS, Basis
from xunfang.rulebook.model.conditions import Condition
from xunfang.worktime import Limit


@dataclass(frozen=True, slots=True)
class LimitCase:
    """One of several limits, in force when its condition holds. `text` is the limit as the file says it.

    `basis` is what this limit rests on, the deadline's own where the row names none.
    """

    when: Condition
    limit: Limit
    text: str
    basis: Basis = NO_BASIS


@dataclass(frozen=True, slots=True)
class Remind:
    """One reminder 催办: `offset` units before (negative) or after (positive) the due moment; 0 is at due."""

    text: str
    offset: int
    unit: Literal["workday", "day", "hour"]


@dataclass(frozen=True, slots=True)
class Escalation:
    """What happens `after` the due moment: to whom, which act (supervise, escalate), which paper."""

    id: str
    after: Remind
    to: str
    act: str
    notice: str
    basis: Basis


REPEAT = Remind("5 workdays", 5, "workday")
"""How often a reminder comes again after the last one, where the rules name no rhythm: never silence."""


@dataclass(frozen=True, slots=True, eq=False)
class Deadline:
    """A deadline. The last of `limits` always holds; a `soft` text names the local number behind a soft word.

    `repeat` is the rhythm in which reminders go on after the last reminder or escalation, until it is done.
    """

    id: str
    label: str
    limits: tuple[LimitCase, ...]
    from_: str
    until: str
    remind: tuple[Remind, ...]
    escalate: tuple[Escalation, ...]
    basis: Basis
    repeat: Remind = REPEAT
