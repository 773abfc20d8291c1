"""Limits within a limit: a task is due no later than its case, and follows the clock of that whenever it moves."""

from dataclasses import replace

import pytest

from casework.county import BOSHAN, County, rulebook_of, typical
from casework.test_replanning import replan
from casework.test_suspending import WHY
from xunfang.casework import Case, Task
from xunfang.clock import local, parse
from xunfang.errors import Conflict, Invalid
from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.model import LimitCase, Rulebook
from xunfang.rulebook.softness import fixed
from xunfang.rules.clocks import recounted
from xunfang.rules.describe import sentence_of
from xunfang.rules.explain import due_sentence
from xunfang.rules.intake import decide

EAST, WEST, LEADER = "township:370304102", "township:370304103", "service-centre"


def rules(whole: str) -> Rulebook:
    """Return rules by which feedback, five workdays, is due no later than the case."""
    found = rulebook_of(BOSHAN)
    closing, feedback = found.deadlines["case-closing"], found.deadlines["feedback"]
    limits = (LimitCase(ALWAYS, fixed(whole), closing.basis),)
    made = {"case-closing": replace(closing, limits=limits), "feedback": replace(feedback, within="case-closing")}
    return replace(found, deadlines={**found.deadlines, **made})


def handed(whole: str, *leads: str) -> tuple[County, Case]:
    """Return a case reported and dispatched on Tuesday 10 March."""
    county = County(rules(whole))
    case = county.report()
    county.confirm(case, *leads or (EAST,))
    return county, county.case(case.id)


def due(subject: Task | Case) -> str:
    return f"{local(subject.due_at):%m-%d %H:%M}" if subject.due_at else ""


def test_a_task_is_due_with_its_case_where_its_own_limit_is_longer() -> None:
    county, case = handed("3 workdays")
    task = county.task(case)
    assert (due(case), due(task)) == ("03-13 17:30", "03-13 17:30")
    assert task.due is not None
    assert task.due["counted"] == ["2026-03-11", "2026-03-12", "2026-03-13"]
    assert due_sentence(task.due) == (
        "期限5个工作日，收到当日不计，计入3月11日（周三）、3月12日（周四）、3月13日（周五）；"
        "本环节的期限原应到3月17日，“个案办结”须在3月13日17:30前完成，以此为限。"
    )


def test_the_whole_is_told_also_where_it_shortens_nothing() -> None:
    county, case = handed("20 workdays")
    task = county.task(case)
    assert due(task) == "03-17 17:30"
    assert task.due is not None
    assert "was" not in task.due["within"]
    assert task.due["within"]["due_at"].startswith("2026-04-08T17:30")


def test_what_is_decided_on_arrival_agrees() -> None:
    county = County(rules("3 workdays"))
    case = county.report()
    decision = decide(county.rulebook, "clue-report", typical(), county.at)
    assert decision.entered is not None
    lead = decision.entered.tasks[0]
    assert lead.deadline is not None
    assert lead.deadline.due.due_at == case.due_at


def test_a_breach_comes_when_the_case_is_due() -> None:
    county, case = handed("3 workdays")
    county.later(days=4)
    assert county.task(case).overdue_at == parse("2026-03-13T17:30:00")


def test_a_task_follows_when_the_clock_of_its_case_was_stopped_by_another() -> None:
    county, case = handed("4 workdays", EAST, WEST)
    assert due(county.task(case, WEST)) == "03-16 17:30"
    county.do("suspend", county.task(case, EAST), **WHY)
    assert due(county.task(case, WEST)) == "03-16 17:30"  # no whole runs now, and nothing moves by itself
    county.later(days=1)
    county.do("resume", county.task(case, EAST))
    assert due(county.case(case.id)) == "03-17 17:30"
    assert due(county.task(case, WEST)) == "03-17 17:30"
    assert due(county.task(case, EAST)) == "03-17 17:30"
    moved = [event for event in county.events("task.due_followed") if event.task == county.task(case, WEST).id]
    assert [event.data["now_due"][:16] for event in moved] == ["2026-03-17T17:30"]


def test_no_more_time_can_be_asked_for_than_the_case_has() -> None:
    county, case = handed("7 workdays")
    with pytest.raises(Invalid):
        county.do("ask-extension", county.task(case), days=3, reason="外地协查")
    county.do("ask-extension", county.task(case), days=2, reason="外地协查")
    county.do("approve-extension", county.task(case), by=LEADER)
    assert due(county.task(case)) == due(county.case(case.id)) == "03-19 17:30"
    with pytest.raises(Conflict, match="“个案办结”须在3月19日 17:30前完成，这一环节不能再延"):
        county.do("ask-extension", county.task(case), days=1, reason="外地协查")


def test_days_off_published_later_leave_it_within_its_case() -> None:
    county, case = handed("3 workdays")
    task = county.task(case)
    assert task.due is not None
    provisional = {**task.due, "provisional": True}
    county.memory.rows[task.id] = replace(task, due=provisional)
    alone = recounted(county.rulebook, provisional, task.opened_at, county.at)
    assert alone is not None
    assert alone["due_at"].startswith("2026-03-17")
    replan(county, county.case(case.id))
    assert due(county.task(case)) == "03-13 17:30"


def test_a_case_that_is_over_its_time_bounds_nothing_any_more() -> None:
    county = County(rules("1 workday"))
    case = county.report()
    county.later(days=3)
    county.confirm(case, EAST)
    assert due(county.task(case)) == "03-20 17:30"


def test_show_says_so() -> None:
    line = sentence_of(rules("20 workdays"), "feedback")
    assert line is not None
    assert "限5个工作日内，且不晚于“个案办结”到期" in line.text
