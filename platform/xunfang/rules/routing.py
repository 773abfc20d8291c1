"""Routing: which rows match, and so which units are proposed. One bitmask per column decides most rows at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from xunfang.rulebook.model import Basis, RoutingTable, Row, Rulebook, Test, UnitRef
from xunfang.rules.conditions import Holds, compiled, conjuncts, indexable
from xunfang.rules.units import unit_id

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One lead 主办 and its assisting units 协办, with the rows that named it; `meeting` when one must decide."""

    lead: str
    assist: tuple[str, ...]
    routes: tuple[str, ...]
    cites: tuple[str, ...]
    practice: str = ""
    meeting: str = ""


class RoutingIndex:
    """A table's rows as one bitmask per fact and value; what no finite set of values decides is tested row by row."""

    def __init__(self, table: RoutingTable) -> None:
        self.rows = table.rows
        self.first_only = table.hit == "first"
        self.all = (1 << len(table.rows)) - 1
        self.columns: dict[str, dict[Any, int]] = {}
        self.indifferent: dict[str, int] = {}
        self.residual: dict[int, list[Holds]] = {}
        for place, row in enumerate(table.rows):
            self._add(place, row)

    def _add(self, place: int, row: Row) -> None:
        seen = set()
        for part in conjuncts(row.when):
            values = indexable(part) if isinstance(part, Test) else None
            path = part.path.removeprefix("answers.") if isinstance(part, Test) else ""
            if values is None or path in seen:
                self.residual.setdefault(place, []).append(compiled(part))
                continue
            seen.add(path)
            column = self.columns.setdefault(path, {})
            for value in values:
                key = (type(value) is bool, value)
                column[key] = column.get(key, 0) | 1 << place
            self.indifferent[path] = self.indifferent.get(path, self.all) & ~(1 << place)

    def matching(self, facts: Facts) -> list[Row]:
        """Return the rows that match, in table order; only the first under hit = "first"."""
        mask = self.all
        for path, column in self.columns.items():
            mask &= self.indifferent[path] | _accepted(column, facts.get(path))
            if not mask:
                return []
        found = []
        while mask:
            lowest = mask & -mask
            place = lowest.bit_length() - 1
            if all(test(facts) for test in self.residual.get(place, ())):
                found.append(self.rows[place])
                if self.first_only:
                    break
            mask ^= lowest
        return found


def _accepted(column: Mapping[Any, int], actual: Any) -> int:
    if isinstance(actual, (list, tuple)):
        mask = 0
        for value in actual:
            mask |= column.get((type(value) is bool, value), 0)
        return mask
    return 0 if actual is None else column.get((type(actual) is bool, actual), 0)


@lru_cache(maxsize=256)
def index_of(table: RoutingTable) -> RoutingIndex:
    """Return a table's index, built once."""
    return RoutingIndex(table)


def propose(rulebook: Rulebook, table: RoutingTable, facts: Facts) -> tuple[Proposal, ...]:
    """Return who is proposed to handle a case with these facts, one proposal for each lead, rows of one lead united."""
    rows = index_of(table).matching(facts)
    if not rows:
        rows = [table.otherwise] if table.otherwise else []
    found: dict[str, Proposal] = {}
    for row in rows:
        proposal = _proposal(rulebook, row, facts)
        earlier = found.get(proposal.lead)
        found[proposal.lead] = _united(earlier, proposal) if earlier else proposal
    return tuple(found.values())


def _proposal(rulebook: Rulebook, row: Row, facts: Facts) -> Proposal:
    ref = row.lead or UnitRef(rulebook.meetings[row.meeting].convenes)
    lead = unit_id(rulebook, ref, facts)
    assist = tuple(dict.fromkeys(unit_id(rulebook, other, facts) for other in row.assist))
    basis: Basis = row.basis
    others = tuple(unit for unit in assist if unit != lead)
    return Proposal(lead, others, (row.id,), basis.cites, basis.practice, row.meeting)


def _united(first: Proposal, second: Proposal) -> Proposal:
    return Proposal(
        lead=first.lead,
        assist=tuple(dict.fromkeys(first.assist + second.assist)),
        routes=first.routes + second.routes,
        cites=tuple(dict.fromkeys(first.cites + second.cites)),
        practice=first.practice or second.practice,
        meeting=first.meeting or second.meeting,
    )
