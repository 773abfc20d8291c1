"""Routing: which rows match, and so which units are proposed. One bitmask per column decides most rows at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from xunfang.rulebook.model import Basis, Operator, RoutingTable, Row, Rulebook, Test, UnitRef
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
        self.columns: dict[tuple[str, bool], dict[Any, int]] = {}  # by fact, and whether one of several may match
        self.indifferent: dict[tuple[str, bool], int] = {}
        self.residual: dict[int, list[Holds]] = {}
        for place, row in enumerate(table.rows):
            self._add(place, row)

    def _add(self, place: int, row: Row) -> None:
        seen = set()
        for part in conjuncts(row.when):
            values = indexable(part) if isinstance(part, Test) else None
            if values is None or not isinstance(part, Test) or (key := _column(part)) in seen:
                self.residual.setdefault(place, []).append(compiled(part))
                continue
            seen.add(key)
            column = self.columns.setdefault(key, {})
            for value in values:
                word = (type(value) is bool, value)
                column[word] = column.get(word, 0) | 1 << place
            self.indifferent[key] = self.indifferent.get(key, self.all) & ~(1 << place)

    def matching(self, facts: Facts) -> list[Row]:
        """Return the rows that match, in table order; only the first under hit = "first"."""
        mask = self.all
        for (path, many), column in self.columns.items():
            mask &= self.indifferent[path, many] | _accepted(column, facts.get(path), many=many)
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


def _column(test: Test) -> tuple[str, bool]:
    """Return the fact a test reads, and whether it holds when one of several answers does, as `any` does."""
    return test.path.removeprefix("answers."), test.operator is Operator.ANY


def _accepted(column: Mapping[Any, int], actual: Any, *, many: bool) -> int:
    if isinstance(actual, (list, tuple)):
        if not many:
            return 0
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
