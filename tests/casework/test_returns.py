"""A right of return that ends with a ruling: each lead may give a case back so often, and then no more."""

from functools import cache

import pytest

from casework.altered import altered
from casework.county import County
from xunfang.casework import VERBS, Actor, Case, permits
from xunfang.errors import Conflict
from xunfang.rulebook.acts import ACTS
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import sentence_of

EAST, WEST = "township:370304102", "township:370304103"


@cache
def rules(returns: int = 1) -> Rulebook:
    return altered({"flows/clue.toml": ('join = "all"\n', f'join = "all"\nreturns = {returns}\n')})


def handed(returns: int = 1) -> tuple[County, Case]:
    county = County(rules(returns))
    case = county.report(urgency="ordinary")
    county.confirm(case, EAST)
    return county, case


def give_back(county: County, case: Case) -> None:
    county.do("return", county.task(case), reason="不属于本单位职责")


def may_return(county: County, case: Case) -> bool:
    task = county.task(case)
    holder = Actor("account", "承办人", county.rulebook.id, task.unit, county.rulebook.code, ("clerk",), ACTS)
    return permits(county.rulebook, holder, VERBS["return"], task)


def test_once_given_back_and_sent_again_it_stays() -> None:
    county, case = handed()
    assert may_return(county, case)
    give_back(county, case)
    county.confirm(case, EAST)
    assert county.task(case).returned == 1
    assert not may_return(county, case)
    with pytest.raises(Conflict, match="本单位已退回1次，按规定以分派单位的裁定为准，不能再退回（依据：博政办字"):
        give_back(county, case)
    told = [each.body for each in county.memory.tellings if each.kind == "task" and each.unit == EAST]
    assert ["不再退回" in body for body in told] == [False, True]


def test_each_unit_has_its_own_right() -> None:
    county, case = handed()
    give_back(county, case)
    county.confirm(case, WEST)
    assert may_return(county, case)
    give_back(county, case)
    county.confirm(case, EAST)
    assert not may_return(county, case)


def test_it_may_still_be_handed_on() -> None:
    county, case = handed()
    give_back(county, case)
    county.confirm(case, EAST)
    county.do("transfer", county.task(case), unit=WEST, reason="户籍地在西镇")
    assert county.task(case).unit == WEST
    assert may_return(county, case)


def test_twice_and_never() -> None:
    county, case = handed(2)
    for _ in range(2):
        give_back(county, case)
        county.confirm(case, EAST)
    assert not may_return(county, case)
    county, case = handed(0)
    with pytest.raises(Conflict, match="“调查办理”的任务按规定不能退回（依据：博政办字"):
        give_back(county, case)


def test_without_a_rule_it_is_given_back_as_often_as_before() -> None:
    county = County()
    case = county.report(urgency="ordinary")
    county.confirm(case, EAST)
    for _ in range(3):
        give_back(county, case)
        county.confirm(case, EAST)
    assert may_return(county, case)


def test_show_says_so() -> None:
    line = sentence_of(rules(), "clue.handling")
    assert line is not None
    assert "主办单位最多退回1次，此后以分派单位的裁定为准" in line.text
