"""The whole and its parts: states whose limits, one after the other, do not fit inside the limit of the whole case."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from xunfang.clock import SHANGHAI
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Deadline, Flow, State
from xunfang.worktime import Limit, due

_FROM_THEIR_OPENING = frozenset({"task.opened", "state.entered"})
_MOST_WAYS = 500
Way = tuple[State, ...]


def lint(draft: Draft) -> None:
    """Note parts longer than the whole, ways through a flow that do, and `within` where it bounds nothing."""
    for flow in draft.rules.flows.values():
        whole = draft.rules.deadlines.get(flow.case_deadline)
        if whole is None or whole.from_ != "case.opened" or not _limits(whole):
            continue
        _note_long_extensions(draft, flow, whole)
        if not _note_long_states(draft, flow, whole):
            _note_long_way(draft, flow, whole)
    _note_useless(draft)


def _note_long_states(draft: Draft, flow: Flow, whole: Deadline) -> bool:
    """Note each state whose limit alone is longer than the whole case; returns whether there was one."""
    found = [
        state for state in flow.states.values() if _part(draft, state, whole) and _ends_after(draft, (state,), whole)
    ]
    for state in found:
        message = f"环节“{state.label}”的期限比整个个案的（{whole.label}）还长，个案必然先超期"
        hint = "请缩短这一环节的期限，或放宽个案的期限"
        path = ("states", state.id, "deadline")
        draft.findings.warning(draft.parts[f"flow:{flow.id}"], path, "LIMIT_BEYOND_CASE", message, hint)
    return bool(found)


def _note_long_extensions(draft: Draft, flow: Flow, whole: Deadline) -> None:
    """Note each state whose time may be made longer than the whole case may ever take."""
    start = _start(draft)
    most = max(_ends(draft, limit, start) for limit in (*_limits(whole), *_extended(whole)))
    for state in flow.states.values():
        part = _part(draft, state, whole)
        far = max(_extended(part), key=lambda limit: _ends(draft, limit, start), default=None) if part else None
        if far and _ends(draft, far, start) > most:
            message = (
                f"环节“{state.label}”最长可以定到、延到{far.text}，比整个个案的（{whole.label}）还长，个案必然先超期"
            )
            hint = f'请缩短；确要以全案为限的，在环节的时限里写 within = "{whole.id}"'
            path = ("states", state.id, "deadline")
            draft.findings.warning(draft.parts[f"flow:{flow.id}"], path, "LIMIT_BEYOND_CASE", message, hint)


def _extended(deadline: Deadline) -> list[Limit]:
    """Return how long a deadline may become at most: by an extension, or as it is set for one case."""
    far = [case.extend.to for case in deadline.limits if case.extend]
    return [*far, deadline.set_by.at_most] if deadline.set_by else far


def _note_long_way(draft: Draft, flow: Flow, whole: Deadline) -> None:
    """Note the longest way through a flow, if its parts do not fit inside the whole, each having used up its limit."""
    latest = _latest(draft, whole)
    ways = [way for way in _ways(flow) if _end_of(draft, way, whole) > latest]
    if not ways:
        return
    longest = max(ways, key=lambda way: _end_of(draft, way, whole))
    parts = "、".join(f"“{each.label}”{limit.text}" for each in longest if (limit := _length(draft, each, whole)))
    limit = max(_limits(whole), key=lambda each: _ends(draft, each, _start(draft)))
    message = f"{parts}，依次用足就超过“{whole.label}”的{limit.text}，个案会先超期"
    hint = f'请缩短各环节的期限；确要以全案为限的，在环节的时限里写 within = "{whole.id}"'
    draft.findings.warning(draft.parts[f"flow:{flow.id}"], ("case_deadline",), "LIMITS_BEYOND_CASE", message, hint)


def _ways(flow: Flow) -> Iterator[Way]:
    """Yield ways from the start of a flow to an end, through no state twice, not more than can be looked at."""
    waiting: list[Way] = [(flow.states[flow.start],)] if flow.start in flow.states else []
    for _ in range(_MOST_WAYS):
        if not waiting:
            return
        way = waiting.pop()
        following = dict.fromkeys(outcome.to for outcome in way[-1].outcomes.values())
        onward = [flow.states[id] for id in following if id in flow.states]
        if way[-1].ends:
            yield way
        waiting += [(*way, state) for state in onward if state not in way]


def _ends_after(draft: Draft, way: Way, whole: Deadline) -> bool:
    """Return whether parts, each of the shortest of its limits, end later than the whole may at the latest."""
    return _end_of(draft, way, whole) > _latest(draft, whole)


def _latest(draft: Draft, whole: Deadline) -> datetime:
    """Return when the whole ends at the latest."""
    start = _start(draft)
    return max(_ends(draft, limit, start) for limit in _limits(whole))


def _end_of(draft: Draft, way: Way, whole: Deadline) -> datetime:
    at = _start(draft)
    for state in way:
        limit = _length(draft, state, whole)
        at = _ends(draft, limit, at) if limit else at
    return at


def _length(draft: Draft, state: State, whole: Deadline) -> Limit | None:
    """Return how long a state takes at least of the time of the whole, None for one that takes none of its own."""
    return draft.once(("length", id(state), whole.id), lambda: _shortest(draft, state, whole))


def _shortest(draft: Draft, state: State, whole: Deadline) -> Limit | None:
    if not state.counts:
        return None
    part = _part(draft, state, whole)
    limits = [state.waits] if state.waits else _limits(part) if part else []
    return min(limits, key=lambda limit: _ends(draft, limit, _start(draft)), default=None)


def _part(draft: Draft, state: State, whole: Deadline) -> Deadline | None:
    """Return the deadline of a state that runs from when it is entered, and not within the whole in any case."""
    part = draft.rules.deadlines.get(state.deadline)
    runs = part is not None and part.from_ in _FROM_THEIR_OPENING and part.within != whole.id and state.counts
    return part if runs else None


def _note_useless(draft: Draft) -> None:
    for deadline in draft.rules.deadlines.values():
        if deadline.within in draft.rules.deadlines and deadline.id not in _used_under(draft, deadline.within):
            whole = draft.rules.deadlines[deadline.within]
            message = f"没有一个全案时限为“{whole.label}”的流程用到这个时限，within 不起作用"
            hint = "within 写流程的 case_deadline；用不上的，请删去"
            path = (deadline.id, "within")
            draft.findings.warning(draft.parts["deadlines"], path, "WITHIN_USELESS", message, hint)


def _used_under(draft: Draft, whole: str) -> set[str]:
    """Return the deadlines of tasks, by their states or rows, in flows whose cases go by that one."""
    states = [s for flow in draft.rules.flows.values() if flow.case_deadline == whole for s in flow.states.values()]
    tables = [draft.rules.routing[s.routes_by] for s in states if s.routes_by in draft.rules.routing]
    return {state.deadline for state in states} | {row.deadline for table in tables for row in table.every_row}


def _limits(deadline: Deadline) -> list[Limit]:
    return [case.limit.counts for case in deadline.limits if case.limit.counts]


def _ends(draft: Draft, limit: Limit, at: datetime) -> datetime:
    return due(limit, at, draft.rules.calendar, draft.rules.info.office).due_at


def _start(draft: Draft) -> datetime:
    return datetime(draft.rules.calendar.last_published or 2026, 3, 2, 10, tzinfo=SHANGHAI) + timedelta(days=1)
