"""What leaves on paper or is counted: notices 文书, ledgers 台账, indicators 指标."""

from dataclasses import dataclass

from xunfang.rulebook.model.basis import Basis
from xunfang.rulebook.model.conditions import Condition


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice 文书种类. `template` is the nearest layer's file, `sources` every template text it may read."""

    id: str
    label: str
    layout: str
    number: str  # pattern with {year}, {n} and, for units of divisions, {unit}; "" for an unnumbered paper
    signed_off_by: str
    seal: str
    facts: tuple[str, ...]
    template: str
    basis: Basis
    to: str = "unit"  # "unit": the unit of its task; "person": the person the case is about
    delivery: tuple[str, ...] = ()  # the ways it may be delivered; empty: those usual for whom it goes to


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a ledger: the path of its fact and its head."""

    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger 台账."""

    id: str
    label: str
    of: str
    where: Condition
    columns: tuple[Column, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Selection:
    """What an indicator counts: a kind of thing and a condition on it."""

    of: str
    where: Condition


@dataclass(frozen=True, slots=True)
class Score:
    """How an indicator is scored: full points at `full_at`."""

    points: float
    full_at: float


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator 指标: part over whole, per unit and period."""

    id: str
    label: str
    per: tuple[str, ...]
    whole: Selection
    part: Condition
    score: Score | None
    basis: Basis
