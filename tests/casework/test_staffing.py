"""Who works on a claimed task: its claimer, a deputy in the claimer's stead, or whom it was handed to."""

from dataclasses import replace

import pytest

from casework.county import County
from xunfang.casework import Actor, Asked, Case, Changes, Decided, Dispatch, Stead, Task
from xunfang.errors import Conflict, NotAllowed

EAST, WEST = "township:370304102", "township:370304103"
CLERK = frozenset({"claim", "complete", "return", "transfer"})


@pytest.fixture
def county() -> County:
    return County()


@pytest.fixture
def case(county: County) -> Case:
    case = county.report()
    county.confirm(case, EAST)
    county.do("claim", county.task(case, EAST))
    return county.case(case.id)


def deputy(county: County, case: Case, own: frozenset[str] = CLERK, theirs: frozenset[str] = CLERK) -> Actor:
    holder = county.task(case, EAST).claimed_by
    stead = Stead(holder, "张三", theirs & own)
    person = county.memory.person(unit=EAST)
    return replace(person, account="deputy", name="李四", acts=own, steads=(stead,))


def do(county: County, verb: str, actor: Actor, task: Task, **told: str) -> Changes:
    asked = Asked(verb=verb, actor=actor, task=task.id, version=task.version, **told)
    return county.memory.do(asked, county.at, [county.case(task.case)])


def test_a_deputy_does_what_the_claimer_may_and_every_event_says_for_whom(county: County, case: Case) -> None:
    task = county.task(case, EAST)
    stranger = replace(deputy(county, case), steads=())
    with pytest.raises(Conflict):
        do(county, "transfer", stranger, task, unit=WEST, reason="不属本单位职责")
    changes = do(county, "transfer", deputy(county, case), task, unit=WEST, reason="不属本单位职责")
    assert len(changes.events) >= 2
    assert {event.data["stead"] for event in changes.events} == {"张三"}


def test_what_is_done_for_nobody_else_says_so_of_nobody(county: County) -> None:
    case = county.report()
    county.confirm(case, EAST)
    task = county.task(case, EAST)
    actor = replace(county.memory.person(unit=EAST), steads=(Stead("absent", "张三", CLERK),))
    changes = do(county, "claim", actor, task)
    assert [event.data for event in changes.events] == [{}]


def test_a_deputy_may_not_do_what_either_may_not(county: County, case: Case) -> None:
    task = county.task(case, EAST)
    for own, theirs in ((CLERK - {"return"}, CLERK), (CLERK, CLERK - {"return"})):
        with pytest.raises(NotAllowed):
            do(county, "return", deputy(county, case, own, theirs), task, reason="不归本镇办理")


def test_a_role_that_has_a_deputy_passes_its_acts_on(county: County) -> None:
    case = county.report()
    dispatch = next(row for row in county.all(Dispatch) if row.case == case.id)
    passed = frozenset({"confirm-dispatch"})
    stead = Stead("leader", "王局", passed, passed, ("leader",))
    actor = replace(county.memory.person(unit="service-centre"), acts=CLERK | passed)
    decided = (Decided(EAST),)
    asked = Asked(verb="confirm-dispatch", actor=actor, case=case.id, version=dispatch.version, decided=decided)
    with pytest.raises(NotAllowed):
        county.memory.do(asked, county.at, [case])
    changes = county.memory.do(replace(asked, actor=replace(actor, steads=(stead,))), county.at, [case])
    assert {event.data["stead"] for event in changes.events} == {"王局"}


@pytest.mark.parametrize("heir", ["colleague", ""])
def test_work_changes_hands_and_no_clock_moves(county: County, case: Case, heir: str) -> None:
    before = county.task(case, EAST)
    county.later(days=1)
    told = {"was": "张三", "because": "因工作交接", "heir": heir, "heir_name": "李四" if heir else ""}
    asked = Asked(verb="hand-over", actor=county.memory.person(unit=EAST), task=before.id, payload=told)
    county.memory.do(asked, county.at, [case])
    after = county.task(case, EAST)
    assert (after.due_at, after.due, county.case(case.id)) == (before.due_at, before.due, case)
    assert (after.status, after.claimed_by) == (("claimed", heir) if heir else ("open", ""))
    (event,) = county.events("task.handed_over" if heir else "task.released")
    assert (event.task, event.data["was"]) == (before.id, "张三")
    assert (county.memory.tellings[-1].unit, county.memory.tellings[-1].account) == (EAST, heir)
