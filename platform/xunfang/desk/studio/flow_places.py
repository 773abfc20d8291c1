"""Where the boxes of a picture stand from left to right: near what they are linked with, none on another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from xunfang.desk.studio.flow_levels import Levels, Spot

GAP, PASS, _PASSES, _NARROW = 30.0, 16.0, 14.0, 6.0
"""Between two boxes; the width that passing lines take; between these and what stands beside them, and at least."""
_SWEEPS = 8
_NEARLY, _HARDLY = 40.0, 4.0
"""By so much a box is moved to stand right under a line; by so much anything comes nearer than it should for that."""


@dataclass(frozen=True, slots=True)
class Card:
    """A box: its size, and to which others it leads, each from a cell of its own of the same width at its foot."""

    id: str
    width: float
    height: float
    leads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Middles:
    """The middle of each spot, and of each cell by box and target; `cells`: the targets of a box in their order."""

    spots: Mapping[Spot, float]
    cells: Mapping[str, tuple[str, ...]]
    cards: Mapping[str, Card]

    def cell(self, id: str, to: str) -> float:
        """Return the middle of the cell of a box that leads to another."""
        spot = next(spot for spot in self.spots if spot.id == id and not spot.passed)
        return self.spots[spot] + offset(self.cards[id], self.cells[id], to)


def offset(card: Card, cells: Sequence[str], to: str) -> float:
    """Return how far the middle of a cell is to the right of that of its box."""
    return card.width * ((cells.index(to) + 0.5) / len(cells) - 0.5)


def middles(levels: Levels, cards: Mapping[str, Card], left: Iterable[str]) -> Middles:
    """Return where everything stands; `left`: the boxes to which lines lead back on the left side."""
    cells = {id: _cells(levels, card, set(left)) for id, card in cards.items()}
    at: dict[Spot, float] = {}
    for row in levels.rows:
        for n, spot in enumerate(row):
            at[spot] = at[row[n - 1]] + apart(row[n - 1], spot, cards) if n else 0.0
    for n in range(_SWEEPS):
        rows = list(levels.rows) if n % 2 else list(reversed(levels.rows))
        for row in rows:
            _settle(row, _wanted(row, levels, cards, cells, at, downwards=bool(n % 2)), cards, at)
    for row in levels.rows:
        for places in (reversed(range(len(row))), range(len(row))):
            for n in places:
                _straighten(row, n, levels, cards, cells, at)
    return Middles(at, cells, cards)


def _straighten(
    row: Sequence[Spot],
    n: int,
    levels: Levels,
    cards: Mapping[str, Card],
    cells: Mapping[str, tuple[str, ...]],
    at: dict[Spot, float],
) -> None:
    """Put what a line leads to right under it, as far as there is room; a box only where it is nearly there."""
    spot = row[n]
    above = [link.upper for link in levels.links if link.lower == spot]
    passing = [other for other in above if other.passed] or above
    if len(passing) != 1 or (len(above) > 1 and not spot.passed):
        return
    other = passing[0]
    x = at[other] + (0.0 if other.passed else offset(cards[other.id], cells[other.id], spot.id))
    low = at[row[n - 1]] + apart(row[n - 1], spot, cards, _NARROW) if n else x
    high = at[row[n + 1]] - apart(spot, row[n + 1], cards, _NARROW) if n + 1 < len(row) else x
    if low <= high and (spot.passed or abs(x - at[spot]) <= _NEARLY):
        near = min(max(x, low), high)
        at[spot] = x if abs(x - near) <= _HARDLY else near


def apart(left: Spot, right: Spot, cards: Mapping[str, Card], passes: float = _PASSES) -> float:
    """Return how far the middles of two neighbours are apart at least."""
    between = passes if left.passed or right.passed else GAP
    return (width(left, cards) + width(right, cards)) / 2 + between


def width(spot: Spot, cards: Mapping[str, Card]) -> float:
    """Return how wide a spot is."""
    return PASS if spot.passed else cards[spot.id].width


def _cells(levels: Levels, card: Card, left: set[str]) -> tuple[str, ...]:
    """Return the targets of a box in the order in which they stand below it, those above it at the sides."""
    place = {spot: n for row in levels.rows for n, spot in enumerate(row)}
    below = {link.lower.id: place[link.lower] for link in levels.links if _is_box(link.upper, card.id)}
    order = {to: below[to] if to in below else -1 if to in left else len(place) for to in card.leads}
    return tuple(sorted(card.leads, key=lambda to: order[to]))


def _is_box(spot: Spot, id: str) -> bool:
    return spot.id == id and not spot.passed


Wanted = tuple[float, float]
"""Where something would best stand, and how much that matters."""


def _wanted(
    row: Sequence[Spot],
    levels: Levels,
    cards: Mapping[str, Card],
    cells: Mapping[str, tuple[str, ...]],
    at: Mapping[Spot, float],
    *,
    downwards: bool,
) -> list[Wanted]:
    found: dict[Spot, list[Wanted]] = {spot: [] for spot in row}
    for link in levels.links:
        here, other = (link.lower, link.upper) if downwards else (link.upper, link.lower)
        if here in found:
            out = 0.0 if link.upper.passed else offset(cards[link.upper.id], cells[link.upper.id], link.lower.id)
            weight = 8.0 if here.passed and other.passed else 1.0
            found[here].append((at[other] + (out if downwards else -out), weight))
    return [_mean(found[spot], at[spot]) for spot in row]


def _mean(wanted: Sequence[Wanted], otherwise: float) -> Wanted:
    weight = sum(each for _, each in wanted)
    return (sum(x * each for x, each in wanted) / weight, weight) if wanted else (otherwise, 0.05)


def _settle(row: Sequence[Spot], wanted: Sequence[Wanted], cards: Mapping[str, Card], at: dict[Spot, float]) -> None:
    """Put a row as near as can be to where its spots would best stand, in their order and apart: the least squares."""
    end, ends = 0.0, list[float]()
    for n, spot in enumerate(row):
        end += apart(row[n - 1], spot, cards) if n else 0.0
        ends.append(end)
    blocks: list[tuple[float, float, int]] = []
    for (x, weight), shift in zip(wanted, ends, strict=True):
        blocks.append((x - shift, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (x2, w2, n2), (x1, w1, n1) = blocks.pop(), blocks.pop()
            blocks.append(((x1 * w1 + x2 * w2) / (w1 + w2), w1 + w2, n1 + n2))
    free = [x for x, _, count in blocks for _ in range(count)]
    for spot, x, shift in zip(row, free, ends, strict=True):
        at[spot] = x + shift
