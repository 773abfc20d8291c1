"""A directed picture in levels: which box stands on which, and in which order, so that few lines cross.

Lines that lead to the same box join on their way: on a level that they only pass they take one place together.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Edge = tuple[str, str]
_SWEEPS = 6


class Spot(NamedTuple):
    """A place on a level: of a box, or of the lines that pass there on their way to one."""

    id: str
    level: int
    passed: bool


class Link(NamedTuple):
    """What leads from one level to the next."""

    upper: Spot
    lower: Spot


@dataclass(frozen=True, slots=True)
class Levels:
    """Spots by level in their order, what links them, and the edges that lead back up."""

    rows: tuple[tuple[Spot, ...], ...]
    links: tuple[Link, ...]
    back: tuple[Edge, ...]

    def level_of(self, id: str) -> int:
        """Return the level of a box."""
        return next(n for n, row in enumerate(self.rows) for spot in row if spot.id == id and not spot.passed)


def levels_of(leads: Mapping[str, Sequence[str]]) -> Levels:
    """Return boxes on levels; `leads`: to which others each leads, the first being where it begins."""
    back = frozenset(_back(leads))
    down = {id: [to for to in targets if (id, to) not in back] for id, targets in leads.items()}
    level = _longest(down, {to for _, to in back})
    links = tuple(dict.fromkeys(link for id, targets in down.items() for to in targets for link in _way(id, to, level)))
    rows: list[list[Spot]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for id, n in level.items():
        rows[n].append(Spot(id, n, False))
    for spot in dict.fromkeys(link.lower for link in links if link.lower.passed):
        rows[spot.level].append(spot)
    return Levels(_ordered(rows, links), links, tuple(sorted(back)))


def _back(leads: Mapping[str, Sequence[str]]) -> Iterator[Edge]:
    """Yield the edges that lead back to where a way came from, looking deep before wide."""
    done: set[str] = set()
    for root in leads:
        if root in done:
            continue
        way, waiting = [root], [iter(leads[root])]
        while way:
            to = next(waiting[-1], None)
            if to is None:
                done.add(way.pop())
                waiting.pop()
            elif to in way:
                yield way[-1], to
            elif to not in done:
                way.append(to)
                waiting.append(iter(leads[to]))


def _longest(down: Mapping[str, Sequence[str]], entered: Collection[str]) -> dict[str, int]:
    """Return the level of each box: one below the lowest of those that lead to it.

    None stands on the first to which lines lead back: these come from over it.
    """
    into = dict.fromkeys(down, 0)
    for targets in down.values():
        for to in targets:
            into[to] += 1
    level = {id: int(id in entered) for id in down}
    ready = [id for id, count in into.items() if not count]
    for id in ready:
        for to in down[id]:
            level[to] = max(level[to], level[id] + 1)
            into[to] -= 1
            if not into[to]:
                ready.append(to)
    return level


def _way(id: str, to: str, level: Mapping[str, int]) -> Iterator[Link]:
    here = Spot(id, level[id], False)
    for n in range(level[id] + 1, level[to] + 1):
        below = Spot(to, n, n < level[to])
        yield Link(here, below)
        here = below


# ----- in which order


def _ordered(rows: Sequence[Sequence[Spot]], links: Collection[Link]) -> tuple[tuple[Spot, ...], ...]:
    best = [list(row) for row in rows]
    order = [list(row) for row in rows]
    for n in range(_SWEEPS):
        order = _swept(order, links, upwards=bool(n % 2))
        order = _swapped(order, links)
        if crossings(order, links) < crossings(best, links):
            best = [list(row) for row in order]
    return tuple(tuple(row) for row in _swapped(best, links))


def _swept(rows: list[list[Spot]], links: Collection[Link], *, upwards: bool) -> list[list[Spot]]:
    """Return each row ordered by the middle of what its spots are linked with in the row before it."""
    rows = [list(row) for row in rows]
    for n in reversed(range(len(rows) - 1)) if upwards else range(1, len(rows)):
        beside = {spot: place for place, spot in enumerate(rows[n + 1 if upwards else n - 1])}
        pairs = [(link.upper, link.lower) if upwards else (link.lower, link.upper) for link in links]
        middle = {
            spot: _middle([beside[other] for here, other in pairs if here == spot and other in beside], place)
            for place, spot in enumerate(rows[n])
        }
        rows[n].sort(key=lambda spot: middle[spot])
    return rows


def _middle(places: Sequence[int], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise


def _swapped(rows: list[list[Spot]], links: Collection[Link]) -> list[list[Spot]]:
    """Return the rows with neighbours swapped as long as that saves a crossing."""
    rows, fewest = [list(row) for row in rows], crossings(rows, links)
    better = True
    while better and fewest:
        better = False
        for row in rows:
            for n in range(len(row) - 1):
                row[n], row[n + 1] = row[n + 1], row[n]
                if (count := crossings(rows, links)) < fewest:
                    fewest, better = count, True
                else:
                    row[n], row[n + 1] = row[n + 1], row[n]
    return rows


def crossings(rows: Sequence[Sequence[Spot]], links: Collection[Link]) -> int:
    """Return how often links cross that do not begin or end in the same place."""
    place = {spot: n for row in rows for n, spot in enumerate(row)}
    by_level: dict[int, list[tuple[int, int]]] = {}
    for link in links:
        by_level.setdefault(link.upper.level, []).append((place[link.upper], place[link.lower]))
    pairs = (found for found in by_level.values())
    return sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for found in pairs for n, a in enumerate(found) for b in found[:n])
