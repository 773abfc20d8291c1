"""The registry 救助对象档案 as casework writes it: what a report tells of somebody's categories, what outcomes give."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.holdings import holds_on
from xunfang.casework.rows import Case, Entitlement, Holding, Person, Task, Visit
from xunfang.clock import local_date
from xunfang.rulebook.model import Outcome
from xunfang.rules.categories import categories_told
from xunfang.rules.entitlements import EXITED, GRANTED, REFUSED, SUSPENDED, Decided, decisions, lasts_until
from xunfang.rules.intake import Decision

REPORT, OUTCOME, LIST, HAND = "report", "outcome", "list", "hand"
"""By what somebody came to be held to be of a category."""


def hold_reported(draft: Draft, of: Case | Visit, decision: Decision, submission: str) -> tuple[str, ...]:
    """Hold the person of a case or visit to be of what a form tells of them; returns what is new of it."""
    told = categories_told(draft.rulebook, decision.form, decision.answers, decision.facts)
    return hold(draft, of, told, REPORT, submission=submission)


def hold(
    draft: Draft,
    of: Case | Visit | Person,
    categories: Iterable[str],
    source: str,
    *,
    since: date | None = None,
    submission: str = "",
    cites: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """Hold a person, or that of a case or visit, to be of categories from a day on; returns those new of them."""
    person = of.id if isinstance(of, Person) else of.person
    known = {row.category for row in draft.select(Holding, person=person, until=None)}
    new = tuple(category for category in dict.fromkeys(categories) if category not in known)
    for category in new:
        draft.put(
            Holding(
                id=draft.new_id(),
                jurisdiction=of.jurisdiction,
                residence=of.residence,
                person=person,
                category=category,
                since=since or local_date(draft.at),
                noted_at=draft.at,
                source=source,
                case=of.id if isinstance(of, Case) else "",
                submission=submission,
                cites=cites,
            )
        )
    return new


def hold_no_more(draft: Draft, person: str, categories: Iterable[str], on: date, *, submission: str = "") -> None:
    """Hold somebody to be of categories no more from a day on, or only by what one report told."""
    gone = set(categories)
    for row in draft.select(Holding, person=person, until=None):
        if row.category in gone and submission in ("", row.submission):
            draft.change(row, until=on)


def unsay(draft: Draft, case: Case, submission: str) -> None:
    """Hold somebody to be no more of what a report told that was taken back or corrected."""
    told = [row.category for row in draft.select(Holding, person=case.person, until=None)]
    hold_no_more(draft, case.person, told, local_date(draft.at), submission=submission)


def decide_entitlements(
    draft: Draft, case: Case, task: Task, chosen: Outcome, facts: Mapping[str, Any], submission: str
) -> None:
    """Write down what an outcome decides about programmes for the person of a case: each as a version of its own.

    What the same case decided about the programme before is superseded; what was held before ends where this begins.
    """
    for decided in decisions(draft.rulebook, chosen, facts, local_date(draft.at)):
        _supersede(draft, case, task, decided.programme)
        before = running(draft, case.person, decided.programme)
        row = draft.put(_entitlement(draft, case, task, decided, before, submission, chosen))
        if before and decided.state != REFUSED and _follows(decided, before):
            draft.change(before, until=decided.since - timedelta(days=1))
        _hold_by(draft, case, row)


def _entitlement(
    draft: Draft,
    case: Case,
    task: Task,
    decided: Decided,
    before: Entitlement | None,
    submission: str,
    chosen: Outcome,
) -> Entitlement:
    return Entitlement(
        id=draft.new_id(),
        jurisdiction=case.jurisdiction,
        residence=case.residence,
        person=case.person,
        programme=decided.programme,
        state=decided.state,
        since=decided.since,
        until=decided.until,
        decided_at=draft.at,
        unit=task.unit,
        cents=decided.cents,
        members=decided.members or (before.members if before else 0),
        case=case.id,
        task=task.id,
        submission=submission,
        release=case.release,
        household=before.household if before else "",
        follows=before.id if before and _follows(decided, before) else "",
        reason=decided.reason,
        cites=chosen.basis.cites or task.cites,
    )


def _follows(decided: Decided, before: Entitlement) -> bool:
    """Return whether a decision ends what was held before: not where both are given once, each for itself."""
    return before.until is None or decided.state in (SUSPENDED, EXITED)


def running(draft: Draft, person: str, programme: str) -> Entitlement | None:
    """Return what somebody holds of a programme now, granted or suspended; None where that is nothing."""
    day = local_date(draft.at)
    rows = draft.select(Entitlement, person=person, programme=programme, withdrawn_at=None)
    return next((row for row in reversed(rows) if row.state in (GRANTED, SUSPENDED) and holds_on(row, day)), None)


def decide_anew(draft: Draft, task: Task, began: datetime) -> None:
    """Take back how the same unit ended its task in this state in an earlier round, whichever programme that was about.

    What was only recorded while the task went on, as help in an emergency, was given all the same.
    """
    for row in reversed(draft.select(Entitlement, case=task.case, withdrawn_at=None)):
        earlier = draft.find(Task, row.task)
        if earlier and _same(earlier, task) and earlier.opened_at < began and row.decided_at == earlier.ended_at:
            withdraw(draft, row)


def _supersede(draft: Draft, case: Case, task: Task, programme: str) -> None:
    """Take back what the same unit decided in this case and state about a programme before."""
    for row in reversed(draft.select(Entitlement, case=case.id, programme=programme, withdrawn_at=None)):
        if (earlier := draft.find(Task, row.task)) and _same(earlier, task):
            withdraw(draft, row)


def _same(one: Task, other: Task) -> bool:
    """Return whether two tasks are of one unit in one state."""
    return (one.state, one.unit) == (other.state, other.unit)


def withdraw(draft: Draft, row: Entitlement) -> None:
    """Take back a decision that was taken by mistake or anew: what it had ended goes on again, as long as it lasts.

    What was decided since stands, and ends what was there before instead.
    """
    draft.change(row, withdrawn_at=draft.at)
    before = draft.find(Entitlement, row.follows)
    told = _until_told(draft, before) if before else None
    later = _decided_since(draft, row, lasting=told is not None)
    if before and before.withdrawn_at is None:
        days = [day for day in (told, later and later.since - timedelta(days=1)) if day]
        draft.change(before, until=min(days, default=None))
        if later:
            draft.change(later, follows=before.id)
    elif later and later.follows:
        draft.change(later, follows="")
    if later is None:
        _hold_as_before(draft, row)


def _until_told(draft: Draft, row: Entitlement) -> date | None:
    """Return the last day of what somebody holds as it was decided, whatever ended it since."""
    programme = draft.rulebook.programmes.get(row.programme)
    if programme is None or row.state != GRANTED:
        return None
    return lasts_until(programme.held, draft.answers[row.submission] if row.submission else {}, row.since)


def _decided_since(draft: Draft, row: Entitlement, *, lasting: bool) -> Entitlement | None:
    """Return what was decided next about the same programme, and ends what was there before a decision taken back.

    What lasts for a fixed time is not ended by being given once more.
    """
    ending = (SUSPENDED, EXITED) if lasting else (GRANTED, SUSPENDED, EXITED)
    rows = draft.select(Entitlement, person=row.person, programme=row.programme, withdrawn_at=None)
    since = [one for one in rows if (one.decided_at, one.id) > (row.decided_at, row.id)]
    return next((one for one in since if one.state in ending and one.follows in ("", row.id)), None)


def _hold_as_before(draft: Draft, row: Entitlement) -> None:
    """Let the category that a programme makes somebody be held as it was before a decision that is taken back."""
    programme = draft.rulebook.programmes.get(row.programme)
    category = programme.held.category if programme else ""
    if category and row.state == GRANTED and not row.follows:
        hold_no_more(draft, row.person, [category], local_date(draft.at))
    elif category and row.state == EXITED:
        held = [one for one in draft.select(Holding, person=row.person) if one.category == category]
        if ended := [one for one in held if one.until == row.since and all(each.until for each in held)]:
            draft.change(ended[-1], until=None)


def withdraw_all(draft: Draft, case: Case) -> None:
    """Take back everything that a case decided, as when it is void."""
    for row in reversed(draft.select(Entitlement, case=case.id, withdrawn_at=None)):
        withdraw(draft, row)


def _hold_by(draft: Draft, case: Case, row: Entitlement) -> None:
    """Hold a person to be of the category that a programme makes them, as long as they have it."""
    programme = draft.rulebook.programmes[row.programme]
    if not programme.held.category:
        return
    if row.state == GRANTED:
        category = [programme.held.category]
        hold(draft, case, category, OUTCOME, since=row.since, submission=row.submission, cites=row.cites)
    elif row.state == EXITED:
        hold_no_more(draft, row.person, [programme.held.category], row.since)
