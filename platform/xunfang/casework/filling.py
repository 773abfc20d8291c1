"""Filling the registry 补记 with what was decided before it was kept: the same rows as if it had been kept then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.facts import clue_answers, clues_of, task_answers
from xunfang.casework.holdings import holds_on
from xunfang.casework.rows import Case, Clue, Entitlement, Task, Told
from xunfang.clock import local_date
from xunfang.rulebook.model import Outcome
from xunfang.rules.categories import categories_told
from xunfang.rules.entitlements import EXITED, GRANTED, REFUSED, SUSPENDED, Decided, decisions
from xunfang.rules.facts import facts_of

FILL = "fill"
"""By what a row of the registry came that was filled in later."""


@dataclass(frozen=True, slots=True)
class Past:
    """What was decided about a programme in a case, in which task and form, by which unit, when, by which clauses."""

    case: Case
    task: str
    unit: str
    at: datetime
    submission: str
    cites: tuple[str, ...]
    decided: Decided


def decided_in(draft: Draft, case: Case) -> Iterator[Past]:
    """Yield what was decided in a case of the file; of a unit that decided again in a state only the last counts."""
    flow = draft.rulebook.flows.get(case.flow)
    if case.ended_as == "voided" or flow is None:
        return
    known = {**clue_answers(draft, case), **task_answers(draft, case)}
    done = [task for task in draft.select(Task, case=case.id, role="lead", status="done") if task.ended_at]
    last = {(task.state, task.unit): task for task in sorted(done, key=lambda task: (task.ended_at, task.id))}
    rows: list[Task | Told] = [*last.values(), *draft.select(Told, case=case.id)]
    for row in rows:
        state = flow.states.get(row.state)
        if state and row.outcome in state.outcomes:
            yield from _past(draft, case, state.outcomes[row.outcome], known, row)


def _past(draft: Draft, case: Case, outcome: Outcome, known: dict[str, Any], row: Task | Told) -> Iterator[Past]:
    task = row if isinstance(row, Task) else draft.task(row.task)
    key = row.answers if isinstance(row, Task) else row.submission
    at = (row.ended_at or row.opened_at) if isinstance(row, Task) else row.at
    facts = {**known, **(draft.answers[key] if key else {})}
    for decided in decisions(draft.rulebook, outcome, facts, local_date(at)):
        yield Past(case, task.id, task.unit, at, key, outcome.basis.cites or task.cites, decided)


def told_in(draft: Draft, case: Case) -> Iterator[tuple[Clue, str, date]]:
    """Yield the categories that the reports of a case told of its person, each with its report and since when."""
    for clue in clues_of(draft, case) if case.ended_as != "voided" else ():
        form = draft.rulebook.forms.get(clue.form)
        answers = draft.answers[clue.submission]
        if form:
            facts, _ = facts_of(draft.rulebook, form, answers, clue.entered_at)
            for category in categories_told(draft.rulebook, form, answers, facts):
                yield clue, category, local_date(clue.entered_at)


def written(existing: Iterable[Entitlement], pasts: Iterable[Past], new_id: Any) -> dict[str, Entitlement]:
    """Return the rows of one person as they are once what is amiss is filled in, by key: each in the line of versions.

    What is there already is left as it is, but for following what comes before it now.
    """
    rows = {row.id: row for row in existing}
    known = {(row.case, row.task, row.programme) for row in rows.values()}
    new = [_row(past, new_id()) for past in pasts if (past.case.id, past.task, past.decided.programme) not in known]
    rows |= {row.id: row for row in new}
    for programme in {row.programme for row in new}:
        line = [row for row in rows.values() if row.programme == programme and row.withdrawn_at is None]
        rows |= _in_line(sorted(line, key=lambda row: (row.decided_at, row.id)), {row.id for row in new})
    return rows


def _in_line(line: list[Entitlement], new: set[str]) -> dict[str, Entitlement]:
    """Return the decisions about one programme, each ending the one before where it does."""
    found = {row.id: row for row in line}
    before = ""
    for row in (row for row in line if row.state != REFUSED):
        earlier = found.get(before)
        if earlier and {row.id, earlier.id} & new and _ends(row, earlier):
            found[earlier.id] = replace(earlier, until=row.since - timedelta(days=1))
            found[row.id] = replace(found[row.id], follows=row.follows or earlier.id)
        before = row.id if row.state in (GRANTED, SUSPENDED) else ""
    return found


def _ends(row: Entitlement, earlier: Entitlement) -> bool:
    return holds_on(earlier, row.since) and (earlier.until is None or row.state in (SUSPENDED, EXITED))


def _row(past: Past, key: str) -> Entitlement:
    case, decided = past.case, past.decided
    return Entitlement(
        id=key,
        jurisdiction=case.jurisdiction,
        residence=case.residence,
        person=case.person,
        programme=decided.programme,
        state=decided.state,
        since=decided.since,
        until=decided.until,
        decided_at=past.at,
        unit=past.unit,
        cents=decided.cents,
        members=decided.members,
        case=case.id,
        task=past.task,
        submission=past.submission,
        source=FILL,
        release=case.release,
        reason=decided.reason,
        cites=past.cites,
    )
