"""The rulebook 规则集: everything one jurisdiction's files say, compiled and immutable."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.division import DivisionTree
from xunfang.errors import Problem
from xunfang.rulebook.model.basis import Clause, Policy
from xunfang.rulebook.model.deadlines import Deadline
from xunfang.rulebook.model.duties import Duty, Feed, Meeting
from xunfang.rulebook.model.flows import Flow
from xunfang.rulebook.model.forms import IntakeForm
from xunfang.rulebook.model.papers import Indicator, Ledger, NoticeKind
from xunfang.rulebook.model.places import JurisdictionInfo, Role, Unit
from xunfang.rulebook.model.programmes import EntryList, Programme
from xunfang.rulebook.model.routing import RoutingTable
from xunfang.worktime import WorkCalendar


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario 情景: given, when, then; `proves` names the clauses it is the proof of."""

    id: str
    label: str
    proves: tuple[str, ...]
    steps: tuple[Mapping[str, Any], ...]
    file: str


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """The rules of one jurisdiction 辖区. `digest` names this exact set of rules for ever."""

    id: str  # "370304-boshan"
    code: str  # "370304"
    chain: tuple[str, ...]  # layer ids from the root down to this one
    digest: str
    info: JurisdictionInfo
    calendar: WorkCalendar
    divisions: DivisionTree
    policies: Mapping[str, Policy]
    clauses: Mapping[str, Clause]
    units: Mapping[str, Unit]
    roles: Mapping[str, Role]
    lists: Mapping[str, EntryList]
    programmes: Mapping[str, Programme]
    forms: Mapping[str, IntakeForm]
    routing: Mapping[str, RoutingTable]
    deadlines: Mapping[str, Deadline]
    flows: Mapping[str, Flow]
    duties: Mapping[str, Duty]
    feeds: Mapping[str, Feed]
    meetings: Mapping[str, Meeting]
    notices: Mapping[str, NoticeKind]
    ledgers: Mapping[str, Ledger]
    indicators: Mapping[str, Indicator]
    scenarios: tuple[Scenario, ...]
    templates: Mapping[str, str]  # template name → text; "parent/<layer>/<file>" reaches an overridden one
    warnings: tuple[Problem, ...]
