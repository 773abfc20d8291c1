"""What things tell that are counted by indicators or listed in ledgers: every fact with its root, and of what kind."""

from dataclasses import replace

from xunfang.rulebook.conditions import AllOf, AnyOf, Condition, Test
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.facts import forms_behind, known_facts
from xunfang.rulebook.model import Field

_MOMENTS = frozenset(
    {"opened_at", "due_at", "closed_at", "claimed_at", "overdue_at", "completed_at", "submitted_at", "entered_at",
     "issued_at"}
)  # fmt: skip
_YES_OR_NO = frozenset({"closed", "reported_in_time", "completed_in_time", "interrupted", "minor", "external"})
_KINDS = {
    "age": "integer", "sex": "sex", "category": "choices", **dict.fromkeys(_MOMENTS, "moment"),
    **dict.fromkeys(_YES_OR_NO, "boolean"),
}  # fmt: skip
"""Of what kind the facts are that the platform knows by itself."""


def in_full(draft: Draft, condition: Condition, of: str) -> Condition:
    """Return a condition on a kind of thing with the root of its own facts written out."""
    if isinstance(condition, Test):
        bare = condition.path in known_facts(draft, of)
        return replace(condition, path=f"{of}.{condition.path}") if bare else condition
    parts = tuple(in_full(draft, part, of) for part in condition.parts)
    return AnyOf(parts) if isinstance(condition, AnyOf) else AllOf(parts)


def kind_of(draft: Draft, fact: str) -> str:
    """Return of what kind a fact of a thing is, written with its root; "" where that is not certain."""
    root, _, name = fact.partition(".")
    return _KINDS.get(name) or _agreed(fields_told(draft, root, name))


def _agreed(fields: list[Field]) -> str:
    kinds = {field.kind for field in fields}
    return kinds.pop() if len(kinds) == 1 else ""


def fields_told(draft: Draft, root: str, name: str) -> list[Field]:
    """Return the fields whose answers a fact of a thing may be; none for what the platform knows by itself."""
    if root in {"person", "case"}:
        forms = draft.rules.forms.values()
        names = [(form, form.person.get(name, "") if root == "person" else name) for form in forms]
        asked = root == "person" or name in {"urgency", "needs"}
        return [form.fields[field] for form, field in names if asked and field in form.fields]
    return [form.fields[name] for form in forms_behind(draft, root) if name in form.fields]
