"""A ledger of each kind of thing, named like it, that lists all of it by one column."""

from dataclasses import replace

from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.model import Column, Rulebook

LISTED = {
    "case": "number", "clue": "form", "task": "unit", "entitlement": "programme", "visit": "unit", "person": "name",
    "duty": "unit",
}  # fmt: skip


def with_plain_ledgers(rulebook: Rulebook) -> Rulebook:
    """Return the rules with these ledgers alone."""
    any_one = next(iter(rulebook.ledgers.values()))
    plain = {
        of: replace(any_one, id=of, of=of, where=ALWAYS, columns=(Column(f"{of}.{name}", name),))
        for of, name in LISTED.items()
    }
    return replace(rulebook, ledgers=plain)
