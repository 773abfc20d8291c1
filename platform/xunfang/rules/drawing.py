"""Drawing a sample 抽查: stratum by stratum, then what each division and the whole lack; anybody can draw it again."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence, Set
from decimal import Decimal, InvalidOperation
from math import ceil
from typing import Any

from xunfang.division import DivisionTree, digits_of
from xunfang.rulebook.model import Sample
from xunfang.rules.conditions import holds

Facts = Mapping[str, Any]


def draw(sample: Sample, things: Mapping[str, Facts], seed: str, divisions: DivisionTree) -> tuple[str, ...]:
    """Return the keys of what is drawn of things, in their order.

    A seed ranks the keys, and of each stratum the first are taken; a division or the whole that has too few gets the
    next ones. The same seed takes the same of the same things, in whatever order they are given.
    Raises ValueError while a ratio is still left to a lower layer.
    """
    ranked = sorted(things, key=lambda key: (hashlib.sha256(f"{seed}|{key}".encode()).digest(), key))
    taken: set[str] = set()
    for members, wanted in _strata(sample, ranked, things):
        taken.update(members[:wanted])
    for level, least in sorted(sample.at_least, key=lambda each: -digits_of(each[0])):
        for members in _by_division(ranked, things, level, divisions).values():
            taken.update(_lacking(members, taken, least))
    taken.update(_lacking(ranked, taken, sample.minimum))
    return tuple(key for key in things if key in taken)


def _strata(sample: Sample, ranked: Sequence[str], things: Mapping[str, Facts]) -> Iterator[tuple[list[str], int]]:
    """Yield the keys of each stratum, those of the rest at last, by rank, and how many of them are drawn."""
    left = list(ranked)
    for stratum in sample.strata:
        members = [key for key in left if holds(stratum.when, things[key])]
        left = [key for key in left if key not in set(members)]
        yield members, _share(stratum.ratio, len(members)) if stratum.ratio else stratum.count
    yield left, _share(sample.ratio, len(left))


def _share(ratio: str, among: int) -> int:
    """Return how many a ratio takes of so many, rounded up: a share that must not be fallen short of."""
    if ratio == "local":
        raise ValueError("抽查比例尚未由本级确定")
    try:
        return among if ratio == "all" else ceil(among * Decimal(ratio))
    except InvalidOperation:
        raise ValueError(f"抽查比例“{ratio}”无法识别") from None


def _by_division(
    ranked: Sequence[str], things: Mapping[str, Facts], level: str, divisions: DivisionTree
) -> dict[str, list[str]]:
    """Return the keys in each division of a level, by rank; without what lies in none.

    A village that is not divided is one grid.
    """
    found: dict[str, list[str]] = {}
    for key in ranked:
        place = divisions.follow(str(things[key].get("residence") or ""))
        if division := divisions.ancestor(place, level) or (place if divisions.answers(place, level) else ""):
            found.setdefault(division, []).append(key)
    return found


def _lacking(ranked: Sequence[str], taken: Set[str], least: int) -> list[str]:
    """Return those that must be taken as well, so that of these at least so many are."""
    left = [key for key in ranked if key not in taken]
    return left[: max(least - (len(ranked) - len(left)), 0)]
