"""Flows 流程: states, their tasks, outcomes, joins, waits and papers."""

from collections.abc import Mapping
from dataclasses import dataclass

from xunfang.rulebook.model.basis import Basis
from xunfang.rulebook.model.conditions import Condition


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a state can end 办理结果."""

    id: str
    label: str
    when: Condition | None
    requires: tuple[str, ...]
    grants: str
    prints: tuple[str, ...]
    starts: tuple[str, ...]
    to: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class State:
    """One state 环节 of a flow; a task is its instance."""

    id: str
    label: str
    unit: str
    unit_of: str  # whose unit, for one that exists per division: residence or registration
    routes_by: str
    per_route: bool
    form: str
    deadline: str
    prints: tuple[str, ...]
    join: str  # "all", "any" or "first-decided"
    resets_on: Mapping[str, str]  # which clock return and transfer reset: "task" or "none"
    waits: str
    publishes: str
    interrupted_by: str
    meeting: str
    ends: bool
    checklist: tuple[str, ...]
    outcomes: Mapping[str, Outcome]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow 流程."""

    id: str
    label: str
    opens_on: tuple[str, ...]
    start: str
    merge_within: str
    case_deadline: str
    number: str  # pattern of the case number
    states: Mapping[str, State]
