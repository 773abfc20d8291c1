"""Believable facts for any notice, as those of a real case would be: for trying out templates before cases exist."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from xunfang.identity import mask_id, mask_name
from xunfang.phones import mask_phone
from xunfang.rulebook.model import Deadline, Flow, IntakeForm, NoticeKind, Rulebook, State, UnitRef
from xunfang.rulebook.softness import fixed
from xunfang.rules.circulars import sample_circular
from xunfang.rules.citing import cited_by
from xunfang.rules.explain import due_data
from xunfang.rules.facts import facts_of
from xunfang.rules.flow import PlannedTask, dispatched_from, enter
from xunfang.rules.intake import route
from xunfang.rules.labels import labelled, task_forms
from xunfang.rules.objections import NO_OBJECTIONS, Count
from xunfang.rules.sample import SAMPLE_BORN, sample_moment, values_of
from xunfang.rules.sample_sittings import sample_sitting
from xunfang.rules.units import document_word, unit_id, unit_label

_NOT_YET_SET = "5 workdays"
"""The limit of a sample where a province leaves the number to its counties."""


NO_CASE: Mapping[str, Any] = {
    "unit": {"label": ""}, "person": {}, "case": {}, "task": {"assist": []}, "results": [],
    "objections": dict(NO_OBJECTIONS),
}  # fmt: skip
"""What the minutes of a whole sitting, or a circular, are about: no one case, and nobody in particular."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that prints a kind of paper: a state, one of its outcomes or an escalation of its deadline.

    `origin` is the flow whose clues began the case: another one for a flow that is only started beside it.
    """

    flow: Flow
    state: State
    outcome: str
    origin: Flow

    def __str__(self) -> str:
        outcome = self.state.outcomes.get(self.outcome)
        chosen = f"办成“{outcome.label}”时" if outcome else ""
        return f"流程“{self.flow.label}”的环节“{self.state.label}”{chosen}"


@dataclass(frozen=True, slots=True)
class _Setting:
    """Where a paper is printed: the place that prints it, and what the case began with."""

    place: Place | None
    forms: tuple[IntakeForm, ...]
    form: IntakeForm | None
    answers: Mapping[str, Any]
    task: PlannedTask | None


def places_printing(rulebook: Rulebook, kind: NoticeKind) -> list[Place]:
    """Return every place that prints a kind of paper, in the order of the files; none for a kind without use."""
    return list(_places(rulebook).get(kind.id, ()))


@lru_cache(maxsize=16)
def _places(rulebook: Rulebook) -> Mapping[str, list[Place]]:
    """Return the places that print each kind of paper."""
    found: dict[str, list[Place]] = {}
    for flow in rulebook.flows.values():
        origins = _origins(rulebook, flow)
        for state in flow.states.values():
            for kind, outcome in _printing(rulebook, state):
                found.setdefault(kind, []).extend(Place(flow, state, outcome, origin) for origin in origins)
    return found


def _printing(rulebook: Rulebook, state: State) -> Iterator[tuple[str, str]]:
    """Yield each kind that a state prints, with the outcome that does, "" for entering it or being late in it."""
    deadline = rulebook.deadlines.get(state.deadline)
    late = (each.notice for each in (deadline.escalate if deadline else ()))
    yield from ((kind, "") for kind in dict.fromkeys((*state.prints, *late)))
    yield from ((kind, outcome.id) for outcome in state.outcomes.values() for kind in dict.fromkeys(outcome.prints))


def _origins(rulebook: Rulebook, flow: Flow) -> list[Flow]:
    """Return the flows whose clues may begin a case of a flow: itself, or those that start it, however indirectly."""
    seen, waiting, found = {flow.id}, [flow], []
    while waiting:
        here = waiting.pop()
        if here.opens_on:
            found.append(here)
            continue
        starting = [each for each in rulebook.flows.values() if each.id not in seen and _starts(each, here.id)]
        seen |= {each.id for each in starting}
        waiting += starting
    return found or [flow]


def _starts(flow: Flow, started: str) -> bool:
    return any(started in outcome.starts for state in flow.states.values() for outcome in state.outcomes.values())


def sample_notice_facts(rulebook: Rulebook, kind: NoticeKind, place: Place | None = None) -> dict[str, Any]:
    """Return facts from which a kind of notice can be printed, at one of its places or else at the first."""
    rulebook, at = _with_every_number(rulebook), sample_moment(rulebook)
    setting = _setting(rulebook, place or next(iter(places_printing(rulebook, kind)), _anywhere(rulebook)), at)
    flow, answers, task = setting.place.flow if setting.place else None, setting.answers, setting.task
    unit = unit_id(rulebook, UnitRef(kind.seal), answers) if kind.seal else ""
    issuer = unit_label(rulebook, unit) if unit else ""
    due = due_data(task.deadline) if task and task.deadline else {}
    cites = cited_by(kind, _state(setting), setting.place.outcome if setting.place else "", task.cites if task else ())
    handled = _sample_task(rulebook, setting, at)
    facts = {
        "jurisdiction": {"name": rulebook.info.name, "brand": rulebook.info.brand, "hotline": rulebook.info.hotline},
        "notice": {
            "kind": kind.id,
            "label": kind.label,
            "number": _first_number(kind, document_word(rulebook, unit), at),
            "issued_on": at.date().isoformat(),
            "copies": [unit_label(rulebook, unit_id(rulebook, ref, answers)) for ref in kind.copies],
        },
        "issuer": {"label": issuer},
        "unit": {"label": _sample_addressees(rulebook, kind, task.unit if task else "", answers)},
        "person": _sample_person(rulebook, setting.form, answers, at),
        "case": _sample_case(rulebook, flow, setting.forms, at),
        "task": handled,
        "results": [handled],
        "objections": {**NO_OBJECTIONS, "words": Count().words(over=True)},
        "deadline": {
            "counted": due.get("counted", []),
            "skipped": due.get("skipped", []),
            "provisional": due.get("provisional", False),
        },
        "cites": [_citation(rulebook, clause) for clause in cites if clause in rulebook.clauses],
        "contact": {"unit": issuer, "phone": rulebook.info.hotline},
        "sitting": sample_sitting(rulebook, kind),
        "circular": sample_circular(rulebook, kind, at.date()),
        "signer": "",
    }
    return {**facts, **NO_CASE} if facts["sitting"] or facts["circular"] else facts


def _sample_addressees(rulebook: Rulebook, kind: NoticeKind, holder: str, answers: Mapping[str, Any]) -> str:
    units = [unit_id(rulebook, ref, answers) for ref in kind.units] or ([holder] if holder else [])
    return "、".join(unit_label(rulebook, unit) for unit in units)


@lru_cache(maxsize=16)
def _with_every_number(rulebook: Rulebook) -> Rulebook:
    """Return the rules with a limit wherever one is still to be set locally, so that a layer above can be tried too."""
    return replace(rulebook, deadlines={name: _numbered(rulebook, each) for name, each in rulebook.deadlines.items()})


def _numbered(rulebook: Rulebook, deadline: Deadline) -> Deadline:
    limits = [case if case.limit.counts else replace(case, limit=fixed(_NOT_YET_SET)) for case in deadline.limits]
    return replace(deadline, limits=tuple(limits))


def _state(setting: _Setting) -> State | None:
    """Return the state whose task a paper is about, None where no task is open."""
    return setting.place.state if setting.place and setting.task else None


def _anywhere(rulebook: Rulebook) -> Place | None:
    """Return where a paper that nothing prints might be printed: where the first case begins."""
    opening = (flow for flow in rulebook.flows.values() if flow.opens_on)
    return next((Place(flow, flow.states[flow.start], "", flow) for flow in opening), None)


def _first_number(kind: NoticeKind, word: str, at: datetime) -> str:
    return kind.number.replace("{unit}", word).replace("{year}", str(at.year)).replace("{n}", "1")


def _setting(rulebook: Rulebook, place: Place | None, at: datetime) -> _Setting:
    forms = tuple(rulebook.forms[name] for name in place.origin.opens_on) if place else ()
    form = forms[0] if forms else None
    answers = values_of(rulebook, form) if form else {}
    if place is None or form is None:
        return _Setting(place, forms, form, answers, None)
    return _Setting(place, forms, form, answers, _first_task(rulebook, place.flow.id, place.state.id, form, at))


@lru_cache(maxsize=1024)
def _first_task(rulebook: Rulebook, flow_id: str, state: str, form: IntakeForm, at: datetime) -> PlannedTask | None:
    """Return the first task of a state that a case comes to which began with a form, None where it has none."""
    flow, facts = rulebook.flows[flow_id], _begun_with(rulebook, form, at)
    source = dispatched_from(flow, state)
    proposals = route(rulebook, flow, source, facts).proposals if source else ()
    return next(iter(enter(rulebook, flow, state, facts, at, proposals).tasks), None)


@lru_cache(maxsize=256)
def _begun_with(rulebook: Rulebook, form: IntakeForm, at: datetime) -> Mapping[str, Any]:
    """Return the facts that a case begins with."""
    return facts_of(rulebook, form, values_of(rulebook, form), at)[0]


def _sample_person(
    rulebook: Rulebook, form: IntakeForm | None, answers: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    uses = form.person if form else {}
    told = {use: str(answers.get(name, "")) for use, name in uses.items()}
    residence = told.get("residence", "")
    registration = told.get("registration", "")
    return {
        "name": told.get("name", ""),
        "masked_name": mask_name(told.get("name", "")),
        "sex": "男",
        "age": at.year - SAMPLE_BORN.year,
        "id_number": mask_id(told["id_number"]) if told.get("id_number") else "",
        "phone": mask_phone(told["phone"]) if told.get("phone") else "",
        "residence": _sample_place(rulebook, residence),
        "registration": _sample_place(rulebook, registration),
    }


def _sample_place(rulebook: Rulebook, code: str) -> dict[str, str]:
    return {"code": code, "label": rulebook.divisions.label(code, rulebook.code) if code else ""}


def _sample_case(rulebook: Rulebook, flow: Flow | None, forms: tuple[IntakeForm, ...], at: datetime) -> dict[str, Any]:
    names = tuple(form.id for form in forms)
    told = _told_in(rulebook, names, names[:1])
    number = flow.number.replace("{year}", str(at.year)).replace("{n}", "1") if flow else ""
    moments = {"opened_at": at.isoformat(), "found_at": at.isoformat()}
    return {
        **told,
        **moments,
        "number": number,
        "source": told.get("source") or (forms[0].source or forms[0].title if forms else ""),
    }


def _sample_task(rulebook: Rulebook, setting: _Setting, at: datetime) -> dict[str, Any]:
    state, task = _state(setting), setting.task
    forms = tuple(form.id for form in task_forms(rulebook, setting.place.flow)) if setting.place else ()
    due = due_data(task.deadline) if task and task.deadline else {}
    outcomes = list(state.outcomes.values()) if state else []
    chosen = state.outcomes.get(setting.place.outcome) if state and setting.place else None
    outcome = chosen or (outcomes[0] if outcomes else None)
    return {
        **_told_in(rulebook, forms, forms),
        "label": state.label if state else "",
        "unit": unit_label(rulebook, task.unit) if task else "",
        "due_at": due.get("due_at", ""),
        "limit": due.get("limit", ""),
        "outcome": outcome.label if outcome else "",
        "opened_at": at.isoformat(),
        "completed_at": at.isoformat(),
        "completed_by": "示例经办人",
        "assist": [],
        "days_overdue": 1,
        "overdue_as_of": at.date().isoformat(),
    }


@lru_cache(maxsize=1024)
def _told_in(rulebook: Rulebook, forms: tuple[str, ...], answered: tuple[str, ...]) -> Mapping[str, Any]:
    """Return what is told in some forms, those `answered` having been filled in, in words; nobody changes it."""
    filled = [rulebook.forms[name] for name in answered]
    answers = {name: value for form in filled for name, value in values_of(rulebook, form).items()}
    return labelled(rulebook, [rulebook.forms[name] for name in forms], answers)


def _citation(rulebook: Rulebook, clause_id: str) -> dict[str, Any]:
    clause = rulebook.clauses[clause_id]
    policy = rulebook.policies[clause.policy]
    return {"document": policy.title, "number": policy.number, "clause": clause_id, "text": clause.text}
