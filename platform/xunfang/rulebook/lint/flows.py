"""Flows that cannot carry a case to its end, and papers that nothing prints."""

from collections.abc import Iterator

from xunfang.rulebook.acts import OF_EVERY_UNIT
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Flow, State


def lint(draft: Draft) -> None:
    """Note states without exit, unit or way in, and notices without use."""
    for flow in draft.rules.flows.values():
        _states_without_exit(draft, flow)
        _states_unreached(draft, flow)
        _states_without_unit(draft, flow)
        _states_nobody_can_do(draft, flow)
        _states_not_counted(draft, flow)
        _interrupted_to_nowhere(draft, flow)
        _never_interrupted(draft, flow)
    _notices_unused(draft)


def _states_without_exit(draft: Draft, flow: Flow) -> None:
    for state in flow.states.values():
        if not state.ends and not state.outcomes:
            hint = "补上 outcomes，或写 ends = true"
            draft.error(f"flow:{flow.id}", ("states", state.id), "STATE_NO_EXIT", "这个环节没有任何出口", hint)
    if not any(state.ends for state in flow.states.values()):
        draft.error(f"flow:{flow.id}", (), "FLOW_NO_END", "流程没有终点", "请给最后一个环节写 ends = true")


def _reached(flow: Flow) -> Iterator[str]:
    waiting, seen = [flow.start], set[str]()
    while waiting:
        state = flow.states.get(waiting.pop())
        if state and state.id not in seen:
            seen.add(state.id)
            yield state.id
            waiting += [outcome.to for outcome in state.outcomes.values()]


def _states_unreached(draft: Draft, flow: Flow) -> None:
    reached = set(_reached(flow))
    for state in flow.states:
        if state not in reached:
            part, hint = draft.parts[f"flow:{flow.id}"], f'请让某个办理结果写 to = "{state}"，或删去这个环节'
            message = "从流程起点走不到这个环节"
            draft.findings.warning(part, ("states", state), "STATE_UNREACHED", message, hint)


def _states_without_unit(draft: Draft, flow: Flow) -> None:
    routed = {outcome.to for state in flow.states.values() if state.routes_by for outcome in state.outcomes.values()}
    for state in flow.states.values():
        if not (state.ends or state.unit or state.per_route or state.waits or state.id in routed or state.meeting):
            hint = '补上 unit = "<单位编号>"，或 per_route = true'
            draft.error(f"flow:{flow.id}", ("states", state.id), "STATE_NOBODY", "这个环节没有承办单位", hint)


def _states_nobody_can_do(draft: Draft, flow: Flow) -> None:
    """Note states whose task its holder could only look at: no role has the act, or the unit is not given it."""
    given = {act for role in draft.rules.roles.values() for act in role.may}
    for state in flow.states.values():
        act, unit = _act_of(draft, state), draft.rules.units.get(state.unit)
        if act and act not in given:
            _nobody_can(draft, flow, state, act, "没有任何角色有", f'请在 roles.toml 中给某个角色写上 "{act}"')
        elif act == "complete" and state.role in draft.rules.roles and act not in draft.rules.roles[state.role].may:
            hint = f'请在 roles.toml 中给 {state.role} 写上 "{act}"，或换一个角色'
            _nobody_can(draft, flow, state, act, f"角色“{draft.rules.roles[state.role].label}”没有", hint)
        elif act and unit and unit.may and not unit.external and act not in {*unit.may, *OF_EVERY_UNIT}:
            hint = f'请给 {unit.id} 的 may 补上 "{act}"，或换一个单位'
            _nobody_can(draft, flow, state, act, f"“{unit.anywhere}”没有", hint)


def _states_not_counted(draft: Draft, flow: Flow) -> None:
    """Note states whose time does not count where no clock runs."""
    part = draft.parts[f"flow:{flow.id}"]
    for state in (state for state in flow.states.values() if not state.counts):
        path = ("states", state.id, "counts")
        if state.ends or not flow.case_deadline:
            message = "这里没有全案时限在走，counts = false 不起作用"
            hint = "请删去 counts，或者给流程写上 case_deadline"
            draft.findings.warning(part, path, "COUNTS_USELESS", message, hint)


def _interrupted_to_nowhere(draft: Draft, flow: Flow) -> None:
    """Note states that an objection is to cut short, and that lead nowhere by one."""
    part = draft.parts[f"flow:{flow.id}"]
    for state in (state for state in flow.states.values() if state.interrupted_by):
        way = state.objected
        if way is None:
            what = "只有一个办理结果" if state.waits else "不等待期满（没有 waits）"
            message = f"这个环节{what}，有异议也无处可去"
            hint = "补上有异议时的办理结果，写在第二个；或删去 interrupted_by"
        elif not state.unit and (way.requires or way.when is not None or way.programmes):
            message = f"这个环节没有承办单位，登记异议时不填表，“{way.label}”却要填写内容（when、requires、grants 等）"
            hint = '补上 unit = "<单位编号>"，由它填表登记；或删去这些'
        else:
            continue
        path = ("states", state.id, "interrupted_by")
        draft.findings.warning(part, path, "INTERRUPTION_IDLE", message, hint)


def _never_interrupted(draft: Draft, flow: Flow) -> None:
    """Note what a wait would lead to otherwise than by its end, where nobody works in it and nothing cuts it short."""
    for state in flow.states.values():
        left = list(state.outcomes.values())[1:] if state.waits and not state.interrupted_by else []
        if left and not (state.unit or state.per_route or state.meeting):
            message = f"“{state.label}”期满自动按第一种结果走，没有人登记异议，“{left[0].label}”永远不会发生"
            hint = '可以有异议的，补上 interrupted_by = "objection"；不会有的，删去这种结果'
            path = ("states", state.id, "outcomes", left[0].id)
            draft.findings.warning(draft.parts[f"flow:{flow.id}"], path, "OUTCOME_NEVER", message, hint)


def _act_of(draft: Draft, state: State) -> str:
    """Return the act that ends the task of a state, "" for a state that opens none."""
    table = draft.rules.routing.get(state.routes_by)
    if table is not None:
        return "" if table.confirm == "nobody" else "confirm-dispatch"
    return "complete" if not state.ends and (state.unit or state.per_route or state.meeting) else ""


def _nobody_can(draft: Draft, flow: Flow, state: State, act: str, who: str, hint: str) -> None:
    message = f"环节“{state.label}”的任务谁也办不了：{who}权限 {act}"
    draft.error(f"flow:{flow.id}", ("states", state.id), "HOLDER_WITHOUT_VERB", message, hint)


def _notices_unused(draft: Draft) -> None:
    used = {escalation.notice for deadline in draft.rules.deadlines.values() for escalation in deadline.escalate}
    used |= {kind for meeting in draft.rules.meetings.values() for kind in (meeting.minutes, meeting.record)}
    used |= {kind for table in draft.rules.routing.values() for row in table.every_row for kind in row.prints or ()}
    for flow in draft.rules.flows.values():
        for state in flow.states.values():
            used |= {*state.prints}  # to stand in a checklist is not yet to be printed
            used |= {notice for outcome in state.outcomes.values() for notice in outcome.prints}
    used |= {kind.id for kind in draft.rules.notices.values() if kind.about}
    for notice in draft.rules.notices:
        if notice not in used:
            hint = "请写进某个环节或办理结果的 prints；不用的，在本级写 remove 去掉"
            message = "没有任何环节印发这种文书"
            draft.findings.warning(draft.parts["notices"], (notice,), "NOTICE_UNUSED", message, hint)
