"""States that the platform leaves by itself, by the first way out, asking nothing: a dispatch, a wait that is over."""

from collections.abc import Iterator

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Outcome, State
from xunfang.rulebook.positions import Path

_ASKED = {
    "when": "条件（when）",
    "requires": "必填项（requires）",
    "prints": "文书（prints）",
    "grants": "给予的救助（grants）",
    "starts": "另起的流程（starts）",
}


_NEVER_DISPATCHED = {
    "form": "分派环节只批示拟办意见，不填表单（form）",
    "per_route": "分派环节由一个单位批示，不按主办单位各开一件任务（per_route）",
    "waits": "分派环节等人批示，不能期满自动转入下一环节（waits）",
}
"""What a state that dispatches has no use for, and why."""


def lint(draft: Draft) -> None:
    """Note what a state that dispatches, or waits, says in vain, and its outcomes that are never taken."""
    for flow in draft.rules.flows.values():
        for state in (state for state in flow.states.values() if state.outcomes):
            if state.routes_by:
                _of_dispatch(draft, f"flow:{flow.id}", state)
            elif state.waits:
                _of_wait(draft, f"flow:{flow.id}", state)


def _of_dispatch(draft: Draft, part: str, state: State) -> None:
    first, *others = state.outcomes.values()
    path: Path = ("states", state.id)
    for key, why in _NEVER_DISPATCHED.items():
        if getattr(state, key):
            draft.error(part, (*path, key), "STATE_IN_VAIN", why, "请写在分派以后的环节里")
    for outcome in others:
        message = f"分派环节“{state.label}”批示后一律按第一种结果“{first.label}”走，“{outcome.label}”永远不会发生"
        hint = "需要分情形的，写进分派表的 rows，或者放到下一个环节的办理结果"
        draft.error(part, (*path, "outcomes", outcome.id), "OUTCOME_NEVER", message, hint)
    for key in _said_by(first):
        message = f"分派环节的结果不看{_ASKED[key]}，写了也不起作用"
        hint = "条件写进分派表；文书写进下一个环节的 prints"
        draft.error(part, (*path, "outcomes", first.id, key), "OUTCOME_IN_VAIN", message, hint)


def _of_wait(draft: Draft, part: str, state: State) -> None:
    first = next(iter(state.outcomes.values()))
    for key in (key for key in _said_by(first) if key != "when"):
        message = f"“{state.label}”期满自动按第一种结果“{first.label}”走，没有人办理，{_ASKED[key]}不起作用"
        hint = "文书写进下一个环节的 prints；要填写、要另起流程的，放到下一个环节的办理结果"
        draft.error(part, ("states", state.id, "outcomes", first.id, key), "OUTCOME_IN_VAIN", message, hint)


def _said_by(outcome: Outcome) -> Iterator[str]:
    yield from (key for key in _ASKED if getattr(outcome, key))
