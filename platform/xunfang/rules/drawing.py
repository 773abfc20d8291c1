"""Drawing a sample 抽查: stratum by stratum, then what each division and the whole lack; anybody can draw it again."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from math import ceil
from typing import Any

from xunfang.division import DivisionTree, digits_of
from xunfang.rulebook.model import Duty, Sample
from xunfang.rules.conditions import holds

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lot:
    """One of those that are drawn from 签: its key, its stratum (that of the rest is the last), its place."""

    key: str
    stratum: int
    place: str


def lots_of(sample: Sample, things: Mapping[str, Facts]) -> tuple[Lot, ...]:
    """Return what is drawn from, each thing in the first of the strata whose condition holds."""
    return tuple(lot_of(sample, key, facts) for key, facts in things.items())


def lot_of(sample: Sample, key: str, facts: Facts) -> Lot:
    """Return as what one thing goes into a draw."""
    place = next((n for n, stratum in enumerate(sample.strata) if holds(stratum.when, facts)), len(sample.strata))
    return Lot(key, place, str(facts.get("residence") or ""))


def draw(sample: Sample, things: Mapping[str, Facts], seed: str, divisions: DivisionTree) -> tuple[str, ...]:
    """Return the keys of what is drawn of things, in their order.

    A seed ranks the keys, and of each stratum the first are taken; a division or the whole that has too few gets the
    next ones. The same seed takes the same of the same things, in whatever order they are given.
    Raises ValueError while a ratio is still left to a lower layer.
    """
    return draw_from(sample, lots_of(sample, things), seed, divisions, sample.minimum)


def draw_from(sample: Sample, lots: Sequence[Lot], seed: str, divisions: DivisionTree, minimum: int) -> tuple[str, ...]:
    """Return the keys of what is drawn of lots, in their order, at least so many in all; see `draw`."""
    ranked = ranking(lots, seed)
    taken: set[str] = set()
    for members, wanted in zip(_strata(sample, ranked), shares(sample, lots), strict=True):
        taken.update(lot.key for lot in members[:wanted])
    for level, least in sorted(sample.at_least, key=lambda each: -digits_of(each[0])):
        for there in _by_division(ranked, level, divisions).values():
            taken.update(_lacking(there, taken, least))
    taken.update(_lacking([lot.key for lot in ranked], taken, minimum))
    return tuple(lot.key for lot in lots if lot.key in taken)


def ranking(lots: Iterable[Lot], seed: str) -> list[Lot]:
    """Return lots in the order in which a seed takes them."""
    return sorted(lots, key=lambda lot: (hashlib.sha256(f"{seed}|{lot.key}".encode()).digest(), lot.key))


def shares(sample: Sample, lots: Iterable[Lot]) -> list[int]:
    """Return how many are drawn of each stratum, and of the rest at last, before anything that is lacking."""
    return [_wanted(sample, n, len(members)) for n, members in enumerate(_strata(sample, lots))]


def _wanted(sample: Sample, nth: int, among: int) -> int:
    if nth == len(sample.strata):
        return _share(sample.ratio, among)
    stratum = sample.strata[nth]
    return _share(stratum.ratio, among) if stratum.ratio else stratum.count


def next_after(lots: Sequence[Lot], seed: str, gone: str, taken: Collection[str]) -> Iterator[str]:
    """Yield who may stand in for one that is gone 替补: those of its stratum that were not taken, by rank."""
    stratum = next((lot.stratum for lot in lots if lot.key == gone), -1)
    yield from (lot.key for lot in ranking(lots, seed) if lot.stratum == stratum and lot.key not in taken)


def digest_of(lots: Iterable[Lot]) -> str:
    """Return by what a population can be told from any other: the digest of its keys, strata and places, sorted."""
    lines = sorted(f"{lot.key} {lot.stratum} {lot.place}" for lot in lots)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def is_drawn(duty: Duty) -> bool:
    """Return whether only some of what a duty falls on are drawn, by ratios that this layer has settled."""
    if duty.sample is None or takes_all(duty):
        return False
    return "local" not in (duty.sample.ratio, *(each.ratio for each in duty.sample.strata))


def takes_all(duty: Duty) -> bool:
    """Return whether a duty falls on everything, so that nothing is drawn: it has no sample, or one of all."""
    return duty.sample is None or duty.sample.takes_all


def _strata(sample: Sample, lots: Iterable[Lot]) -> list[list[Lot]]:
    """Return the lots of each stratum, those of the rest at last, in the order given."""
    found: list[list[Lot]] = [[] for _ in range(len(sample.strata) + 1)]
    for lot in lots:
        found[lot.stratum].append(lot)
    return found


def _share(ratio: str, among: int) -> int:
    """Return how many a ratio takes of so many, rounded up: a share that must not be fallen short of."""
    if ratio == "local":
        raise ValueError("抽查比例尚未由本级确定")
    try:
        return among if ratio == "all" else ceil(among * Decimal(ratio))
    except InvalidOperation:
        raise ValueError(f"抽查比例“{ratio}”无法识别") from None


def _by_division(ranked: Iterable[Lot], level: str, divisions: DivisionTree) -> dict[str, list[str]]:
    """Return the keys in each division of a level, by rank; without what lies in none.

    A village that is not divided is one grid.
    """
    found: dict[str, list[str]] = {}
    for lot in ranked:
        place = divisions.follow(lot.place)
        if division := divisions.ancestor(place, level) or (place if divisions.answers(place, level) else ""):
            found.setdefault(division, []).append(lot.key)
    return found


def _lacking(ranked: Sequence[str], taken: Set[str], least: int) -> list[str]:
    """Return those that must be taken as well, so that of these at least so many are."""
    left = [key for key in ranked if key not in taken]
    return left[: max(least - (len(ranked) - len(left)), 0)]
