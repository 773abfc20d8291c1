"""Duties 定期任务, feeds 部门数据报送 and meetings 会商."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xunfang.rulebook.model.basis import Basis
from xunfang.rulebook.model.conditions import Condition


@dataclass(frozen=True, slots=True)
class Sample:
    """How many of the things a duty falls on are drawn 抽查: a ratio ("all", "local" or a number) per period."""

    ratio: str
    per: str
    minimum: int


@dataclass(frozen=True, slots=True)
class Duty:
    """A recurring or event-driven duty 定期任务."""

    id: str
    label: str
    of: str
    to: str
    every: str
    due: str
    covers: str
    on_holiday: str
    on: str
    from_: str
    limit: str
    for_: Condition | None
    at_least: int
    satisfied_by: str
    collects: str
    sample: Sample | None
    form: str
    feed: str
    prefill: str
    zero_report: bool
    basis: Basis


@dataclass(frozen=True, slots=True)
class Feed:
    """A list a department hands in 部门数据报送: accepted head words of each column, threshold, what a row opens."""

    id: str
    label: str
    columns: Mapping[str, tuple[str, ...]]
    row_form: str
    keep_when: Condition | None
    match: str
    opens: str
    unless: Condition | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Meeting:
    """A standing meeting 会商; many cases at one sitting, each with its own decision; `labels` names these."""

    id: str
    label: str
    convenes: str
    members: tuple[str, ...]
    quorum: str
    decides: tuple[str, ...]
    minutes: str
    basis: Basis
    labels: Mapping[str, str] = field(default_factory=dict)
