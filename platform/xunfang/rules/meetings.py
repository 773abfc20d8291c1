"""Meetings 会商: are enough members present, and may the sitting decide so?"""

from collections.abc import Collection

from xunfang.rulebook.model import Meeting


def is_quorate(meeting: Meeting, present: Collection[str]) -> bool:
    """Return whether enough of a meeting's members are present: "half" means 半数以上, half itself included
    (民法典第一千二百五十九条); "all" means every one.

    A meeting without a quorum sits with whoever comes; whoever is no member does not count.
    """
    members = set(meeting.members)
    here = len(members & set(present))
    if meeting.quorum == "half":
        return here * 2 >= len(members)
    if meeting.quorum == "two-thirds":
        return here * 3 >= len(members) * 2
    return here == len(members) if meeting.quorum == "all" else True


def may_decide(meeting: Meeting, decision: str, present: Collection[str]) -> bool:
    """Return whether a sitting with these members may decide so on a case."""
    return decision in meeting.decides and is_quorate(meeting, present)
