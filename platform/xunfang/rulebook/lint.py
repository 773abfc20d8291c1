"""Can it work? Names all exist by now; these checks look for rules that cannot carry a case to its end."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from xunfang.clock import SHANGHAI
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Deadline, Flow, RoutingTable
from xunfang.worktime import Limit, WorkCalendar, due, parse_limit


def lint(draft: Draft, calendar: WorkCalendar) -> None:
    """Note states nobody can leave or reach, rows that can never fire, and promises made slower without a clause."""
    for flow in draft.flows.values():
        _states_without_exit(draft, flow)
        _states_unreached(draft, flow)
        _states_without_unit(draft, flow)
    for table in draft.routing.values():
        _rows_shadowed(draft, table)
    _notices_unused(draft)
    _slower_promises(draft, calendar)


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
            draft.findings.warning(
                draft.parts[f"flow:{flow.id}"], ("states", state), "STATE_UNREACHED", "从流程起点走不到这个环节"
            )


def _states_without_unit(draft: Draft, flow: Flow) -> None:
    routed = {outcome.to for state in flow.states.values() if state.routes_by for outcome in state.outcomes.values()}
    for state in flow.states.values():
        if not (state.ends or state.unit or state.per_route or state.waits or state.id in routed or state.meeting):
            hint = '补上 unit = "<单位编号>"，或 per_route = true'
            draft.error(f"flow:{flow.id}", ("states", state.id), "STATE_NOBODY", "这个环节没有承办单位", hint)


def _rows_shadowed(draft: Draft, table: RoutingTable) -> None:
    if table.hit != "first":
        return
    seen: dict[object, str] = {}
    for index, row in enumerate(table.rows):
        if row.when in seen:
            message = f"这一行永远轮不到：条件与前面的“{seen[row.when]}”相同"
            draft.error("routing", (table.id, "rows", index), "ROW_SHADOWED", message, "请删去或修改其中一行")
        seen[row.when] = row.id


def _notices_unused(draft: Draft) -> None:
    used = {escalation.notice for deadline in draft.deadlines.values() for escalation in deadline.escalate}
    used |= {meeting.minutes for meeting in draft.meetings.values()}
    for flow in draft.flows.values():
        for state in flow.states.values():
            used |= {*state.prints, *state.checklist}
            used |= {notice for outcome in state.outcomes.values() for notice in outcome.prints}
    for notice in draft.notices:
        if notice not in used:
            draft.findings.warning(draft.parts["notices"], (notice,), "NOTICE_UNUSED", "没有任何环节印发这种文书")


def _slower_promises(draft: Draft, calendar: WorkCalendar) -> None:
    part = draft.parts.get("deadlines")
    for override in part.overrides if part else ():
        key = str(override.path[0])
        if override.path[1:] != ("limit",) or key not in draft.deadlines:
            continue
        own_clause = part.origin((key, "cites")).layer == override.origin.layer if part else False
        if not own_clause and _is_slower(draft, draft.deadlines[key], str(override.before), calendar):
            message = f"本级把上级的期限“{override.before}”放宽为“{override.after}”，却没有引用自己的条款"
            draft.error(
                "deadlines", override.path, "PROMISE_SLOWER", message, "下级只能更快；确需放宽的，写明本级 cites"
            )


def _is_slower(draft: Draft, deadline: Deadline, before: str, calendar: WorkCalendar) -> bool:
    office = draft.info.office
    old, new = resolved(before, draft.info.soft), resolved(deadline.limits[-1].text, draft.info.soft)
    if old is None or new is None:
        return False
    start = datetime(calendar.last_published, 1, 1, 10, tzinfo=SHANGHAI)
    moments = [start + timedelta(days=day) for day in range(0, 330, 3)]
    return any(due(new, at, calendar, office).due_at > due(old, at, calendar, office).due_at for at in moments)


def resolved(text: str, soft: Mapping[str, str]) -> Limit | None:
    """Return the limit a text stands for, soft words looked up; None when it is still to be set locally."""
    text = soft.get(text.removeprefix("soft:"), "local") if text.startswith("soft:") else text
    try:
        limit = parse_limit(text)
    except ValueError:
        return None
    return limit if limit.is_resolved else None
