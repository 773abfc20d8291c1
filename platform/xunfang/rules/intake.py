"""The whole decision on something reported: is it acceptable, who should handle it, by when, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.errors import FieldProblem
from xunfang.rulebook.model import Flow, IntakeForm, RoutingTable, Rulebook
from xunfang.rules.conditions import holds
from xunfang.rules.deadlines import judge_arrival
from xunfang.rules.facts import facts_of
from xunfang.rules.flow import Entered, after_dispatch, enter, flow_opened_by
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


def decide(
    rulebook: Rulebook,
    form_id: str,
    answers: Mapping[str, Any],
    at: datetime,
    known: Mapping[str, Any] | None = None,
) -> Decision:
    """Return everything that follows from a submission at a moment; raises KeyError for an unknown form.

    With problems, nothing follows: the decision holds them and the facts only.
    """
    form = rulebook.forms[form_id]
    counted = cleaned(form, answers)
    wrong = problems(rulebook, form, counted, at)
    if wrong:
        return Decision(form, counted, wrong, counted, {})
    facts, computed = facts_of(rulebook, form, counted, at, known)
    in_time = judge_arrival(rulebook, facts, SUBMITTED, at)
    flow = flow_opened_by(rulebook, form_id)
    if flow is None:
        return Decision(form, counted, (), facts, computed, in_time=in_time)
    start = flow.states[flow.start]
    table = rulebook.routing[start.routes_by] if start.routes_by else None
    proposals = propose(rulebook, table, facts) if table else ()
    return Decision(
        form=form,
        answers=counted,
        problems=(),
        facts=facts,
        computed=computed,
        flow=flow,
        table=table,
        proposals=proposals,
        needs_confirmation=table is not None and _needs_confirmation(table, facts),
        entered=enter(rulebook, flow, after_dispatch(flow), facts, at, proposals),
        in_time=in_time,
    )


def _needs_confirmation(table: RoutingTable, facts: Mapping[str, Any]) -> bool:
    if table.confirm == "nobody":
        return False
    return table.confirm_unless is None or not holds(table.confirm_unless, facts)
