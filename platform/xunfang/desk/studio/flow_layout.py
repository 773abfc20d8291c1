"""Drawing a flow from above to below: boxes on levels, orthogonal lines between them, those that lead back aside.

Pure: sizes go in, places come out. No line runs through a box, and none lies on one that leads elsewhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

from xunfang.desk.studio.flow_channels import NEAR, Net, aside, tracks
from xunfang.desk.studio.flow_levels import Edge, Levels, Spot, levels_of
from xunfang.desk.studio.flow_places import Card, Middles, middles

Point = tuple[float, float]
MARGIN, TRACK, HEAD, LANE = 12.0, 12.0, 18.0, 14.0
"""Around everything; between two tracks; over a box for the head of an arrow; between two ways back."""
_ENTERS = 16.0
_SIDES_TRIED = 4


@dataclass(frozen=True, slots=True)
class Box:
    """Where a box stands, and the targets of its cells from left to right."""

    id: str
    x: float
    y: float
    width: float
    height: float
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One line, from the foot of a box to the top of another, turn by turn."""

    source: str
    target: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole picture."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]
    crossings: int


@lru_cache(maxsize=256)
def layout(cards: tuple[Card, ...]) -> Layout:
    """Return the picture of boxes that lead to one another, the first being where it begins."""
    levels = levels_of({card.id: card.leads for card in cards})
    by_id = {card.id: card for card in cards}
    targets = sorted({to for _, to in levels.back})[:_SIDES_TRIED]
    sides = [frozenset(left) for n in range(len(targets) + 1) for left in combinations(targets, n)]
    made = (_Drawing(levels, by_id, left).drawn() for left in sides)
    return min(made, key=lambda each: (each.crossings, each.width))


@dataclass
class _Drawing:
    levels: Levels
    cards: Mapping[str, Card]
    left: frozenset[str]
    enters: dict[Spot, float] = field(default_factory=dict)
    returns: dict[str, float] = field(default_factory=dict)
    leaves: dict[Edge, float] = field(default_factory=dict)
    lanes: dict[str, float] = field(default_factory=dict)
    crossed: int = 0

    def drawn(self) -> Layout:
        """Return the picture with these ways back on the left."""
        self.at: Middles = middles(self.levels, self.cards, self.left)
        self.depth = {spot.id: spot.level for row in self.levels.rows for spot in row if not spot.passed}
        self._part_lines()
        self._lay_lanes()
        nets = [list(self._nets(n)) for n in range(len(self.levels.rows))]
        self.track: list[Mapping[str, int]] = []
        for found in nets:
            order, crossed = tracks(found)
            self.track.append(order)
            self.crossed += crossed
        return self._placed()

    # ----- from left to right

    def _part_lines(self) -> None:
        """Keep lines that lead elsewhere off one another: what enters a level, then what leaves the one above it."""
        self.enters = dict(self.at.spots)
        for n, row in enumerate(self.levels.rows):
            above = self.levels.rows[n - 1] if n else ()
            for spot in row:
                passing = [self.enters[other] for other in above if other.passed and other.id != spot.id]
                self.enters[spot] = aside(self.at.spots[spot], passing)
            for id in {to for _, to in self.levels.back if self.depth[to] == n}:
                taken = [self.enters[other] for other in (*row, *above)]
                wanted = self.at.spots[Spot(id, n, False)] + (-_ENTERS if id in self.left else _ENTERS)
                self.returns[id] = aside(wanted, taken)
            for spot in above:
                self._part_cells(spot, row)

    def _part_cells(self, spot: Spot, below: Sequence[Spot]) -> None:
        back = {id: x for id, x in self.returns.items() if self.depth[id] == spot.level + 1}
        for to in () if spot.passed else self.at.cells[spot.id]:
            taken = [x for id, x in back.items() if id != to]
            taken += [self.enters[other] for other in below if other.id != to]
            self.leaves[spot.id, to] = aside(self.at.cell(spot.id, to), taken)

    def _lay_lanes(self) -> None:
        """Give each way back a lane of its own, the shorter ones within the longer ones."""
        last = self.levels.rows[-1] if self.levels.rows else ()
        for spot in last:
            self._part_cells(spot, ())
        edge = [(x - self._half(spot), x + self._half(spot)) for spot, x in self.at.spots.items()]
        low, high = min(x for x, _ in edge), max(x for _, x in edge)
        spans = {to: self._levels_back(to) for to in self.returns}
        for to in sorted(spans, key=lambda to: (spans[to][1] - spans[to][0], to)):
            if to in self.left:
                low -= LANE
            else:
                high += LANE
            self.lanes[to] = low if to in self.left else high

    def _half(self, spot: Spot) -> float:
        return 0.0 if spot.passed else self.cards[spot.id].width / 2

    def _levels_back(self, to: str) -> tuple[int, int]:
        """Return between which channels a way back runs: over its target, and under the lowest that leads to it."""
        return self.depth[to] - 1, max(self.depth[source] for source, target in self.levels.back if target == to)

    # ----- between the levels

    def _nets(self, n: int) -> Iterator[Net]:
        """Yield what runs between a level and the next."""
        ways: dict[Spot, list[float]] = {}
        for link in self.levels.links:
            if link.upper.level == n:
                passed = link.upper.passed
                x = self.enters[link.upper] if passed else self.leaves[link.upper.id, link.lower.id]
                ways.setdefault(link.lower, []).append(x)
        for spot, tops in ways.items():
            yield Net(spot.id, tuple(tops), (self.enters[spot],))
        for to, lane in self.lanes.items():
            top, bottom = self._levels_back(to)
            out = tuple(self.leaves[edge] for edge in self.levels.back if edge[1] == to and self.depth[edge[0]] == n)
            if top == n and out:  # a way back from a level to that beneath it is none
                continue
            if top == n:
                yield Net(f"<{to}", (), (lane, self.returns[to]))
            elif top < n <= bottom:
                yield Net(f"<{to}", (*out, lane), (lane,) if n < bottom else ())

    # ----- from above to below

    def _placed(self) -> Layout:
        rows, channels, y = [], [], MARGIN
        for n, row in enumerate(self.levels.rows):
            rows.append(y)
            y += max((self.cards[spot.id].height for spot in row if not spot.passed), default=0.0)
            channels.append(y)
            y += MARGIN + TRACK * len(self.track[n]) + HEAD if n + 1 < len(self.levels.rows) or self.track[n] else 0.0
        xs = [
            x for x, half in ((x, self._half(spot)) for spot, x in self.at.spots.items()) for x in (x - half, x + half)
        ]
        low, high = min([*xs, *self.lanes.values()]), max([*xs, *self.lanes.values()])
        self.rows, self.channels, self.shift = rows, channels, MARGIN - low
        boxes = tuple(self._box(spot) for row in self.levels.rows for spot in row if not spot.passed)
        routes = tuple(self._route(card.id, to) for card in self.cards.values() for to in self.at.cells[card.id])
        return Layout(high - low + 2 * MARGIN, y + MARGIN, boxes, routes, self.crossed)

    def _box(self, spot: Spot) -> Box:
        card = self.cards[spot.id]
        x = self.at.spots[spot] - card.width / 2 + self.shift
        return Box(card.id, x, self.rows[spot.level], card.width, card.height, self.at.cells[card.id])

    def _route(self, source: str, to: str) -> Route:
        level, start = self.depth[source], self.leaves[source, to]
        points = [(start, self.rows[level] + self.cards[source].height)]
        if (source, to) in self.levels.back:
            points += self._crossing(f"<{to}", level, start, self.lanes[to])
            points += self._crossing(f"<{to}", self.depth[to] - 1, self.lanes[to], self.returns[to])
            points.append((self.returns[to], self.rows[self.depth[to]]))
        else:
            x = start
            for n in range(level, self.depth[to]):
                enters = self.enters[Spot(to, n + 1, n + 1 < self.depth[to])]
                points += self._crossing(to, n, x, enters)
                x = enters
            points.append((x, self.rows[self.depth[to]]))
        return Route(source, to, _straightened([(x + self.shift, y) for x, y in points]))

    def _crossing(self, net: str, n: int, start: float, end: float) -> list[Point]:
        y = self.channels[n] + MARGIN + TRACK * self.track[n].get(net, 0)
        return [(start, y), (end, y)]


def _straightened(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return a line without points at which it does not turn."""
    found: list[Point] = []
    for point in points:
        if found and _same(found[-1], point):
            continue
        if len(found) > 1 and (
            _in_line(found[-2][0], found[-1][0], point[0]) or _in_line(found[-2][1], found[-1][1], point[1])
        ):
            found[-1] = point
        else:
            found.append(point)
    return tuple(found)


def _same(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) < 0.5 and abs(one[1] - other[1]) < 0.5


def _in_line(*values: float) -> bool:
    return max(values) - min(values) < 0.5


__all__ = ["NEAR", "Box", "Card", "Layout", "Route", "layout"]
