"""A lower layer may promise faster; slower needs a clause of its own."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from xunfang.clock import SHANGHAI
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Deadline
from xunfang.rulebook.softness import settled
from xunfang.worktime import Limit, due, parse_limit


def lint(draft: Draft) -> None:
    """Note limits that a lower layer made longer without citing anything."""
    part = draft.parts.get("deadlines")
    for override in part.overrides if part else ():
        key = str(override.path[0])
        if override.path[1:] != ("limit",) or key not in draft.rules.deadlines:
            continue
        cites = part.origins.get((key, "cites")) if part else None
        own_clause = cites is not None and cites.layer == override.origin.layer
        if not own_clause and _is_slower(draft, draft.rules.deadlines[key], str(override.before)):
            message = f"本级把上级的期限“{override.before}”放宽为“{override.after}”，却没有引用自己的条款"
            draft.error(
                "deadlines", override.path, "PROMISE_SLOWER", message, "下级只能更快；确需放宽的，写明本级 cites"
            )


def _is_slower(draft: Draft, deadline: Deadline, before: str) -> bool:
    calendar, office = draft.rules.calendar, draft.rules.info.office
    old, new = _counted(before, draft.rules.info.soft), deadline.limits[-1].limit.counts
    if old is None or new is None:
        return False
    start = datetime(calendar.last_published, 1, 1, 10, tzinfo=SHANGHAI)
    moments = [start + timedelta(days=day) for day in range(0, 330, 3)]
    return any(due(new, at, calendar, office).due_at > due(old, at, calendar, office).due_at for at in moments)


def _counted(text: str, soft: Mapping[str, Limit]) -> Limit | None:
    """Return what a limit counted that is no longer in force; None for one that nobody could read."""
    try:
        return settled(parse_limit(text), soft).counts
    except ValueError:
        return None
