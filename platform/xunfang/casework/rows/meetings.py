"""Sittings 会议 of meetings 会商, the cases that are put on them, each decided by itself, and the minutes 纪要."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One sitting of a meeting, called by a unit for a moment and a place; `n` is its number in the year.

    `status`: "planned", "open", "closed" or "cancelled". `invited` are the units that belong to it 应到, `present`
    those that came 实到, each with whom it sent. `residence` is where the convener works, which decides who sees it.
    """

    id: str
    jurisdiction: str
    residence: str
    meeting: str
    unit: str
    year: int
    n: int
    planned_at: datetime
    place: str
    release: str
    called_at: datetime
    called_by: str
    invited: tuple[str, ...] = ()
    invited_at: datetime | None = None
    present: Mapping[str, str] = field(default_factory=dict)
    status: str = "planned"
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """A case on a sitting, with the task by which it is decided; `turn` counts how often the task was put on one.

    `status`: "proposed", "decided", "postponed" 延期 or "withdrawn". `recused` are the units that stood aside 回避;
    `votes_for` and `votes_against` are told where it was voted on. `words` are what was said or made a condition.
    """

    id: str
    jurisdiction: str
    sitting: str
    case: str
    task: str
    turn: int
    n: int
    put_at: datetime
    status: str = "proposed"
    recused: tuple[str, ...] = ()
    decision: str = ""
    outcome: str = ""
    votes_for: int | None = None
    votes_against: int | None = None
    words: str = ""
    decided_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """The minutes 会议纪要 of a whole sitting, one paper: `chair` held it, `recorder` wrote, `remarks` is what else was
    resolved.

    `status`: "wanted" while the draft is printed; "circulated" while those who came read it; "agreed" once all of them
    did; "signed"; "issued"; or "failed" (then `error` says why). `agreed` tells of each unit that agreed by whom, when,
    and how where its convener noted it; `objections` are what units want changed in the draft. `facts` are
    sealed, the paper or its draft lies in the file store under `sha256`.
    """

    id: str
    jurisdiction: str
    sitting: str
    kind: str
    unit: str
    release: str
    wanted_at: datetime
    chair: str
    recorder: str = ""
    remarks: str = ""
    agreed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    objections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    status: str = "wanted"
    series: str = ""
    year: int | None = None
    n: int | None = None
    number: str = ""
    facts: bytes | None = None
    sha256: str = ""
    pages: int = 0
    signed_by: str = ""
    signed_at: datetime | None = None
    issued_at: datetime | None = None
    error: str = ""
    version: int = 1
