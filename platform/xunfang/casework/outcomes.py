"""An outcome 办理结果 as it is chosen: what is wrong with it, and what the record tells of it."""

from collections.abc import Mapping
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.grants import judged_caps, overrides
from xunfang.casework.rows import Case, Task
from xunfang.casework.terms import terms_of_task
from xunfang.errors import FieldProblem
from xunfang.rulebook.model import IntakeForm, Outcome, Rulebook
from xunfang.rules.amounts import sums
from xunfang.rules.caps import granted_by
from xunfang.rules.conditions import holds

Facts = Mapping[str, Any]


def outcome_problems(
    rulebook: Rulebook, form: IntakeForm, chosen: Outcome, answers: Mapping[str, Any], facts: Facts
) -> list[FieldProblem]:
    """Return what is wrong with an outcome beside the answers of its form; where a standard decides, with the sum."""
    found = [
        FieldProblem(name, f"结果为“{chosen.label}”时须填写“{form.fields[name].title}”。", "FIELD_MISSING")
        for name in chosen.requires
        if name not in answers
    ]
    if not found and not holds(chosen.when, facts):
        found.append(contradicts(rulebook, chosen, facts, form.id))
    return found


def contradicts(rulebook: Rulebook, chosen: Outcome, facts: Facts, form: str = "") -> FieldProblem:
    """Return what is told of an outcome whose condition does not hold, with what it weighs worked out."""
    worked_out = "；".join(sums(rulebook, [chosen.when], facts, form))
    why = f"（{worked_out}）" if worked_out else ""
    what = "所填内容" if form else "个案情况"
    text = f"{what}与结果“{chosen.label}”不一致{why}，请核对填报内容或改选结果。"
    return FieldProblem("outcome", text, "OUTCOME_CONTRADICTS")


def outcome_told(
    draft: Draft, case: Case, task: Task, chosen: Outcome, facts: Facts
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return what the record tells of an outcome besides its name, and the clauses by which a cap was passed."""
    data: dict[str, Any] = {}
    if granted := granted_by(chosen, facts):
        data["grants"] = granted
    if worked_out := sums(draft.rulebook, [chosen.when], facts, terms_of_task(draft.rulebook, task).form):
        data["sums"] = list(worked_out)
    if judged := judged_caps(draft, case, task, chosen, facts):
        data["caps"] = [str(each) for each in judged]
    let = overrides(judged)
    if let:
        data["beyond"] = [cap.label for cap, _ in let]
    return data, tuple(clause for _, override in let for clause in override.basis.cites)


def united(cites: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """Return clauses with more of them, each once."""
    return tuple(dict.fromkeys(cites + more))
