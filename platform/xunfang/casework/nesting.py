"""Tasks due no later than their case 时限相套: by the case's clock as it runs, and anew whenever that moves."""

from xunfang.casework.draft import Draft
from xunfang.casework.rows import Case, Task
from xunfang.rules.clocks import Told, kept_short, recounted
from xunfang.rules.extensions import furthest
from xunfang.rules.nesting import Whole, holds_within, whole_of


def clock_of(draft: Draft, case: Case) -> Whole | None:
    """Return the clock of a case while it runs, None for one that stands still or has none."""
    now = draft.case(case.id)
    return None if now.suspended_at or now.due_at is None else whole_by(draft, now, now.due)


def whole_by(draft: Draft, case: Case, told: Told | None) -> Whole | None:
    """Return what an explanation makes the clock of a case, with how far that could be extended."""
    whole = whole_of(told)
    latest = furthest(draft.rulebook, told, case.counts_from or case.opened_at) if told else None
    return whole._replace(furthest=latest) if whole else None


def renested(draft: Draft, task: Task, whole: Whole | None) -> Told | None:
    """Return the clock of a task as it is within the case's of now, None where it is not to end within that."""
    told = task.due or {}
    deadline = draft.rulebook.deadlines.get(str(told.get("deadline", "")))
    if deadline is None or not holds_within(deadline, whole, draft.at) or not _counts(draft, task):
        return None
    alone: Told | None = told
    if "was" in told.get("within", {}):
        alone = recounted(draft.rulebook, told, task.counts_from or task.opened_at, draft.at)
    return None if alone is None else {**kept_short(alone, whole), **_planned_at(told)}


def _counts(draft: Draft, task: Task) -> bool:
    return draft.rulebook.flows[task.flow].states[task.state].counts


def _planned_at(told: Told) -> dict[str, str]:
    return {"planned_at": str(told["planned_at"])} if "planned_at" in told else {}


def bounded(told: Told) -> Told:
    """Return a clock that has become longer and still ends within the whole that it told of, if any."""
    within = told.get("within")
    return kept_short(told, whole_of({"deadline": "whole", **within})) if within else told


def bounded_by(draft: Draft, task: Task, told: Told, longer: Told | None) -> Told:
    """Return a clock that has become longer, within the clock of its case that may become longer with it."""
    if longer is None or "within" not in told:
        return bounded(told)
    return kept_short(told, whole_by(draft, draft.case(task.case), longer))
