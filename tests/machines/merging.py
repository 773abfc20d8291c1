"""A change of divisions in any jurisdiction: two townships become one, each village with another code."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from xunfang.division import Division, DivisionTree, Level, digits_of

TOWNSHIP = digits_of(Level.TOWNSHIP)


def merged(tree: DivisionTree, townships: tuple[str, str], day: date) -> DivisionTree:
    """Return the divisions as they will be from a day on, when two townships of one county are one."""
    return DivisionTree(_lines(tree, townships, day))


def _lines(tree: DivisionTree, townships: tuple[str, str], day: date) -> Iterator[Division]:
    heir, last = _free(tree, townships[0]), day - timedelta(days=1)
    number = 0
    for line in tree.lines():
        if line.code[:TOWNSHIP] not in townships or line.until is not None:
            yield line
        elif line.level is Level.TOWNSHIP:
            yield replace(line, until=last, successors=(heir,))
        else:
            number += 1
            code = f"{heir}{number:03d}"
            yield replace(line, until=last, successors=(code,))
            yield Division(code, line.name, line.level, since=day)
    yield Division(heir, "新合镇", Level.TOWNSHIP, since=day)


def _free(tree: DivisionTree, township: str) -> str:
    county = township[: digits_of(Level.COUNTY)]
    return next(code for n in range(999, 0, -1) if (code := f"{county}{n:03d}") not in tree)
