"""Both clocks: what each verb does to them, however often it is done."""

from dataclasses import replace

import pytest

from casework.county import County
from xunfang.casework import Case, Decided, Dispatch, Task

EAST, WEST = "township:370304102", "township:370304103"


@pytest.fixture
def county() -> County:
    return County()


@pytest.fixture
def kept(county: County) -> County:
    flow = county.rulebook.flows["clue"]
    state = replace(flow.states["handling"], resets_on={"transfer": "none", "return": "none"})
    flows = {**county.rulebook.flows, "clue": replace(flow, states={**flow.states, "handling": state})}
    return County(replace(county.rulebook, flows=flows))


def test_a_clock_that_goes_on_does_so_through_any_number_of_transfers(kept: County) -> None:
    case = kept.report()
    kept.confirm(case, EAST)
    due = kept.task(case).due_at
    for unit in (WEST, EAST, WEST):
        kept.later(days=1)
        kept.do("transfer", kept.task(case), unit=unit, reason="不属本单位职责")
        assert kept.task(case, unit).due_at == due


def test_a_clock_that_goes_on_does_so_through_return_and_another_dispatch(kept: County) -> None:
    case = kept.report()
    kept.confirm(case, EAST)
    due = kept.task(case).due_at
    kept.later(days=1)
    kept.do("return", kept.task(case), reason="居住地不在本镇")
    kept.later(days=1)
    kept.confirm(case)
    assert kept.task(case, EAST).due_at == due


def test_a_clock_begins_anew_where_the_flow_says_so(county: County) -> None:
    case = county.report()
    county.confirm(case, EAST)
    before = county.task(case)
    assert isinstance(before, Task)
    county.later(days=3)
    county.do("transfer", before, unit=WEST, reason="不属本单位职责")
    after = county.task(case, WEST)
    assert after.due_at is not None
    assert before.due_at is not None
    resets = county.rulebook.flows["clue"].states["handling"].resets_on.get("transfer", "task") == "task"
    assert (after.due_at > before.due_at) == resets


def assisted(county: County) -> Case:
    """Return a case that one township leads and another assists."""
    case = county.report()
    dispatch = next(row for row in county.all(Dispatch) if row.case == case.id)
    decided = (Decided(EAST, (WEST,)),)
    county.do_whole("confirm-dispatch", replace(case, version=dispatch.version), decided=decided)
    return county.case(case.id)


@pytest.mark.parametrize("stopped", [False, True], ids=["a clock that runs", "a clock that stands still"])
def test_an_assisting_task_goes_by_the_clock_of_its_lead_whoever_it_is_passed_to(county: County, stopped: bool) -> None:
    case = assisted(county)
    county.later(days=2)
    if stopped:
        county.do("suspend", county.task(case), reason="等待补正")
    lead = county.task(case)
    (helping,) = [task for task in county.all(Task) if task.role == "assist"]
    county.do("transfer", helping, unit="township:370304001", reason="由该镇协助")
    (after,) = [task for task in county.all(Task) if task.role == "assist" and not task.ended_at]
    assert (after.unit, after.lead_task) == ("township:370304001", lead.id)
    assert (after.due_at, after.due, after.suspended_at) == (lead.due_at, lead.due, lead.suspended_at)
    opened = next(event for event in county.events("task.opened") if event.task == after.id)
    assert opened.data["due_at"] == (None if stopped else (lead.due or {})["due_at"])
