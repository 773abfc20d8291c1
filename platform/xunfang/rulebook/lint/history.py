"""What flows count of their cases: numbers that no condition reads, and such as can never be reached."""

from collections.abc import Iterator

from xunfang.rulebook.conditions import facts_of, tests_of
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.history import TIMES, History
from xunfang.rulebook.lint.points import Point, points
from xunfang.rulebook.model import Flow, Operator, Test

_ROOT = "history."
_MORE_THAN_ONCE = 2


def lint(draft: Draft) -> None:
    """Note histories that nothing asks for, and conditions on more than can come about."""
    found = [point for point in points(draft) if any(fact.startswith(_ROOT) for fact in facts_of(point.condition))]
    asked = {fact.removeprefix(_ROOT) for point in found for fact in facts_of(point.condition)}
    for flow in draft.rules.flows.values():
        for history in flow.history.values():
            if history.id not in asked:
                message, hint = f"“{history.label}”没有一个条件用到", f"条件里写 when.history.{history.id}.at_least = 3"
                path = ("history", history.id)
                draft.findings.warning(draft.parts[f"flow:{flow.id}"], path, "HISTORY_UNUSED", message, hint)
    for point in found:
        for test in tests_of(point.condition):
            _reachable(draft, point, test)


def _reachable(draft: Draft, point: Point, test: Test) -> None:
    name = test.path.removeprefix(_ROOT)
    flows = [flow for flow in draft.rules.flows.values() if name in flow.history] if test.path != name else []
    if flows and _least(test) >= _MORE_THAN_ONCE and not any(_again(flow, flow.history[name]) for flow in flows):
        message = f"“{flows[0].history[name].label}”至多 1 次：这些结果都离开环节，再也回不来，这个条件永远不成立"
        hint = "结果仍回本环节的，写 to = 本环节的编号"
        draft.error(point.part, point.path, "CONDITION_NEVER", message, hint)


def _least(test: Test) -> float:
    """Return the least number that meets a test."""
    if isinstance(test.value, bool) or not isinstance(test.value, (int, float)):
        return 0
    return {Operator.AT_LEAST: test.value, Operator.IS: test.value, Operator.ABOVE: test.value + 1}.get(
        test.operator, 0
    )


def _again(flow: Flow, history: History) -> bool:
    """Return whether what is counted can come about more than once in a case, opened again or not looked at."""
    if history.unit != TIMES or len(history.outcomes) > 1:
        return True
    ((state, outcome),) = history.outcomes
    return flow.states[state].per_route or state in _after(flow, flow.states[state].outcomes[outcome].to)


def _after(flow: Flow, state: str) -> set[str]:
    """Return the states that a case may come to from one, that one included."""
    seen: set[str] = set()
    waiting = [state]
    while waiting:
        here = waiting.pop()
        if here not in seen and here in flow.states:
            seen.add(here)
            waiting += _ways(flow, here)
    return seen


def _ways(flow: Flow, state: str) -> Iterator[str]:
    return (outcome.to for outcome in flow.states[state].outcomes.values())
