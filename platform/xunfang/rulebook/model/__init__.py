"""The compiled rules of one jurisdiction, as immutable typed objects. Nothing here reads a file or a clock."""

from xunfang.rulebook.model.basis import Basis, Clause, Policy
from xunfang.rulebook.model.conditions import AllOf, AnyOf, Condition, FactRef, Operator, Test
from xunfang.rulebook.model.deadlines import Deadline, Escalation, LimitCase, Remind
from xunfang.rulebook.model.duties import Duty, Feed, Meeting, Sample
from xunfang.rulebook.model.expressions import Call, Expression, Fact, Negate, Number, Operation
from xunfang.rulebook.model.flows import Flow, Outcome, State
from xunfang.rulebook.model.forms import Computed, Field, IntakeForm
from xunfang.rulebook.model.papers import Column, Indicator, Ledger, NoticeKind, Score, Selection
from xunfang.rulebook.model.places import JurisdictionInfo, Role, Standard, Unit, UnitInstance
from xunfang.rulebook.model.programmes import Entry, EntryList, Programme
from xunfang.rulebook.model.routing import RoutingTable, Row, UnitRef
from xunfang.rulebook.model.whole import Rulebook, Scenario

__all__ = [
    "AllOf",
    "AnyOf",
    "Basis",
    "Call",
    "Clause",
    "Column",
    "Computed",
    "Condition",
    "Deadline",
    "Duty",
    "Entry",
    "EntryList",
    "Escalation",
    "Expression",
    "Fact",
    "FactRef",
    "Feed",
    "Field",
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
    "Operation",
    "Operator",
    "Outcome",
    "Policy",
    "Programme",
    "Remind",
    "Role",
    "RoutingTable",
    "Row",
    "Rulebook",
    "Sample",
    "Scenario",
    "Score",
    "Selection",
    "Standard",
    "State",
    "Test",
    "Unit",
    "UnitInstance",
    "UnitRef",
]
