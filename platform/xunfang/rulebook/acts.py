"""The closed set of acts that roles and units may be given."""

ACTS = frozenset(
    {
        "submit", "assist", "apply-on-behalf", "accept", "claim", "complete", "return", "transfer", "ask-extension",
        "consult", "print", "confirm-dispatch", "approve-extension", "sign-off", "urge", "supervise", "reveal",
        "administer", "audit",
    }
)  # fmt: skip

ANCHORS = ("task.opened", "case.opened", "clue.submitted", "clue.entered", "state.entered", "task.completed")
"""Moments a deadline may run from or until, besides `answers.<field>`."""

FACT_ROOTS = {
    "answers": frozenset[str](),
    "computed": frozenset[str](),
    "standards": frozenset[str](),
    "person": frozenset({"age", "sex", "entitled", "category", "residence", "registration", "name", "minor"}),
    "household": frozenset({"size", "income", "category", "entitled"}),
    "case": frozenset({"number", "flow", "urgency", "opened_at", "due_at", "closed_at", "outcome", "needs", "state"}),
    "task": frozenset(
        {"state", "unit", "units", "due_at", "outcome", "completed_in_time", "opened_at", "completed_at"}
    ),
    "unit": frozenset({"id", "per", "external"}),
    "clue": frozenset({"found_at", "source", "needs", "submitted_at", "in_time", "form", "finder_role"}),
    "notice": frozenset({"kind", "number", "issued_at"}),
}
"""The facts a condition may name besides bare answers; an empty set means that they are checked elsewhere."""
