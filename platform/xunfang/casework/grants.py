"""What a person was granted before, and what its caps say of granting more: refused, or let by who may say so."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.facts import case_facts, clue_answers, task_answers
from xunfang.casework.rows import Case, Task, Told
from xunfang.clock import local_date
from xunfang.errors import FieldProblem
from xunfang.rulebook.model import Cap, CapOverride, Outcome
from xunfang.rules.caps import Grant, Judged, beyond, granted_by, judge, standing_to

_VOIDED = "voided"


def grants_in(draft: Draft, case: Case) -> Iterator[Grant]:
    """Yield what was granted in a case of the file; of a unit that decided again in a state only the last counts."""
    if case.ended_as == _VOIDED:
        return
    told = {**clue_answers(draft, case), **task_answers(draft, case)}
    states = draft.rulebook.flows[case.flow].states
    done = {(task.state, task.unit): task for task in _decided(draft, case)}
    recorded = [(row, draft.task(row.task).unit) for row in draft.select(Told, case=case.id)]
    for (state, unit), task in done.items():
        if task.state in states and task.outcome in states[state].outcomes:
            yield from _grant(draft, case, states[state].outcomes[task.outcome], told, task, unit)
    for row, unit in recorded:
        if row.state in states and row.outcome in states[row.state].outcomes:
            yield from _grant(draft, case, states[row.state].outcomes[row.outcome], told, row, unit)


def _decided(draft: Draft, case: Case) -> list[Task]:
    done = [task for task in draft.select(Task, case=case.id, role="lead", status="done") if task.ended_at]
    return sorted(done, key=lambda task: (task.ended_at or task.opened_at, task.id))


def _grant(
    draft: Draft, case: Case, outcome: Outcome, told: Mapping[str, Any], row: Task | Told, unit: str
) -> Iterator[Grant]:
    key = row.answers if isinstance(row, Task) else row.submission
    at = (row.ended_at or row.opened_at) if isinstance(row, Task) else row.at
    answers = {**told, **(draft.answers[key] if key else {})}
    if programme := granted_by(outcome, answers):
        yield Grant(programme, local_date(at), answers, (case.id, row.state, unit), case.flow)


def judged_caps(draft: Draft, case: Case, task: Task, chosen: Outcome, facts: Mapping[str, Any]) -> tuple[Judged, ...]:
    """Return how the person of a case would stand to the caps of what an outcome grants; none where it has no caps.

    What the same unit decided here in an earlier round is decided anew, so it does not count.
    """
    programme = draft.rulebook.programmes.get(granted_by(chosen, facts))
    if programme is None or not programme.caps:
        return ()
    before = [grant for grant in draft.grants[case.person] if grant.source != _here(task)]
    return judge(draft.rulebook, programme.id, facts, before, local_date(draft.at), case.flow)


def standing(draft: Draft, case: Case, task: Task) -> tuple[Judged, ...]:
    """Return how the person of a case stands now to the caps of whatever the outcomes of a task may grant."""
    outcomes = draft.rulebook.flows[task.flow].states[task.state].outcomes.values()
    named = dict.fromkeys(outcome.grants for outcome in outcomes if outcome.grants)
    chosen = [name for name in named if not name.startswith("$")]
    if len(chosen) < len(named):  # an answer will say which
        chosen = list(draft.rulebook.programmes)
    asked = [name for name in chosen if name in draft.rulebook.programmes and draft.rulebook.programmes[name].caps]
    facts = case_facts(draft, case) if asked else {}
    before = [grant for grant in draft.grants[case.person] if grant.source != _here(task)] if asked else []
    day = local_date(draft.at)
    found = (standing_to(draft.rulebook, name, facts, before, day, case.flow) for name in asked)
    return tuple(each for caps in found for each in caps)


def _here(task: Task) -> tuple[str, str, str]:
    return task.case, task.state, task.unit


def cap_problems(draft: Draft, judged: Sequence[Judged], facts: Mapping[str, Any]) -> list[FieldProblem]:
    """Return what is wrong with granting beyond caps: nothing where whoever may says why."""
    return [problem for each in beyond(judged) for problem in _problem(draft, each, facts)]


def _problem(draft: Draft, judged: Judged, facts: Mapping[str, Any]) -> Iterator[FieldProblem]:
    override = judged.cap.override
    if override is None:
        yield FieldProblem("outcome", f"超过上限，不能给予。{judged}。", "CAP_REACHED")
    elif not draft.actor.holds(override.by):
        role = draft.rulebook.roles[override.by].label
        text = f"超过上限。{judged}。确需给予的，由{role}办结，并写明理由。"
        yield FieldProblem("outcome", text, "CAP_REACHED")
    elif not str(facts.get(override.reason) or "").strip():
        yield FieldProblem(override.reason, f"超过上限，确需给予的请写明理由。{judged}。", "CAP_REASON_MISSING")


def overrides(judged: Sequence[Judged]) -> tuple[tuple[Cap, CapOverride], ...]:
    """Return the caps that are passed by somebody's word, and by what rule."""
    return tuple((each.cap, each.cap.override) for each in beyond(judged) if each.cap.override)
