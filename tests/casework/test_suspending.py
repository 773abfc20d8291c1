"""Suspend and resume: no clock runs meanwhile, and what was left is left."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.county import BOSHAN, County, rulebook_of
from xunfang.casework import Case
from xunfang.clock import SHANGHAI, local, local_date
from xunfang.errors import Conflict, Invalid
from xunfang.rules.clocks import due_of, extended, resumed
from xunfang.worktime import due as due_by
from xunfang.worktime import parse_limit

EAST, WEST = "township:370304102", "township:370304103"
WHY = {"reason": "等待申请人补正材料"}


@pytest.fixture
def county() -> County:
    return County()


def handed(county: County, *units: str) -> Case:
    case = county.report()
    county.confirm(case, *(units or (EAST,)))
    return case


def test_a_suspended_task_and_its_case_are_due_at_no_time(county: County) -> None:
    case = handed(county)
    county.later(days=1)
    county.do("suspend", county.task(case), **WHY)
    task = county.task(case)
    assert (task.due_at, task.suspended_at) == (None, county.at)
    assert (county.case(case.id).due_at, county.case(case.id).suspended_at) == (None, county.at)
    before = len(county.memory.events)
    county.later(days=120)
    assert county.memory.events[before:] == []
    assert county.task(case).overdue_at is None


def test_what_was_left_is_left_and_the_first_day_is_not_counted(county: County) -> None:
    case = handed(county)  # on Tuesday 10 March: five workdays, due on the 17th
    county.later(days=2)  # Thursday the 12th: Friday, Monday and Tuesday are left
    county.do("suspend", county.task(case), **WHY)
    county.later(days=7)
    county.do("resume", county.task(case))
    task = county.task(case)
    assert task.due_at is not None
    assert local_date(task.due_at) == date(2026, 3, 24)
    assert task.due is not None
    assert task.due["counted"] == ["2026-03-11", "2026-03-12", "2026-03-20", "2026-03-23", "2026-03-24"]
    assert [(span["from"][:10], span["until"][:10]) for span in task.due["paused"]] == [("2026-03-12", "2026-03-19")]
    assert county.events("task.resumed")[0].data["now_due"] == local(task.due_at).isoformat()


def test_the_record_tells_when_a_case_is_due_whatever_moved_that(county: County) -> None:
    case = handed(county)
    (opened,) = county.events("case.opened")
    assert case.due_at is not None
    assert opened.data["due_at"] == local(case.due_at).isoformat()
    county.later(days=1)
    county.do("suspend", county.task(case), **WHY)
    county.later(days=7)
    county.do("resume", county.task(case))
    due = county.case(case.id).due_at
    assert due is not None
    assert [event.data["due_at"] for event in county.events("case.clock_set")] == [None, local(due).isoformat()]


def test_reminders_and_breach_come_by_the_new_due_moment_and_only_then(county: County) -> None:
    case = handed(county)
    county.later(days=2)
    county.do("suspend", county.task(case), **WHY)
    county.later(days=7)
    county.do("resume", county.task(case))
    county.memory.pass_time(datetime(2026, 3, 24, 17, 30, tzinfo=SHANGHAI))
    about = [event for event in county.events("task.reminded") if event.task]
    assert [event.data["kind"] for event in about] == ["remind", "due"]
    assert county.events("task.fell_overdue") == []
    county.memory.pass_time(datetime(2026, 3, 24, 17, 30, 1, tzinfo=SHANGHAI))
    assert len(county.events("task.fell_overdue")) == 1


def test_resumed_on_the_same_day_nothing_moves_and_no_reminder_is_lost(county: County) -> None:
    case = handed(county)
    due = county.task(case).due_at
    county.memory.pass_time(datetime(2026, 3, 16, 8, 0, tzinfo=SHANGHAI))
    county.at = datetime(2026, 3, 16, 8, 0, tzinfo=SHANGHAI)
    county.do("suspend", county.task(case), **WHY)
    county.later(minutes=10)
    county.do("resume", county.task(case))
    assert county.task(case).due_at == due
    county.later(days=3)
    about = [event for event in county.events("task.reminded") if event.task == county.task(case).id]
    assert [event.data["kind"] for event in about] == ["remind", "due", "overdue"]


def test_a_case_runs_again_only_when_none_of_its_tasks_stands_still(county: County) -> None:
    case = handed(county, EAST, WEST)
    for unit in (EAST, WEST):
        county.do("suspend", county.task(case, unit), **WHY)
    county.later(days=1)
    county.do("resume", county.task(case, EAST))
    assert county.case(case.id).due_at is None
    county.later(days=1)
    county.do("resume", county.task(case, WEST))
    assert county.case(case.id).due_at is not None


def test_a_suspended_task_is_not_completed_and_not_suspended_twice(county: County) -> None:
    case = handed(county)
    with pytest.raises(Conflict, match="没有中止"):
        county.do("resume", county.task(case))
    with pytest.raises(Invalid):
        county.do("suspend", county.task(case), reason=" ")
    county.do("suspend", county.task(case), **WHY)
    with pytest.raises(Conflict, match="先恢复"):
        county.do("complete", county.task(case), outcome="granted", submission="one")
    with pytest.raises(Conflict, match="已经中止"):
        county.do("suspend", county.task(case), **WHY)


def test_a_suspended_task_that_goes_elsewhere_lets_its_case_run_on(county: County) -> None:
    case = handed(county)
    county.do("suspend", county.task(case), **WHY)
    county.later(days=1)
    county.do("transfer", county.task(case), unit=WEST, reason="不属本单位职责")
    resets = county.rulebook.flows["clue"].states["handling"].resets_on.get("transfer", "task") == "task"
    assert (county.task(case, WEST).suspended_at is None) == resets
    assert (county.case(case.id).suspended_at is None) == resets


def test_a_breach_before_is_written_down_and_stays(county: County) -> None:
    case = handed(county)
    county.later(days=10)
    due = county.task(case).overdue_at
    assert due is not None
    county.do("suspend", county.task(case), **WHY)
    county.later(days=10)
    county.do("resume", county.task(case))
    assert (county.task(case).overdue_at, county.task(case).due_at) == (due, due)


LIMITS = ("5 workdays", "20 workdays", "7 days", "30 days", "1 months", "24 hours", "72 hours", "by month end")
MINUTES = st.lists(st.integers(min_value=0, max_value=40 * 24 * 60), min_size=1, max_size=9)


def told(limit: str, start: datetime) -> dict[str, object]:
    rulebook = rulebook_of(BOSHAN)
    one = parse_limit(limit)
    found = due_by(one, start, rulebook.calendar, rulebook.info.office)
    counted, skipped = (
        [day.isoformat() for day in found.counted],
        [{"date": each.date.isoformat(), "reason": each.reason} for each in found.skipped],
    )
    return {"due_at": local(found.due_at).isoformat(), "limit": one.text, "counted": counted, "skipped": skipped}


def left(clock: dict[str, object], at: datetime) -> float:
    """Return what is left of a clock: hours, or days that count after the day of a moment."""
    ends = due_of(clock)
    if not clock["counted"]:
        return (ends - at) / timedelta(hours=1)
    today, last = local_date(at), local_date(ends)
    calendar = rulebook_of(BOSHAN).calendar
    days = [date.fromordinal(n) for n in range(today.toordinal() + 1, last.toordinal() + 1)]
    return len([day for day in days if "工作日" not in str(clock["limit"]) or calendar.day(day).is_workday])


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(LIMITS), st.integers(min_value=0, max_value=600 * 24 * 60), MINUTES)
def test_whatever_the_order_what_was_left_is_conserved(limit: str, begins: int, steps: list[int]) -> None:
    rulebook = rulebook_of(BOSHAN)
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=begins)
    clock, stopped = told(limit, at), None
    for minutes in steps:
        at += timedelta(minutes=minutes)
        if stopped is None:
            stopped = at
            continue
        before, ran_out = left(clock, stopped), due_of(clock) <= stopped
        after = resumed(rulebook, clock, stopped, at)
        if ran_out:
            assert due_of(after) == due_of(clock)
        else:
            assert due_of(after) > at or due_of(after) == due_of(clock) > stopped
            assert due_of(after) >= due_of(clock)
            exact = not clock["counted"] or "工作日" in str(clock["limit"])
            now = left(after, at)
            assert now == pytest.approx(before) or (now == 1 and before == 0) or (not exact and now >= min(before, 1))
        assert len(after["paused"]) == len(clock.get("paused", ())) + 1  # type: ignore[arg-type]
        clock, stopped = after, None


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(LIMITS), st.integers(min_value=0, max_value=600 * 24 * 60), st.integers(min_value=1, max_value=60)
)
def test_an_extension_ends_so_many_workdays_later_at_the_same_hour(limit: str, begins: int, workdays: int) -> None:
    rulebook = rulebook_of(BOSHAN)
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=begins)
    clock = told(limit, at)
    after = extended(rulebook, clock, workdays, at, "某人")
    was, now = local(due_of(clock)), local(due_of(after))
    days = [date.fromordinal(n) for n in range(was.toordinal() + 1, now.toordinal() + 1)]
    assert sum(rulebook.calendar.day(day).is_workday for day in days) == workdays
    assert rulebook.calendar.day(now.date()).is_workday
    assert now.time() == was.time()
