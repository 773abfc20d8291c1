"""Indicators 指标, ready to read: what each came to, for whom, what it rests on, and what the points come to."""

from dataclasses import dataclass
from datetime import date, datetime

from xunfang.desk.faces.basis import ClauseFace


@dataclass(frozen=True, slots=True)
class Came:
    """What an indicator came to: so many of so many, in words, and in per cent for a bar (0 to 100)."""

    part: int
    whole: int
    words: str
    percent: float
    points: str = ""


@dataclass(frozen=True, slots=True)
class TrendBar:
    """One period of a trend: where its bar stands in the picture, how high, and what it says."""

    x: int
    y: float
    height: float
    words: str
    now: bool


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator on the dashboard for one period: what it came to for the whole, and in the periods before."""

    id: str
    label: str
    counts: str
    per: str
    period: str
    begins_on: date
    came: Came
    trend: tuple[TrendBar, ...]
    counted_at: datetime | None
    basis: tuple[ClauseFace, ...]


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """What an indicator came to for one owner, and which place that is; `owner` is "" for the whole."""

    rank: int
    owner: str
    label: str
    came: Came


@dataclass(frozen=True, slots=True)
class IndicatorFace:
    """One indicator for one period with all owners in sight; `periods` to choose from: (day, words)."""

    row: IndicatorRow
    owners: tuple[OwnerRow, ...]
    periods: tuple[tuple[str, str], ...]
    best: str = ""


@dataclass(frozen=True, slots=True)
class ThingRow:
    """One thing that was counted: what and who, whose it is, on which day, and whether it is as it should be.

    `case`, `person` and `duty` are what it opens, "" for what it does not; `amount` is told of what is added up.
    """

    key: str
    title: str
    name: str
    unit: str
    on: date
    good: bool
    case: str
    duty: str
    person: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """The points of an owner over a year: by indicator in the order of the heads, "" where nothing was counted."""

    rank: int
    label: str
    points: tuple[str, ...]
    whole: str


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """The ranking of one kind of owner over a year; `most`: what can be earned at most."""

    kind: str
    heads: tuple[str, ...]
    rows: tuple[ScoreRow, ...]
    most: str
