"""Meetings that are held otherwise than their rules seem to say: quorums nobody reads, decisions that are none."""

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.kinds.meetings import QUORUMS
from xunfang.rulebook.model import Meeting, State

_SPOKEN = {
    "half": ("半", "1/2", "50", "0.5", "majority"),
    "two-thirds": ("三分之二", "2/3", "two third", "2 of 3"),
    "all": ("全", "every", "1/1", "100"),
}
"""What people write for each quorum."""


def lint(draft: Draft) -> None:
    """Note quorums that hold nobody up, and cases sent to a meeting that cannot settle them."""
    asked = {row.meeting for table in draft.rules.routing.values() for row in table.every_row}
    asked |= {state.meeting for flow in draft.rules.flows.values() for state in flow.states.values()}
    for meeting in draft.rules.meetings.values():
        _quorum(draft, meeting)
        _decisions_unnamed(draft, meeting)
        if meeting.id in asked:
            _settles_nothing(draft, meeting)
    for flow in draft.rules.flows.values():
        for state in flow.states.values():
            if state.meeting in draft.rules.meetings:
                _carried_out_by_none(draft, f"flow:{flow.id}", state, draft.rules.meetings[state.meeting])


def _carried_out_by_none(draft: Draft, part: str, state: State, meeting: Meeting) -> None:
    """Note decisions of a meeting which no outcome of a state that it settles carries out."""
    known = {decision for outcome in state.outcomes.values() for decision in (outcome.id, *outcome.on_decision)}
    left = [meeting.labels.get(each, each) for each in meeting.decides if each not in known]
    if left:
        message = f"“{meeting.label}”可以决定{'、'.join(f'“{each}”' for each in left)}，这个环节没有对应的办理结果"
        hint = '请在对应的办理结果中写 on_decision = ["<决定的编号>"]；会上不会这样定的，从 decides 中删去'
        path = ("states", state.id, "outcomes")
        draft.findings.warning(draft.parts[part], path, "DECISION_WITHOUT_OUTCOME", message, hint)


def _quorum(draft: Draft, meeting: Meeting) -> None:
    path = (meeting.id, "quorum")
    if meeting.quorum and meeting.quorum not in QUORUMS:
        message = f"读不懂到会人数“{meeting.quorum}”，几个人到会都能议决"
        draft.error("meetings", path, "QUORUM_UNREADABLE", message, _meant(meeting.quorum))
    elif meeting.quorum and not meeting.members and draft.rules.info.serves:
        message, hint = "没有写成员（members），到会人数无从算起，谁到会都能议决", "请补上 members，或者删去 quorum"
        draft.findings.warning(draft.parts["meetings"], path, "QUORUM_OF_NOBODY", message, hint)


def _meant(said: str) -> str:
    meant = (word for word, ways in _SPOKEN.items() if any(way in said for way in ways))
    near = next(meant, "")
    return f"是否想写“{near}”？" if near else did_you_mean(said, [word for word in QUORUMS if word])


def _decisions_unnamed(draft: Draft, meeting: Meeting) -> None:
    """Note decisions without a name, of which two would read alike in the minutes."""
    bare = [each for each in meeting.decides if each not in meeting.labels]
    if bare:
        message = f"{'、'.join(bare)} 没有名称，会议的决定里看不出是哪一种"
        hint = "；".join(f'请写 labels.{each} = "<名称>"' for each in bare)
        draft.findings.warning(draft.parts["meetings"], (meeting.id, "decides"), "DECISION_UNNAMED", message, hint)


def _settles_nothing(draft: Draft, meeting: Meeting) -> None:
    """Note a meeting to which cases are sent, and that decides nothing."""
    if not meeting.decides:
        message = "有个案送来会商，而会议没有一种决定可作（decides）"
        hint = '请写 decides = ["<决定的编号>"]，并在 labels 中写明名称'
        draft.findings.warning(draft.parts["meetings"], (meeting.id,), "MEETING_DECIDES_NOTHING", message, hint)
