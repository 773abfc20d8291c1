"""Routing: which rows match, and so which units are proposed. One bitmask per column decides most rows at once."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from xunfang.rulebook.model import Basis, Condition, Operator, RoutingTable, Row, Rulebook, Test, UnitRef
from xunfang.rules.conditions import Holds, compiled, conjuncts, indexable
from xunfang.rules.units import WHERE, unit_id, where_of

Facts = Mapping[str, Any]


class Proposal(NamedTuple):
    """One lead 主办 and its assisting units 协办, with the rows that named it; `meeting` when one must decide."""

    lead: str
    assist: tuple[str, ...]
    routes: tuple[str, ...]
    cites: tuple[str, ...]
    practice: str = ""
    meeting: str = ""
    since: datetime | None = None  # when the clock began, for work that goes on elsewhere
    informs: tuple[str, ...] = ()  # units told of it 抄送, who get no task


class RoutingIndex:
    """A table's rows as one bitmask per fact and value; what no finite set of values decides is tested row by row."""

    def __init__(self, table: RoutingTable) -> None:
        self.rows = table.rows
        self.first_only = table.hit == "first"
        self.all = (1 << len(table.rows)) - 1
        self.residual: dict[int, list[Holds]] = {}
        masks: dict[_Column, dict[Any, int]] = {}
        tested: dict[_Column, int] = {}
        for place, row in enumerate(table.rows):
            for column, word in self._finite(place, row):
                masks.setdefault(column, {})
                masks[column][word] = masks[column].get(word, 0) | 1 << place
                tested[column] = tested.get(column, 0) | 1 << place
        self.columns = [
            (path, many, {word: mask | self.all & ~tested[path, many] for word, mask in words.items()},
             self.all & ~tested[path, many])
            for (path, many), words in masks.items()
        ]  # fmt: skip

    def _finite(self, place: int, row: Row) -> Iterator[tuple["_Column", Any]]:
        """Yield the words by which columns decide a row; keep every other test for later."""
        seen = set()
        for part in conjuncts(row.when):
            values = indexable(part) if isinstance(part, Test) else None
            if values is None or not isinstance(part, Test) or (column := _column(part)) in seen:
                self.residual.setdefault(place, []).append(compiled(part))
                continue
            seen.add(column)
            yield from ((column, _word(value)) for value in values)

    def matching(self, facts: Facts) -> list[Row]:
        """Return the rows that match, in table order; only the first under hit = "first"."""
        mask = self.all
        if not mask:
            return []
        for path, many, words, indifferent in self.columns:
            actual = facts.get(path)
            if type(actual) is str:
                mask &= words.get(actual, indifferent)
            else:
                mask &= _accepted(words, indifferent, actual, many=many)
            if not mask:
                return []
        return self._passing(mask, facts) if self.residual or not self.first_only else [self.rows[_lowest(mask)]]

    def _passing(self, mask: int, facts: Facts) -> list[Row]:
        found = []
        while mask:
            place = _lowest(mask)
            if place not in self.residual or all(test(facts) for test in self.residual[place]):
                found.append(self.rows[place])
                if self.first_only:
                    break
            mask &= mask - 1
        return found


_Column = tuple[str, bool]
"""A fact, and whether a test on it holds when one of several answers does, as `any` does."""


def _column(test: Test) -> _Column:
    return test.path.removeprefix("answers."), test.operator is Operator.ANY


def _word(value: Any) -> Any:
    """A value as a key of its own: true is not 1, whatever Python's dictionaries think."""
    return value if type(value) is str else (type(value) is bool, value)


def _accepted(words: Mapping[Any, int], indifferent: int, actual: Any, *, many: bool) -> int:
    if isinstance(actual, (list, tuple)):
        mask = indifferent
        for value in actual if many else ():
            mask |= words.get(_word(value), indifferent)
        return mask
    return indifferent if actual is None else words.get(_word(actual), indifferent)


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


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
        proposal = _proposal(rulebook, table, row, facts)
        earlier = found.get(proposal.lead)
        found[proposal.lead] = _united(earlier, proposal) if earlier else proposal
    return tuple(found.values())


def conditions_of(table: RoutingTable, proposals: Iterable[Proposal]) -> list[Condition]:
    """Return what the rows of a table ask by which these are proposed."""
    routes = {route for proposal in proposals for route in proposal.routes}
    return [row.when for row in table.rows if row.id in routes]


def _proposal(rulebook: Rulebook, table: RoutingTable, row: Row, facts: Facts) -> Proposal:
    """Return what a row proposes: of one place always the same."""
    if rulebook.routing.get(table.id) is not table or rows_by_id(table).get(row.id) is not row:
        return _proposed(rulebook, row, facts)
    return _proposed_at(rulebook, table.id, row.id, where_of(facts))


@lru_cache(maxsize=8192)
def _proposed_at(rulebook: Rulebook, table: str, row: str, where: tuple[str, ...]) -> Proposal:
    known = rows_by_id(rulebook.routing[table])
    return _proposed(rulebook, known[row], dict(zip(WHERE, where, strict=True)))


@lru_cache(maxsize=256)
def rows_by_id(table: RoutingTable) -> Mapping[str, Row]:
    """Return every row of a table by its id, that for everything else included."""
    return {row.id: row for row in table.every_row}


def _proposed(rulebook: Rulebook, row: Row, facts: Facts) -> Proposal:
    ref = row.lead or UnitRef(rulebook.meetings[row.meeting].convenes)
    lead = unit_id(rulebook, ref, facts)
    assist = tuple(dict.fromkeys(unit_id(rulebook, other, facts) for other in row.assist))
    basis: Basis = row.basis
    others = tuple(unit for unit in assist if unit != lead)
    informs = tuple(dict.fromkeys(unit_id(rulebook, other, facts) for other in row.informs))
    return Proposal(lead, others, (row.id,), basis.cites, basis.practice, row.meeting, informs=informs)


def _united(first: Proposal, second: Proposal) -> Proposal:
    return Proposal(
        lead=first.lead,
        assist=tuple(dict.fromkeys(first.assist + second.assist)),
        routes=first.routes + second.routes,
        cites=tuple(dict.fromkeys(first.cites + second.cites)),
        practice=first.practice or second.practice,
        meeting=first.meeting or second.meeting,
        informs=tuple(dict.fromkeys(first.informs + second.informs)),
    )
