"""divisions.csv: the table that the lower floor reads, with its words put where they belong."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from xunfang.division import Division, DivisionTree, read_table
from xunfang.errors import Problem
from xunfang.rulebook.files import Files
from xunfang.rulebook.findings import Findings

_LINE = re.compile(r"^第(\d+)行：")


def divisions_of(files: Files, chain: Iterable[str], findings: Findings) -> DivisionTree:
    """Return the divisions of a chain of layers, each as the nearest layer names it.

    A table that cannot be read is noted with its line and left out.
    """
    paths = (f"workflows/{layer}/divisions.csv" for layer in chain)
    tables = [(path, files[path]) for path in paths if path in files]
    return _tree(tuple(table for table in tables if _is_read(*table, findings)))


@lru_cache(maxsize=16)
def _tree(tables: tuple[tuple[str, str], ...]) -> DivisionTree:
    """Return the divisions of some tables, each with its path, root first: once for all who have the same."""
    found: dict[str, list[Division]] = {}
    for path, text in tables:
        found |= _by_code(path, text)
    return DivisionTree(division for lines in found.values() for division in lines)


@lru_cache(maxsize=32)
def _by_code(path: str, text: str) -> Mapping[str, list[Division]]:
    found: dict[str, list[Division]] = {}
    for division in read_table(text, path):
        found.setdefault(division.code, []).append(division)
    return found


def _is_read(path: str, text: str, findings: Findings) -> bool:
    try:
        _by_code(path, text)
    except ValueError as error:
        place = _LINE.match(str(error))
        line, message = (int(place.group(1)), _LINE.sub("", str(error))) if place else (0, str(error))
        hint = "一行一个区划：代码,名称,级别，写法见 docs/rules.md 的区划一节"
        findings.problems.append(Problem(path, line, "", "DIVISIONS_WRONG", message.rstrip("。"), hint))
        return False
    return True
