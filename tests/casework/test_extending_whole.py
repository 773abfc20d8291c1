"""An extension of a task makes the limit of its case longer too, where the rule of that says how far."""

from dataclasses import replace

import pytest

from casework.county import BOSHAN, County, rulebook_of
from casework.test_extending import decide
from xunfang.casework import Case
from xunfang.clock import local
from xunfang.errors import Conflict, Invalid
from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.model import Basis, Extension, LimitCase, Rulebook
from xunfang.rulebook.softness import fixed
from xunfang.rules.describe import sentence_of
from xunfang.worktime import parse_limit

EAST, WEST = "township:370304102", "township:370304103"
CLAUSE = "BS-三(二)-2"


def rules(whole: str, to: str, *, within: bool = False, counts: bool = True) -> Rulebook:
    """Return rules whose cases are due in so many days, which may become more, with feedback in five workdays."""
    found = rulebook_of(BOSHAN)
    closing, feedback, flow = found.deadlines["case-closing"], found.deadlines["feedback"], found.flows["clue"]
    extend = Extension("leader", parse_limit(to), Basis((CLAUSE,)))
    limits = (LimitCase(ALWAYS, fixed(whole), closing.basis, extend),)
    made = {"case-closing": replace(closing, limits=limits)}
    if within:
        made["feedback"] = replace(feedback, within="case-closing")
    states = {**flow.states, "handling": replace(flow.states["handling"], counts=counts)}
    flows = {**found.flows, "clue": replace(flow, states=states)}
    return replace(found, deadlines={**found.deadlines, **made}, flows=flows)


def handed(rulebook: Rulebook, *leads: str) -> tuple[County, Case]:
    """Return a case reported and dispatched on Tuesday 10 March."""
    county = County(rulebook)
    case = county.report()
    county.confirm(case, *leads or (EAST,))
    return county, case


def extend(county: County, case: Case, days: int) -> None:
    county.do("ask-extension", county.task(case), days=days, reason="材料需外地协查")
    decide(county, case, "approve-extension", "leader")


def due(county: County, case: Case) -> tuple[str, str]:
    """When the task and its case are due."""
    task, whole = county.task(case).due_at, county.case(case.id).due_at
    return f"{local(task):%m-%d}" if task else "", f"{local(whole):%m-%d}" if whole else ""


def test_the_whole_becomes_as_much_longer_as_its_part_with_its_own_clause() -> None:
    county, case = handed(rules("20 workdays", "40 workdays"), EAST, WEST)
    assert due(county, case) == ("03-17", "04-08")
    extend(county, case, 3)
    assert due(county, case) == ("03-20", "04-13")
    (event,) = county.events("case.extended")
    assert (event.rule, event.cites, event.data["workdays"]) == ("case-closing", (CLAUSE,), 3)
    assert [event.data[name][:10] for name in ("was_due", "now_due")] == ["2026-04-08", "2026-04-13"]
    told = county.case(case.id).due
    assert told is not None
    assert [(each["workdays"], each["cites"]) for each in told["extended"]] == [(3, [CLAUSE])]
    told_of_it = [each for each in county.memory.tellings if each.title == "全案期限延长"]
    assert {each.unit for each in told_of_it} == {EAST, WEST, "service-centre"}
    assert "全案期限延长3个工作日，现应于4月13日 17:30前办结" in told_of_it[0].body


def test_it_becomes_no_longer_than_its_rule_says_however_often() -> None:
    county, case = handed(rules("20 workdays", "22 workdays"))
    extend(county, case, 3)
    assert due(county, case) == ("03-20", "04-10")
    extend(county, case, 3)
    assert due(county, case) == ("03-25", "04-10")
    assert len(county.events("case.extended")) == 1


def test_a_part_within_the_whole_gets_what_the_whole_may_still_become() -> None:
    county, case = handed(rules("3 workdays", "6 workdays", within=True))
    assert due(county, case) == ("03-13", "03-13")
    with pytest.raises(Invalid):
        county.do("ask-extension", county.task(case), days=4, reason="材料需外地协查")
    extend(county, case, 3)
    assert due(county, case) == ("03-18", "03-18")
    assert county.events("task.due_followed") == []
    told = county.task(case).due
    assert told is not None
    assert told["within"]["due_at"].startswith("2026-03-18T17:30")


def test_a_part_within_a_long_whole_stays_within_it_as_that_moves() -> None:
    county, case = handed(rules("20 workdays", "30 workdays", within=True))
    extend(county, case, 4)
    assert due(county, case) == ("03-23", "04-14")
    told = county.task(case).due
    assert told is not None
    assert told["within"]["due_at"].startswith("2026-04-14T17:30")


def test_a_whole_that_is_over_and_a_step_that_does_not_count_move_nothing() -> None:
    county, case = handed(rules("5 workdays", "30 workdays"))
    county.later(days=8)
    extend(county, case, 3)
    assert due(county, case) == ("03-20", "03-17")
    county, case = handed(rules("20 workdays", "30 workdays", counts=False))
    extend(county, case, 3)
    assert county.events("case.extended") == []


def test_where_the_limit_of_the_case_names_a_role_it_is_that_ones_word() -> None:
    county, case = handed(rules("20 workdays", "30 workdays"))
    county.do("ask-extension", county.task(case), days=2, reason="材料需外地协查")
    assert "请分管领导审批" in county.memory.tellings[-1].body
    with pytest.raises(Conflict, match="由分管领导批准"):
        decide(county, case, "approve-extension")
    decide(county, case, "approve-extension", "leader")
    assert due(county, case) == ("03-19", "04-10")


def test_the_sentence_says_that_the_whole_moves_with_its_parts() -> None:
    told = sentence_of(rules("25 workdays", "40 workdays"), "case-closing")
    assert told
    assert "可延长至40个工作日，环节延期时一并顺延" in told.text
    assert CLAUSE in told.cites
