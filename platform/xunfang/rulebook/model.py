"""The compiled rules of one jurisdiction, as immutable typed objects. Nothing here reads a file or a clock."""

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.conditions import ALWAYS, AllOf, AnyOf, Condition, FactRef, Operator, Test
from xunfang.rulebook.expressions import Call, Expression, Fact, Negate, Number, Operation
from xunfang.rulebook.fields import Computed, Contradiction, Equation, Field, IntakeForm
from xunfang.rulebook.fills import Fill
from xunfang.rulebook.kinds.alerts import AlertKind
from xunfang.rulebook.kinds.deadlines import Deadline, Escalation, Extension, LimitCase, Remind, SetBy
from xunfang.rulebook.kinds.duties import Coverage, Duty, Sample, Stratum
from xunfang.rulebook.kinds.feeds import Feed
from xunfang.rulebook.kinds.flows import Flow, Outcome, State
from xunfang.rulebook.kinds.indicators import Indicator, Score, Selection
from xunfang.rulebook.kinds.jurisdiction import Amount, JurisdictionInfo, Standard
from xunfang.rulebook.kinds.ledgers import Column, Ledger
from xunfang.rulebook.kinds.lists import Entry, EntryList
from xunfang.rulebook.kinds.meetings import Meeting
from xunfang.rulebook.kinds.notices import NoticeKind
from xunfang.rulebook.kinds.policies import Clause, Policy
from xunfang.rulebook.kinds.programmes import CATEGORY, Cap, CapOverride, EntitlementRule, Programme
from xunfang.rulebook.kinds.roles import Role, Staffing
from xunfang.rulebook.kinds.rosters import Roster
from xunfang.rulebook.kinds.routing import RoutingTable, Row
from xunfang.rulebook.kinds.units import Unit, UnitInstance, UnitRef
from xunfang.rulebook.off_hours import Closed, OffHours
from xunfang.rulebook.quotas import Quota
from xunfang.rulebook.rhythms import Equivalent, Rhythm
from xunfang.rulebook.softness import Term
from xunfang.rulebook.whole import Rulebook, Scenario

__all__ = [
    "ALWAYS",
    "CATEGORY",
    "AlertKind",
    "AllOf",
    "Amount",
    "AnyOf",
    "Basis",
    "Call",
    "Cap",
    "CapOverride",
    "Clause",
    "Closed",
    "Column",
    "Computed",
    "Condition",
    "Contradiction",
    "Coverage",
    "Deadline",
    "Duty",
    "EntitlementRule",
    "Entry",
    "EntryList",
    "Equation",
    "Equivalent",
    "Escalation",
    "Expression",
    "Extension",
    "Fact",
    "FactRef",
    "Feed",
    "Field",
    "Fill",
    "Flow",
    "Indicator",
    "IntakeForm",
    "JurisdictionInfo",
    "Ledger",
    "LimitCase",
    "Meeting",
    "Negate",
    "NoticeKind",
    "Number",
    "OffHours",
    "Operation",
    "Operator",
    "Outcome",
    "Policy",
    "Programme",
    "Quota",
    "Remind",
    "Rhythm",
    "Role",
    "Roster",
    "RoutingTable",
    "Row",
    "Rulebook",
    "Sample",
    "Scenario",
    "Score",
    "Selection",
    "SetBy",
    "Staffing",
    "Standard",
    "State",
    "Stratum",
    "Term",
    "Test",
    "Unit",
    "UnitInstance",
    "UnitRef",
]
