"""States that the platform leaves by itself: a confirmed dispatch takes the first way out, and asks nothing."""

from collections.abc import Iterator

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Outcome

_ASKED = {
    "when": "条件（when）",
    "requires": "必填项（requires）",
    "prints": "文书（prints）",
    "grants": "给予的救助（grants）",
    "starts": "另起的流程（starts）",
}


def lint(draft: Draft) -> None:
    """Note the outcomes of a state that dispatches which are never taken, and what the first says in vain."""
    for flow in draft.rules.flows.values():
        for state in flow.states.values():
            if not state.routes_by or not state.outcomes:
                continue
            first, *others = state.outcomes.values()
            part, path = f"flow:{flow.id}", ("states", state.id, "outcomes")
            for outcome in others:
                message = (
                    f"分派环节“{state.label}”批示后一律按第一种结果“{first.label}”走，“{outcome.label}”永远不会发生"
                )
                hint = "需要分情形的，写进分派表的 rows，或者放到下一个环节的办理结果"
                draft.error(part, (*path, outcome.id), "OUTCOME_NEVER", message, hint)
            for key in _in_vain(first):
                message = f"分派环节的结果不看{_ASKED[key]}，写了也不起作用"
                hint = "条件写进分派表；文书写进下一个环节的 prints"
                draft.error(part, (*path, first.id, key), "OUTCOME_IN_VAIN", message, hint)


def _in_vain(outcome: Outcome) -> Iterator[str]:
    yield from (key for key in _ASKED if getattr(outcome, key))
