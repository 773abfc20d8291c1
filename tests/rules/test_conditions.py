"""Does a condition hold? Every operator, on every kind of fact, unknown ones above all."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.model import AllOf, AnyOf, FactRef, Operator, Test
from xunfang.rules.conditions import conjuncts, holds, indexable

UNKNOWN: list[dict[str, Any]] = [{}, {"x": None}, {"x": ""}, {"x": []}]

TABLE = [
    (Operator.IS, "a", "a", True),
    (Operator.IS, "a", "b", False),
    (Operator.IS, 3, 3, True),
    (Operator.IS, 3, 3.0, True),
    (Operator.IS, True, True, True),
    (Operator.IS, True, 1, False),  # a yes is no number
    (Operator.IS, 1, True, False),
    (Operator.IS, ["a"], "a", False),
    (Operator.IS_NOT, "a", "b", True),
    (Operator.IS_NOT, "a", "a", False),
    (Operator.ANY, ["a", "b"], ("b", "c"), True),
    (Operator.ANY, ["a"], ("b",), False),
    (Operator.ANY, "a", ("a",), True),  # a single choice is a list of one
    (Operator.ALL, ["a", "b"], ("a", "b"), True),
    (Operator.ALL, ["a"], ("a", "b"), False),
    (Operator.NONE, ["a"], ("b",), True),
    (Operator.NONE, ["a", "b"], ("b",), False),
    (Operator.IN, "a", ("a", "b"), True),
    (Operator.IN, "c", ("a", "b"), False),
    (Operator.AT_LEAST, 3, 3, True),
    (Operator.AT_LEAST, 2.9, 3, False),
    (Operator.AT_MOST, 3, 3, True),
    (Operator.ABOVE, 3, 3, False),
    (Operator.BELOW, 2, 3, True),
    (Operator.AT_LEAST, "3", 3, False),  # a text is no number
    (Operator.AT_LEAST, True, 1, False),
    (Operator.BEFORE, "2026-09-30", date(2026, 10, 1), True),
    (Operator.BEFORE, "2026-10-01T08:00", date(2026, 10, 1), False),
    (Operator.AFTER, "2026-10-02T00:00", date(2026, 10, 1), True),
    (Operator.AFTER, 20261002, date(2026, 10, 1), False),
    (Operator.KNOWN, "a", True, True),
    (Operator.KNOWN, 0, True, True),  # nought and no are answers
    (Operator.KNOWN, False, True, True),
    (Operator.KNOWN, "a", False, False),
]


@pytest.mark.parametrize(("operator", "fact", "value", "expected"), TABLE)
def test_operators(operator: Operator, fact: Any, value: Any, expected: bool) -> None:
    assert holds(Test("x", operator, value), {"x": fact}) is expected
    assert holds(Test("answers.x", operator, value), {"x": fact}) is expected


@pytest.mark.parametrize("facts", UNKNOWN)
@pytest.mark.parametrize(
    ("operator", "value"),
    [
        (Operator.IS, "a"),
        (Operator.IS, False),
        (Operator.ANY, ("a",)),
        (Operator.ALL, ("a",)),
        (Operator.IN, ("a", "")),
        (Operator.AT_LEAST, 0),
        (Operator.AT_MOST, 9),
        (Operator.ABOVE, -1),
        (Operator.BELOW, 9),
        (Operator.BEFORE, date(2099, 1, 1)),
        (Operator.AFTER, date(1999, 1, 1)),
        (Operator.KNOWN, True),
    ],
)
def test_nothing_is_concluded_from_an_unknown_fact(operator: Operator, value: Any, facts: dict[str, Any]) -> None:
    assert holds(Test("x", operator, value), facts) is False


@pytest.mark.parametrize("facts", UNKNOWN)
def test_only_these_hold_of_an_unknown_fact(facts: dict[str, Any]) -> None:
    assert holds(Test("x", Operator.KNOWN, False), facts)
    assert holds(Test("x", Operator.IS_NOT, "a"), facts)
    assert holds(Test("x", Operator.NONE, ("a",)), facts)


def test_a_right_side_may_name_a_fact() -> None:
    test = Test("income", Operator.BELOW, FactRef("standards.line"))
    assert holds(test, {"income": 900, "standards.line": 1060})
    assert not holds(test, {"income": 1060, "standards.line": 1060})
    assert not holds(test, {"income": 900}), "an unknown standard decides nothing"


def test_all_and_any() -> None:
    yes, no = Test("x", Operator.IS, 1), Test("x", Operator.IS, 2)
    assert holds(AllOf((yes, yes)), {"x": 1})
    assert not holds(AllOf((yes, no)), {"x": 1})
    assert holds(AnyOf((no, yes)), {"x": 1})
    assert not holds(AnyOf(()), {"x": 1})
    assert holds(ALWAYS, {})
    assert holds(None, {})


def test_what_an_index_may_decide() -> None:
    assert indexable(Test("x", Operator.IS, "a")) == ("a",)
    assert indexable(Test("x", Operator.ANY, ("a", "b"))) == ("a", "b")
    assert indexable(Test("x", Operator.IS, FactRef("y"))) is None
    assert indexable(Test("x", Operator.ALL, ("a",))) is None
    assert conjuncts(AllOf((ALWAYS, ALWAYS))) == (ALWAYS, ALWAYS)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.text(max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=2)),
    max_leaves=6,
)
_VALUES: dict[Operator, Any] = {
    Operator.ANY: ("a", 1),
    Operator.ALL: ("a",),
    Operator.NONE: ("a",),
    Operator.IN: ("a", True),
    Operator.BEFORE: date(2026, 1, 1),
    Operator.AFTER: date(2026, 1, 1),
    Operator.KNOWN: True,
    Operator.IS: "a",
    Operator.IS_NOT: "a",
}


@given(st.sampled_from(Operator), JSON)
def test_total_over_anything_a_browser_may_send(operator: Operator, fact: Any) -> None:
    """A condition is asked before the answers are checked: it must not raise whatever they are."""
    assert holds(Test("x", operator, _VALUES.get(operator, 5)), {"x": fact}) in (True, False)
