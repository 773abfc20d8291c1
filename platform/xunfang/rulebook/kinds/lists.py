"""Lists 字典, layered: lists.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xunfang.identity import CHECKS
from xunfang.rulebook.basis import NO_BASIS, Basis
from xunfang.rulebook.conditions import Condition
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry as Written
from xunfang.rulebook.facts import check_condition
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.kind import Kind


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: never re-keyed, never deleted, only retired. `when` makes a computed category."""

    id: str
    label: str
    retired: date | None = None
    when: Condition | None = None
    basis: Basis = NO_BASIS
    hint: str = ""
    check: str = ""  # of a kind of identity paper: how its number is checked (identity.CHECKS)


@dataclass(frozen=True, slots=True)
class EntryList:
    """A list 字典, its entries in file order."""

    id: str
    entries: Mapping[str, Entry]

    def label(self, entry: str) -> str:
        """Return the Chinese label of an entry, or the id itself when the list has never known it."""
        found = self.entries.get(entry)
        return found.label if found else entry


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the lists, by id."""
    found = {}
    for list_id, table in draft.entries("lists"):
        found[list_id] = EntryList(list_id, {key: _entry(key, table.sub(key)) for key in table.data})
    return {"lists": found}


def _entry(key: str, entry: Written) -> Entry:
    check = entry.text("check")
    if check and check not in CHECKS:
        entry.error("check", "NAME_UNKNOWN", f"没有名为“{check}”的证件核对方法", did_you_mean(check, CHECKS))
    return Entry(
        key,
        entry.text("label"),
        entry.data.get("retired"),
        entry.condition("when"),
        entry.basis(),
        entry.text("hint"),
        check if check in CHECKS else "",
    )


def link(draft: Draft) -> None:
    """Check the conditions and clauses of every entry."""
    for list_id, entries in draft.rules.lists.items():
        for key, entry in entries.entries.items():
            if entry.when:
                check_condition(draft, "lists", (list_id, key, "when"), entry.when)
                draft.check_basis("lists", (list_id, key), entry.basis)
            for clause in entry.basis.cites:
                draft.check_clause("lists", (list_id, key, "cites"), clause)


LISTS = Kind("lists", build, link, label="字典", title="字典", holds_names=True, lived="在页面上供人选择，随填报存下")
