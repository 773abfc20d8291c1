"""Limits in minutes, half days and office hours, from the rules to the sentence: stopped, extended, counted anew."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from rules.answers import TOWNSHIP
from xunfang.clock import local, parse
from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.model import LimitCase, Remind, Rulebook
from xunfang.rulebook.softness import fixed
from xunfang.rules.clocks import counts_hours, due_of, extended, recounted, resumed
from xunfang.rules.deadlines import plan_deadline, plan_reminders
from xunfang.rules.explain import due_data, due_sentence


def planned(rulebook: Rulebook, limit: str, start: str) -> tuple[Rulebook, dict[str, Any]]:
    """Return the rules with that limit for feedback, and what a task that begins then is told."""
    deadline = replace(rulebook.deadlines["feedback"], limits=(LimitCase(ALWAYS, fixed(limit)),))
    rules = replace(rulebook, deadlines={**rulebook.deadlines, "feedback": deadline})
    return rules, due_data(plan_deadline(rules, deadline, {}, parse(start)))


def due_at(told: dict[str, Any]) -> str:
    return f"{local(due_of(told)):%m-%d %H:%M}"


def spans(told: dict[str, Any]) -> list[str]:
    return [f"{span['from'][5:16]}-{span['until'][11:16]}" for span in told["spans"]]


SENTENCES = {
    ("30 minutes", "2026-09-29T17:20"): "期限30分钟，按分钟连续计算。",
    ("4 office hours", "2026-09-30T16:00"): (
        "期限4个工作小时，只计办公时间，计入9月30日（周三）16:00至17:30、10月8日（周四）08:30至11:00；"
        "不计10月1日（周四）、10月2日（周五）、10月3日（周六）、10月4日（周日）、10月5日（周一）、10月6日（周二）、"
        "10月7日（周三）（国庆节）。"
    ),
    ("half day", "2026-09-29T10:00"): "期限半个工作日，收到时所在的半日不计，计入9月29日（周二）13:30至17:30。",
}


@pytest.mark.parametrize(("asked", "sentence"), SENTENCES.items())
def test_the_explanation_says_which_hours_counted(rulebook: Rulebook, asked: tuple[str, str], sentence: str) -> None:
    _, told = planned(rulebook, *asked)
    assert due_sentence(told) == sentence
    assert counts_hours(told)


def test_the_same_day_may_end_at_two_hours(rulebook: Rulebook) -> None:
    morning, evening = (planned(rulebook, "4 office hours", f"2026-09-29T{hour}")[1] for hour in ("08:30", "16:00"))
    assert (due_at(morning), due_at(evening)) == ("09-29 14:00", "09-30 11:00")


STOPPED = {
    # Tue 29 Sep 16:00, four office hours; stopped at 17:00 with three left, to Thu 8 Oct 11:00: an hour, then two.
    "office hours": (
        "4 office hours", "2026-09-29T16:00", "2026-09-29T17:00", "2026-10-08T11:00",
        "10-08 15:30", ["09-29T16:00-17:00", "10-08T11:00-12:00", "10-08T13:30-15:30"],
    ),
    # Stopped over the lunch break: no office time went by.
    "office hours, at lunch": (
        "4 office hours", "2026-09-29T11:00", "2026-09-29T12:10", "2026-09-29T13:00",
        "09-29 16:30", ["09-29T11:00-12:00", "09-29T13:30-16:30"],
    ),
    # Received on Tue 29 Sep in the morning, two half days; stopped in the first, one is left; that of the 8th at 11:00
    # is not counted.
    "half days": (
        "2 half days", "2026-09-29T10:00", "2026-09-29T14:00", "2026-10-08T11:00",
        "10-08 17:30", ["09-29T13:30-17:30", "10-08T13:30-17:30"],
    ),
    "half days, within one half": (
        "2 half days", "2026-09-29T10:00", "2026-09-29T14:00", "2026-09-29T16:00",
        "09-30 12:00", ["09-29T13:30-17:30", "09-30T08:30-12:00"],
    ),
    # In the last half: less than one counts as one.
    "half days, in the last": (
        "half day", "2026-09-29T10:00", "2026-09-29T14:00", "2026-09-30T09:00",
        "09-30 17:30", ["09-30T13:30-17:30"],
    ),
    "minutes": ("30 minutes", "2026-09-29T10:00", "2026-09-29T10:10", "2026-10-03T08:00", "10-03 08:20", []),
    # Tue 15 Sep, two weeks: seven days are left on Tue 22; from Tue 29 they end on 6 Oct, off, and so on the 8th.
    "weeks": ("2 weeks", "2026-09-15T10:00", "2026-09-22T10:00", "2026-09-29T10:00", "10-08 23:59", []),
}  # fmt: skip


@pytest.mark.parametrize(("limit", "start", "stopped", "at", "due", "left"), STOPPED.values(), ids=list(STOPPED))
def test_what_was_left_is_left(
    rulebook: Rulebook, limit: str, start: str, stopped: str, at: str, due: str, left: list[str]
) -> None:
    rules, told = planned(rulebook, limit, start)
    now = resumed(rules, told, parse(stopped), parse(at))
    assert due_at(now) == due
    assert (spans(now) if left else []) == left
    assert len(now["paused"]) == 1


def test_an_extension_adds_the_office_time_up_to_it(rulebook: Rulebook) -> None:
    rules, told = planned(rulebook, "half day", "2026-09-29T14:00")  # to Wed 30 Sep 12:00
    now = extended(rules, told, 1, parse("2026-09-30T09:00"), "王主任")  # Thu 8 Oct is the next workday
    assert due_at(now) == "10-08 12:00"
    assert spans(now) == ["09-30T08:30-12:00", "09-30T13:30-17:30", "10-08T08:30-12:00"]
    again = resumed(rules, now, parse("2026-09-30T10:00"), parse("2026-10-09T10:00"))  # two halves are left
    assert due_at(again) == "10-10 12:00"


def test_a_calendar_that_came_later_counts_the_office_time_anew(rulebook: Rulebook) -> None:
    start = parse("2026-12-31T16:00")
    rules, told = planned(rulebook, "4 office hours", "2026-12-31T16:00")
    assert (due_at(told), told["provisional"]) == ("01-04 11:00", True)
    now = recounted(rules, told, start, datetime.fromisoformat("2026-12-31T17:00:00+08:00"))
    assert now is not None
    assert (now["due_at"], now["spans"]) == (told["due_at"], told["spans"])


def test_half_an_hour_is_reminded_of_minutes_before_and_when_it_is_over(rulebook: Rulebook) -> None:
    rules, _ = planned(rulebook, "30 minutes", "2026-09-29T10:00")
    marks = (Remind("10 minutes before", -10, "minute"), Remind("at due", 0, "workday"))
    deadline, opened = replace(rules.deadlines["feedback"], remind=marks, escalate=()), parse("2026-09-29T10:00")
    due = plan_deadline(rules, deadline, {}, opened).due
    told = plan_reminders(rules, deadline, due.due_at, TOWNSHIP, opened, {}, by_hours=due.by_the_clock)
    assert [(f"{each.at:%H:%M}", each.kind) for each in told][:2] == [("10:20", "remind"), ("10:30", "due")]
