"""Who must be there for a meeting to decide."""

import pytest

from xunfang.rulebook.basis import NO_BASIS
from xunfang.rulebook.model import Meeting
from xunfang.rules.meetings import is_quorate, may_decide

FOUR = ("civil", "health", "school", "housing")


def meeting(quorum: str) -> Meeting:
    return Meeting("m", "会", "civil", FOUR, quorum, ("assign", "refuse"), "", "", NO_BASIS)


@pytest.mark.parametrize(
    ("quorum", "present", "enough"),
    [
        ("half", FOUR[:1], False),
        ("half", FOUR[:2], True),  # 以上 counts the number itself
        ("half", (*FOUR[:1], "guest"), False),
        ("two-thirds", FOUR[:2], False),
        ("two-thirds", FOUR[:3], True),
        ("all", FOUR[:3], False),
        ("all", FOUR, True),
        ("", (), True),
    ],
)
def test_enough_members(quorum: str, present: tuple[str, ...], enough: bool) -> None:
    assert is_quorate(meeting(quorum), present) is enough


def test_only_what_it_decides_and_only_with_enough() -> None:
    assert may_decide(meeting("half"), "refuse", FOUR)
    assert not may_decide(meeting("half"), "celebrate", FOUR)
    assert not may_decide(meeting("half"), "refuse", FOUR[:1])
