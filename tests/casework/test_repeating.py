"""Reminders go on until a task is done, in the rhythm that the rules name; never silence."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from casework.county import County
from xunfang.casework import Case
from xunfang.casework.jobs import task_repeated
from xunfang.clock import SHANGHAI, local
from xunfang.rulebook.model import Remind

EAST = "township:370304102"


@pytest.fixture
def county() -> County:
    return County()


def handed(county: County) -> Case:
    case = county.report()
    county.confirm(case, EAST)
    return case


def repeats(county: County, case: Case) -> list[str]:
    told = [
        event
        for event in county.memory.events
        if "feedback.repeat." in event.rule and event.case == case.id and event.task
    ]
    return [event.rule for event in told]


def test_after_the_last_escalation_reminders_go_on(county: County) -> None:
    case = handed(county)  # due on the 17th, escalated on the 20th
    county.memory.pass_time(datetime(2026, 3, 27, 8, 29, tzinfo=SHANGHAI))
    assert repeats(county, case) == []
    county.memory.pass_time(datetime(2026, 3, 27, 8, 30, tzinfo=SHANGHAI))
    assert repeats(county, case) == ["feedback.repeat.1"]
    county.memory.pass_time(datetime(2026, 5, 27, 8, 30, tzinfo=SHANGHAI))
    found = repeats(county, case)
    assert found == [f"feedback.repeat.{n}" for n in range(1, len(found) + 1)]
    assert len(found) == 9  # the make-up day and the rest days of Qingming and May Day counted as the calendar says
    waiting = [job for job in county.memory.jobs.values() if ".repeat." in job.key and job.task]
    assert len(waiting) == 1


def test_the_rules_name_the_rhythm(county: County) -> None:
    deadline = replace(county.rulebook.deadlines["feedback"], repeat=Remind("1 workday", 1, "workday"))
    daily = County(replace(county.rulebook, deadlines={**county.rulebook.deadlines, "feedback": deadline}))
    case = handed(daily)
    daily.memory.pass_time(datetime(2026, 3, 27, 8, 30, tzinfo=SHANGHAI))
    assert len(repeats(daily, case)) == 5


def test_they_end_with_the_task_and_while_it_stands_still(county: County) -> None:
    case = handed(county)
    county.later(days=30)
    before = repeats(county, case)
    assert before
    county.do("suspend", county.task(case), reason="等待补正")
    county.later(days=60)
    assert repeats(county, case) == before
    county.do("resume", county.task(case))
    county.later(days=10)
    assert len(repeats(county, case)) > len(before)
    county.do("return", county.task(case), reason="居住地不在本镇")
    ended = repeats(county, case)
    county.later(days=60)
    assert repeats(county, case) == ended


def test_a_worker_that_was_away_sends_one_and_not_all(county: County) -> None:
    case = handed(county)
    county.later(days=20)
    (job,) = [job for job in county.memory.jobs.values() if ".repeat." in job.key and job.task]
    late = datetime(2026, 8, 3, 12, 0, tzinfo=SHANGHAI)
    county.memory.jobs[job.key] = replace(job, run_at=late)
    county.memory.pass_time(late)
    assert len(repeats(county, case)) == 2
    (following,) = [job for job in county.memory.jobs.values() if ".repeat." in job.key and job.task]
    assert local(following.run_at) > late


def test_days_off_published_meanwhile_end_no_series(county: County) -> None:
    case = handed(county)
    first = datetime(2026, 3, 27, 8, 30, tzinfo=SHANGHAI)
    county.memory.pass_time(first)
    (job,) = [job for job in county.memory.waiting() if ".repeat.2" in job.key and job.task]
    deadline = county.rulebook.deadlines["feedback"]
    late = task_repeated(county.rulebook, county.task(case), deadline, first - timedelta(days=1), 1)
    assert [one.key for one in late] == [job.key]  # the first one was sent, though it is planned for later by now
