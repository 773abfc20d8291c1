"""One routing table of 60 rows and 6 columns: our index beside a naive loop and zen-engine's single evaluation."""

import json
import random
from collections.abc import Callable, Iterable
from typing import Any

import zen

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.model import AllOf, Operator, RoutingTable, Row, Test, UnitRef
from xunfang.rules.conditions import holds
from xunfang.rules.routing import index_of

ROWS, WORDS = 60, 8
COLUMNS = ("need", "urgency", "category", "cause", "source", "level")
Rate = Callable[[Callable[[int], object], float], float]


def _table(chance: random.Random) -> RoutingTable:
    rows = []
    for number in range(ROWS):
        tests = tuple(
            Test(column, Operator.IN, tuple(sorted(chance.sample(_words(column), chance.randint(3, WORDS)))))
            for column in COLUMNS
        )
        rows.append(Row(f"row-{number}", AllOf(tests), UnitRef(f"unit-{number}"), (), "", Basis(practice="bench")))
    return RoutingTable("bench", "", "first", "nobody", None, tuple(rows), None)


def _words(column: str) -> list[str]:
    return [f"{column}-{number}" for number in range(WORDS)]


def _naive(table: RoutingTable, facts: dict[str, Any]) -> list[Row]:
    return next(([row] for row in table.rows if holds(row.when, facts)), [])


def _zen(table: RoutingTable) -> Any:
    inputs = [{"id": f"i{n}", "name": column, "field": column} for n, column in enumerate(COLUMNS)]
    rules = [
        {"_id": row.id, "o": f'"{row.id}"', **{f"i{n}": _alternatives(test) for n, test in enumerate(_tests(row))}}
        for row in table.rows
    ]
    content = {"hitPolicy": "first", "inputs": inputs, "outputs": [{"id": "o", "name": "row", "field": "row"}]}
    table_node = content | {"rules": rules}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {"id": "t", "type": "decisionTableNode", "name": "t", "content": table_node, "position": {"x": 0, "y": 0}},
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
    ]  # fmt: skip
    edges = [
        {"id": "e1", "sourceId": "in", "targetId": "t", "type": "edge"},
        {"id": "e2", "sourceId": "t", "targetId": "out", "type": "edge"},
    ]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def _tests(row: Row) -> Iterable[Test]:
    assert isinstance(row.when, AllOf)
    return (part for part in row.when.parts if isinstance(part, Test))


def _alternatives(test: Test) -> str:
    assert isinstance(test.value, tuple)
    return ",".join(f'"{word}"' for word in test.value)


def tables(rate: Rate, seconds: float) -> None:
    """Print decisions per second of each on the same facts, after making sure that all three agree."""
    chance = random.Random(60)
    table = _table(chance)
    facts = [{column: chance.choice(_words(column)) for column in COLUMNS} for _ in range(200)]
    index, decision = index_of(table), _zen(table)
    for each in facts:
        ours = [row.id for row in index.matching(each)]
        assert ours == [row.id for row in _naive(table, each)]
        assert ours == [found] if (found := decision.evaluate(each)["result"].get("row")) else not ours
    indexed = rate(lambda n: index.matching(facts[n % 200]), seconds)
    naive = rate(lambda n: _naive(table, facts[n % 200]), seconds)
    engine = rate(lambda n: decision.evaluate(facts[n % 200]), seconds)
    print(f"one table of {ROWS} rows, {len(COLUMNS)} columns       {indexed:>10,.0f} /s")
    print(f"  naive loop over the rows                {naive:>10,.0f} /s   ratio {indexed / naive:.1f}")
    print(f"  zen-engine, one evaluation              {engine:>10,.0f} /s   ratio {indexed / engine:.1f}")
