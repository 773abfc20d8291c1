"""submit: a filled form is kept, becomes a clue 线索, joins or opens a case 个案, and is dispatched."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.filling import body_hash, filed_before
from xunfang.actions.limiting import REPORT, limited, spend
from xunfang.actions.loading import file_of
from xunfang.actions.objecting import objected_to
from xunfang.actions.people import Met, ask_who_is_who, meet, other_sex, visited
from xunfang.actions.storing import store
from xunfang.actions.visits import as_machine, end_if_over, settle_now, take_in
from xunfang.casework import Asked, Case, Clue, Draft, Holding, Visit, advance
from xunfang.casework.facts import person_facts
from xunfang.casework.objections import AGAINST
from xunfang.casework.reporting import case_to_join
from xunfang.casework.verb import RULES
from xunfang.casework.visiting import satisfied_with
from xunfang.errors import Invalid, NotAllowed, NotFound
from xunfang.rulebook.model import Flow, IntakeForm, Rulebook
from xunfang.rules.intake import Decision, decide
from xunfang.rules.units import kind_of
from xunfang.rules.visits import asks_at_once
from xunfang.store import Person, Reader, connection, new_id


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
    confirmed: Collection[str] = (),
    thing: str = "",
    publication: str = "",
) -> Submitted:
    """Keep a filled form and do what follows from it; the same key sent again is answered as the first time.

    `confirmed` are the contradictions which the person, asked about them, says are so. `thing` is what is owed about
    somebody, in sight, that the form is filled for: that person was visited, whatever name was typed. `publication` is
    what hangs, in sight, that the form objects to.

    Raises Invalid with every problem of the entry, Conflict when the key was used for other answers, NotFound,
    TooOften.
    """
    rulebook = deployment.rulebooks.of(actor.jurisdiction)
    if form_id not in rulebook.forms:
        raise NotFound("没有这张表单。")
    if not may_fill(actor, rulebook.forms[form_id]):
        raise NotAllowed("这张表单不由您所在的单位填报。")
    decision = decide(rulebook, form_id, answers, at, confirmed=confirmed)
    if decision.problems:
        raise Invalid(decision.problems)
    with limited(deployment, actor, at), acting(deployment, actor, at, dated=True) as act:
        actor.need("submit", *(("complete",) if thing or satisfied_with(rulebook, form_id) else ()))
        if not filed_before(act, submission_id, body_hash(deployment.keys, form_id, decision.answers)):
            spend(act, REPORT)
            return report(act, rulebook, decision, submission_id, thing, publication)
    with connection(deployment.database, actor.jurisdiction) as reader:  # others may write meanwhile
        return _told(reader, submission_id, decision)


def may_fill(actor: Actor, form: IntakeForm) -> bool:
    """Return whether members of an actor's unit may hand in a form."""
    return not form.filled_by or kind_of(actor.unit) in form.filled_by


def report(
    act: Act, rulebook: Rulebook, decision: Decision, submission_id: str, thing: str = "", publication: str = ""
) -> Submitted:
    """Do what follows from an entry that was found acceptable, about whoever a visit is owed to where that is told.

    One that objects to a publication is about whoever that is of.
    """
    chosen = act.scoped.visits.one(thing).thing if thing else None
    objected = objected_to(act, decision, publication) if publication else None
    meant = objected.person if objected else None
    meant = act.tx.find(Person, chosen.person) if chosen and chosen.person else meant
    met = _meet(act, rulebook, decision, decision.flow, meant) if decision.flow else None
    person = met.person.id if met else chosen.person if chosen else _visited(act, rulebook, decision)
    blank = bool(met and met.is_new)
    if decision.flow and not blank:
        decision = _knowing(act, rulebook, decision, person)
    told: dict[str, Any] = {"thing": chosen.id if chosen else "", AGAINST: objected.posted.id if objected else ""}
    told |= {RULES: act.rules(met.case.release)} if met and met.case and met.case.release != rulebook.digest else {}
    asked = Asked(
        verb="submit", actor=act.actor, decision=decision, submission=submission_id, person=person, payload=told
    )
    beside = (objected.case,) if objected else ()
    file = file_of(act, *((met.case,) if met and met.case else ()), *beside, people=[person], blank=blank)
    file = replace(file, rows=(*file.rows, *((chosen,) if chosen else ())))
    changes = advance(rulebook, file, asked, act.at, new_id)
    store(act, changes)
    for visit in (row for row in changes.new if isinstance(row, Visit)):
        take_in(act, visit)
    if chosen:
        end_if_over(as_machine(act), rulebook, chosen.period)
    if any(asks_at_once(duty) for duty in rulebook.duties.values()):
        settle_now(act, sorted({row.person for row in changes.new if isinstance(row, Holding)}))
    clue = next((row for row in changes.new if isinstance(row, Clue)), None)
    if met and clue:
        _ask_who_is_who(act, rulebook, decision, met, clue)
    case = next((row for row in changes.new if isinstance(row, Case)), met.case if met else None)
    return _said(submission_id, decision, clue, case)


def _knowing(act: Act, rulebook: Rulebook, decision: Decision, person: str) -> Decision:
    """Return what follows once it is known whom a report is about: tables may ask what they hold already.

    Only of a record in the reporter's sight: where a report goes must tell nobody what another source recorded.
    """
    known: dict[str, Any] = {}
    with suppress(NotFound):
        draft = Draft(rulebook, file_of(act, people=[act.scoped.person(person).id]), act.actor, act.at, new_id)
        known = person_facts(draft, person)
    if not known:
        return decision
    return decide(rulebook, decision.form.id, decision.answers, act.at, known, decision.confirmed)


def _visited(act: Act, rulebook: Rulebook, decision: Decision) -> str:
    """Return whom a form of a visit is about, "" for nobody in particular and for any other form."""
    if not satisfied_with(rulebook, decision.form.id):
        return ""
    return visited(act, decision.form, decision.answers, str(decision.facts.get("residence") or rulebook.code))


def _meet(act: Act, rulebook: Rulebook, decision: Decision, flow: Flow, meant: Person | None) -> Met:
    residence = str(decision.facts.get("residence") or rulebook.code)

    def open_case(person: Person) -> Case | None:
        return case_to_join(act.tx.every(Case, person=person.id, flow=flow.id, closed_at=None), flow, act.at)

    return meet(act, decision.form, decision.answers, residence, open_case, meant)


def _ask_who_is_who(act: Act, rulebook: Rulebook, decision: Decision, met: Met, clue: Clue) -> None:
    contradicted = other_sex(rulebook, decision.form, met.person, clue.told)
    if met.others or contradicted:
        ask_who_is_who(act, act.case(clue.case), met, contradicted=contradicted)


def _told(reader: Reader, submission_id: str, decision: Decision) -> Submitted:
    clue = reader.first(Clue, submission=submission_id)
    return _said(submission_id, decision, clue, reader.find(Case, clue.case) if clue else None)


def _said(submission_id: str, decision: Decision, clue: Clue | None, case: Case | None) -> Submitted:
    if clue is None:
        return Submitted(submission_id, "", "", False, decision.in_time or {})
    assert case is not None
    return Submitted(submission_id, case.id, case.number, clue.joined, dict(clue.in_time))
