"""Believable facts for any notice, as those of a real case would be: for trying out templates before cases exist."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.identity import mask_id, mask_name
from xunfang.phones import mask_phone
from xunfang.rulebook.model import Flow, IntakeForm, NoticeKind, Rulebook, State, UnitRef
from xunfang.rules.citing import cited_by
from xunfang.rules.explain import due_data
from xunfang.rules.facts import facts_of
from xunfang.rules.flow import PlannedTask, dispatched_from, enter
from xunfang.rules.intake import route
from xunfang.rules.labels import labelled, task_forms
from xunfang.rules.sample import SAMPLE_BORN, sample_answers, sample_moment
from xunfang.rules.units import document_word, unit_id, unit_label


@dataclass(frozen=True, slots=True)
class _Setting:
    """Where a paper is printed: the flow and state that print it, and what the case began with."""

    flow: Flow | None
    form: IntakeForm | None
    answers: Mapping[str, Any]
    task: PlannedTask | None


def sample_notice_facts(rulebook: Rulebook, kind: NoticeKind) -> dict[str, Any]:
    """Return facts from which a kind of notice can be printed."""
    at = sample_moment(rulebook)
    setting = _setting(rulebook, kind, at)
    flow, answers, task = setting.flow, setting.answers, setting.task
    unit = unit_id(rulebook, UnitRef(kind.seal), answers) if kind.seal else ""
    issuer = unit_label(rulebook, unit) if unit else ""
    due = due_data(task.deadline) if task and task.deadline else {}
    cites = _cites(kind, flow, task)
    return {
        "jurisdiction": {"name": rulebook.info.name, "brand": rulebook.info.brand, "hotline": rulebook.info.hotline},
        "notice": {
            "kind": kind.id,
            "label": kind.label,
            "number": _first_number(kind, document_word(rulebook, unit), at),
            "issued_on": at.date().isoformat(),
        },
        "issuer": {"label": issuer},
        "unit": {"label": unit_label(rulebook, task.unit) if task else ""},
        "person": _sample_person(rulebook, setting.form, answers, at),
        "case": _sample_case(rulebook, flow, setting.form, answers, at),
        "task": _sample_task(rulebook, flow, task, at),
        "results": [_sample_task(rulebook, flow, task, at)],
        "deadline": {
            "counted": due.get("counted", []),
            "skipped": due.get("skipped", []),
            "provisional": due.get("provisional", False),
        },
        "cites": [_citation(rulebook, clause) for clause in cites if clause in rulebook.clauses],
        "contact": {"unit": issuer, "phone": rulebook.info.hotline},
        "signer": "",
    }


def _cites(kind: NoticeKind, flow: Flow | None, task: PlannedTask | None) -> tuple[str, ...]:
    state = flow.states[task.state] if flow and task else None
    printing = (id for id, outcome in state.outcomes.items() if kind.id in outcome.prints) if state else iter(())
    return cited_by(kind, state, next(printing, ""), task.cites if task else ())


def _first_number(kind: NoticeKind, word: str, at: datetime) -> str:
    return kind.number.replace("{unit}", word).replace("{year}", str(at.year)).replace("{n}", "1")


def _setting(rulebook: Rulebook, kind: NoticeKind, at: datetime) -> _Setting:
    flow, state = _printing(rulebook, kind)
    form_id = next((form for form in flow.opens_on), "") if flow else ""
    if not form_id:  # a flow that others start tells of the case it was started beside
        form_id = next((other.opens_on[0] for other in rulebook.flows.values() if other.opens_on), "")
    form = rulebook.forms.get(form_id)
    answers = sample_answers(rulebook, form) if form else {}
    if flow is None or state is None or form is None:
        return _Setting(flow, form, answers, None)
    facts, _ = facts_of(rulebook, form, answers, at)
    source = dispatched_from(flow, state.id)
    proposals = route(rulebook, flow, source, facts).proposals if source else ()
    tasks = enter(rulebook, flow, state.id, facts, at, proposals).tasks
    return _Setting(flow, form, answers, tasks[0] if tasks else None)


def _printing(rulebook: Rulebook, kind: NoticeKind) -> tuple[Flow | None, State | None]:
    """Return the flow and state that print a kind of notice, or else the first flow's state that prints anything."""
    for flow in rulebook.flows.values():
        for state in flow.states.values():
            kinds = {*state.prints, *(notice for outcome in state.outcomes.values() for notice in outcome.prints)}
            supervised = rulebook.deadlines[state.deadline].escalate if state.deadline else ()
            if kind.id in kinds | {escalation.notice for escalation in supervised}:
                return flow, state
    return next(((flow, flow.states[flow.start]) for flow in rulebook.flows.values() if flow.opens_on), (None, None))


def _sample_person(
    rulebook: Rulebook, form: IntakeForm | None, answers: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    uses = form.person if form else {}
    told = {use: str(answers.get(name, "")) for use, name in uses.items()}
    residence = told.get("residence", "")
    registration = told.get("registration") or residence
    return {
        "name": told.get("name", ""),
        "masked_name": mask_name(told.get("name", "")),
        "sex": "男",
        "age": at.year - SAMPLE_BORN.year,
        "id_number": mask_id(told["id_number"]) if told.get("id_number") else "",
        "phone": mask_phone(told["phone"]) if told.get("phone") else "",
        "residence": {"code": residence, "label": rulebook.divisions.label(residence, rulebook.code)},
        "registration": {"code": registration, "label": rulebook.divisions.label(registration, rulebook.code)},
    }


def _sample_case(
    rulebook: Rulebook, flow: Flow | None, form: IntakeForm | None, answers: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    forms = [form] if form else []
    forms += [rulebook.forms[name] for name in flow.opens_on] if flow else []
    told = labelled(rulebook, forms, answers)
    number = flow.number.replace("{year}", str(at.year)).replace("{n}", "1") if flow else ""
    moments = {"opened_at": at.isoformat(), "found_at": at.isoformat()}
    return {
        **told,
        **moments,
        "number": number,
        "source": told.get("source") or (forms[0].source or forms[0].title if forms else ""),
    }


def _sample_task(rulebook: Rulebook, flow: Flow | None, task: PlannedTask | None, at: datetime) -> dict[str, Any]:
    state = flow.states[task.state] if flow and task else None
    forms = task_forms(rulebook, flow) if flow else []
    answers = {name: value for form in forms for name, value in sample_answers(rulebook, form).items()}
    due = due_data(task.deadline) if task and task.deadline else {}
    outcomes = list(state.outcomes.values()) if state else []
    return {
        **labelled(rulebook, forms, answers),
        "label": state.label if state else "",
        "unit": unit_label(rulebook, task.unit) if task else "",
        "due_at": due.get("due_at", ""),
        "limit": due.get("limit", ""),
        "outcome": outcomes[0].label if outcomes else "",
        "opened_at": at.isoformat(),
        "completed_at": at.isoformat(),
        "assist": [],
        "days_overdue": 1,
    }


def _citation(rulebook: Rulebook, clause_id: str) -> dict[str, Any]:
    clause = rulebook.clauses[clause_id]
    policy = rulebook.policies[clause.policy]
    return {"document": policy.title, "number": policy.number, "clause": clause_id, "text": clause.text}
