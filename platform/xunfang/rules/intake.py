"""The whole decision on something reported: is it acceptable, who should handle it, by when, and what follows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from xunfang.clock import local_date
from xunfang.errors import FieldProblem
from xunfang.rulebook.model import Flow, IntakeForm, RoutingTable, Rulebook
from xunfang.rules.conditions import Holds, compiled
from xunfang.rules.contradictions import confirmed_of, contradicting, contradiction_problems
from xunfang.rules.deadlines import judge_arrival
from xunfang.rules.facts import facts_of
from xunfang.rules.flow import Entered, after_dispatch, enter, flow_opened_by, home_of
from xunfang.rules.nesting import whole_from
from xunfang.rules.routing import Proposal, propose
from xunfang.rules.submission import cleaned, problems

SUBMITTED = "clue.submitted"


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from a submission. `entered` is what happens once the proposed dispatch is confirmed."""

    form: IntakeForm
    answers: Mapping[str, Any]
    problems: tuple[FieldProblem, ...]
    facts: Mapping[str, Any]
    computed: Mapping[str, Any]
    flow: Flow | None = None
    table: RoutingTable | None = None
    proposals: tuple[Proposal, ...] = ()
    needs_confirmation: bool = False
    entered: Entered | None = None
    in_time: Mapping[str, bool] | None = None
    confirmed: tuple[str, ...] = ()  # the contradictions that whoever sent it says are so


def decide(
    rulebook: Rulebook,
    form_id: str,
    answers: Mapping[str, Any],
    at: datetime,
    known: Mapping[str, Any] | None = None,
    confirmed: Collection[str] = (),
) -> Decision:
    """Return everything that follows from a submission at a moment; raises KeyError for an unknown form.

    With problems, nothing follows: the decision holds them and the facts only. `confirmed` are the contradictions
    which the person says are so.
    """
    rulebook = rulebook.on(local_date(at))
    form = rulebook.forms[form_id]
    counted = cleaned(form, answers)
    wrong = problems(rulebook, form, counted, at)
    if wrong:
        return Decision(form, counted, wrong, counted, {})
    facts, computed = facts_of(rulebook, form, counted, at, known)
    found = contradicting(form, facts) if form.contradictions else ()
    if wrong := contradiction_problems(found, confirmed):
        return Decision(form, counted, wrong, facts, computed)
    sure = confirmed_of(found, confirmed)
    flow = flow_opened_by(rulebook, form_id)
    in_time = judge_arrival(rulebook, facts, SUBMITTED, at, home_of(rulebook, flow, facts) if flow else "")
    if flow is None:
        return Decision(form, counted, (), facts, computed, in_time=in_time, confirmed=sure)
    routed, whole = route(rulebook, flow, flow.start, facts), whole_from(rulebook, flow, facts, at)
    return Decision(
        form=form,
        answers=counted,
        problems=(),
        facts=facts,
        computed=computed,
        flow=flow,
        table=routed.table,
        proposals=routed.proposals,
        needs_confirmation=routed.needs_confirmation,
        entered=enter(rulebook, flow, after_dispatch(flow), facts, at, routed.proposals, whole),
        in_time=in_time,
        confirmed=sure,
    )


class Routed(NamedTuple):
    """Who is proposed in a state, and whether a person confirms; no table where a state routes nobody."""

    table: RoutingTable | None = None
    proposals: tuple[Proposal, ...] = ()
    needs_confirmation: bool = False


def route(rulebook: Rulebook, flow: Flow, state_id: str, facts: Mapping[str, Any]) -> Routed:
    """Return who a state's table proposes for these facts."""
    table_id = flow.states[state_id].routes_by
    if not table_id:
        return Routed()
    table = rulebook.routing[table_id]
    return Routed(table, propose(rulebook, table, facts), _needs_confirmation(table, facts))


def _needs_confirmation(table: RoutingTable, facts: Mapping[str, Any]) -> bool:
    if table.confirm == "nobody":
        return False
    goes_at_once = _goes_at_once(table)
    return goes_at_once is None or not goes_at_once(facts)


@lru_cache(maxsize=256)
def _goes_at_once(table: RoutingTable) -> Holds | None:
    return compiled(table.confirm_unless) if table.confirm_unless else None
