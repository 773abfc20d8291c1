"""Extension: asked for by the holder, decided by somebody else; a due moment moves only then."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from casework.county import BOSHAN, County, rulebook_of
from xunfang.casework import VERBS, Asked, Case, permits
from xunfang.clock import local, local_date, parse
from xunfang.errors import Conflict, Invalid
from xunfang.rulebook.model import Basis, Extension
from xunfang.worktime import parse_limit

EAST, WEST, LEADER = "township:370304102", "township:370304103", "service-centre"


@pytest.fixture
def county() -> County:
    return County()


def handed(county: County) -> Case:
    case = county.report()
    county.confirm(case, EAST)
    return case


def ask(county: County, case: Case, days: int = 3, reason: str = "材料需外地协查") -> None:
    county.do("ask-extension", county.task(case), days=days, reason=reason)


def test_what_is_approved_counts_from_the_old_due_day(county: County) -> None:
    case = handed(county)
    task = county.task(case)
    ask(county, case)
    assert county.task(case).due_at == task.due_at
    assert (county.task(case).extension or {})["workdays"] == 3
    case_due = county.case(case.id).due_at
    county.do("approve-extension", county.task(case), by=LEADER)
    after = county.task(case)
    assert task.due_at is not None
    assert after.due_at is not None
    assert (local_date(task.due_at), local_date(after.due_at)) == (date(2026, 3, 17), date(2026, 3, 20))
    assert local(after.due_at).time() == local(task.due_at).time()
    assert after.due is not None
    (told,) = after.due["extended"]
    assert (told["workdays"], told["by"], told["was"]) == (3, "情景", local(task.due_at).isoformat())
    assert after.due["counted"][-3:] == ["2026-03-18", "2026-03-19", "2026-03-20"]
    assert county.case(case.id).due_at == case_due
    (event,) = county.events("task.extended")
    assert (event.data["was_due"], event.data["now_due"]) == (told["was"], told["now"])
    assert [each.unit for each in county.memory.tellings if each.kind == "extension"] == [LEADER, EAST]


def test_reminders_follow_the_new_due_moment(county: County) -> None:
    case = handed(county)
    ask(county, case)
    county.do("approve-extension", county.task(case), by=LEADER)
    county.later(days=8)  # Wednesday the 18th, after the old due day
    assert county.task(case).overdue_at is None
    county.later(days=3)
    assert county.task(case).overdue_at == county.task(case).due_at


def test_a_recorded_breach_is_never_erased(county: County) -> None:
    case = handed(county)
    county.later(days=8)
    missed = county.task(case).overdue_at
    assert missed is not None
    ask(county, case, days=10)
    assert county.events("task.extension_asked")[0].data["late"] is True
    assert "已超期" in county.memory.tellings[-1].body
    county.do("approve-extension", county.task(case), by=LEADER)
    assert county.task(case).overdue_at == missed
    county.later(days=30)
    assert len(county.events("task.fell_overdue")) >= 1
    assert county.task(case).overdue_at == missed


def test_one_request_at_a_time_and_within_bounds(county: County) -> None:
    case = handed(county)
    for days in (0, 61, -1):
        with pytest.raises(Invalid):
            ask(county, case, days=days)
    with pytest.raises(Invalid):
        ask(county, case, reason="  ")
    ask(county, case, days=60)
    with pytest.raises(Conflict, match="等待批准"):
        ask(county, case)
    county.do("refuse-extension", county.task(case), by=LEADER, reason="理由不充分")
    assert county.task(case).extension is None
    ask(county, case, days=1)


def test_nobody_decides_on_what_they_asked_for(county: County) -> None:
    case = handed(county)
    with pytest.raises(Conflict, match="没有等待批准"):
        county.do("approve-extension", county.task(case), by=LEADER)
    ask(county, case)
    with pytest.raises(Conflict, match="由他人批准"):
        county.do("approve-extension", county.task(case), by=EAST)
    rules, task = county.rulebook, county.task(case)
    asker, other = county.memory.person(unit=EAST), county.memory.person(unit=LEADER)
    for verb in ("approve-extension", "refuse-extension"):
        assert not permits(rules, asker, VERBS[verb], task)
        assert permits(rules, other, VERBS[verb], task)


def by_rule(to: str = "8 workdays") -> County:
    """Return a county where feedback may be extended by the word of a leader, to so much in all."""
    rules = rulebook_of(BOSHAN)
    deadline = rules.deadlines["feedback"]
    rule = Extension("leader", parse_limit(to), Basis(("BS-二(二)3-5",)))
    limits = tuple(replace(case, extend=rule) for case in deadline.limits)
    return County(replace(rules, deadlines={**rules.deadlines, "feedback": replace(deadline, limits=limits)}))


def decide(county: County, case: Case, verb: str, *roles: str, reason: str = "") -> None:
    task, actor = county.task(case), county.memory.person(*roles, unit=LEADER)
    asked = Asked(verb=verb, actor=actor, task=task.id, version=task.version, reason=reason)
    county.memory.do(asked, county.at, [county.case(case.id)])


def test_a_deadline_may_say_how_far_and_by_whom() -> None:
    county = by_rule()
    case = handed(county)  # five workdays from Tuesday 10 March: the 17th; eight would be Friday the 20th
    with pytest.raises(Invalid) as caught:
        ask(county, case, days=4)
    assert "最长可延至8个工作日，请填写1至3之间的整数" in caught.value.problems[0].message
    ask(county, case, days=3)
    assert "请分管领导审批" in county.memory.tellings[-1].body
    for verb in ("approve-extension", "refuse-extension"):
        with pytest.raises(Conflict, match="由分管领导批准"):
            decide(county, case, verb, reason="理由不充分")
    decide(county, case, "approve-extension", "leader")
    after = county.task(case)
    assert after.due is not None
    assert after.due["extended"][0]["cites"] == ["BS-二(二)3-5"]
    assert after.due_at is not None
    assert local_date(after.due_at) == date(2026, 3, 20)
    assert after.cites[-1] == "BS-二(二)3-5"
    assert county.events("task.extended")[0].cites == after.cites
    with pytest.raises(Conflict, match="已经不能再延"):
        ask(county, case, days=1)
    assert not permits(county.rulebook, county.memory.person(unit=EAST), VERBS["ask-extension"], after)


def test_where_a_deadline_says_nothing_anybody_with_the_power_decides_within_the_usual_bound(county: County) -> None:
    case = handed(county)
    ask(county, case, days=60)
    assert "请有批准权限的人员审批" in county.memory.tellings[-1].body
    decide(county, case, "approve-extension")
    assert county.task(case).extension is None


def told(county: County) -> datetime | None:
    """Return by when the record says that the task is due which was opened last for whoever leads."""
    opened = [event.data for event in county.events("task.opened") if event.data["role"] == "lead"]
    return parse(opened[-1]["due_at"]) if opened[-1]["due_at"] else None


def test_what_was_granted_goes_along_when_the_clock_goes_on(county: County) -> None:
    flow = county.rulebook.flows["clue"]
    state = replace(flow.states["handling"], resets_on={"transfer": "none", "return": "none"})
    flows = {**county.rulebook.flows, "clue": replace(flow, states={**flow.states, "handling": state})}
    kept = County(replace(county.rulebook, flows=flows))
    case = handed(kept)
    ask(kept, case)
    kept.do("approve-extension", kept.task(case), by=LEADER)
    due = kept.task(case).due_at
    kept.do("transfer", kept.task(case), unit=WEST, reason="不属本单位职责")
    assert kept.task(case, WEST).due_at == due
    assert told(kept) == due
    kept.do("return", kept.task(case), reason="居住地不在本镇")
    kept.confirm(case)
    assert kept.task(case).due_at == due
    assert told(kept) == due
    kept.do("suspend", kept.task(case), reason="等待补正")
    kept.do("transfer", kept.task(case), unit=EAST, reason="不属本单位职责")
    assert kept.task(case, EAST).suspended_at == kept.at
    assert told(kept) is None
    assert kept.case(case.id).suspended_at == kept.at
    kept.do("resume", kept.task(case))
    assert kept.task(case).due_at == due
