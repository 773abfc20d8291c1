"""Routing tables 分派表: which unit handles which need."""

from dataclasses import dataclass

from xunfang.rulebook.model.basis import Basis
from xunfang.rulebook.model.conditions import Condition


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit as a rule names it. For a unit that exists per division, `of` says whose: residence or registration."""

    unit: str
    of: str = "residence"


@dataclass(frozen=True, slots=True)
class Row:
    """One row 行: when it matches it proposes a lead 主办 and assisting units 协办, or a meeting."""

    id: str
    when: Condition
    lead: UnitRef | None
    assist: tuple[UnitRef, ...]
    meeting: str
    basis: Basis


@dataclass(frozen=True, slots=True, eq=False)
class RoutingTable:
    """A routing table. `hit` is "collect" or "first"; `confirm` is the role that confirms, or "nobody"."""

    id: str
    label: str
    hit: str
    confirm: str
    confirm_unless: Condition | None
    rows: tuple[Row, ...]
    otherwise: Row | None
