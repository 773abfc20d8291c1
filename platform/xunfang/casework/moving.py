"""An open case goes on by another release: its clocks, its units and its proposals follow, and nothing is lost.

The draft's rules are those it moves to. What a person decided stays as it was decided; what only follows from rules
follows from the new ones. A due moment is never moved into the past, and a recorded breach is never erased.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from xunfang.casework.assisting import bring_assisting
from xunfang.casework.clocks import catch_breach, retime, retime_case
from xunfang.casework.draft import Draft
from xunfang.casework.facts import case_facts, clues_of, origin_of, places_of
from xunfang.casework.jobs import notice_job, wait_jobs
from xunfang.casework.proposals import as_data, cites_of, rows_of, worked_out
from xunfang.casework.publishing import publish_anew
from xunfang.casework.rows import Case, Dispatch, Notice, Task, Wait
from xunfang.casework.tasks import explained, on_clock, open_task, take_back
from xunfang.casework.terms import terms_of_task
from xunfang.clock import local
from xunfang.errors import Conflict
from xunfang.rulebook.model import Rulebook, State, UnitRef
from xunfang.rules.clocks import due_of, redone
from xunfang.rules.flow import PlannedTask, dispatched_from, plan_task_deadline
from xunfang.rules.intake import route
from xunfang.rules.routing import Proposal
from xunfang.rules.units import exists, unit_id, unit_label

Facts = Mapping[str, Any]
Told = Mapping[str, Any]

_DONE_WITH = ("void", "withdrawn", "refused")
_AT_WORK = ("wanted", "signed")


def move_release(draft: Draft, case: Case, was: Rulebook, told: Mapping[str, str]) -> None:
    """Let an open case that stands on the release `was` go on by the rules of the draft; `told` goes into the event.

    Raises Conflict when the new rules do not know what it stands on.
    """
    if why := why_not_moved(draft, case, was):
        raise Conflict(why, "RELEASE_LACKS")
    data = {"from": case.release, "to": draft.rulebook.digest, **told}
    draft.event("case.rules_changed", case=case.id, data=data)
    draft.change(case, release=draft.rulebook.digest)
    draft.cancel(case=case.id)
    for task in draft.select(Task, case=case.id, role="lead", ended_at=None):
        _move_task(draft, draft.case(case.id), task, was)
    _move_clock(draft, draft.case(case.id))
    _propose_anew(draft, draft.case(case.id))
    publish_anew(draft, draft.case(case.id))
    _want_jobs_anew(draft, case)


def why_not_moved(draft: Draft, case: Case, was: Rulebook) -> str:
    """Return what a case stands on that the draft's rules do not know, in the words of its own, or ""."""
    if case.closed_at or case.release != was.digest:
        return "个案已不在原版本上办理"
    flow = draft.rulebook.flows.get(case.flow)
    if flow is None:
        return f"新版本没有流程“{was.flows[case.flow].label}”"
    for state in _states_of(draft, case):
        if state not in flow.states or flow.states[state].ends:
            return f"新版本没有环节“{was.flows[case.flow].states[state].label}”"
    return next(chain(_lacking(draft, case, was), _nameless(draft, case, was)), "")


def _states_of(draft: Draft, case: Case) -> Iterator[str]:
    """Yield every state that a case stands in: its own, and those of what is still open in it."""
    yield case.state
    yield from (task.state for task in draft.select(Task, case=case.id, ended_at=None))
    yield from (one.state for one in draft.select(Dispatch, case=case.id, status="proposed"))


def _lacking(draft: Draft, case: Case, was: Rulebook) -> Iterator[str]:
    rulebook, states = draft.rulebook, draft.rulebook.flows[case.flow].states
    for task in draft.select(Task, case=case.id, ended_at=None):
        if not exists(rulebook, task.unit) and _unit_by_rules(draft, case, task, was) == task.unit:
            yield f"新版本没有承办单位“{unit_label(was, task.unit)}”"
    for wait in draft.select(Wait, case=case.id, ended_at=None):
        if not states[case.state].waits:
            yield f"新版本的环节“{states[wait.state].label}”不再等候期满"
    for dispatch in draft.select(Dispatch, case=case.id, status="proposed"):
        if not states[dispatch.state].routes_by:
            yield f"新版本的环节“{states[dispatch.state].label}”不再分派"


def _nameless(draft: Draft, case: Case, was: Rulebook) -> Iterator[str]:
    rulebook = draft.rulebook
    for clue in clues_of(draft, origin_of(draft, case)):
        if clue.form in was.forms and clue.form not in rulebook.forms:
            yield f"新版本没有表单“{was.forms[clue.form].title}”"
    for notice in draft.select(Notice, case=case.id):
        if notice.kind not in rulebook.notices and notice.status not in _DONE_WITH:
            yield f"新版本没有文书“{was.notices[notice.kind].label}”"


# tasks


def _move_task(draft: Draft, case: Case, task: Task, was: Rulebook) -> None:
    catch_breach(draft, task)
    state = draft.rulebook.flows[case.flow].states[task.state]
    facts = case_facts(draft, case, but_state=state.id if state.per_route else "")
    unit = _unit_by_rules(draft, case, task, was)
    before = task
    if unit != task.unit:
        task = _hand_over(draft, case, task, state, unit, facts)
    deadlines = terms_of_task(draft.rulebook, task).deadlines
    planned, _ = plan_task_deadline(draft.rulebook, deadlines, facts, _began(before), task.unit, draft.at)
    told = _clock(draft, before, explained(planned) if planned else None)
    _record_clock(draft, case, "task.limit_changed", before, told, task)
    if told is None:
        draft.change(draft.task(task.id), due=None, due_at=None)
    else:
        retime(draft, draft.task(task.id), told)
    if _moment(before.due) != _moment(told) or unit != before.unit:
        _tell(draft, case, draft.task(task.id))


def _began(task: Task) -> Any:
    return task.counts_from or task.opened_at


def _unit_by_rules(draft: Draft, case: Case, task: Task, was: Rulebook) -> str:
    """Return whose a task is by the new rules: another unit's only where the old rules alone gave it to this one.

    What somebody has in hand, or has let pass, stays with its unit as long as there is that unit.
    """
    kept = bool(task.claimed_by or (task.due_at and task.due_at <= draft.at)) and exists(draft.rulebook, task.unit)
    if task.role != "lead" or kept:
        return task.unit
    old, new = (_lead_by(draft, book, case, task) for book in (was, draft.rulebook))
    leads = draft.select(Task, case=case.id, state=task.state, unit=new, role="lead", ended_at=None)
    return new if new and old == task.unit and exists(draft.rulebook, new) and not leads else task.unit


def _lead_by(draft: Draft, rulebook: Rulebook, case: Case, task: Task) -> str:
    """Return whose a task is by some rules, "" where they give it to nobody."""
    state = rulebook.flows[case.flow].states[task.state]
    if not state.per_route:
        return unit_id(rulebook, UnitRef(state.unit, state.unit_of), places_of(case)) if state.unit else ""
    row = _row(draft, rulebook, case, task)
    return row.lead if row else ""


def _row(draft: Draft, rulebook: Rulebook, case: Case, task: Task) -> Proposal | None:
    """Return what the rows that led to a task propose by some rules, None for what no row led to."""
    flow = rulebook.flows[case.flow]
    source = dispatched_from(flow, task.state)
    facts = case_facts(draft, case, but_state=task.state)
    proposals = route(rulebook, flow, source, facts).proposals if source else ()
    return next((each for each in proposals if {*each.routes} & {*task.routes}), None)


def _hand_over(draft: Draft, case: Case, task: Task, state: State, unit: str, facts: Facts) -> Task:
    label = unit_label(draft.rulebook, unit)
    take_back(draft, task, f"规则改版，改由{label}承办")
    _tell_former(draft, case, task, label)
    deadlines = terms_of_task(draft.rulebook, task).deadlines
    planned, reminders = plan_task_deadline(draft.rulebook, deadlines, facts, _began(task), unit, draft.at)
    new = PlannedTask(task.state, unit, "lead", unit, task.routes, task.cites, planned, reminders, since=_began(task))
    opened = open_task(draft, case, new, before=task)
    bring_assisting(draft, task, opened)
    row = _row(draft, draft.rulebook, case, task) if state.per_route else None
    for assisting in row.assist if row else ():
        if not draft.select(Task, case=case.id, state=task.state, unit=assisting, ended_at=None):
            also = new._replace(unit=assisting, role="assist", reminders=())
            asked = open_task(draft, case, also, opened)
            draft.change(asked, helps=(opened.sent_as or opened.id,))
    return opened


# clocks


def _move_clock(draft: Draft, case: Case) -> None:
    timed = on_clock(draft, draft.rulebook.flows[case.flow], case, case_facts(draft, case))
    has_one = bool(draft.rulebook.flows[case.flow].case_deadline)
    told = _clock(draft, case, timed.due if has_one else None)
    _record_clock(draft, case, "case.limit_changed", case, told)
    if told is None:
        draft.change(draft.case(case.id), due=None, due_at=None)
    else:
        retime_case(draft, draft.case(case.id), told)


def _clock(draft: Draft, subject: Task | Case, planned: Told | None) -> Told | None:
    """Return a clock planned anew with the pauses and extensions it has had; what would be over by now stays.

    By the moment at which it was stopped, if it stands still.
    """
    before, by_now = subject.due or {}, subject.suspended_at or draft.at
    if before and due_of(before) <= by_now:
        return before
    if planned is None:
        return None
    now = redone(draft.rulebook, planned, before)
    return before if before and due_of(now) <= by_now else now


def _moment(told: Told | None) -> str:
    return str(told["due_at"]) if told else ""


def _record_clock(
    draft: Draft, case: Case, name: str, before: Task | Case, told: Told | None, task: Task | None = None
) -> None:
    was, now = _moment(before.due), _moment(told)
    if was != now:
        moments = {"was_due": was, "now_due": now}
        data = {key: moment for key, moment in moments.items() if moment}
        rule = str((told or {}).get("deadline", ""))
        draft.event(name, case=case.id, task=task.id if task else "", data=data, rule=rule)


# dispatch, jobs, messages


def _propose_anew(draft: Draft, case: Case) -> None:
    """Lay before those who confirm what the new table proposes, unless somebody gave the case back meanwhile."""
    waiting = draft.first(Dispatch, case=case.id, status="proposed")
    if waiting is None or any(item.get("since") for item in waiting.proposed):
        return
    flow = draft.rulebook.flows[case.flow]
    facts = case_facts(draft, case)
    proposals: tuple[Proposal, ...] = route(draft.rulebook, flow, waiting.state, facts).proposals
    if not proposals or as_data(proposals) == [dict(item) for item in waiting.proposed]:
        return
    draft.change(waiting, proposed=as_data(proposals))
    rows = rows_of(row for item in proposals for row in item.routes)
    rule = flow.states[waiting.state].routes_by
    sums = worked_out(draft.rulebook, draft.rulebook.routing[rule], ((item, facts) for item in proposals))
    data = {"leads": [item.lead for item in proposals], **sums}
    draft.event("dispatch.proposed", case=case.id, data=data, rule=rule, row=rows, cites=cites_of(proposals))


def _want_jobs_anew(draft: Draft, case: Case) -> None:
    for wait in draft.select(Wait, case=case.id, ended_at=None):
        draft.jobs(wait_jobs(wait, draft.at))
    draft.jobs([notice_job(each) for each in draft.select(Notice, case=case.id) if each.status in _AT_WORK])


def _tell(draft: Draft, case: Case, task: Task) -> None:
    state = draft.rulebook.flows[case.flow].states[task.state]
    due = f"，期限为{local(task.due_at):%-Y年%-m月%-d日 %H:%M}" if task.due_at else ""
    body = f"个案 {case.number} 已改用新版规则，“{state.label}”由{unit_label(draft.rulebook, task.unit)}承办{due}。"
    key = f"moved:{task.id}:{draft.rulebook.digest}:{draft.at.isoformat()}"
    draft.tell(task.unit, "moved", "个案改用新版规则", body, key=key, case=case.id, task=task.id)


def _tell_former(draft: Draft, case: Case, task: Task, to: str) -> None:
    body = f"个案 {case.number} 已改用新版规则，改由{to}承办，贵单位不用再办。"
    draft.tell(task.unit, "withdrawn", "任务已收回", body, key=f"moved-on:{task.id}", case=case.id, task=task.id)
