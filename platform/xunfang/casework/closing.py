"""A case closed otherwise than by an outcome, opened again, or put away: void 作废, reopen 重开, archive 归档."""

from xunfang.casework.clocks import tell_clock
from xunfang.casework.draft import Draft
from xunfang.casework.facts import case_facts
from xunfang.casework.following import follow_places, moves_of, proposals_after
from xunfang.casework.handling import need_reason
from xunfang.casework.registry import withdraw_all
from xunfang.casework.rows import Case, Dispatch, Notice, Task
from xunfang.casework.states import arrive, end_waits, enter_state, round_began
from xunfang.casework.tasks import each_open, take_back, with_clock
from xunfang.clock import local
from xunfang.errors import Conflict
from xunfang.rules.routing import Proposal

_AGAIN = "重新办理"
_PENDING = ("wanted", "draft", "signed")


def void(draft: Draft, case: Case, version: int, reason: str) -> None:
    """Take a case off the desks that was opened by mistake; its number stays in the series, with the reason."""
    need_reason(reason, "作废理由")
    unchanged(case, version)
    draft.event("case.voided", case=case.id, data={"reason": reason.strip(), "number": case.number})
    withdraw_all(draft, case)
    end_otherwise(draft, case, "voided", f"个案 {case.number} 已作废")


def end_otherwise(draft: Draft, case: Case, ended_as: str, because: str) -> Case:
    """Close a case without an outcome: nobody owes anything in it any more, and every unit at work is told."""
    for task in each_open(draft, case):
        take_back(draft, task, because)
        key = f"{ended_as}:{task.id}"
        body = f"{because}，本单位的任务随之收回，不用再办。"
        draft.tell(task.unit, ended_as, "任务已收回", body, key=key, case=case.id, task=task.id)
    for dispatch in draft.select(Dispatch, case=case.id, status="proposed"):
        draft.change(dispatch, status="withdrawn", decided_at=draft.at, decided_by=draft.actor.account)
    for notice in pending_papers(draft, case):
        draft.change(notice, status="withdrawn")
        draft.event("notice.withdrawn", case=case.id, task=notice.task, data={"kind": notice.kind})
    end_waits(draft, case)
    draft.cancel(case=case.id)
    return draft.change(case, closed_at=draft.at, closed_from=case.state, ended_as=ended_as, suspended_at=None)


def pending_papers(draft: Draft, case: Case) -> list[Notice]:
    """Return the papers of a case that are not issued yet: those being made, those to be signed, those just signed."""
    return [paper for status in _PENDING for paper in draft.select(Notice, case=case.id, status=status)]


def archive(draft: Draft, case: Case, version: int) -> None:
    """Put a closed case away: it leaves the lists of current cases, and nothing is done to it but opening it again."""
    unchanged(case, version)
    if pending_papers(draft, case):
        raise Conflict("本案还有文书待签发或者正在制作，制成后再归档。", "PAPERS_PENDING")
    draft.change(case, archived_at=draft.at)
    draft.event("case.archived", case=case.id)


def reopen(draft: Draft, case: Case, version: int, reason: str) -> None:
    """Open a closed case again in the state it was closed from; its clocks begin anew, its number stays."""
    need_reason(reason, "重新办理的理由")
    unchanged(case, version)
    data = {"reason": reason.strip(), "was_outcome": case.outcome, "was_ended_as": case.ended_as}
    draft.event("case.reopened", case=case.id, data=data)
    open_again(draft, case)


def open_again(draft: Draft, case: Case) -> Case:
    """Return a closed case as it is open again, its tasks opened where its people live by now; the old outcome stays
    in the record.
    """
    moves = moves_of(draft.rulebook, case)
    if follow_places(draft, case, moves):
        case = draft.case(case.id)
    states, start = draft.rulebook.flows[case.flow].states, draft.rulebook.flows[case.flow].start
    at = case.closed_from if case.closed_from in states and not states[case.closed_from].ends else start
    leads = proposals_after(draft.rulebook, _leads(draft, case, at), moves) if states[at].per_route else ()
    at = at if leads or not states[at].per_route else start
    entered = case.entered if case.ended_as else {**case.entered, at: local(draft.at).isoformat()}
    opened = draft.change(
        case,
        state=at,
        outcome="",
        decided=[one for one in case.decided if one["state"] != at],
        ended_as="",
        closed_at=None,
        closed_from="",
        archived_at=None,
        suspended_at=None,
        counts_from=draft.at,
        entered=entered,
    )
    timed = with_clock(draft, draft.rulebook.flows[case.flow], opened, case_facts(draft, opened))
    opened = draft.change(opened, due_at=timed.due_at, due=timed.due)
    tell_clock(draft, opened)
    facts = case_facts(draft, opened)
    if leads:
        enter_state(draft, opened, at, facts, leads)
    else:
        arrive(draft, opened, at, facts)
    return opened


def _leads(draft: Draft, case: Case, state: str) -> tuple[Proposal, ...]:
    """Return whom a state of several leads is opened for again: those cut off, or all who were done at the end."""
    tasks, flow = draft.select(Task, case=case.id, state=state, role="lead"), draft.rulebook.flows[case.flow]
    began = round_began(flow, case, flow.states[state])
    if case.ended_as:
        again = [task for task in tasks if task.status == "withdrawn" and task.ended_at == case.closed_at]
    else:
        again = [task for task in tasks if task.status == "done" and task.opened_at >= began]
    return tuple(Proposal(task.unit, _assisting(draft, task), task.routes, task.cites, _AGAIN) for task in again)


def _assisting(draft: Draft, lead: Task) -> tuple[str, ...]:
    helpers = draft.select(Task, case=lead.case, state=lead.state, role="assist")
    sent = lead.sent_as or lead.id
    return tuple(dict.fromkeys(task.unit for task in helpers if sent in task.helps or task.lead_task == lead.id))


def unchanged(case: Case, version: int) -> None:
    """Raise Conflict unless a case is still as it was seen."""
    if case.version != version:
        raise Conflict("这件个案刚刚有变动，请刷新页面，看过最新情况后再办理。", "CASE_CHANGED")
