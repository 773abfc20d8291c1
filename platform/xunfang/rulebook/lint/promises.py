"""A lower layer may promise faster; slower needs a clause of its own."""

from collections.abc import Mapping

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.extensions import is_longer
from xunfang.rulebook.model import Deadline
from xunfang.rulebook.softness import settled
from xunfang.worktime import Limit, parse_limit


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
    old, new = _counted(before, draft.rules.info.soft), deadline.limits[-1].limit.counts
    return old is not None and new is not None and is_longer(draft, new, old)


def _counted(text: str, soft: Mapping[str, Limit]) -> Limit | None:
    """Return what a limit counted that is no longer in force; None for one that nobody could read."""
    try:
        return settled(parse_limit(text), soft).counts
    except ValueError:
        return None
