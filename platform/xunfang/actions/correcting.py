"""One's own report put right 更正 or taken back 撤回."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.filling import body_hash, filed_before, whole_answers
from xunfang.actions.handling import carry_out
from xunfang.actions.limiting import REPORT, limited, spend
from xunfang.actions.people import ask_who_is_who, meet_anew, other_sex
from xunfang.casework import Asked, Case, Clue
from xunfang.casework.clues import form_of
from xunfang.casework.reporting import told_of_person
from xunfang.errors import Invalid, NotFound
from xunfang.rulebook.model import IntakeForm
from xunfang.rules.intake import decide
from xunfang.store import Submission


def correct(
    deployment: Deployment,
    actor: Actor,
    report: str,
    answers: Mapping[str, Any],
    submission: str,
    at: datetime,
    confirmed: Collection[str] = (),
) -> None:
    """Let new answers stand for those of one's own report; `submission` is the key of the new ones.

    A sensitive answer that is left out stays as it was: it is never shown again to be kept. The same key sent again
    does nothing. Raises Invalid with every problem, Conflict, NotFound for any report but one's own, TooOften.
    """
    with limited(deployment, actor, at), acting(deployment, actor, at, "submit", dated=True) as act:
        if act.tx.find(Submission, submission) and act.tx.first(Clue, submission=submission, by=actor.account):
            return
        clue, case = own_report(act, report)
        rulebook = act.rules(case.release)
        before = whole_answers(act, act.tx.find(Submission, report))
        whole = {**_kept(form_of(rulebook, clue), before), **answers}
        decision = decide(rulebook, clue.form, whole, at, confirmed=confirmed)
        if decision.problems:
            raise Invalid(decision.problems)
        filed_before(act, submission, body_hash(deployment.keys, clue.form, decision.answers))
        spend(act, REPORT)
        met = None if clue.joined else meet_anew(act, decision, before, case.person, clue.id)
        person = met.person.id if met else ""
        asked = Asked(
            verb="correct", actor=actor, clue=clue.id, decision=decision, submission=submission, person=person
        )
        carry_out(act, asked, case, people=[person])
        if met:
            told = told_of_person(decision.form, decision.answers)
            contradicted = other_sex(rulebook, decision.form, met.person, told)
            ask_who_is_who(act, act.case(case.id), met, contradicted=contradicted)


def _kept(form: IntakeForm, before: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in before.items() if name in form.fields and form.fields[name].sensitive}


def do_to_report(deployment: Deployment, asked: Asked, at: datetime) -> None:
    """Do a verb to one's own report, named by its submission; raises NotFound for any other, Conflict, Invalid."""
    assert isinstance(asked.actor, Actor)
    with acting(deployment, asked.actor, at, "submit", dated=True) as act:
        clue, case = own_report(act, asked.submission)
        carry_out(act, Asked(verb=asked.verb, actor=asked.actor, clue=clue.id, reason=asked.reason), case)


def own_report(act: Act, submission: str) -> tuple[Clue, Case]:
    """Return the clue that an account handed in, with its case, which may be out of its sight; raises NotFound."""
    actor = act.actor
    clue = act.tx.first(Clue, submission=submission, by=actor.account, jurisdiction=actor.jurisdiction)
    if clue is None:
        raise NotFound()
    return clue, act.case(clue.case)
