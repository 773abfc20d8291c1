"""What came again and again is told once, with the times before; what came but twice, or otherwise, as it came."""

from datetime import timedelta

from xunfang.clock import parse
from xunfang.desk.events import in_runs
from xunfang.desk.faces import EventFace

AT = parse("2026-11-25T08:30:00")


def _told(week: int, what: str = "到期提醒", *details: str) -> EventFace:
    return EventFace(AT - timedelta(weeks=week), what, "系统", details)


def test_reminders_week_after_week_are_told_once_with_the_weeks_before() -> None:
    reminded = [_told(week) for week in range(4)]
    first, passed = in_runs([*reminded, _told(4, "超过期限")])
    assert (first.at, first.before) == (AT, tuple(each.at for each in reminded[1:]))
    assert (passed.what, passed.before) == ("超过期限", ())


def test_what_came_twice_or_to_others_is_told_each_time() -> None:
    told = [_told(0), _told(1), _told(2, "到期提醒", "送交：区民政局"), _told(3)]
    assert in_runs(told) == tuple(told)
