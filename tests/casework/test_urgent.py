"""What is urgent is known to its tasks, and does not wait to be dispatched a second time."""

import pytest

from casework.county import County
from xunfang.errors import Conflict

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
