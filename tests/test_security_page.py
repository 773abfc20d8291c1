"""docs/security.md names for each trap the test that proves what it says; every one of them exists and is collected."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


@cache
def _tests_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_")


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_the_named_test_exists(path: str, name: str) -> None:
    assert name in _tests_in(path)


def test_every_trap_names_its_proof() -> None:
    rows = [line for line in PAGE.partition("## 四、")[2].splitlines() if line.startswith("| ")]
    silent = [row for row in rows if "::test_" not in row and not row.startswith(("| 坑 ", "|---"))]
    assert silent == []
    assert len(NAMED) > 60


def test_every_file_and_command_it_speaks_of_is_there_or_marked() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for line in PAGE.splitlines():
        if "待并入" not in line:
            assert [path for path in re.findall(r"`(tests/[\w/]+\.py)`", line) if not (ROOT / path).exists()] == []
            assert [name for name in re.findall(r"`make (\w+)", line) if f"\n{name}:" not in makefile] == []
