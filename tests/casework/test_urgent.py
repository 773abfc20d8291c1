"""What is urgent is known to its tasks, and does not wait to be dispatched a second time."""

from dataclasses import replace
from datetime import datetime

import pytest

from casework.county import BOSHAN, County, rulebook_of
from xunfang.casework import Case
from xunfang.clock import parse
from xunfang.errors import Conflict
from xunfang.rulebook.conditions import Operator, Test
from xunfang.rulebook.model import LimitCase
from xunfang.rulebook.softness import fixed

EMERGENCY = {"urgency": "emergency", "danger": "当晚无处居住。"}


@pytest.mark.parametrize("urgency", ["urgent", "emergency"])
def test_an_urgent_task_is_transferred_and_never_returned(urgency: str) -> None:
    county = County()
    case = county.report(**{**EMERGENCY, "urgency": urgency})
    if case.state == "dispatch":
        county.confirm(case)
    task = county.task(case)
    assert task.urgent
    with pytest.raises(Conflict, match="电话"):
        county.do("return", task, reason="不归本单位办理")
    county.do("transfer", county.task(case), unit="housing-bureau", reason="已电话商定由住建局承办")
    assert county.task(case).urgent
    assert county.task(case).unit == "housing-bureau"


def test_an_ordinary_task_is_returned_as_before() -> None:
    county = County()
    case = county.report()
    county.confirm(case)
    assert not county.task(case).urgent
    county.do("return", county.task(case), reason="不归本单位办理")
    assert county.events("task.returned")


def test_a_task_that_becomes_urgent_knows_it() -> None:
    county = County()
    case = county.report()
    county.confirm(case)
    before = county.task(case)
    county.report(**EMERGENCY)
    assert (before.urgent, county.task(case, before.unit).urgent) == (False, True)


def extended_by_five(county: County) -> Case:
    """Return a case whose task is due on Tuesday 17 March by the rules, and on the 24th as was approved."""
    case = county.report()
    county.confirm(case)
    county.do("ask-extension", county.task(case), days=5, reason="材料需外地协查")
    county.do("approve-extension", county.task(case), by="service-centre")
    return case


def soon(limit: str) -> County:
    """Return the county where what is an emergency has a shorter limit."""
    rules = rulebook_of(BOSHAN)
    deadline = rules.deadlines["feedback"]
    urgent = LimitCase(Test("urgency", Operator.IS, "emergency"), fixed(limit), deadline.basis)
    told = replace(deadline, limits=(urgent, *deadline.limits))
    return County(replace(rules, deadlines={**rules.deadlines, "feedback": told}))


def due_after_emergency(county: County, case: Case) -> datetime | None:
    county.report(**EMERGENCY, found_at=county.at.isoformat())
    return county.task(case).due_at


def test_an_approved_extension_stands_when_it_becomes_urgent() -> None:
    county = County()
    case = extended_by_five(county)
    before = county.task(case)
    county.later(days=8)
    assert due_after_emergency(county, case) == before.due_at == parse("2026-03-24T17:30:00")
    assert county.events("task.due_changed") == []
    county.later(days=1)
    assert county.task(case).overdue_at is None


def test_a_shorter_limit_for_what_is_urgent_is_extended_as_the_longer_was() -> None:
    county = soon("3 workdays")
    case = extended_by_five(county)
    county.later(days=1)
    assert due_after_emergency(county, case) == parse("2026-03-20T17:30:00")
    assert len((county.task(case).due or {})["extended"]) == 1


def test_nobody_is_late_by_a_shorter_limit_that_would_be_over_already() -> None:
    county = soon("1 workday")
    case = county.report()
    county.confirm(case)
    county.later(days=3)
    assert due_after_emergency(county, case) == parse("2026-03-17T17:30:00")
    county.later(minutes=1)
    assert county.task(case).overdue_at is None
