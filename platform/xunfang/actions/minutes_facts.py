"""What the minutes of a whole sitting are printed from: who belonged to it and came, and what became of each case.

Once drafted they are printed again as they were agreed to, with their number, their day and who signed.
"""

from collections.abc import Sequence
from typing import Any

from xunfang.actions.acting import Act
from xunfang.actions.filling import whole_answers
from xunfang.actions.notice_objections import objection_facts
from xunfang.casework import AgendaItem, Minutes, Person, Sitting, Task
from xunfang.casework.minutes import copied_to
from xunfang.casework.permits import state_of
from xunfang.casework.terms import terms_of_task
from xunfang.clock import local, local_date
from xunfang.identity import mask_name
from xunfang.rulebook.model import Meeting, Rulebook
from xunfang.rules.labels import labelled
from xunfang.rules.meetings import number_words
from xunfang.rules.sample_papers import NO_CASE
from xunfang.rules.units import duty_phone, unit_label
from xunfang.store import Account, Place, Submission

Plain = dict[str, Any]


def minutes_facts(act: Act, minutes: Minutes) -> Plain:
    """Return everything that the template of minutes may say; of a draft, everything but number, day and signer."""
    if minutes.status == "signed" and minutes.facts is not None:
        return _issued(act, minutes)
    sitting = act.tx.find(Sitting, minutes.sitting)
    assert sitting is not None
    rulebook = act.rules(minutes.release)
    kind, issuer = rulebook.notices[minutes.kind], unit_label(rulebook, minutes.unit, local_date(act.at))
    copies = copied_to(rulebook, kind.copies, minutes.unit)
    info = rulebook.info
    return {
        **NO_CASE,
        "jurisdiction": {"name": info.name, "brand": info.brand, "hotline": info.hotline},
        "notice": {
            "kind": kind.id,
            "label": kind.label,
            "number": "",
            "issued_on": "",
            "copies": [unit_label(rulebook, unit) for unit in copies],
        },
        "issuer": {"label": issuer},
        "sitting": _sitting(act, rulebook, sitting, minutes),
        "deadline": {"counted": [], "skipped": [], "provisional": False},
        "cites": [_citation(rulebook, clause) for clause in kind.basis.cites if clause in rulebook.clauses],
        "contact": {"unit": issuer, "phone": duty_phone(rulebook, minutes.unit) or info.hotline},
        "signer": "",
    }


def _citation(rulebook: Rulebook, key: str) -> Plain:
    clause = rulebook.clauses[key]
    policy = rulebook.policies[clause.policy]
    return {"document": policy.title, "number": policy.number, "clause": key, "text": clause.text}


def _issued(act: Act, minutes: Minutes) -> Plain:
    """What was agreed to, and nothing that came after, with the number it is issued by."""
    assert minutes.facts is not None
    agreed = act.deployment.keys.open_values(minutes.facts, Place("minutes", "facts", minutes.id))
    issued = {**agreed["notice"], "number": minutes.number, "issued_on": local_date(act.at).isoformat()}
    signer = act.tx.find(Account, minutes.signed_by) if minutes.signed_by else None
    return {**agreed, "notice": issued, "signer": signer.name if signer else ""}


def _sitting(act: Act, rulebook: Rulebook, sitting: Sitting, minutes: Minutes) -> Plain:
    meeting = rulebook.meetings.get(sitting.meeting)
    whole = "person" in rulebook.notices[minutes.kind].facts
    items = sorted(act.tx.every(AgendaItem, sitting=sitting.id), key=lambda item: item.n)
    seats = [(unit, unit_label(rulebook, unit), sitting.present.get(unit)) for unit in sitting.invited]
    held = local(sitting.opened_at or sitting.planned_at)
    told = [_item(act, meeting, item, whole=whole) for item in items]
    return {
        "label": meeting.label if meeting else sitting.meeting,
        "session": number_words(sitting.year, sitting.n),
        "sat_on": held.date().isoformat(),
        "began_at": held.isoformat(),
        "place": sitting.place,
        "chair": minutes.chair,
        "recorder": minutes.recorder,
        "remarks": minutes.remarks,
        "invited": len(seats),
        "came": sum(names is not None for _, _, names in seats),
        "present": [{"unit": label, "names": names} for _, label, names in seats if names is not None],
        "absent": [label for _, label, names in seats if names is None],
        "items": len(items),
        **{status: _those(told, status) for status in ("decided", "postponed", "withdrawn")},
    }


def _those(items: Sequence[Plain], status: str) -> list[Plain]:
    """Return the cases of one standing, each with its place among them."""
    found = [item for item in items if item["status"] == status]
    return [{**item, "place_in": n} for n, item in enumerate(found, start=1)]


def _item(act: Act, meeting: Meeting | None, item: AgendaItem, *, whole: bool) -> Plain:
    """What became of one case on the sitting, by the names of the release that the case stands on."""
    case, task = act.case(item.case), act.task(item.task)
    rulebook, person = act.rules(case.release), act.tx.find(Person, case.person)
    state = state_of(rulebook, task)
    outcome = state.outcomes.get(item.outcome) if state else None
    name = person.name if person else ""
    return {
        "n": item.n,
        "case": case.number,
        "name": name if whole else mask_name(name),
        "place": rulebook.divisions.label(case.residence, rulebook.code) if case.residence else "",
        "matter": rulebook.flows[case.flow].label,
        "stage": state.label if state else "",
        "status": item.status,
        "decision": (meeting.labels.get(item.decision, "") if meeting else "") if item.decision else "",
        "outcome": outcome.label if outcome else "",
        "words": item.words,
        "recused": [unit_label(rulebook, unit) for unit in item.recused],
        "votes_for": "" if item.votes_for is None else item.votes_for,
        "votes_against": "" if item.votes_against is None else item.votes_against,
        "told": _told(act, rulebook, task) if item.status == "decided" else {},
        "objections": objection_facts(act, case)["words"],
    }


def _told(act: Act, rulebook: Rulebook, task: Task) -> Plain:
    """What the form told by which the case was decided."""
    form = rulebook.forms.get(terms_of_task(rulebook, task).form)
    if form is None or not task.answers:
        return {}
    return labelled(rulebook, [form], whole_answers(act, act.tx.find(Submission, task.answers)))
