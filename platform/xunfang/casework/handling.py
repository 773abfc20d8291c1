"""What a unit does with its task: claim 签收, complete 办结, return 退回, transfer 转办; and urge 催办."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xunfang.casework.assisting import bring_assisting, release_assisting
from xunfang.casework.draft import Draft
from xunfang.casework.facts import case_facts, first_told, history_now
from xunfang.casework.grants import cap_problems, judged_caps
from xunfang.casework.informing import inform_of_outcome
from xunfang.casework.items import kind_of
from xunfang.casework.lengthening import follow_facts
from xunfang.casework.nesting import clock_of
from xunfang.casework.outcomes import contradicts, outcome_problems, outcome_told, united
from xunfang.casework.papers import another_notice, ask_for_notice
from xunfang.casework.registry import decide_anew, decide_entitlements
from xunfang.casework.rows import Case, Dispatch, Task, Told
from xunfang.casework.states import leave_state, propose_dispatch, round_began, start_flow
from xunfang.casework.tasks import end_task, is_in_time, open_task, withdraw_task
from xunfang.casework.terms import deemed_by, terms_of_task
from xunfang.casework.waits import early_problems
from xunfang.clock import local
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.rulebook.model import Outcome, State
from xunfang.rules.conditions import holds
from xunfang.rules.contradictions import confirmed_of, contradicting, contradiction_problems
from xunfang.rules.facts import facts_of
from xunfang.rules.flow import PlannedTask, begun_by, dispatched_from, joined, plan_task_deadline, stays_open
from xunfang.rules.routing import Proposal
from xunfang.rules.submission import cleaned, problems
from xunfang.rules.units import exists, superior_of

ASSISTED = "assisted"
_REASON = 500
Facts = Mapping[str, Any]


class Overtaken(Conflict):
    """Somebody was faster with a task; whoever keeps the record can say who and when."""

    def __init__(self, task: Task, code: str = "TASK_CHANGED") -> None:
        super().__init__("这项任务刚刚有变动，请刷新页面，看过最新情况后再办理。", code)
        self.task = task


def state_of(draft: Draft, task: Task) -> State:
    """Return the state that a task is an instance of."""
    return draft.rulebook.flows[task.flow].states[task.state]


def claim(draft: Draft, task: Task, version: int) -> None:
    """Take a unit's task into one's own hands; raises Overtaken when a colleague was faster."""
    if task.version != version or task.status != "open":
        raise Overtaken(task, "TASK_TAKEN")
    draft.change(task, status="claimed", claimed_by=draft.actor.account, claimed_at=draft.at)
    draft.event("task.claimed", case=task.case, task=task.id, cites=task.cites)


def take(draft: Draft, task: Task, version: int) -> Task:
    """Make sure nobody was faster; whoever completes an open task has claimed it by that."""
    account = task.claimed_by or draft.actor.account
    if task.status == "claimed" and not draft.actor.answers_as(account):
        raise Overtaken(task, "TASK_TAKEN")
    if task.ended_at or task.version != version:
        raise Overtaken(task)
    return draft.change(task, status="claimed", claimed_by=account, claimed_at=task.claimed_at or draft.at)


def complete(
    draft: Draft,
    task: Task,
    version: int,
    outcome: str,
    answers: Mapping[str, Any],
    submission: str,
    confirmed: tuple[str, ...] = (),
) -> None:
    """Complete a task with an outcome and its filled form; the case moves on when the last task it waits for is done.

    An outcome that leads back to the same state is only recorded, and the task goes on.
    Raises Invalid with every problem, Overtaken when somebody was faster.
    """
    task, case = take(draft, task, version), draft.case(task.case)
    if task.role == "assist":
        end_task(draft, task, "done", outcome=ASSISTED, completed_in_time=is_in_time(task, draft))
        draft.event("task.assisted", case=task.case, task=task.id, cites=task.cites)
        return
    _not_deemed(draft, task)
    chosen, facts, sure = _decide(draft, case, task, outcome, answers, submission, confirmed)
    _carry_out(draft, task, case, chosen, facts, submission, sure)


def _not_deemed(draft: Draft, task: Task) -> None:
    """Raise Conflict where nothing done by the due moment is deemed an outcome, and that has passed."""
    if deemed := deemed_by(draft.rulebook, task, draft.at):
        raise Conflict(f"已超过期限，按规定视为“{deemed.label}”，不能再办理；个案即将自动转入下一环节。", "DEEMED")


def _decide(
    draft: Draft,
    case: Case,
    task: Task,
    outcome: str,
    answers: Mapping[str, Any],
    submission: str,
    confirmed: tuple[str, ...],
) -> tuple[Outcome, Facts, tuple[str, ...]]:
    state, form = state_of(draft, task), draft.rulebook.forms.get(terms_of_task(draft.rulebook, task).form)
    chosen = state.outcomes.get(outcome)
    facts: Facts = case_facts(draft, case, but_state=state.id if state.per_route else "")
    wrong = early_problems(draft, case, state, outcome)
    if chosen is None:
        wrong = [FieldProblem("outcome", "请选择办理结果。", "FIELD_MISSING")]
    if form is not None:
        answers, before = cleaned(form, answers), {**facts, **first_told(draft, case)}
        facts, _ = facts_of(draft.rulebook, form, answers, draft.at, {**facts, **answers})
        of_outcome = outcome_problems(draft.rulebook, form, chosen, answers, facts) if chosen else []
        wrong = [*problems(draft.rulebook, form, answers, draft.at, before), *of_outcome, *wrong]
    elif chosen and not holds(chosen.when, facts):
        wrong = [*wrong, contradicts(draft.rulebook, chosen, facts)]
    found = contradicting(form, {**facts, "task.outcome": outcome}) if form and not wrong else ()
    wrong = wrong or [*contradiction_problems(found, confirmed)]
    if chosen and not wrong:
        wrong = cap_problems(draft, judged_caps(draft, case, task, chosen, facts), facts)
    if wrong or chosen is None:
        raise Invalid(wrong)
    if form is not None:
        draft.fill(form.id, answers, submission, case.release)
    draft.facts = facts
    return chosen, facts, confirmed_of(found, confirmed)


def _carry_out(
    draft: Draft, task: Task, case: Case, chosen: Outcome, facts: Facts, submission: str, sure: tuple[str, ...]
) -> None:
    state = state_of(draft, task)
    bring_about(draft, task, case, chosen, facts)
    told, leave = outcome_told(draft, case, task, chosen, facts)
    data: dict[str, Any] = {"outcome": chosen.id, "state": state.id, "submission": submission, **told}
    if sure:
        data["confirmed"] = list(sure)
    if not stays_open(state, chosen):
        decide_anew(draft, task, round_began(draft.rulebook.flows[case.flow], case, state))
    decide_entitlements(draft, case, task, chosen, facts, submission)
    follow_facts(draft, case, facts)
    if stays_open(state, chosen):
        _record_outcome(draft, task, chosen, submission, data, leave)
        return
    in_time = is_in_time(task, draft)
    values = {"outcome": chosen.id, "answers": submission, "completed_in_time": in_time}
    cites = united(chosen.basis.cites or task.cites, leave)
    task = end_task(draft, task, "done", cites=united(task.cites, leave), **values)
    draft.event("task.completed", case=case.id, task=task.id, data={**data, "in_time": in_time}, cites=cites)
    release_assisting(draft, task, "主办单位已办结")
    move_on(draft, case, state, facts)


def bring_about(draft: Draft, task: Task, case: Case, chosen: Outcome, facts: Facts) -> None:
    """Let an outcome of a task bring about what it does beside its case going on: flows, papers, those it informs."""
    for flow in chosen.starts:
        start_flow(draft, case, flow, facts)
    wants = another_notice if stays_open(state_of(draft, task), chosen) else ask_for_notice
    for kind in chosen.prints:
        wants(draft, case, kind, task)
    inform_of_outcome(draft, case, state_of(draft, task), chosen, facts)


def _record_outcome(
    draft: Draft, task: Task, chosen: Outcome, submission: str, data: Mapping[str, Any], leave: tuple[str, ...]
) -> None:
    """An outcome that leads back to its own state is told, and the task goes on."""
    told = Told(
        id=draft.new_id(),
        case=task.case,
        task=task.id,
        state=task.state,
        outcome=chosen.id,
        submission=submission,
        at=draft.at,
    )
    draft.put(told)
    cites = united(chosen.basis.cites, leave)
    draft.event("task.outcome_recorded", case=task.case, task=task.id, data=data, cites=cites)


def move_on(draft: Draft, case: Case, state: State, facts: Facts) -> None:
    """Let a case leave a state as soon as its tasks there have decided what they are to decide."""
    facts = {**facts, **history_now(draft, case)}  # what has just ended is a part of it
    began = round_began(draft.rulebook.flows[case.flow], case, state)
    tasks = [task for task in draft.select(Task, case=case.id, state=state.id, role="lead") if task.opened_at >= began]
    decided = [task.outcome for task in tasks if task.status == "done"]
    still = [task for task in tasks if task.ended_at is None]
    outcome = joined(state, decided, len(still))
    if outcome is None or draft.first(Dispatch, case=case.id, status="proposed"):
        return
    for task in still:
        withdraw_task(draft, task, "其他主办单位已办结，本环节随之结束", told=True)
    for task in still:
        release_assisting(draft, task, "其他主办单位已办结")
    leave_state(draft, draft.case(case.id), state, outcome.id, facts)


def why_not_returned(task: Task, state: State) -> str:
    """Return why a task can't be given back, or "": only what a dispatch sent to a lead has somewhere to go back to.

    What is urgent does not wait to be dispatched anew.
    """
    if not (state.per_route and task.role == "lead"):
        return "这项任务不是分派来的主办任务，不能退回；不归本单位办理的，请写明理由后转办。"
    if task.urgent:
        return (
            "紧急、特急的任务不能退回等待重新分派：请立即电话联系应当承办的单位，并写明理由转办过去；"
            "拿不准的，先电话报告分派单位。"
        )
    return ""


def return_task(draft: Draft, task: Task, version: int, reason: str) -> None:
    """Give a task back to whoever dispatched it, with a reason; it is proposed anew, its clock per `resets_on`.

    Raises Conflict, also for a task that nobody dispatched, and Invalid without a reason.
    """
    need_reason(reason, "退回原因")
    if why := why_not_returned(task, state_of(draft, task)):
        raise Conflict(why, "NOT_DISPATCHED")
    task, case = take(draft, task, version), draft.case(task.case)
    end_task(draft, task, "returned")
    draft.event("task.returned", case=case.id, task=task.id, data={"reason": reason.strip()})
    assisted = release_assisting(draft, task, "主办单位已退回")
    source = dispatched_from(draft.rulebook.flows[case.flow], task.state)
    if source:
        _propose_again(draft, case, source, task, assisted)
    else:
        _hand_over(draft, task, superior_of(draft.rulebook, task.unit, task.residence) or task.unit, "return")


def _propose_again(draft: Draft, case: Case, source: str, task: Task, assisted: tuple[str, ...]) -> None:
    since = None if _resets(draft, task, "return") else _counts_from(task)
    proposal = Proposal(task.unit, assisted, task.routes, task.cites, since=since)
    propose_dispatch(draft, case, source, [proposal], case_facts(draft, case))
    if not draft.select(Task, case=case.id, state=task.state, ended_at=None):
        draft.change(case, state=source)


def transfer(draft: Draft, task: Task, version: int, to_unit: str, reason: str) -> None:
    """Hand a task to another unit, with a reason; which clock it resets the flow says.

    Raises Conflict, Invalid for no reason or a unit that does not exist.
    """
    need_reason(reason, "转办原因")
    if not exists(draft.rulebook, to_unit) or to_unit == task.unit:
        raise Invalid([FieldProblem("to_unit", "请选择另一个承办单位。")], "转办没有执行。")
    task = take(draft, task, version)
    end_task(draft, task, "transferred")
    data = {"to": to_unit, "reason": reason.strip()}
    draft.event("task.transferred", case=task.case, task=task.id, data=data)
    _hand_over(draft, task, to_unit, "transfer")


def need_reason(reason: str, title: str) -> None:
    """Raise Invalid when nothing is written where something must be, or more than can be kept whole."""
    if not reason.strip():
        raise Invalid([FieldProblem("reason", f"请填写{title}。", "FIELD_MISSING")], "操作没有执行。")
    if len(reason.strip()) > _REASON:
        raise Invalid([FieldProblem("reason", f"{title}最多{_REASON}字。", "REASON_TOO_LONG")], "操作没有执行。")


def _hand_over(draft: Draft, task: Task, to_unit: str, verb: str) -> None:
    case, terms = draft.case(task.case), terms_of_task(draft.rulebook, task)
    since = None if _resets(draft, task, verb) or not task.due else _counts_from(task)
    facts = case_facts(draft, case)
    start = since or draft.at
    whole = clock_of(draft, case) if state_of(draft, task).counts else None
    planned, reminders = plan_task_deadline(draft.rulebook, terms.deadlines, facts, start, to_unit, draft.at, whole)
    told = begun_by(draft.rulebook, planned, facts)
    new = PlannedTask(
        task.state, to_unit, task.role, to_unit, task.routes, task.cites, planned, reminders, since=told or since
    )
    bring_assisting(draft, task, open_task(draft, case, new, before=task))


def _resets(draft: Draft, task: Task, verb: str) -> bool:
    """Return whether a verb lets the clock of a task begin anew, as its state says."""
    return state_of(draft, task).resets_on.get(verb, "task") == "task"


def _counts_from(task: Task) -> datetime:
    return task.counts_from or task.opened_at


def urge(draft: Draft, task: Task) -> None:
    """Press a unit for a task 催办: a message in its inbox, recorded; raises Overtaken for one that has ended."""
    if task.ended_at:
        raise Overtaken(task, "TASK_ENDED")
    named = kind_of(task).named(draft.rulebook, draft.about(task)).rstrip()
    due = f"应于{local(task.due_at):%-m月%-d日 %H:%M}前办理" if task.due_at else "请尽快办理"
    body = f"{draft.actor.name}催办：{named}{due}。"
    draft.tell(task.unit, "urge", "催办提醒", body, key=f"urge:{draft.new_id()}", case=task.case, task=task.id)
    draft.event("task.urged", case=task.case, task=task.id)
