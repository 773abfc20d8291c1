"""A calendar published later reaches open cases, and nothing moves without saying so."""

from dataclasses import replace
from functools import cache

from casework.county import BOSHAN, ROOT, County, rulebook_of
from xunfang.casework import Actor, Asked, Case, Task, Wait
from xunfang.casework.jobs import WAIT, replan_job, wait_job
from xunfang.casework.replanning import replan_wait_job
from xunfang.clock import parse
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.clocks import recounted

EAST = "township:370304102"
YEAR = """year = 2027
published = true
source = "放假安排"

[holidays.new-year]
name = "元旦"
days = [2027-01-01, 2027-01-02, 2027-01-03, 2027-01-04]

[workdays]
2027-01-09 = "元旦调休上班"
"""


@cache
def published() -> Rulebook:
    """Return the rules as they were, with the days off of the next year."""
    files = {**read_files(ROOT), "workflows/00-national/calendars/2027.toml": YEAR}
    return replace(rulebook_of(BOSHAN), calendar=compile_rulebook(files, BOSHAN).calendar)


def at_the_end_of_the_year() -> tuple[County, Case]:
    county = County()
    county.at = parse("2026-12-28T09:00:00")
    case = county.report(found_at="2026-12-28T08:30:00")
    county.confirm(case, EAST)
    return county, county.case(case.id)


def replan(county: County, case: Case) -> None:
    machine = Actor("", "系统", county.rulebook.id, "", "", (), frozenset(), "放假安排公布")
    county.memory.do(Asked(verb="replan", actor=machine, case=case.id), county.at, [county.case(case.id)])


def test_what_was_provisional_moves_with_an_event_and_a_message() -> None:
    county, case = at_the_end_of_the_year()
    task = county.task(case)
    assert task.due is not None
    assert (task.due_at, task.due["provisional"]) == (
        parse("2027-01-05T17:30"),
        True,
    )
    county.memory.rulebook = published()
    replan(county, case)
    moved = county.task(case)
    assert moved.due is not None
    assert moved.due["counted"] == ["2026-12-29", "2026-12-30", "2026-12-31", "2027-01-05", "2027-01-06"]
    assert (moved.due_at, moved.due["provisional"]) == (parse("2027-01-06T17:30"), False)
    (event,) = county.events("task.replanned")
    assert (event.data["was_due"], event.data["now_due"]) == (task.due["due_at"], moved.due["due_at"])
    told = [message for message in county.memory.tellings if message.kind == "replanned" and message.task]
    assert [message.unit for message in told] == [EAST]
    assert "由2027年1月5日 17:30调整为2027年1月6日 17:30" in told[0].body
    assert county.case(case.id).due_at == parse("2027-01-26T17:30")
    waiting = [job for job in county.memory.jobs.values() if job.task == moved.id]
    assert {job.payload["due"] for job in waiting} == {moved.due["due_at"]}


def test_done_twice_it_is_done_once() -> None:
    county, case = at_the_end_of_the_year()
    county.memory.rulebook = published()
    replan(county, case)
    rows, events = dict(county.memory.rows), len(county.memory.events)
    replan(county, case)
    assert (county.memory.rows, len(county.memory.events)) == (rows, events)


def test_an_extension_stays() -> None:
    county, case = at_the_end_of_the_year()
    county.do("ask-extension", county.task(case), days=2, reason="等待鉴定结论")
    county.do("approve-extension", county.task(case), by="leading-group-office")
    county.memory.rulebook = published()
    replan(county, case)
    assert county.task(case).due_at == parse("2027-01-08T17:30")


def extended_over_the_year(county: County, case: Case) -> Task:
    county.do("ask-extension", county.task(case), days=5, reason="等待鉴定结论")
    county.do("approve-extension", county.task(case), by="leading-group-office")
    return county.task(case)


def test_an_extension_into_a_year_without_its_days_off_stands_until_they_are_known() -> None:
    county = County()
    county.at = parse("2026-12-22T09:00:00")
    case = county.report(found_at="2026-12-22T08:30:00")
    county.confirm(case, EAST)
    assert (county.task(case).due or {})["provisional"] is False
    task = extended_over_the_year(county, case)
    assert (task.due_at, (task.due or {})["provisional"]) == (parse("2027-01-06T17:30"), True)
    county.memory.rulebook = published()
    replan(county, case)
    task = county.task(case)
    assert (task.due_at, (task.due or {})["provisional"]) == (parse("2027-01-07T17:30"), False)


def test_what_is_extended_is_counted_by_the_days_off_known_by_then() -> None:
    county, case = at_the_end_of_the_year()
    county.memory.rulebook = published()
    task = extended_over_the_year(county, case)
    assert [len(county.events(name)) for name in ("task.replanned", "task.extended")] == [1, 1]
    assert (task.due_at, (task.due or {})["provisional"]) == (parse("2027-01-12T17:30"), False)


def test_an_extension_after_the_breach_of_a_provisional_clock_is_not_provisional_any_more() -> None:
    county, case = at_the_end_of_the_year()
    county.later(days=11)
    county.memory.rulebook = published()
    task = extended_over_the_year(county, case)
    assert (task.due_at, (task.due or {})["provisional"]) == (parse("2027-01-11T17:30"), False)
    replan(county, case)
    assert county.task(case) == task


def test_a_clock_stopped_after_it_was_extended_is_counted_anew_in_that_order() -> None:
    county = County()
    county.at = parse("2026-12-21T09:00:00")
    case = county.report(found_at="2026-12-21T08:30:00")
    county.confirm(case, EAST)
    extended_over_the_year(county, case)
    county.later(days=9)  # its first due day is over
    county.do("suspend", county.task(case), reason="等待补正材料")
    county.later(days=7)
    county.do("resume", county.task(case))
    before = county.task(case)
    counted = recounted(published(), before.due or {}, before.opened_at, county.at)
    assert counted is not None
    days = [day for day in (before.due or {})["counted"] if day < "2027"]
    assert [day for day in counted["counted"] if day < "2027"] == days
    assert len(counted["counted"]) == len((before.due or {})["counted"])


def test_what_would_be_over_by_now_stays_as_it_was_told() -> None:
    county, case = at_the_end_of_the_year()
    county.later(days=11)  # the eighth of January: long overdue
    before = county.task(case)
    county.memory.rulebook = published()
    replan(county, case)
    assert county.task(case) == before
    assert county.task(case).overdue_at is not None


def test_a_job_is_wanted_only_once_the_year_is_published() -> None:
    county, case = at_the_end_of_the_year()
    task = county.task(case)
    assert replan_job(county.rulebook, case, task) is None
    job = replan_job(published(), case, task)
    assert job is not None
    assert job.payload == {"case": case.id}
    assert replan_job(published(), case, replace(task, due_at=None)) is None


def posted(county: County) -> tuple[Case, Wait]:
    """Let a case wait out its public notice from the 25th of December on, for seven days."""
    county.at = parse("2026-12-25T10:00:00")
    case = replace(county.report(found_at="2026-12-25T08:30:00"), flow="subsistence-application", state="posting")
    wait = Wait(id="wait", case=case.id, state="posting", until=parse("2027-01-01T23:59:59"), began_at=county.at)
    task = replace(county.task(case), flow=case.flow, state=case.state, unit=EAST)
    county.memory.rows |= {row.id: row for row in (case, wait, task)}
    job = wait_job(wait)
    county.memory.jobs |= {job.key: job}
    return case, wait


def test_a_public_notice_that_would_end_on_a_day_off_runs_on_and_whoever_knows_is_told() -> None:
    county = County()
    case, wait = posted(county)
    county.memory.rulebook = published()
    for _ in range(2):
        replan(county, case)
    moved = county.memory.rows[wait.id]
    assert isinstance(moved, Wait)
    assert moved.until == parse("2027-01-05T23:59:59")
    (event,) = county.events("case.wait_replanned")
    assert (event.data["was_due"], event.data["now_due"]) == ("2027-01-01T23:59:59+08:00", "2027-01-05T23:59:59+08:00")
    (told,) = [message for message in county.memory.tellings if message.kind == "replanned" and "更正" in message.body]
    assert told.unit == EAST
    assert "由2027年1月1日 23:59调整为2027年1月5日 23:59" in told.body
    county.memory.pass_time(parse("2027-01-05T23:00:00"))
    assert county.events("case.wait_ended") == []
    assert [job.payload["until"] for job in county.memory.waiting() if job.kind == WAIT] == [event.data["now_due"]]
    county.memory.pass_time(parse("2027-01-06T00:00:00"))
    assert len(county.events("case.wait_ended")) == 1


def test_a_wait_is_counted_anew_only_where_that_changes_something() -> None:
    county = County()
    case, wait = posted(county)
    assert replan_wait_job(county.rulebook, case, wait, county.at) is None
    assert replan_wait_job(published(), case, wait, county.at) is not None
    assert replan_wait_job(published(), case, replace(wait, until=parse("2027-01-05T23:59:59")), county.at) is None
    assert replan_wait_job(published(), case, wait, parse("2027-01-02T00:00:00")) is None


def test_a_clock_that_stood_still_meanwhile_goes_on_by_the_days_off_known_by_then() -> None:
    county, case = at_the_end_of_the_year()
    county.at = parse("2027-01-04T10:00:00")  # told as the fourth of five workdays
    county.do("suspend", county.task(case), reason="等待补正")
    county.memory.rulebook = published()
    replan(county, case)
    assert county.events("task.replanned") == []
    county.at = parse("2027-01-07T09:00:00")
    county.do("resume", county.task(case))
    task = county.task(case)
    assert task.due is not None
    assert task.due["counted"][-2:] == ["2027-01-08", "2027-01-09"]  # two were left, the second on a Saturday
    assert (task.due_at, task.due["provisional"]) == (parse("2027-01-09T17:30"), False)
    assert (county.case(case.id).due or {})["provisional"] is False
    assert county.events("task.resumed")[0].data["now_due"] == task.due["due_at"]


def test_a_recorded_breach_stays_though_its_due_moment_moves() -> None:
    county, case = at_the_end_of_the_year()
    county.at = parse("2027-01-05T09:00:00")
    county.later(hours=9)
    breach = county.task(case).overdue_at
    assert breach == parse("2027-01-05T17:30")
    county.memory.rulebook = published()
    replan(county, case)
    assert (county.task(case).due_at, county.task(case).overdue_at) == (parse("2027-01-06T17:30"), breach)
    county.later(days=2)
    assert county.task(case).overdue_at == breach
    assert len(county.events("task.fell_overdue")) == 1
