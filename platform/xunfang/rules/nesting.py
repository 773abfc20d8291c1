"""Limits within a limit: a part of a case is due no later than the whole, where its deadline says so (`within`)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from xunfang.clock import local, parse
from xunfang.rulebook.model import Deadline, Flow, Rulebook
from xunfang.rules.deadlines import PlannedDeadline, plan_deadline
from xunfang.worktime import cut

Told = Mapping[str, Any]


class Whole(NamedTuple):
    """The clock of a case while it runs: by which deadline, when it is due, on what that rests.

    `furthest` is when it could be due at the latest, where its deadline says that it may be extended.
    """

    deadline: str
    label: str
    due_at: datetime
    cites: tuple[str, ...]
    furthest: datetime | None = None


def whole_of(told: Told | None) -> Whole | None:
    """Return the clock that the explanation of a case explains, None for a case without one."""
    if not told or not told.get("deadline"):
        return None
    due_at = parse(str(told["due_at"]))
    furthest = parse(str(told["furthest"])) if "furthest" in told else None
    return Whole(str(told["deadline"]), str(told["label"]), due_at, tuple(told.get("cites", ())), furthest)


def whole_from(rulebook: Rulebook, flow: Flow, facts: Mapping[str, Any], at: datetime) -> Whole | None:
    """Return the clock that a case of a flow would have that begins at a moment."""
    if not flow.case_deadline:
        return None
    planned = plan_deadline(rulebook, rulebook.deadlines[flow.case_deadline], facts, at)
    return Whole(planned.id, planned.label, planned.due.due_at, planned.cites)


def holds_within(deadline: Deadline, whole: Whole | None, at: datetime) -> bool:
    """Return whether a part planned at a moment ends no later than the whole: not by one that is over already."""
    return whole is not None and bool(deadline.within) and deadline.within == whole.deadline and whole.due_at > at


def kept_within(planned: PlannedDeadline, deadline: Deadline, whole: Whole | None, at: datetime) -> PlannedDeadline:
    """Return a part due no later than the whole; its explanation says so, and when it would have been due alone."""
    if whole is None or not holds_within(deadline, whole, at):
        return planned
    return replace(planned, due=cut(planned.due, whole.due_at), within=within_told(whole, planned.due.due_at))


def within_told(whole: Whole, alone: datetime) -> dict[str, Any]:
    """Return what is told of a part: the whole it ends within, and, where that shortens it, when it was due alone."""
    was = {"was": local(alone).isoformat()} if alone > whole.due_at else {}
    furthest = {"furthest": local(whole.furthest).isoformat()} if whole.furthest else {}
    told = {"label": whole.label, "due_at": local(whole.due_at).isoformat(), "cites": list(whole.cites)}
    return {**told, **furthest, **was}
