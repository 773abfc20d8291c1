"""Meetings in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.model import Meeting, Rulebook
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import each_unit_words, unit_words

_QUORUMS = {"half": "半数以上成员", "all": "全体成员", "two-thirds": "三分之二以上成员"}


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every standing meeting: who convenes it, who sits in it, what it may decide."""
    for meeting in rulebook.meetings.values():
        yield line(rulebook, meeting.id, _meeting(rulebook, meeting), meeting.basis)


def _meeting(rulebook: Rulebook, meeting: Meeting) -> str:
    parts = [f"{meeting.label}由{unit_words(rulebook, meeting.convenes)}召集"]
    if meeting.members:
        parts.append(f"成员为{'、'.join(each_unit_words(rulebook, unit) for unit in meeting.members)}")
    if meeting.quorum:
        parts.append(f"{_QUORUMS.get(meeting.quorum, '规定人数')}到会方可议决")
    if meeting.decides:
        parts.append(f"逐案作出决定：{'、'.join(meeting.labels.get(each, '其他决定') for each in meeting.decides)}")
    if minutes := rulebook.notices.get(meeting.minutes):
        parts.append(f"形成{minutes.label}")
    if record := rulebook.notices.get(meeting.record):
        parts.append(f"会后由召集单位整理{record.label}，到会单位都同意后签发")
    return "，".join(parts)
