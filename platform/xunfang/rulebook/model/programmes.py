"""Layered dictionaries (字典) and the programmes 救助事项 that a person can hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xunfang.rulebook.model.basis import NO_BASIS, Basis
from xunfang.rulebook.model.conditions import Condition


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: never re-keyed, never deleted, only retired. `when` makes a computed category."""

    id: str
    label: str
    retired: date | None = None
    when: Condition | None = None
    basis: Basis = NO_BASIS
    hint: str = ""


@dataclass(frozen=True, slots=True)
class EntryList:
    """A list 字典, its entries in file order."""

    id: str
    entries: Mapping[str, Entry]

    def label(self, entry: str) -> str:
        """Return the Chinese label of an entry, or the id itself when the list has never known it."""
        found = self.entries.get(entry)
        return found.label if found else entry


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme 救助事项; a person holds an entitlement 保障 in it."""

    id: str
    label: str
    applies_with: str
    decided_by: str
    flow: str
    basis: Basis
