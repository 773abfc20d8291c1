"""When reminders come: before, at and after a due moment."""

from datetime import datetime

import pytest

from xunfang.clock import SHANGHAI
from xunfang.worktime import Office, WorkCalendar, shift
from xunfang.worktime.due import Unit

REMINDERS = {
    "at the due moment": (0, "workday", "2026-10-12T17:30", "2026-10-12T17:30"),
    "a workday before: over a Sunday, on the make-up Saturday": (-1, "workday", "2026-10-12T17:30", "2026-10-10T08:30"),
    "four workdays before: over the whole of National Day": (-4, "workday", "2026-10-12T17:30", "2026-09-30T08:30"),
    "a workday before, into the last year": (-1, "workday", "2026-01-04T17:30", "2025-12-31T08:30"),
    "a workday after": (1, "workday", "2026-09-30T17:30", "2026-10-08T08:30"),
    "two workdays after, into an unpublished year": (2, "workday", "2026-12-31T17:30", "2027-01-05T08:30"),
    "a workday before an end on a rest day": (-1, "workday", "2026-10-03T20:15", "2026-09-30T08:30"),
    "a day before, though a rest day": (-1, "day", "2026-10-12T17:30", "2026-10-11T08:30"),
    "three days after": (3, "day", "2026-10-12T23:59:59", "2026-10-15T08:30"),
    "two hours before, to the minute": (-2, "hour", "2026-10-12T09:10", "2026-10-12T07:10"),
    "an hour after, over midnight": (1, "hour", "2026-10-12T23:30", "2026-10-13T00:30"),
}


@pytest.mark.parametrize(("offset", "unit", "due_at", "moment"), REMINDERS.values(), ids=list(REMINDERS))
def test_a_reminder(offset: int, unit: Unit, due_at: str, moment: str, calendar: WorkCalendar, office: Office) -> None:
    at = datetime.fromisoformat(due_at).replace(tzinfo=SHANGHAI)

    assert shift(at, offset, unit, calendar, office) == datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
