"""What a unit does with its task: claim 签收, complete 办结, return 退回, transfer 转办, urge 催办."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xunfang.actions.acting import Act, acting
from xunfang.actions.assisting import bring_assisting, release_assisting
from xunfang.actions.case_facts import case_facts
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.entering import leave_state, propose_dispatch, start_flow
from xunfang.actions.filling import body_hash, file_form, filed_before
from xunfang.actions.opening import end_task, open_task
from xunfang.actions.paperwork import ask_for_notice
from xunfang.actions.waiting import early_problems
from xunfang.clock import local
from xunfang.errors import Conflict, FieldProblem, Invalid, NotAllowed
from xunfang.rulebook.model import IntakeForm, Outcome, Rulebook, State
from xunfang.rules.conditions import holds
from xunfang.rules.facts import facts_of
from xunfang.rules.flow import PlannedTask, dispatched_from, joined, plan_task_deadline, stays_open
from xunfang.rules.routing import Proposal
from xunfang.rules.submission import cleaned, problems
from xunfang.rules.units import answers_for, exists, superior_of, unit_label
from xunfang.steps import reached
from xunfang.store import Account, Case, Dispatch, Event, Task, new_id

ASSISTED = "assisted"
_ENDED = {"done": "办结", "returned": "退回", "transferred": "转办", "withdrawn": "撤回"}
_REASON = 500


def claim(deployment: Deployment, actor: Actor, task_id: str, version: int, at: datetime) -> None:
    """Take a unit's task into one's own hands; raises Conflict when a colleague was faster, NotAllowed, NotFound."""
    with acting(deployment, actor, at, "claim", dated=True) as act:
        task = _own_task(act, task_id)
        change = {"status": "claimed", "claimed_by": actor.account, "claimed_at": at}
        if not act.tx.compare_and_set(Task, task.id, version, {"status": "open"}, change):
            raise Conflict(_what_happened(act, task), "TASK_TAKEN")
        act.event("task.claimed", case=task.case, task=task.id, cites=task.cites)


def complete(
    deployment: Deployment,
    actor: Actor,
    task_id: str,
    version: int,
    outcome: str,
    answers: Mapping[str, Any],
    submission_id: str,
    at: datetime,
) -> None:
    """Complete a task with an outcome and its filled form; the case moves on when the last task it waits for is done.

    An outcome that leads back to the same state is only recorded, and the task goes on.
    Raises Invalid with every problem, Conflict when somebody was faster, NotAllowed, NotFound.
    """
    with acting(deployment, actor, at, dated=True) as act:
        task = _own_task(act, task_id)
        actor.need("assist" if task.role == "assist" and "assist" in actor.acts else "complete")
        case = act.case(task.case)
        rulebook = act.rules(case.release)
        state = rulebook.flows[task.flow].states[task.state]
        if _sent_before(act, submission_id, task, answers, state):
            return
        _take(act, task, version)
        if task.role == "assist":
            _complete_assist(act, task)
            return
        chosen, facts = _decide(act, rulebook, case, state, outcome, answers, submission_id)
        reached("complete.filed")
        _carry_out(act, rulebook, act.task(task.id), case, state, chosen, facts, submission_id)
        reached("complete.written")
    reached("complete.committed")


def _sent_before(act: Act, submission_id: str, task: Task, answers: Mapping[str, Any], state: State) -> bool:
    form = act.rules(act.case(task.case).release).forms.get(state.form)
    if form is None:
        return task.answers == submission_id
    return filed_before(act, submission_id, body_hash(act.deployment.keys, form.id, cleaned(form, answers))) is not None


def _own_task(act: Act, task_id: str) -> Task:
    task = act.desk.task(task_id)
    if not answers_for(act.rules(act.case(task.case).release), act.actor.unit, task.unit):
        raise NotAllowed(f"这项任务由{unit_label(act.rules(), task.unit)}承办，您不能代办。")
    return task


def _take(act: Act, task: Task, version: int) -> None:
    """Make sure nobody was faster; whoever completes an open task has claimed it by that."""
    if task.claimed_by and task.claimed_by != act.actor.account and task.status == "claimed":
        raise Conflict(_what_happened(act, task), "TASK_TAKEN")
    change = {"status": "claimed", "claimed_by": act.actor.account, "claimed_at": task.claimed_at or act.at}
    if task.ended_at or not act.tx.compare_and_set(Task, task.id, version, {"status": task.status}, change):
        raise Conflict(_what_happened(act, act.task(task.id)), "TASK_CHANGED")


def _what_happened(act: Act, task: Task) -> str:
    task = act.task(task.id)
    last = [event for event in act.tx.every(Event, case=task.case) if event.task == task.id][-1:]
    who = "您" if last and last[0].actor == act.actor.account else (last[0].actor_name if last else "同事")
    when = f"{local(last[0].at):%-m月%-d日%H:%M}" if last else ""
    if task.status in _ENDED:
        return f"这项任务已于{when}由{who}{_ENDED[task.status]}，本次操作没有执行。"
    if task.claimed_by == act.actor.account:
        return "您已签收这项任务，请直接办理。"
    if task.status == "claimed":
        account = act.tx.find(Account, task.claimed_by)
        return f"这项任务已由{account.name if account else '同事'}签收。如需接手，请先与其商量。"
    return f"这项任务刚刚有变动（{when}，{who}），请刷新页面，看过最新情况后再办理。"


def _complete_assist(act: Act, task: Task) -> None:
    in_time = task.due_at is None or act.at <= task.due_at
    end_task(act, task, "done", outcome=ASSISTED, completed_in_time=in_time)
    act.event("task.assisted", case=task.case, task=task.id, cites=task.cites)


def _decide(
    act: Act, rulebook: Rulebook, case: Case, state: State, outcome: str, answers: Mapping[str, Any], key: str
) -> tuple[Outcome, dict[str, Any]]:
    chosen = state.outcomes.get(outcome)
    facts = case_facts(act, case, but_state=state.id if state.per_route else "")
    wrong = early_problems(act, case, state, outcome)
    if chosen is None:
        wrong = [FieldProblem("outcome", "请选择办理结果。", "FIELD_MISSING")]
    form = rulebook.forms.get(state.form)
    if form is not None:
        answers = cleaned(form, answers)
        facts, _ = facts_of(rulebook, form, answers, act.at, {**facts, **answers})
        of_outcome = _outcome_problems(form, chosen, answers, facts) if chosen else []
        wrong = [*problems(rulebook, form, answers, act.at), *of_outcome, *wrong]
    if wrong or chosen is None:
        raise Invalid(wrong)
    if form is not None:
        file_form(act, form, answers, key, body_hash(act.deployment.keys, form.id, answers), case.release)
    return chosen, facts


def _outcome_problems(
    form: IntakeForm, chosen: Outcome, answers: Mapping[str, Any], facts: Mapping[str, Any]
) -> list[FieldProblem]:
    found = [
        FieldProblem(name, f"结果为“{chosen.label}”时须填写“{form.fields[name].title}”。", "FIELD_MISSING")
        for name in chosen.requires
        if name not in answers
    ]
    if not found and not holds(chosen.when, facts):
        text = f"所填内容与结果“{chosen.label}”不一致，请核对填报内容或改选结果。"
        found.append(FieldProblem("outcome", text, "OUTCOME_CONTRADICTS"))
    return found


def _carry_out(
    act: Act,
    rulebook: Rulebook,
    task: Task,
    case: Case,
    state: State,
    chosen: Outcome,
    facts: Mapping[str, Any],
    submission_id: str,
) -> None:
    data: dict[str, Any] = {"outcome": chosen.id, "state": state.id, "submission": submission_id}
    for flow in chosen.starts:
        start_flow(act, rulebook, case, flow, facts)
    for kind in chosen.prints:
        ask_for_notice(act, rulebook, case, kind, task)
    if stays_open(state, chosen):
        act.event("task.outcome_recorded", case=case.id, task=task.id, data=data, cites=chosen.basis.cites)
        return
    in_time = task.due_at is None or act.at <= task.due_at
    end_task(act, task, "done", outcome=chosen.id, answers=submission_id, completed_in_time=in_time)
    cites = chosen.basis.cites or task.cites
    act.event("task.completed", case=case.id, task=task.id, data={**data, "in_time": in_time}, cites=cites)
    release_assisting(act, task, "主办单位已办结")
    _move_on(act, rulebook, case, state, facts)


def _move_on(act: Act, rulebook: Rulebook, case: Case, state: State, facts: Mapping[str, Any]) -> None:
    began = _round_began(act, case, state)
    tasks = [
        task
        for task in act.tx.every(Task, case=case.id, state=state.id)
        if task.role == "lead" and task.opened_at >= began
    ]
    decided = [task.outcome for task in tasks if task.status == "done"]
    outcome = joined(state, decided, sum(task.ended_at is None for task in tasks))
    undecided = act.tx.first(Dispatch, case=case.id, status="proposed")
    if outcome is not None and undecided is None:
        still = [task for task in tasks if task.ended_at is None]
        for task in still:
            end_task(act, task, "withdrawn")
        for task in still:
            release_assisting(act, task, "其他主办单位已办结")
        leave_state(act, rulebook, act.case(case.id), state, outcome.id, facts)


def _round_began(act: Act, case: Case, state: State) -> datetime:
    """Return when the case last moved into a state: what was decided in an earlier round decides nothing now."""
    moves = [event for event in act.tx.every(Event, case=case.id, name="case.moved") if event.data["to"] == state.id]
    return moves[-1].at if moves else case.opened_at


def returnable(task: Task, state: State) -> bool:
    """Return whether a task can be given back: only what a dispatch sent to a lead has somewhere to go back to."""
    return state.per_route and task.role == "lead"


def return_task(deployment: Deployment, actor: Actor, task_id: str, version: int, reason: str, at: datetime) -> None:
    """Give a task back to whoever dispatched it, with a reason; it is proposed anew, its clock per `resets_on`.

    Raises Conflict, also for a task that nobody dispatched, NotAllowed, NotFound, Invalid without a reason.
    """
    with acting(deployment, actor, at, "return", dated=True) as act:
        task = _own_task(act, task_id)
        _need_reason(reason, "退回原因")
        case = act.case(task.case)
        rulebook = act.rules(case.release)
        if not returnable(task, rulebook.flows[task.flow].states[task.state]):
            raise Conflict(
                "这项任务不是分派来的主办任务，不能退回；不归本单位办理的，请写明理由后转办。", "NOT_DISPATCHED"
            )
        source = dispatched_from(rulebook.flows[case.flow], task.state)
        _take(act, task, version)
        end_task(act, task, "returned")
        reached("return.ended")
        act.event("task.returned", case=case.id, task=task.id, data={"reason": reason.strip()})
        assisted = release_assisting(act, task, "主办单位已退回")
        if source:
            proposal = Proposal(task.unit, assisted, task.routes, task.cites)
            propose_dispatch(act, rulebook, case, source, [proposal], case_facts(act, case))
            if act.tx.first(Task, case=case.id, state=task.state, ended_at=None) is None:
                act.tx.update(Case, {"id": case.id}, {"state": source})
        else:
            _hand_over(act, rulebook, task, superior_of(rulebook, task.unit) or task.unit, "return")


def transfer(
    deployment: Deployment, actor: Actor, task_id: str, version: int, to_unit: str, reason: str, at: datetime
) -> None:
    """Hand a task to another unit, with a reason; which clock it resets the flow says.

    Raises Conflict, NotAllowed, NotFound, Invalid for no reason or a unit that does not exist.
    """
    with acting(deployment, actor, at, "transfer", dated=True) as act:
        task = _own_task(act, task_id)
        _need_reason(reason, "转办原因")
        rulebook = act.rules(act.case(task.case).release)
        if not exists(rulebook, to_unit) or to_unit == task.unit:
            raise Invalid([FieldProblem("to_unit", "请选择另一个承办单位。")], "转办没有执行。")
        _take(act, task, version)
        end_task(act, task, "transferred")
        reached("transfer.ended")
        data = {"to": to_unit, "reason": reason.strip()}
        act.event("task.transferred", case=task.case, task=task.id, data=data)
        _hand_over(act, rulebook, task, to_unit, "transfer")


def _need_reason(reason: str, title: str) -> None:
    if not reason.strip():
        raise Invalid([FieldProblem("reason", f"请填写{title}。", "FIELD_MISSING")], "操作没有执行。")
    if len(reason.strip()) > _REASON:
        raise Invalid([FieldProblem("reason", f"{title}最多{_REASON}字。", "REASON_TOO_LONG")], "操作没有执行。")


def _hand_over(act: Act, rulebook: Rulebook, task: Task, to_unit: str, act_name: str) -> None:
    case = act.case(task.case)
    state = rulebook.flows[task.flow].states[task.state]
    facts = case_facts(act, case)
    resets = state.resets_on.get(act_name, "task") == "task"
    start = act.at if resets or task.due_at is None else task.opened_at
    planned, reminders = plan_task_deadline(rulebook, state, facts, start, to_unit, act.at)
    new = PlannedTask(task.state, to_unit, task.role, to_unit, task.routes, task.cites, planned, reminders)
    bring_assisting(act, task, open_task(act, rulebook, case, new, task.lead_task))


def urge(deployment: Deployment, actor: Actor, task_id: str, at: datetime) -> None:
    """Press a unit for a task 催办: a message in its inbox, recorded; raises NotFound, NotAllowed, Conflict."""
    with acting(deployment, actor, at, "urge", dated=True) as act:
        task = act.desk.task(task_id)
        if task.ended_at:
            raise Conflict(_what_happened(act, task), "TASK_ENDED")
        case = act.case(task.case)
        due = f"应于{local(task.due_at):%-m月%-d日 %H:%M}前办理" if task.due_at else "请尽快办理"
        body = f"{actor.name}催办：个案 {case.number}{due}。"
        act.tell(task.unit, "urge", "催办提醒", body, key=f"urge:{new_id()}", case=case.id, task=task.id)
        act.event("task.urged", case=case.id, task=task.id)
