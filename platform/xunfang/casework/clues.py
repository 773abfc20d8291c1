"""What the clues of a case come to when one of them is moved, corrected or taken back: needs, urgency, dispatch."""

from collections.abc import Iterable
from dataclasses import replace

from xunfang.casework.draft import Draft
from xunfang.casework.facts import clues_of, places_of
from xunfang.casework.proposals import as_data, cites_of, proposal_of, rows_of, worked_out
from xunfang.casework.rows import Case, Clue, Dispatch, Task
from xunfang.casework.states import send_waiting
from xunfang.casework.tasks import units_at_work
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.rulebook.model import IntakeForm, Rulebook
from xunfang.rules.facts import facts_of
from xunfang.rules.flow import home_of
from xunfang.rules.intake import Decision, route
from xunfang.rules.routing import Proposal


def form_of(rulebook: Rulebook, clue: Clue) -> IntakeForm:
    """Return the form of a clue by the rules of its case; raises Conflict where these do not know it yet."""
    if form := rulebook.forms.get(clue.form):
        return form
    raise Conflict(
        "这张表是本案建立以后才启用的，不能在本案中更正、撤回或分开。请另报一条，写明哪里有误。", "FORM_LATER"
    )


def judge(draft: Draft, clue: Clue) -> Decision:
    """Return what follows from a clue by itself, as it stands now."""
    form, flow = form_of(draft.rulebook, clue), draft.rulebook.flows[draft.case(clue.case).flow]
    answers = draft.answers[clue.submission]
    facts, computed = facts_of(draft.rulebook, form, answers, draft.at)
    routed = route(draft.rulebook, flow, flow.start, facts)
    return Decision(form, answers, (), facts, computed, flow, routed.table, routed.proposals, routed.needs_confirmation)


def judge_by_case(draft: Draft, case: Case, decision: Decision) -> Decision:
    """Return what follows from a report for a case by the draft's rules, where other rules took it in.

    What it tells by a form that these do not know yet is read by their tables as it was told.
    """
    form, flow, facts = draft.rulebook.forms.get(decision.form.id), draft.rulebook.flows[case.flow], decision.facts
    if form:
        facts, _ = facts_of(draft.rulebook, form, decision.answers, draft.at, facts)
    routed = route(draft.rulebook, flow, flow.start, facts)
    return replace(decision, form=form or decision.form, facts=facts, flow=flow, **routed._asdict())


def clue_in(draft: Draft, case: Case, key: str) -> Clue:
    """Return a clue of a case; raises Invalid when there is none of this key, or it was taken back."""
    found = draft.find(Clue, key)
    if found is None or found.case != case.id or found.withdrawn_at:
        raise Invalid([FieldProblem("clue", "请选择本案的一条线索。", "FIELD_MISSING")], "操作没有执行。")
    return found


def settle(draft: Draft, case: Case, gone: Iterable[Proposal]) -> None:
    """Let a case follow its clues as they are now; `gone` is what was proposed for one that changed or left.

    Its urgency never falls by that.
    """
    needs = dict.fromkeys(
        need for clue in clues_of(draft, case) for need in draft.answers[clue.submission].get("needs", ())
    )
    draft.change(case, needs=tuple(needs))
    waiting = draft.first(Dispatch, case=case.id, status="proposed")
    if waiting and waiting.state == draft.rulebook.flows[case.flow].start:
        _propose_anew(draft, case, waiting, {proposal.lead for proposal in gone})


def _propose_anew(draft: Draft, case: Case, waiting: Dispatch, gone: set[str]) -> None:
    judged = [judge(draft, clue) for clue in clues_of(draft, case)]
    wanted = {proposal.lead: proposal for decision in judged for proposal in decision.proposals}
    facts = {proposal: decision.facts for decision in judged for proposal in decision.proposals}
    before = {str(item["lead"]): proposal_of(item) for item in waiting.proposed}
    kept = [
        wanted.get(lead, proposal) if not proposal.since else proposal
        for lead, proposal in before.items()
        if lead in wanted or lead not in gone
    ]
    held = units_at_work(draft, case) | {item.lead for item in kept}
    proposals = (*kept, *(proposal for lead, proposal in wanted.items() if lead not in held))
    if as_data(proposals) != list(waiting.proposed):
        draft.change(waiting, proposed=as_data(proposals))
        rule = draft.rulebook.flows[case.flow].states[waiting.state].routes_by
        table, rows = draft.rulebook.routing[rule], rows_of(row for item in proposals for row in item.routes)
        sums = worked_out(draft.rulebook, table, ((item, facts[item]) for item in proposals if item in facts))
        data = {"leads": [item.lead for item in proposals], **sums}
        draft.event("dispatch.proposed", case=case.id, data=data, rule=rule, row=rows, cites=cites_of(proposals))
    if any(decision.table and not decision.needs_confirmation for decision in judged):
        send_waiting(draft, draft.case(case.id), (), judged[-1].facts)


def was_acted_on(draft: Draft, case: Case) -> bool:
    """Return whether anybody has confirmed a dispatch of a case, or taken one of its tasks in hand."""
    decided = any(dispatch.decided_by for dispatch in draft.select(Dispatch, case=case.id, status="confirmed"))
    ended = ("done", "returned", "transferred")
    return decided or any(task.claimed_at or task.status in ended for task in draft.select(Task, case=case.id))


def tell_concerned(draft: Draft, case: Case, kind: str, title: str, body: str) -> None:
    """Tell every unit that has a case in hand, and the one where such cases are dispatched."""
    units = dict.fromkeys(task.unit for task in draft.select(Task, case=case.id, ended_at=None))
    if home := home_of(draft.rulebook, draft.rulebook.flows[case.flow], places_of(case)):
        units[home] = None
    for unit in units:
        draft.tell(unit, kind, title, body, key=f"{kind}:{draft.new_id()}", case=case.id)
