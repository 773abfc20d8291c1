"""How far a limit may be extended 延期 and by whom, where its deadline says so: 25 → 40 workdays."""

from datetime import datetime

from xunfang.clock import local
from xunfang.rulebook.model import Extension, Rulebook
from xunfang.rules.clocks import Told, due_of, extended, limit_case, planned_by


def extension_of(rulebook: Rulebook, told: Told | None) -> Extension | None:
    """Return the rule for extending a clock, or None where its deadline names none: then the usual bounds hold."""
    case = limit_case(rulebook, told) if told else None
    return case.extend if case else None


def furthest(rulebook: Rulebook, told: Told, start: datetime) -> datetime | None:
    """Return when a clock that began at `start` may be due at the latest, None where no rule extends it."""
    rule = extension_of(rulebook, told)
    return due_of(planned_by(rulebook, told, rule.to, start)) if rule else None


def workdays_left(rulebook: Rulebook, told: Told, start: datetime, rule: Extension) -> int:
    """Return by how many workdays a clock that began at `start` may be extended still: its pauses are not counted.

    What it was extended by already counts: the whole may reach the limit the rule names, and no further.
    """
    furthest = due_of(planned_by(rulebook, told, rule.to, start))
    days = rulebook.calendar.workdays_between(local(due_of(told)).date(), local(furthest).date())
    moments = ((n, due_of(extended(rulebook, told, n, furthest, ""))) for n in range(days, 0, -1))
    return next((n for n, due_at in moments if due_at <= furthest), 0)
