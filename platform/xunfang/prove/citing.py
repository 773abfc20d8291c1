"""Which rules cite which clause, by the names under which people are told of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import lines_of


@dataclass(frozen=True, slots=True)
class Cited:
    """A rule, or a part of one, that cites a clause."""

    kind: str
    id: str

    @property
    def name(self) -> str:
        """Return the rule as people are told of it."""
        kind = KINDS[self.kind]
        return f"{kind.heading or kind.label} {self.id}"


def citing(rulebook: Rulebook) -> Mapping[str, tuple[Cited, ...]]:
    """Return, for each clause, the rules that cite it; entries of lists included."""
    found: dict[str, dict[Cited, None]] = {}
    for rule, cites in (*_told(rulebook), *_entries(rulebook)):
        for clause in cites:
            found.setdefault(clause, {})[rule] = None
    return {clause: tuple(rules) for clause, rules in found.items()}


def _told(rulebook: Rulebook) -> Iterator[tuple[Cited, tuple[str, ...]]]:
    for kind, lines in lines_of(rulebook):
        for line in lines:
            yield Cited(kind, line.id), line.cites


def _entries(rulebook: Rulebook) -> Iterator[tuple[Cited, tuple[str, ...]]]:
    for list_id, entries in rulebook.lists.items():
        for entry in entries.entries.values():
            yield Cited("lists", f"{list_id}.{entry.id}"), entry.basis.cites
