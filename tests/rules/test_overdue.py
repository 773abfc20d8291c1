"""One function says whether something is overdue: no other place compares a due moment with that of now."""

import ast
from collections.abc import Iterator
from datetime import timedelta

import pytest

from parsed import parsed, walked
from xunfang.clock import parse
from xunfang.rules.overdue import is_overdue

DUE = parse("2026-03-10T23:59:59")
_NOW = frozenset({"at", "now", "then", "before", "opened_at", "ended_at"})
_PLANS = {
    "actions/drawing.py": 1,  # too late to draw for a period
    "casework/owing.py": 1,  # too late to begin with somebody
    "casework/replanning.py": 1,  # a calendar published later moves nothing that is over
    "casework/moving.py": 1,
    "rules/alerts.py": 1,
    "rules/nesting.py": 1,
    "rules/standing_in.py": 1,
    "store/reading/alerts.py": 1,  # whether an event was still on when something was due
    "desk/visits.py": 1,  # on which day somebody is seen next
    "rules/overdue.py": 3,
}
"""Where something else is decided by a due moment: whether it is still worth planning."""


@pytest.mark.parametrize(("late_by", "late"), [(-1, False), (0, False), (1, True)])
def test_what_is_due_at_a_moment_is_late_after_it(late_by: int, late: bool) -> None:
    assert is_overdue(DUE, DUE + timedelta(seconds=late_by)) is late
    assert not is_overdue(None, DUE)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _compared(tree: ast.Module) -> Iterator[ast.Compare]:
    for node in walked(tree):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
            names = {_name(node.left), *map(_name, node.comparators)}
            if "due_at" in names and names & _NOW:
                yield node


def test_nothing_else_decides_what_is_overdue() -> None:
    found = {file: many for file, tree in parsed().items() if (many := sum(1 for _ in _compared(tree)))}
    assert found == _PLANS
