"""Households 户: how one belongs to a household, and why somebody left one, as people call it."""

from collections.abc import Mapping

from xunfang.rulebook.model import Rulebook

HEAD = "head"
"""The relation of the head 户主 of a household."""

RELATION = "relation"
"""The list of relations to the head, where the rules have one."""

LEFT: Mapping[str, str] = {
    "moved": "迁出", "split": "分户", "died": "死亡", "joined": "并入其他户", "mistaken": "登记有误",
}  # fmt: skip
"""Why somebody left a household."""


def relation_label(rulebook: Rulebook, relation: str) -> str:
    """Return what a relation to the head of a household is called."""
    known = rulebook.lists.get(RELATION)
    if relation == HEAD:
        return "户主"
    return known.label(relation) if known and relation else relation or "关系未写明"


def relations(rulebook: Rulebook) -> tuple[tuple[str, str], ...]:
    """Return the relations that a member may have to the head: (id, label)."""
    known = rulebook.lists.get(RELATION)
    entries = known.entries.values() if known else ()
    return tuple((entry.id, entry.label) for entry in entries if entry.id != "self")
