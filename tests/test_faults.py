"""docs/faults.md is true: each fault names the tests that hold its right value, and each of these tests is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "faults.md").read_text("utf-8")
_ROW = re.compile(r"^\| ([A-G][0-9]*) \|(.*)\|$", re.MULTILINE)
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
_PARTS = {"A": 15, "B": 14, "C": 8, "E": 12}
"""How many faults were seen in each of the parts whose right value a test must hold."""

ROWS = _ROW.findall(PAGE)


@cache
def _tests_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(("fault", "told"), ROWS, ids=[fault for fault, _ in ROWS])
def test_a_fault_has_tests_that_are_there(fault: str, told: str) -> None:
    named = _NAMED.findall(told)
    assert named
    assert [f"{file}::{name}" for file, name in named if name not in _tests_in(file)] == []
    assert len(_NAMED.sub("", told).replace("`", "").strip()) == len(_NAMED.sub("", told).strip())


def test_no_fault_is_left_out_or_told_twice() -> None:
    faults = [fault for fault, _ in ROWS]
    assert len(faults) == len(set(faults))
    for part, many in _PARTS.items():
        assert {f"{part}{number}" for number in range(1, many + 1)} <= set(faults)
