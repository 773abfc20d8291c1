"""Reporting 上报: a filled form becomes a clue 线索, joins an open case 个案 or opens one, and is dispatched."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from xunfang.casework.clues import judge_by_case
from xunfang.casework.draft import Draft
from xunfang.casework.objections import AGAINST
from xunfang.casework.publishing import note_objection
from xunfang.casework.registry import hold_reported
from xunfang.casework.rows import Case, Clue, Dispatch, OwedThing, Publication
from xunfang.casework.states import enter_state, propose_dispatch, send_at_once, send_waiting
from xunfang.casework.tasks import due_told, units_at_work, with_clock
from xunfang.casework.urgency import raise_urgency
from xunfang.casework.visiting import fulfil, is_done_by, satisfied_with, take_visit
from xunfang.clock import local_date, parse
from xunfang.phones import normalise_phone
from xunfang.rulebook.model import Flow, IntakeForm, Rulebook
from xunfang.rules.intake import Decision
from xunfang.rules.routing import Proposal


def case_to_join(open_cases: Iterable[Case], flow: Flow, at: datetime) -> Case | None:
    """Return the newest of a person's open cases in a flow, if a clue that comes at this moment still joins it."""
    newest = max(open_cases, key=lambda case: (case.opened_at, case.id), default=None)
    if newest is None or not flow.merge_within:
        return newest
    days = timedelta(days=flow.merge_within.amount)
    return newest if local_date(at) - local_date(newest.opened_at) <= days else None


def told_of_person(form: IntakeForm, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return what a form told of its person, by use, the id number left out."""
    told = {use: str(answers[name]) for use, name in form.person.items() if answers.get(name) and use != "id_number"}
    return told | ({"phone": normalise_phone(told["phone"])} if "phone" in told else {})


def take_clue(
    draft: Draft,
    decision: Decision,
    submission: str,
    person: str,
    thing: OwedThing | None = None,
    objected: Publication | None = None,
    rules: Rulebook | None = None,
) -> None:
    """Take what was reported about a person: it joins an open case or opens one, and is dispatched.

    `thing` is what was owed that the form was filled for, `objected` the publication that it objects to. `rules` are
    those of the case that it joins, where that is handled by another release than the one in force.
    """
    draft.fill(decision.form.id, decision.answers, submission, draft.rulebook.digest)
    if thing and is_done_by(draft.rulebook, thing, decision.form.id):
        fulfil(draft, thing, submission)
        visiting = True
    else:
        visiting = bool(satisfied_with(draft.rulebook, decision.form.id))
    if decision.flow is None and visiting:
        take_visit(draft, decision, submission, person)
        return
    if decision.flow is None:
        data = {"form": decision.form.id, "submission": submission, **_confirmed(decision)}
        draft.event("submission.filed", data=data)
        return
    open_cases = draft.select(Case, flow=decision.flow.id, closed_at=None)
    case = case_to_join(open_cases, decision.flow, draft.at)
    joined = case is not None
    case = case or open_case(draft, decision.flow, decision, person)
    new = hold_reported(draft, case, decision, submission)
    clue = _write_clue(draft, decision, submission, case, joined=joined, categories=new)
    if objected:
        draft.change(clue, told={**clue.told, AGAINST: objected.id})
        note_objection(draft, objected, case)
    if visiting:
        take_visit(draft, decision, submission, person)
    if joined:
        case = _join(draft, case, decision)
        with draft.by_rules(rules or draft.rulebook):
            _follow_clue(draft, case, judge_by_case(draft, case, decision) if rules else decision)
    else:
        dispatch_clue(draft, decision.flow, decision, case, joined=False)


def new_case(draft: Draft, flow: Flow, decision: Decision, person: str, number: str) -> Case:
    """Return a case of a person as it begins, with a number; it is not put into the file yet."""
    facts = decision.facts
    residence = str(facts.get("residence") or draft.rulebook.code)
    return Case(
        id=draft.new_id(),
        number=number,
        jurisdiction=draft.actor.jurisdiction,
        release=draft.rulebook.digest,
        flow=flow.id,
        state=flow.start,
        person=person,
        residence=residence,
        registration=str(facts.get("registration") or residence),
        urgency=str(facts.get("urgency", "")),
        needs=tuple(facts.get("needs", ())),
        opened_at=draft.at,
    )


def open_case(draft: Draft, flow: Flow, decision: Decision, person: str) -> Case:
    """Return a new case of a person, with its number and its clock."""
    case = new_case(draft, flow, decision, person, draft.number(flow.number or f"{flow.id}-{{year}}-{{n}}"))
    draft.put(case := with_clock(draft, flow, case, decision.facts))
    data = {"number": case.number, "flow": flow.id, "person": person, **due_told(case)}
    draft.event("case.opened", case=case.id, data=data)
    return case


def _write_clue(
    draft: Draft, decision: Decision, submission: str, case: Case, *, joined: bool, categories: tuple[str, ...]
) -> Clue:
    answers, in_time = decision.answers, dict(decision.in_time or {})
    found = answers.get("found_at")
    clue = Clue(
        id=draft.new_id(),
        jurisdiction=draft.actor.jurisdiction,
        submission=submission,
        case=case.id,
        form=decision.form.id,
        source=str(answers.get("source") or decision.form.source),
        unit=draft.actor.unit,
        found_at=parse(str(found)) if found else None,
        entered_at=draft.at,
        in_time=in_time,
        joined=joined,
        by=draft.actor.account,
        receipt=submission,
        told=told_of_person(decision.form, answers),
    )
    cites = tuple(clause for name in in_time for clause in draft.rulebook.deadlines[name].basis.cites)
    draft.event(
        "clue.submitted",
        case=case.id,
        data={
            "form": clue.form,
            "submission": submission,
            "in_time": in_time,
            **_confirmed(decision),
            **_added(categories),
        },
        cites=cites,
    )
    return draft.put(clue)


def _confirmed(decision: Decision) -> dict[str, Any]:
    """Return, for the record, the contradictions that whoever reported says are so."""
    return {"confirmed": list(decision.confirmed)} if decision.confirmed else {}


def _added(categories: tuple[str, ...]) -> dict[str, Any]:
    """Return, for the record, what the person was not held to be before."""
    return {"categories": list(categories)} if categories else {}


def _join(draft: Draft, case: Case, decision: Decision) -> Case:
    draft.event("clue.joined", case=case.id, data={"number": case.number})
    return draft.change(case, needs=tuple(dict.fromkeys((*case.needs, *decision.answers.get("needs", ())))))


def _follow_clue(draft: Draft, case: Case, decision: Decision) -> None:
    """Let a case that a clue joined become as urgent as that says, and go to whom else it concerns."""
    case = raise_urgency(draft, case, decision)
    dispatch_clue(draft, draft.rulebook.flows[case.flow], decision, case, joined=True)


def dispatch_clue(draft: Draft, flow: Flow, decision: Decision, case: Case, *, joined: bool) -> None:
    """Lay before the leader, or send out, what follows from a clue for its case."""
    proposals = _not_yet_held(draft, case, decision.proposals) if joined else decision.proposals
    if decision.table is None:
        if not joined:
            enter_state(draft, case, flow.start, decision.facts)
    elif joined and not decision.needs_confirmation and draft.first(Dispatch, case=case.id, status="proposed"):
        send_waiting(draft, case, proposals, decision.facts)
    elif not proposals:
        return
    elif decision.needs_confirmation:
        propose_dispatch(draft, case, flow.start, proposals, decision.facts)
    else:
        send_at_once(draft, case, flow.start, proposals, decision.facts)


def _not_yet_held(draft: Draft, case: Case, proposals: Sequence[Proposal]) -> tuple[Proposal, ...]:
    held = units_at_work(draft, case)
    for dispatch in draft.select(Dispatch, case=case.id, status="proposed"):
        held |= {str(item["lead"]) for item in dispatch.proposed}
    return tuple(proposal for proposal in proposals if proposal.lead not in held)
