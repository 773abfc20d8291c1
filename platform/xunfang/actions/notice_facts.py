"""The facts a notice is printed from: plain values only, gathered once and kept with the paper for ever.

`case` holds what the clues told, `task` what the task's form told, each answer by the name of its field, list entries
by their labels; so a county's template may print any field of its forms without the engine knowing it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from xunfang.actions.acting import Act
from xunfang.actions.filling import whole_answers
from xunfang.actions.loading import draft_of
from xunfang.actions.notice_objections import objection_facts
from xunfang.actions.notice_tasks import own_task, subject_of
from xunfang.actions.people import secrets_of
from xunfang.casework import Draft
from xunfang.casework.facts import clues_of, origin_of, task_answers
from xunfang.casework.permits import on_route, outcome_of, state_of
from xunfang.casework.states import round_began
from xunfang.casework.terms import terms_of_task
from xunfang.clock import local, local_date
from xunfang.identity import mask_name, years_since
from xunfang.phones import mask_phone
from xunfang.rulebook.model import Flow, Rulebook
from xunfang.rules.citing import cited_by, leave_for_caps
from xunfang.rules.clocks import workdays_late
from xunfang.rules.identity_papers import paper_words
from xunfang.rules.labels import label_of, labelled, task_forms
from xunfang.rules.units import duty_phone, unit_label
from xunfang.store import Account, Case, Clue, Notice, Person, Place, Submission, Task
from xunfang.store.reading.case_file import person_view, phones_by_source

Plain = dict[str, Any]
PLAIN_SIGHT = "person.masked"


def draft_facts(act: Act, notice: Notice) -> Plain:
    """Return what a draft says: everything but its number, its day and who signed it, which it has not yet."""
    facts = notice_facts(act, notice)
    return {**facts, "notice": {**facts["notice"], "number": "", "issued_on": ""}}


def final_facts(act: Act, notice: Notice) -> Plain:
    """Return what an issued paper says: where a draft of it was signed, what that said, and nothing that came after."""
    if notice.facts is None:
        return notice_facts(act, notice)
    signed = act.deployment.keys.open_values(notice.facts, Place("notice", "facts", notice.id))
    issued = {**signed["notice"], "number": notice.number, "issued_on": local_date(act.at).isoformat()}
    return {**signed, "notice": issued, "signer": _signer(act, notice)}


def notice_facts(act: Act, notice: Notice) -> Plain:
    """Return everything the template of a notice may say, as plain JSON values; what is unknown is "" or []."""
    case = act.case(notice.case)
    rulebook = act.rules(case.release)
    kind = rulebook.notices[notice.kind]
    done = _decided_tasks(act, rulebook, case, notice)
    about = subject_of(act, rulebook, notice, done)
    task = about[0] if len(about) == 1 else None
    holder = notice.addressees and not kind.units  # it goes to the unit whose task it is about
    asked = act.tx.find(Task, notice.task) if holder and notice.task else task
    told = [_task(act, rulebook, case, item) for item in about] or [_task(act, rulebook, case, None)]
    return {
        "jurisdiction": {
            "name": rulebook.info.name,
            "brand": rulebook.info.brand,
            "hotline": rulebook.info.hotline,
        },
        "notice": {
            "kind": kind.id,
            "label": kind.label,
            "number": notice.number,
            "issued_on": local_date(act.at).isoformat(),
            "copies": [_unit(act, rulebook, unit) for unit in notice.copies],
        },
        "issuer": {"label": _unit(act, rulebook, notice.unit)},
        "unit": {"label": _units(act, rulebook, notice.addressees or [item.unit for item in about])},
        "person": _person(act, rulebook, case, masked=PLAIN_SIGHT in kind.facts),
        "case": _case(act, rulebook, case),
        "task": {**agreed(told), **_asked(act, rulebook, case, asked)},
        "results": [_task(act, rulebook, case, item) for item in done],
        "objections": objection_facts(act, case),
        "deadline": _deadline(asked),
        "cites": _citations(act, rulebook, notice, asked, done),
        "contact": _contact(act, rulebook, notice, asked),
        "signer": _signer(act, notice),
    }


def agreed(told: Sequence[Plain]) -> Plain:
    """Return what several tell alike; where they differ nothing is said, as each speaks for itself in `results`."""
    return {
        name: value if _alike(told, name) else ([] if isinstance(value, list) else "")
        for name, value in told[0].items()
    }


def _alike(told: Sequence[Plain], name: str) -> bool:
    return all(other.get(name) == told[0][name] for other in told)


def _units(act: Act, rulebook: Rulebook, units: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(_unit(act, rulebook, unit) for unit in units))


def _unit(act: Act, rulebook: Rulebook, unit: str) -> str:
    """Return the name that a unit bears on the day of the paper, "" for none."""
    return unit_label(rulebook, unit, local_date(act.at)) if unit else ""


def _decided_tasks(act: Act, rulebook: Rulebook, case: Case, notice: Notice) -> list[Task]:
    """The tasks whose results a paper tells: the one that decided last, and all that decided side by side.

    The state that only tells, into which the case came with this very paper, decides nothing.
    """
    states = rulebook.flows[case.flow].states
    own = act.tx.find(Task, notice.task) if notice.task else None
    telling = own.state if own and notice.kind in states[own.state].prints and not states[own.state].per_route else ""
    tasks = [task for task in _answered(act, case) if task.state != telling]
    leads = _side_by_side(rulebook.flows[case.flow], case, tasks)
    if not tasks or states[tasks[-1].state].per_route:
        return leads
    return [*leads, tasks[-1]] if len(leads) > 1 else tasks[-1:]


def _side_by_side(flow: Flow, case: Case, tasks: Iterable[Task]) -> list[Task]:
    """The tasks of the last state in which units decided side by side, of its last round."""
    leads = [task for task in tasks if flow.states[task.state].per_route]
    if not leads:
        return []
    state = flow.states[leads[-1].state]
    began = round_began(flow, case, state)
    return [task for task in leads if task.state == state.id and task.opened_at >= began]


def _answered(act: Act, case: Case) -> list[Task]:
    tasks = [task for task in act.tx.every(Task, case=case.id) if task.role == "lead" and task.answers]
    return sorted(tasks, key=lambda task: (task.ended_at or task.opened_at, task.id))


def _told_until(act: Act, rulebook: Rulebook, case: Case, last: Task | None) -> Plain:
    """What the tasks of a case have told up to one; each form speaks for all of its fields, so silence takes back."""
    told: Plain = task_answers(draft_of(act, case), act.case(case.parent)) if case.parent else {}
    flow, tasks = rulebook.flows[case.flow], _answered(act, case)
    if last and last.answers:  # as it stood when its paper was wanted, though it goes on or has ended otherwise since
        tasks = [last if task.id == last.id else task for task in tasks]
        tasks += [last] if last not in tasks else []
    for task in tasks:
        if form := rulebook.forms.get(terms_of_task(rulebook, task).form):
            told = {name: value for name, value in told.items() if name not in form.fields}
            told |= _told_together(act, flow, case, tasks, task)
        if last and task.id == last.id:
            break
    return told


def _told_together(act: Act, flow: Flow, case: Case, tasks: Iterable[Task], task: Task) -> Plain:
    """What a task tells; one of several leads speaks for all only in what all of them say."""
    answers = whole_answers(act, act.tx.find(Submission, task.answers))
    beside = _side_by_side(flow, case, (one for one in tasks if one.state == task.state))
    others = [whole_answers(act, act.tx.find(Submission, other.answers)) for other in beside if other.id != task.id]
    return {name: value for name, value in answers.items() if all(other.get(name) == value for other in others)}


def _person(act: Act, rulebook: Rulebook, case: Case, *, masked: bool) -> Plain:
    person = act.tx.find(Person, case.person)
    assert person is not None
    draft = draft_of(act, case)
    clues = clues_of(draft, origin_of(draft, case))
    view = person_view(person, act.deployment.keys)
    phone = next(iter(phones_by_source(secrets_of(act, person), clues)), "")
    return {
        "name": person.name,
        "masked_name": mask_name(person.name),
        "sex": person.sex,
        "age": years_since(view.born, local_date(act.at)) if view.born else "",
        "id_number": paper_words(rulebook, view.id_kind, view.masked_id),
        "phone": mask_phone(phone) if masked else phone,
        "residence": _place(rulebook, case.residence),
        "registration": _place(rulebook, case.registration if _registered(act, draft, clues) else ""),
    }


def _registered(act: Act, draft: Draft, clues: Iterable[Clue]) -> bool:
    """Return whether any clue said where the person is registered; a case goes by the residence where none did."""
    for clue in clues:
        name = _filled_by(act, clue).forms[clue.form].person.get("registration", "")
        if draft.answers[clue.submission].get(name):
            return True
    return False


def _place(rulebook: Rulebook, code: str) -> Plain:
    return {"code": code, "label": rulebook.divisions.label(code, rulebook.code) if code else ""}


def _case(act: Act, rulebook: Rulebook, case: Case) -> Plain:
    draft = draft_of(act, case)
    origin = origin_of(draft, case)
    clues = clues_of(draft, origin)
    opening = [rulebook.forms[name] for name in rulebook.flows[origin.flow].opens_on]
    first = _filled_by(act, clues[0]).forms[clues[0].form] if clues else opening[0] if opening else None
    told = {**labelled(rulebook, opening, {}), **_told_by(act, draft, clues)}
    found = clues[0].found_at if clues else None
    return {
        **told,
        "number": case.number,
        "opened_at": local(case.opened_at).isoformat(),
        "found_at": local(found).isoformat() if found else "",
        "source": told.get("source") or (first.source or first.title if first else ""),
    }


def _told_by(act: Act, draft: Draft, clues: Iterable[Clue]) -> Plain:
    """What clues tell, later ones over earlier ones, each by the names of the release it was filled by, as on pages."""
    told: Plain = {}
    for clue in clues:
        rulebook, answers = _filled_by(act, clue), draft.answers[clue.submission]
        form = rulebook.forms[clue.form]
        known = {
            name: label_of(rulebook, field, answers[name]) for name, field in form.fields.items() if name in answers
        }
        told = {**labelled(rulebook, [form], {}), **told, **known}
    return told


def _filled_by(act: Act, clue: Clue) -> Rulebook:
    filled = act.tx.find(Submission, clue.submission)
    assert filled is not None
    return act.rules(filled.release)


def _task(act: Act, rulebook: Rulebook, case: Case, task: Task | None) -> Plain:
    if task is not None and on_route(rulebook, task):
        submission = act.tx.find(Submission, task.answers) if task.answers else None
        answers = whole_answers(act, submission)
    else:
        answers = _told_until(act, rulebook, case, task)
    told = labelled(rulebook, task_forms(rulebook, rulebook.flows[case.flow]), answers)
    if task is None:
        return {**told, **dict.fromkeys(_TASK_KEYS, ""), "assist": []}
    outcome = outcome_of(rulebook, task)
    return {
        **told,
        "unit": _unit(act, rulebook, task.unit),
        "outcome": outcome.label if outcome else "",
        "completed_at": local(task.ended_at).isoformat() if task.ended_at else "",
        "completed_by": _named(act, task.claimed_by),
        **_asked(act, rulebook, case, task),
    }


def _asked(act: Act, rulebook: Rulebook, case: Case, task: Task | None) -> Plain:
    """What a paper asks of the unit it goes to: always by that unit's own task, whatever else the paper tells of."""
    if task is None:
        return {}
    state = state_of(rulebook, task)
    return {
        "label": state.label if state else task.state,
        "due_at": local(task.due_at).isoformat() if task.due_at else "",
        "limit": str((task.due or {}).get("limit", "")),
        "opened_at": local(task.opened_at).isoformat(),
        "assist": [_unit(act, rulebook, item.unit) for item in act.tx.every(Task, lead_task=task.id, role="assist")],
        "days_overdue": workdays_late(rulebook, task.due_at, act.at),
        "overdue_as_of": local_date(act.at).isoformat(),
    }


_TASK_KEYS = (
    "label", "unit", "due_at", "limit", "outcome", "opened_at", "completed_at", "completed_by", "days_overdue",
    "overdue_as_of",
)  # fmt: skip


def _deadline(task: Task | None) -> Plain:
    due = dict(task.due or {}) if task else {}
    return {
        "counted": list(due.get("counted", ())),
        "skipped": list(due.get("skipped", ())),
        "provisional": bool(due.get("provisional")),
    }


def _citations(act: Act, rulebook: Rulebook, notice: Notice, task: Task | None, done: Iterable[Task]) -> list[Plain]:
    found, own = [], own_task(act, rulebook, notice) or task
    state = state_of(rulebook, own) if own else None
    told = (own.outcome, own.cites) if own else ("", ())
    of_act = cited_by(rulebook.notices[notice.kind], state, *told)
    decided = [clause for each in (own, *done) if each for clause in each.cites]
    for clause_id in dict.fromkeys(of_act + leave_for_caps(rulebook, decided)):
        clause = rulebook.clauses.get(clause_id)
        if clause:
            policy = rulebook.policies[clause.policy]
            found.append({"document": policy.title, "number": policy.number, "clause": clause_id, "text": clause.text})
    return found


def _contact(act: Act, rulebook: Rulebook, notice: Notice, task: Task | None) -> Plain:
    unit = notice.unit or (task.unit if task else "")
    phone = duty_phone(rulebook, unit) or rulebook.info.hotline
    return {"unit": _unit(act, rulebook, unit), "phone": phone}


def _signer(act: Act, notice: Notice) -> str:
    """Return who signed a paper off, "" for one that nobody has or needs to; the others sign by hand."""
    return _named(act, notice.signed_by)


def _named(act: Act, account: str) -> str:
    found = act.tx.find(Account, account) if account else None
    return found.name if found else ""
