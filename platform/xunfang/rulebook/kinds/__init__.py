"""Every kind of rule there is, one module each with its types, how they are built and how they are linked.

A new kind is a module here, a shape in shapes/, a module of words in rules/describe, and one line in `Rules`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any

from xunfang.rulebook.fields import IntakeForm
from xunfang.rulebook.kind import Kind
from xunfang.rulebook.kinds.alerts import ALERTS, AlertKind
from xunfang.rulebook.kinds.calendar import CALENDAR
from xunfang.rulebook.kinds.deadlines import DEADLINES, Deadline
from xunfang.rulebook.kinds.duties import DUTIES, Duty
from xunfang.rulebook.kinds.feeds import FEEDS, Feed
from xunfang.rulebook.kinds.flows import FLOWS, Flow
from xunfang.rulebook.kinds.forms import FORMS
from xunfang.rulebook.kinds.indicators import INDICATORS, Indicator
from xunfang.rulebook.kinds.jurisdiction import JURISDICTION, JurisdictionInfo
from xunfang.rulebook.kinds.ledgers import LEDGERS, Ledger
from xunfang.rulebook.kinds.lists import LISTS, EntryList
from xunfang.rulebook.kinds.meetings import MEETINGS, Meeting
from xunfang.rulebook.kinds.notices import NOTICES, NoticeKind
from xunfang.rulebook.kinds.policies import POLICIES, Clause, Policy
from xunfang.rulebook.kinds.programmes import PROGRAMMES, Programme
from xunfang.rulebook.kinds.roles import ROLES, Role
from xunfang.rulebook.kinds.rosters import ROSTERS, Roster
from xunfang.rulebook.kinds.routing import ROUTING, RoutingTable
from xunfang.rulebook.kinds.units import UNITS, Unit
from xunfang.worktime import WorkCalendar


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rules:
    """The rules of every kind, by id, in the order in which they are built, linked and told."""

    info: Annotated[JurisdictionInfo, JURISDICTION]
    policies: Annotated[Mapping[str, Policy], POLICIES]
    clauses: Mapping[str, Clause]  # of all policies
    calendar: Annotated[WorkCalendar, CALENDAR]
    units: Annotated[Mapping[str, Unit], UNITS]
    roles: Annotated[Mapping[str, Role], ROLES]
    lists: Annotated[Mapping[str, EntryList], LISTS]
    forms: Annotated[Mapping[str, IntakeForm], FORMS]
    routing: Annotated[Mapping[str, RoutingTable], ROUTING]
    deadlines: Annotated[Mapping[str, Deadline], DEADLINES]
    flows: Annotated[Mapping[str, Flow], FLOWS]
    alerts: Annotated[Mapping[str, AlertKind], ALERTS]
    duties: Annotated[Mapping[str, Duty], DUTIES]
    feeds: Annotated[Mapping[str, Feed], FEEDS]
    meetings: Annotated[Mapping[str, Meeting], MEETINGS]
    notices: Annotated[Mapping[str, NoticeKind], NOTICES]
    ledgers: Annotated[Mapping[str, Ledger], LEDGERS]
    indicators: Annotated[Mapping[str, Indicator], INDICATORS]
    programmes: Annotated[Mapping[str, Programme], PROGRAMMES]
    rosters: Annotated[Mapping[str, Roster], ROSTERS]


KINDS: Mapping[str, Kind] = {kind.id: kind for each in fields(Rules) for kind in getattr(each.type, "__metadata__", ())}
"""Every kind of rule by its id."""


def unbuilt() -> Rules:
    """Return rules of which none is built yet."""
    nothing: dict[str, Any] = {each.name: {} for each in fields(Rules)}
    return Rules(**nothing)
