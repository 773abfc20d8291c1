"""The closed set of acts that roles and units may be given."""

from collections.abc import Set

ACTS = frozenset(
    {
        "submit", "assist", "apply-on-behalf", "accept", "claim", "complete", "return", "transfer", "ask-extension",
        "consult", "print", "confirm-dispatch", "approve-extension", "sign-off", "urge", "supervise", "reveal",
        "suspend", "declare", "administer", "operate", "audit", "edit-rules", "review-rules",
    }
)  # fmt: skip

DECLARE = "declare"
"""Declaring, raising, lowering and closing an event 应急响应 for the places of one's unit."""

OFFICES = frozenset({"administer", "operate", "audit"})
"""The acts of the three administrators 三权分立: accounts, machinery, record. Nobody holds two, or one and casework."""


RULES = frozenset({"edit-rules", "review-rules"})
"""Changing the rules of one's own layer, and reviewing what a colleague made of them: by one's role, in any unit."""

OF_EVERY_UNIT = frozenset({"claim", "complete", "return", "reveal"})
"""What members of any unit may do with its own tasks if their roles let them, though `may` of the unit names it not."""


def mixes_offices(acts: Set[str]) -> bool:
    """Return whether acts that must lie in different hands lie in one."""
    return bool(acts & OFFICES) and len(acts) > 1


def is_kept_from_cases(acts: Set[str]) -> bool:
    """Return whether somebody with these acts administers or keeps rules, and has to do with no case."""
    return bool(acts) and not acts - OFFICES - RULES


ANCHORS = ("task.opened", "case.opened", "clue.submitted", "clue.entered", "state.entered", "task.completed")
"""Moments a deadline may run from or until, besides `answers.<field>`."""

HAPPENINGS = (
    "event",
    "person.category_added",
    "case.opened",
    "case.closed",
    "case.archived",
    "state.entered",
    "clue.submitted",
    "task.completed",
    "notice.issued",
)
"""What a duty may begin with: what somebody notes, somebody's new category, what happens in a case."""

INTERRUPTIONS = frozenset({"objection"})
"""What may cut a waiting state short."""

BOARDS = frozenset({"village-board", "township-board", "website"})
"""Where a decision may be posted for all to see."""

SUPERIOR = "superior"
"""Whom an escalation may name besides a unit: the one above the unit whose task it is."""

FACT_ROOTS = {
    "answers": frozenset[str](),
    "computed": frozenset[str](),
    "standards": frozenset[str](),
    "history": frozenset[str](),
    "person": frozenset(
        {
            "name", "sex", "id_number", "phone", "birth_on", "age", "minor", "residence", "registration", "category",
            "categories", "entitled",
        }
    ),
    "household": frozenset({"size", "income", "category", "entitled"}),
    "case": frozenset(
        {
            "number", "flow", "state", "urgency", "needs", "opened_at", "due_at", "closed", "closed_at", "outcome",
            "reported_in_time", "completed_in_time",
        }
    ),
    "clue": frozenset({"found_at", "source", "needs", "submitted_at", "entered_at", "in_time", "form", "unit"}),
    "task": frozenset(
        {
            "state", "unit", "units", "opened_at", "claimed_by", "claimed_at", "due_at", "overdue_at", "outcome",
            "completed_at", "completed_in_time",
        }
    ),
    "unit": frozenset({"id", "per", "external", "division"}),
    "notice": frozenset({"kind", "number", "unit", "issued_at"}),
    "duty": frozenset({"duty", "unit", "period", "due_at", "completed_at", "completed_in_time"}),
    "visit": frozenset({"visited_on", "unit"}),
    "entitlement": frozenset({"programme", "state", "since", "until", "amount", "members"}),
    "publication": frozenset({"board", "posted_on", "until", "interrupted", "objections"}),
}  # fmt: skip
"""The facts that the engine itself knows, besides what forms answer; an empty set means they are checked elsewhere."""

SEEN_FROM = {
    "case": ("case", "clue", "person", "task", "notice"),
    "clue": ("clue", "case", "person"),
    "task": ("task", "case", "clue", "person", "notice"),
    "person": ("person", "household", "entitlement", "case", "visit"),
    "visit": ("visit", "person"),
    "entitlement": ("entitlement", "person", "case"),
    "notice": ("notice", "task", "case", "person"),
    "publication": ("publication", "case", "person"),
    "duty": ("duty", "unit"),
}
"""Which facts a line of a ledger, or a thing an indicator counts, can show: its own first."""

ROW = "row"
"""The ledger column that numbers the lines."""
