"""Decisions of meetings 会商的决定, as the outcomes of the states that they settle carry them out."""

from typing import Any

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.positions import Path


def link_decisions(draft: Draft, part: str, path: Path, state: Any) -> None:
    """Note outcomes of a state on what its meeting does not decide, or on decisions where no meeting sits."""
    meeting = draft.rules.meetings.get(state.meeting)
    decides = meeting.decides if meeting else ()
    for outcome in state.outcomes.values():
        where = (*path, "outcomes", outcome.id, "on_decision")
        if outcome.on_decision and not state.meeting:
            message, hint = "这个环节不由会商来定（没有 meeting）", "请删去 on_decision，或者写上 meeting"
            draft.error(part, where, "DECISION_OF_NOBODY", message, hint)
        for decision in outcome.on_decision if meeting else ():
            if decision not in decides:
                message = f"这个会商的 decides 中没有“{decision}”"
                draft.error(part, where, "NAME_UNKNOWN", message, did_you_mean(decision, decides))
