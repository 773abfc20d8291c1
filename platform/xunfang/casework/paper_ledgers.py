"""A running paper ledger 纸质台账 brought along: each line becomes a case with the dates it had on paper.

One that goes on is opened with the unit that has it in hand, its deadlines counted from the day it was received; one
that ended is closed and put away. Nothing of it says that somebody did here what was done on paper.
"""

from dataclasses import dataclass
from datetime import datetime

from xunfang.casework.clocks import jobs_of
from xunfang.casework.closing import end_otherwise
from xunfang.casework.draft import Draft, numbered
from xunfang.casework.facts import places_of
from xunfang.casework.jobs import case_jobs
from xunfang.casework.proposals import as_data
from xunfang.casework.registry import hold_reported, withdraw_all
from xunfang.casework.reporting import dispatch_clue, new_case, told_of_person
from xunfang.casework.rows import Case, Clue, Dispatch, Holding, Task
from xunfang.casework.states import confirming_unit, move_to_handling
from xunfang.casework.tasks import on_clock
from xunfang.clock import local, local_date
from xunfang.rules.intake import Decision
from xunfang.rules.openings import SOURCE
from xunfang.rules.routing import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledgered:
    """What a paper ledger tells of a case besides its form: when it was received, by whom, how and when it ended."""

    now: datetime
    number: str = ""
    unit: str = ""
    closed_at: datetime | None = None
    state: str = ""
    outcome: str = ""


def take_case(draft: Draft, decision: Decision, submission: str, person: str, told: Ledgered) -> Case:
    """Take a case of a paper ledger over as of the day it was received, which is the moment of the draft.

    One that goes on is opened where it lies, its deadlines counted from then; one that ended is closed and put away.
    """
    flow = decision.flow
    assert flow is not None
    draft.fill(decision.form.id, decision.answers, submission, draft.rulebook.digest)
    pattern = flow.number or f"{flow.id}-{{year}}-{{n}}"
    number = numbered(pattern, local(told.now).year, draft.next_of(pattern))
    case = new_case(draft, flow, decision, person, number)
    draft.put(case := on_clock(draft, flow, case, decision.facts))
    data = {"number": number, "flow": flow.id, "received_on": local_date(draft.at).isoformat(), "paper": told.number}
    draft.event("opening.case_taken", case=case.id, data={name: each for name, each in data.items() if each})
    hold_reported(draft, case, decision, submission)
    draft.put(_clue_of(draft, decision, submission, case))
    if told.closed_at:
        return _put_away(draft, case, told)
    if told.unit:
        _hand_to(draft, case, decision, told.unit)
    else:
        dispatch_clue(draft, flow, decision, case, joined=False)
    _press_from_now(draft, draft.case(case.id), told.now)
    return draft.case(case.id)


def _press_from_now(draft: Draft, case: Case, now: datetime) -> None:
    """Let nobody be pressed for what should have been pressed for on paper: reminders before now are none."""
    planned = {"planned_at": local(now).isoformat()}
    if case.due:
        draft.jobs(case_jobs(draft.rulebook, draft.change(case, due={**case.due, **planned})))
    for task in draft.select(Task, case=case.id, ended_at=None):
        draft.cancel(task=task.id)
        if task.due:
            draft.jobs(jobs_of(draft, draft.change(task, due={**task.due, **planned})))


def _clue_of(draft: Draft, decision: Decision, submission: str, case: Case) -> Clue:
    return Clue(
        id=draft.new_id(),
        jurisdiction=case.jurisdiction,
        submission=submission,
        case=case.id,
        form=decision.form.id,
        source=SOURCE,
        unit=draft.actor.unit,
        found_at=draft.at,
        entered_at=draft.at,
        in_time={},
        by=draft.actor.account,
        receipt=submission,
        told=told_of_person(decision.form, decision.answers),
    )


def _hand_to(draft: Draft, case: Case, decision: Decision, unit: str) -> None:
    """Open a case with the unit that has it in hand already, as it was dispatched on paper, with the papers of then."""
    flow = decision.flow
    assert flow is not None
    if decision.table is None:
        dispatch_clue(draft, flow, decision, case, joined=False)
        return
    proposals = (Proposal(unit, (), (), (), SOURCE),)
    draft.put(
        Dispatch(
            id=draft.new_id(),
            jurisdiction=case.jurisdiction,
            case=case.id,
            state=flow.start,
            proposed=as_data(proposals),
            proposed_at=draft.at,
            status="confirmed",
            confirmed=as_data(proposals),
            decided_at=draft.at,
            unit=confirming_unit(draft, case, flow.start),
        )
    )
    facts = {**decision.facts, **places_of(case)}
    move_to_handling(draft, case, flow.start, proposals, facts, papers=False)


def _put_away(draft: Draft, case: Case, told: Ledgered) -> Case:
    states = draft.rulebook.flows[case.flow].states
    to = states[told.state].outcomes[told.outcome].to
    if not states[to].ends:  # what decided it: on paper it went on to its end
        to = next(state.id for state in states.values() if state.ends)
    unit = told.unit or draft.actor.unit
    return draft.change(
        case,
        state=to,
        closed_at=told.closed_at,
        closed_from=told.state,
        outcome=told.outcome,
        decided=[{"state": told.state, "unit": unit, "outcome": told.outcome}],
        archived_at=told.now,
    )


def undo_case(draft: Draft, clue: Clue) -> str:
    """Take a case back that came of a paper ledger; returns why it stays where somebody acted on it, else ""."""
    case = draft.case(clue.case)
    if _acted_on_case(draft, case):
        return f"个案 {case.number} 已有人办理，这一行保留。"
    withdraw_all(draft, case)
    for row in draft.select(Holding, person=case.person, submission=clue.submission):
        draft.change(row, until=row.since)
    ended = draft.change(case, outcome="", decided=[], archived_at=None) if case.closed_at else case
    end_otherwise(draft, ended, "withdrawn", f"个案 {case.number} 的{SOURCE}已撤销")
    draft.change(clue, withdrawn_at=draft.at)
    draft.event("opening.case_undone", case=case.id, data={"number": case.number})
    return ""


def _acted_on_case(draft: Draft, case: Case) -> bool:
    tasks = draft.select(Task, case=case.id)
    if any(task.claimed_at or task.status in ("done", "returned", "transferred") for task in tasks):
        return True
    decided = any(each.decided_by for each in draft.select(Dispatch, case=case.id))
    return decided or len(draft.select(Clue, case=case.id)) > 1 or (case.closed_at is not None and not case.archived_at)
