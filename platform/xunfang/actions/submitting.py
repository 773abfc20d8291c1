"""submit: a filled form is kept, becomes a clue 线索, joins or opens a case 个案, and is dispatched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.entering import enter_state, propose_dispatch, send_at_once
from xunfang.actions.filling import body_hash, file_form, filed_before
from xunfang.actions.limiting import REPORT, limited, spend
from xunfang.actions.opening import case_deadline, number_for
from xunfang.actions.people import ask_who_is_who, meet, other_sex, told_of_person
from xunfang.clock import local_date, parse
from xunfang.errors import Invalid, NotAllowed, NotFound
from xunfang.rulebook.model import Flow, IntakeForm, Rulebook
from xunfang.rules.intake import Decision, decide
from xunfang.rules.routing import Proposal
from xunfang.rules.units import kind_of
from xunfang.steps import reached
from xunfang.store import Case, Clue, Dispatch, Person, Task, new_id
from xunfang.worktime import parse_limit


@dataclass(frozen=True, slots=True)
class Submitted:
    """What the person who sent a form is told. `case_number` is empty for a form that opens no case."""

    submission: str
    case: str
    case_number: str
    joined: bool
    in_time: Mapping[str, bool]


def submit(
    deployment: Deployment,
    actor: Actor,
    form_id: str,
    answers: Mapping[str, Any],
    submission_id: str,
    at: datetime,
) -> Submitted:
    """Keep a filled form and do what follows from it; the same key sent again is answered as the first time.

    Raises Invalid with every problem of the entry, Conflict when the key was used for other answers, NotFound,
    TooOften.
    """
    rulebook = deployment.rulebooks.of(actor.jurisdiction)
    if form_id not in rulebook.forms:
        raise NotFound("没有这张表单。")
    if not may_fill(actor, rulebook.forms[form_id]):
        raise NotAllowed("这张表单不由您所在的单位填报。")
    decision = decide(rulebook, form_id, answers, at)
    if decision.problems:
        raise Invalid(decision.problems)
    digest = body_hash(deployment.keys, form_id, decision.answers)
    with limited(deployment, actor, at), acting(deployment, actor, at, "submit", dated=True) as act:
        if filed_before(act, submission_id, digest):
            return _told_before(act, submission_id)
        spend(act, REPORT)
        file_form(act, decision.form, decision.answers, submission_id, digest, rulebook.digest)
        reached("submit.filed")
        if decision.flow is None:
            act.event("submission.filed", data={"form": form_id, "submission": submission_id})
            return Submitted(submission_id, "", "", False, decision.in_time or {})
        told = _take_clue(act, rulebook, decision.flow, decision, submission_id)
        reached("submit.written")
    reached("submit.committed")
    return told


def may_fill(actor: Actor, form: IntakeForm) -> bool:
    """Return whether members of an actor's unit may hand in a form."""
    return not form.filled_by or kind_of(actor.unit) in form.filled_by


def _told_before(act: Act, submission_id: str) -> Submitted:
    clue = act.tx.first(Clue, submission=submission_id)
    if clue is None:
        return Submitted(submission_id, "", "", False, {})
    case = act.case(clue.case)
    return Submitted(submission_id, case.id, case.number, clue.joined, dict(clue.in_time))


def _take_clue(act: Act, rulebook: Rulebook, flow: Flow, decision: Decision, submission_id: str) -> Submitted:
    facts = decision.facts
    residence = str(facts.get("residence") or rulebook.code)
    met = meet(act, decision.form, decision.answers, residence, partial(_open_case_of, act, flow))
    case, joined = met.case, met.case is not None
    if case is None:
        case = _new_case(act, rulebook, flow, decision, met.person, residence)
    told = told_of_person(decision.form, decision.answers)
    ask_who_is_who(act, case, met, contradicted=other_sex(rulebook, decision.form, met.person, told))
    in_time = dict(decision.in_time or {})
    _write_clue(act, decision, submission_id, case, in_time, joined=joined)
    _dispatch(act, rulebook, flow, decision, case, joined=joined)
    return Submitted(submission_id, case.id, case.number, joined, in_time)


def _open_case_of(act: Act, flow: Flow, person: Person) -> Case | None:
    case = act.tx.first(Case, person=person.id, flow=flow.id, closed_at=None)
    if case is None or not flow.merge_within:
        return case
    days = parse_limit(flow.merge_within).amount
    return case if local_date(act.at) - local_date(case.opened_at) <= timedelta(days=days) else None


def _new_case(act: Act, rulebook: Rulebook, flow: Flow, decision: Decision, person: Person, residence: str) -> Case:
    facts = decision.facts
    case = Case(
        id=new_id(),
        number=number_for(act, flow.number or f"{flow.id}-{{year}}-{{n}}"),
        jurisdiction=act.actor.jurisdiction,
        release=rulebook.digest,
        flow=flow.id,
        state=flow.start,
        person=person.id,
        residence=residence,
        registration=str(facts.get("registration") or residence),
        urgency=str(facts.get("urgency", "")),
        needs=tuple(facts.get("needs", ())),
        opened_at=act.at,
    )
    case = case_deadline(act, rulebook, flow, case)
    act.tx.insert(case)
    act.event("case.opened", case=case.id, data={"number": case.number, "flow": flow.id})
    return case


def _write_clue(
    act: Act, decision: Decision, submission_id: str, case: Case, in_time: Mapping[str, bool], *, joined: bool
) -> None:
    answers = decision.answers
    found = answers.get("found_at")
    clue = Clue(
        id=new_id(),
        jurisdiction=act.actor.jurisdiction,
        submission=submission_id,
        case=case.id,
        form=decision.form.id,
        source=str(answers.get("source") or decision.form.source),
        unit=act.actor.unit,
        found_at=parse(str(found)) if found else None,
        entered_at=act.at,
        in_time=in_time,
        joined=joined,
        told=told_of_person(decision.form, answers),
    )
    act.tx.insert(clue)
    cites = tuple(clause for name in in_time for clause in act.rules().deadlines[name].basis.cites)
    act.event("clue.submitted", case=case.id, data={"form": clue.form, "in_time": in_time}, cites=cites)
    if joined:
        needs = tuple(dict.fromkeys((*case.needs, *answers.get("needs", ()))))
        act.tx.update(Case, {"id": case.id}, {"needs": needs})
        act.event("clue.joined", case=case.id, data={"number": case.number})


def _dispatch(act: Act, rulebook: Rulebook, flow: Flow, decision: Decision, case: Case, *, joined: bool) -> None:
    proposals = _not_yet_held(act, case, decision.proposals) if joined else decision.proposals
    if decision.table is None:
        if not joined:
            enter_state(act, rulebook, case, flow.start, decision.facts)
        return
    if not proposals:
        return
    if decision.needs_confirmation:
        propose_dispatch(act, rulebook, case, flow.start, proposals, decision.facts)
    else:
        send_at_once(act, rulebook, case, flow.start, proposals, decision.facts)


def _not_yet_held(act: Act, case: Case, proposals: Sequence[Proposal]) -> tuple[Proposal, ...]:
    held = {task.unit for task in act.tx.every(Task, case=case.id, ended_at=None)}
    for dispatch in act.tx.every(Dispatch, case=case.id, status="proposed"):
        held |= {str(item["lead"]) for item in dispatch.proposed}
    return tuple(proposal for proposal in proposals if proposal.lead not in held)
