"""States whose time does not count for the case: its clock stands still there, and says so; a task has its own."""

from dataclasses import replace

import pytest

from casework.county import BOSHAN, County, rulebook_of
from casework.test_outcomes import REFUSED, TOLD
from xunfang.casework import Case
from xunfang.clock import local
from xunfang.rulebook.model import Basis, Rulebook
from xunfang.rules.clocks import recounted

EAST = "township:370304102"
CLAUSE = "BS-二(二)3-5"


def rules() -> Rulebook:
    """Return rules by which the time of telling does not count, and a person is told once more after it."""
    found = rulebook_of(BOSHAN)
    flow = found.flows["clue"]
    telling = flow.states["notify"]
    onward = {"done": replace(telling.outcomes["done"], to="after")}
    uncounted = replace(telling, counts=False, outcomes=onward, basis=Basis((CLAUSE,)))
    states = {**flow.states, "notify": uncounted, "after": replace(telling, id="after")}
    return replace(found, flows={**found.flows, "clue": replace(flow, states=states)})


@pytest.fixture
def county() -> County:
    return County(rules())


def decided(county: County) -> Case:
    """Return a case reported on Tuesday 10 March at nine, its feedback given two days later: it stands in 告知."""
    case = county.report()
    county.confirm(case, EAST)
    county.later(days=2)
    county.do("complete", county.task(case), outcome="ineligible", answers=REFUSED, submission="feedback")
    return county.case(case.id)


def due(case: Case) -> str:
    return f"{local(case.due_at):%m-%d %H:%M}" if case.due_at else ""


def test_the_case_stands_still_and_its_task_does_not(county: County) -> None:
    case = decided(county)
    assert (case.state, due(case), case.suspended_at) == ("notify", "", county.at)
    task = county.task(case)
    assert (task.suspended_at, task.due_at is not None) == (None, True)
    (event,) = county.events("case.clock_stopped")
    assert (event.data["state"], event.cites) == ("notify", (CLAUSE,))
    assert str(event.data["was_due"]).startswith("2026-04-08T17:30")  # twenty workdays; 4 to 6 April are off
    before = len(county.memory.events)
    county.later(days=60)
    late = [event for event in county.memory.events[before:] if not event.task]
    assert late == []  # nothing reminds of the case


def test_what_was_left_goes_on_when_it_leaves_and_the_explanation_names_the_span(county: County) -> None:
    case = decided(county)  # stopped on Thursday 12 March: Wednesday counted, eighteen workdays are left after it
    county.later(days=7)
    county.do("complete", county.task(case), outcome="done", answers=TOLD, submission="told")
    after = county.case(case.id)
    assert (after.state, after.suspended_at) == ("after", None)
    assert due(after) == "04-15 17:30"  # 20, 23–27 and 30 March to 3 April, 7–10, 13–15: eighteen from the day after
    assert after.due is not None
    (span,) = after.due["paused"]
    assert (span["from"][:10], span["until"][:10], span["cites"]) == ("2026-03-12", "2026-03-19", [CLAUSE])
    assert span["label"] == "告知与回访"
    (event,) = county.events("case.clock_resumed")
    assert event.data["now_due"] == after.due["due_at"]
    again = recounted(county.rulebook, after.due, after.opened_at, county.at)
    assert again is not None
    assert (again["due_at"], again["paused"]) == (after.due["due_at"], after.due["paused"])


def test_a_task_suspended_there_does_not_set_the_case_going_again(county: County) -> None:
    case = decided(county)
    county.later(days=1)
    county.do("suspend", county.task(case), reason="等待申请人补正")
    county.later(days=1)
    county.do("resume", county.task(case))
    assert county.case(case.id).suspended_at is not None
    assert county.events("case.clock_resumed") == []


def test_a_case_opened_again_there_stands_still_at_once(county: County) -> None:
    case = decided(county)
    county.do_whole("void", case, reason="误报")
    county.do_whole("reopen", county.case(case.id), reason="并非误报")
    again = county.case(case.id)
    assert (again.state, again.suspended_at, due(again)) == ("notify", county.at, "")
