"""Staffing 人员配备: a rule names where there must be holders of a role; whoever is missing is shown."""

from collections import Counter

import pytest

from rules.household import COUNTY, ROOT
from xunfang.errors import RulebookError
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import sentences
from xunfang.rules.staffing import lacking
from xunfang.rules.units import instances

ROLES = f"workflows/{COUNTY}/roles.toml"


def staffed(rule: str) -> Rulebook:
    return compile_rulebook({**read_files(ROOT), ROLES: f"[clerk]\nstaffed = [{rule}]\n"}, COUNTY)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return staffed('{ in = "township", at_least = 2, practice = "AB岗" }')


def test_every_unit_of_the_kind_is_counted_by_itself(rulebook: Rulebook) -> None:
    first, second, *others = instances(rulebook, "township")
    rosters = {first: Counter(clerk=2), second: Counter(clerk=1, leader=4)}
    lacks = {lack.unit: lack.there for lack in lacking(rulebook, rosters)}
    assert lacks == {second: 1, **dict.fromkeys(others, 0)}


def test_one_is_enough_where_the_rule_gives_no_number() -> None:
    rulebook = staffed('{ in = "civil-affairs", practice = "专人负责" }')
    assert [lack.unit for lack in lacking(rulebook, {})] == ["civil-affairs"]
    assert list(lacking(rulebook, {"civil-affairs": Counter(clerk=1)})) == []


def test_it_is_said_in_a_sentence(rulebook: Rulebook) -> None:
    told = [line.text for section in sentences(rulebook) for line in section.lines if line.id == "clerk"]
    assert any(text.startswith("各镇（街道）至少要有2名经办人，缺人的在账号管理页上列出") for text in told), told


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('{ in = "townshop", practice = "试" }', "townshop"),
        ('{ in = "township" }', "依据"),
        ('{ in = "township", at_least = 0, practice = "试" }', "数值不能小于 1"),
    ],
)
def test_a_mistake_is_named(rule: str, said: str) -> None:
    with pytest.raises(RulebookError) as refused:
        staffed(rule)
    assert said in str(refused.value)
