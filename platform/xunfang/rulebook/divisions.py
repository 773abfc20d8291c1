"""divisions.csv: the table that the lower floor reads, with its words put where they belong."""

import re
from collections.abc import Iterable
from dataclasses import replace

from xunfang.division import Division, DivisionTree
from xunfang.errors import Problem
from xunfang.rulebook.files import Files
from xunfang.rulebook.findings import Findings

_LINE = re.compile(r"^第(\d+)行：")


def divisions_of(files: Files, chain: Iterable[str], findings: Findings) -> DivisionTree:
    """Return the divisions of a chain of layers, each as the nearest layer names it.

    A table that cannot be read is noted with its line and left out.
    """
    found: dict[str, list[Division]] = {}
    for layer in chain:
        path = f"workflows/{layer}/divisions.csv"
        if path in files:
            found |= _by_code(path, _read(path, files[path], findings))
    return DivisionTree(division for lines in found.values() for division in lines)


def _by_code(path: str, tree: Iterable[Division]) -> dict[str, list[Division]]:
    found: dict[str, list[Division]] = {}
    for division in tree:
        found.setdefault(division.code, []).append(replace(division, file=path))
    return found


def _read(path: str, text: str, findings: Findings) -> Iterable[Division]:
    try:
        return DivisionTree.parse(text).lines()
    except ValueError as error:
        place = _LINE.match(str(error))
        line, message = (int(place.group(1)), _LINE.sub("", str(error))) if place else (0, str(error))
        hint = "一行一个区划：代码,名称,级别，写法见 docs/rules.md 的区划一节"
        findings.problems.append(Problem(path, line, "", "DIVISIONS_WRONG", message.rstrip("。"), hint))
        return ()
