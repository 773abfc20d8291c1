"""Indicators 指标: part over whole, and the points it earns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.model import Indicator
from xunfang.rules.computed import half_up
from xunfang.rules.conditions import holds


@dataclass(frozen=True, slots=True)
class Measured:
    """What an indicator shows: how many of how many, the ratio, the points; None where there is nothing to count."""

    part: int
    whole: int
    value: float | None
    points: float | None


def measure(indicator: Indicator, things: Iterable[Mapping[str, Any]]) -> Measured:
    """Return an indicator over things of its kind, each given as the facts that its conditions read.

    Points grow in proportion up to `full_at`, where all are earned.
    """
    counted = [facts for facts in things if holds(indicator.whole.where, facts)]
    part = sum(holds(indicator.part, facts) for facts in counted)
    value = part / len(counted) if counted else None
    return Measured(part, len(counted), value, points_for(indicator, value))


def points_for(indicator: Indicator, value: float | None) -> float | None:
    """Return the points that a ratio earns, taken away where they are negative; None without a score or a ratio."""
    if indicator.score is None or value is None:
        return None
    reached = min(value / indicator.score.full_at, 1.0) if indicator.score.full_at else 1.0
    return half_up(indicator.score.points * reached, 2) + 0.0  # nothing taken away is 0, not -0
