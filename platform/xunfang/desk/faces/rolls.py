"""Rolls 发放名册 as their pages show them: one line of the list, one roll with its lines and what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xunfang.casework import Verb
from xunfang.desk.faces.basis import ClauseFace


@dataclass(frozen=True, slots=True)
class RollRow:
    """One roll, in words; amounts are "" while they are not fixed."""

    id: str
    label: str
    month: str
    unit: str
    households: int
    insured: int
    amount: str
    status: str
    status_id: str
    turn: int


@dataclass(frozen=True, slots=True)
class RosterFace:
    """A roster that the person's unit drafts, with the month that would be next."""

    id: str
    label: str
    next: str


@dataclass(frozen=True, slots=True)
class LineFace:
    """One payment, its numbers masked; `person` is "" where the person is out of sight, `verb` what may be done."""

    id: str
    person: str
    name: str
    number: str
    place: str
    kind: str
    kind_id: str
    month: str
    size: int
    insured: int
    standard: str
    amount: str
    payee: str
    account: str
    note: str
    problems: tuple[str, ...]
    barred: bool
    held_back: bool


@dataclass(frozen=True, slots=True)
class StepFace:
    """What was done to a roll on its way: what, by whom, when."""

    what: str
    who: str
    at: datetime | date


@dataclass(frozen=True, slots=True)
class SumFace:
    """What a township comes to."""

    place: str
    households: int
    insured: int
    regular: str
    back: str
    taken: str
    amount: str


@dataclass(frozen=True, slots=True)
class RollPage:
    """A roll with what may be done to it now, what its lines come to, and one page of them."""

    row: RollRow
    version: int
    programme: str
    to: str
    receiver: str
    reason: str
    steps: tuple[StepFace, ...]
    basis: tuple[ClauseFace, ...]
    can: tuple[Verb, ...]
    sums: tuple[SumFace, ...]
    whole: SumFace
    barred: int
    flagged: int
    held: int
    changed: int
    lines: Sequence[LineFace]
    after: str
    may_hold: bool
    xlsx: str
    pdf: str
    may_open: bool
    may_open_whole: bool
    partly: bool
