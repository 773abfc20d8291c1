"""Between two levels of a picture: on which track each line runs across, so that few cross and none lie on another."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

NEAR = 6.0
"""Lines of different ways are at least so far apart where they run side by side."""
_ALL_TRIED = 6
_ON_ANOTHER = 1000


@dataclass(frozen=True, slots=True)
class Net:
    """Lines that join on one track: where they come from above, and where they leave it below."""

    id: str
    tops: tuple[float, ...]
    bottoms: tuple[float, ...]

    @property
    def span(self) -> tuple[float, float]:
        """Return from where to where it runs across."""
        found = (*self.tops, *self.bottoms)
        return min(found), max(found)

    @property
    def is_straight(self) -> bool:
        """Return whether it runs straight down, on no track."""
        low, high = self.span
        return high - low < 0.5


def tracks(nets: Sequence[Net]) -> tuple[Mapping[str, int], int]:
    """Return the track of each net, counted from above, and how many lines cross."""
    straight = [net for net in nets if net.is_straight]
    bent = [net for net in nets if not net.is_straight]
    order = _best(bent, straight) if len(bent) <= _ALL_TRIED else _inserted(bent, straight)
    return {net.id: n for n, net in enumerate(order)}, _cost(order, straight)


def _best(bent: Sequence[Net], straight: Sequence[Net]) -> Sequence[Net]:
    return min(permutations(bent), key=lambda order: _cost(order, straight))


def _inserted(bent: Sequence[Net], straight: Sequence[Net]) -> Sequence[Net]:
    """Return an order in which each stands where it crossed least when it came."""
    order: list[Net] = []
    for net in bent:
        tried = [[*order[:n], net, *order[n:]] for n in range(len(order) + 1)]
        order = min(tried, key=lambda each: _cost(each, straight))
    return order


def _cost(order: Sequence[Net], straight: Sequence[Net]) -> int:
    crossed = sum(_within(each.tops[0], net) for net in order for each in straight)
    return crossed + sum(_between(upper, lower) for n, upper in enumerate(order) for lower in order[n + 1 :])


def _between(upper: Net, lower: Net) -> int:
    """Return what it costs that one net runs above another: its lines down, the other's up, cross it."""
    down = sum(_within(x, lower) for x in upper.bottoms)
    up = sum(_within(x, upper) for x in lower.tops)
    along = sum(abs(x - other) < NEAR / 2 for x in upper.bottoms for other in lower.tops)
    return down + up + along * _ON_ANOTHER


def _within(x: float, net: Net) -> int:
    low, high = net.span
    return int(low - NEAR / 2 < x < high + NEAR / 2)


def aside(x: float, others: Collection[float]) -> float:
    """Return the place nearest to one, in whole points, that is not near any of others."""
    x = float(round(x))
    for n in range(1, 4 * len(others) + 4):
        moved = x + (n // 2) * NEAR * (1 if n % 2 else -1)
        if all(abs(moved - other) >= NEAR for other in others):
            return moved
    return x
