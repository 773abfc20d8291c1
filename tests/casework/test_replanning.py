"""A calendar published later reaches open cases, and nothing moves without saying so."""

from dataclasses import replace
from functools import cache

from casework.county import BOSHAN, ROOT, County, rulebook_of
from xunfang.casework import Actor, Asked, Case
from xunfang.casework.jobs import replan_job
from xunfang.clock import parse
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook

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
