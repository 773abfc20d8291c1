"""A valid answer to any form, and believable facts for any notice: for trying out rules before real cases exist."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from xunfang.clock import SHANGHAI
from xunfang.identity import make_id, mask_id, mask_name, mask_phone
from xunfang.rulebook.model import Field, Flow, IntakeForm, NoticeKind, Rulebook
from xunfang.rules.explain import due_data
from xunfang.rules.flow import PlannedTask
from xunfang.rules.intake import decide
from xunfang.rules.labels import labelled, task_forms
from xunfang.rules.submission import cleaned, problems
from xunfang.rules.units import unit_label

_BORN = date(1958, 3, 12)
_PATTERNED = ("2025-11", "2025-Q4", "2025", "2025-12-01", "100000", "12345", "1", "A1", "甲")


def sample_moment(rulebook: Rulebook) -> datetime:
    """Return a moment safely past, on a workday in the year before the last published calendar."""
    return datetime(max(rulebook.calendar.last_published - 1, 2000), 12, 1, 9, 0, tzinfo=SHANGHAI)


def sample_answers(rulebook: Rulebook, form: IntakeForm) -> dict[str, Any]:
    """Return a valid answer to a form, every field filled in; raises ValueError when none is found."""
    at = sample_moment(rulebook)
    answers = {name: _value(rulebook, field, at) for name, field in form.fields.items()}
    answers = {name: value for name, value in answers.items() if value is not None}
    wrong = problems(rulebook, form, cleaned(form, answers), at + timedelta(hours=1))
    if wrong:
        raise ValueError("；".join(f"{problem.field}：{problem.message}" for problem in wrong))
    return answers


def _value(rulebook: Rulebook, field: Field, at: datetime) -> Any:
    match field.kind:
        case "moment":
            return at.replace(tzinfo=None).isoformat()
        case "date":
            return at.date().isoformat()
        case "resident-id":
            return make_id(rulebook.code[:6].ljust(6, "0"), _BORN, 21)
        case "phone":
            return "13800000000"
        case "boolean":
            return True
        case "division":
            return _division(rulebook, field)
        case "choice" | "choices":
            return _choice(rulebook, field)
        case "integer" | "number":
            return _number(field)
        case "photos":
            return None
    return _text(field)


def _division(rulebook: Rulebook, field: Field) -> str | None:
    found = rulebook.divisions.of_level(field.level or "village", rulebook.code)
    return found[0].code if found else None


def _choice(rulebook: Rulebook, field: Field) -> Any:
    items: Mapping[str, Any] = field.schema.get("items", {}) if field.kind == "choices" else field.schema
    entries = rulebook.lists[field.list].entries.values() if field.list else ()
    words = [entry.id for entry in entries if not entry.retired] or list(items.get("enum", []))
    if not words:
        return None
    return words[:1] if field.kind == "choices" else words[0]


def _number(field: Field) -> Any:
    value = max(3, field.schema.get("minimum", 3))
    return min(value, field.schema.get("maximum", value))


def _text(field: Field) -> str:
    pattern = field.schema.get("pattern")
    if pattern:
        return next((text for text in _PATTERNED if re.search(pattern, text)), "")
    sample = "李长福" if "姓名" in field.title else f"示例{field.title}"
    return sample[: field.schema.get("maxLength", 200)]


def sample_notice_facts(rulebook: Rulebook, kind: NoticeKind) -> dict[str, Any]:
    """Return facts from which a kind of notice can be printed, as those of a real case would be."""
    at = sample_moment(rulebook)
    flow = next((flow for flow in rulebook.flows.values() if flow.opens_on), None)
    answers = sample_answers(rulebook, rulebook.forms[flow.opens_on[0]]) if flow else {}
    decision = decide(rulebook, flow.opens_on[0], answers, at) if flow else None
    entered = decision.entered if decision else None
    task = entered.tasks[0] if entered and entered.tasks else None
    issuer = unit_label(rulebook, kind.seal) if kind.seal else ""
    due = due_data(task.deadline) if task and task.deadline else {}
    cites = dict.fromkeys((*kind.basis.cites, *(task.cites if task else ())))
    return {
        "jurisdiction": {"name": rulebook.info.name, "brand": rulebook.info.brand, "hotline": rulebook.info.hotline},
        "notice": {
            "kind": kind.id,
            "label": kind.label,
            "number": kind.number.replace("{year}", str(at.year)).replace("{n}", "1"),
            "issued_on": at.date().isoformat(),
        },
        "issuer": {"label": issuer},
        "unit": {"label": unit_label(rulebook, task.unit) if task else ""},
        "person": _sample_person(rulebook, answers, flow, at),
        "case": _sample_case(rulebook, flow, answers, at),
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


def _sample_person(rulebook: Rulebook, answers: Mapping[str, Any], flow: Flow | None, at: datetime) -> dict[str, Any]:
    uses = rulebook.forms[flow.opens_on[0]].person if flow else {}
    told = {use: str(answers.get(name, "")) for use, name in uses.items()}
    residence = told.get("residence", "")
    registration = told.get("registration") or residence
    return {
        "name": told.get("name", ""),
        "masked_name": mask_name(told.get("name", "")),
        "sex": "男",
        "age": at.year - _BORN.year,
        "id_number": mask_id(told["id_number"]) if told.get("id_number") else "",
        "phone": mask_phone(told["phone"]) if told.get("phone") else "",
        "residence": {"code": residence, "label": rulebook.divisions.label(residence, rulebook.code)},
        "registration": {"code": registration, "label": rulebook.divisions.label(registration, rulebook.code)},
    }


def _sample_case(rulebook: Rulebook, flow: Flow | None, answers: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    forms = [rulebook.forms[name] for name in flow.opens_on] if flow else []
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
    form = rulebook.forms.get(state.form) if state else None
    answers = sample_answers(rulebook, form) if form else {}
    due = due_data(task.deadline) if task and task.deadline else {}
    outcomes = list(state.outcomes.values()) if state else []
    return {
        **labelled(rulebook, task_forms(rulebook, flow) if flow else [], answers),
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
