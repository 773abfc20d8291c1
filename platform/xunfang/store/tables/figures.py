"""Figures of indicators 指标, as they were counted last: for each owner and period so many of so many."""

from dataclasses import dataclass
from datetime import date, datetime

from xunfang.store.rows import table


@table(
    "figure",
    key=("jurisdiction", "indicator", "every", "begins_on", "owner"),
    indexes=[("jurisdiction", "begins_on", "owner")],
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What an indicator came to for an owner (a unit or division, "" the whole) in a period.

    `release` is the one by whose indicator it was counted, `complete`: the period was over by then.
    """

    jurisdiction: str
    indicator: str
    every: str
    begins_on: date
    owner: str
    part: int
    whole: int
    counted_at: datetime
    release: str
    complete: bool = False


__all__ = ["Figure"]
