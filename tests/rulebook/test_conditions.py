"""Reading conditions: the one closed language."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunfang.rulebook.conditions import ConditionParser, facts_of
from xunfang.rulebook.conditions import tests_of as single_tests
from xunfang.rulebook.model import AllOf, AnyOf, Condition, FactRef, Operator, Test


def _parse(data: dict[str, Any]) -> tuple[Condition, list[str]]:
    noted: list[str] = []
    parser = ConditionParser(lambda path, code, message, hint: noted.append(message))
    return parser.parse(data, ("when",)), noted


READ = [
    ({"urgency": "emergency"}, Test("urgency", Operator.IS, "emergency")),
    ({"needs": {"any": ["a", "b"]}}, Test("needs", Operator.ANY, ("a", "b"))),
    ({"person": {"entitled": {"none": ["a"]}}}, Test("person.entitled", Operator.NONE, ("a",))),
    ({"willing": False}, Test("willing", Operator.IS, False)),
    ({"size": {"at_least": 3}}, Test("size", Operator.AT_LEAST, 3)),
    ({"on": {"before": date(2026, 1, 1)}}, Test("on", Operator.BEFORE, date(2026, 1, 1))),
    ({"name": {"known": True}}, Test("name", Operator.KNOWN, True)),
    (
        {"computed": {"x": {"above": "$standards.y"}}},
        Test("computed.x", Operator.ABOVE, FactRef("standards.y")),
    ),
    ({"x": {"above": "6 * $standards.y-z"}}, Test("x", Operator.ABOVE, FactRef("standards.y-z", 6.0))),
    (
        {"x": {"at_most": "1.5*$standards.y on answers.applied_on"}},
        Test("x", Operator.AT_MOST, FactRef("standards.y", 1.5, "applied_on")),
    ),
    (
        {"a": 1, "b": {"is_not": 2}},
        AllOf((Test("a", Operator.IS, 1), Test("b", Operator.IS_NOT, 2))),
    ),
    (
        {"size": {"at_least": 1, "below": 9}},
        AllOf((Test("size", Operator.AT_LEAST, 1), Test("size", Operator.BELOW, 9))),
    ),
    (
        {"any_of": [{"a": 1}, {"b": 2, "c": 3}]},
        AnyOf((Test("a", Operator.IS, 1), AllOf((Test("b", Operator.IS, 2), Test("c", Operator.IS, 3))))),
    ),
]


@pytest.mark.parametrize(("data", "expected"), READ)
def test_reads(data: dict[str, Any], expected: Condition) -> None:
    assert _parse(data) == (expected, [])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"needs": {"any": "a"}}, "应为方括号列表"),
        ({"size": {"at_least": "3"}}, "应为数字"),
        ({"size": {"above": True}}, "应为数字"),
        ({"on": {"before": 3}}, "应为日期"),
        ({"name": {"known": "yes"}}, "应为 true 或 false"),
        ({"needs": ["a"]}, "不能是列表"),
        ({"any_of": {"a": 1}}, "any_of 应为"),
        ({"any_of": [1]}, "any_of 应为"),
    ],
)
def test_notes(data: dict[str, Any], said: str) -> None:
    _, noted = _parse(data)
    assert len(noted) == 1
    assert said in noted[0]


def test_facts_and_tests_of_both_sides() -> None:
    condition, _ = _parse({"any_of": [{"a": {"above": "$b.c"}}, {"d": 1}], "e": 2})
    assert list(facts_of(condition)) == ["a", "b.c", "d", "e"]
    assert [test.path for test in single_tests(condition)] == ["a", "d", "e"]


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from([*Operator, "any_of", "a", "b.c", ""]), _JSON, max_size=4))
def test_never_raises(data: dict[str, Any]) -> None:
    condition, _ = _parse(data)
    assert condition is not None
