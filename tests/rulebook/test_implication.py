"""Certain answers only: whatever two conditions are said to imply or exclude is tried against facts."""

from itertools import product
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.implication import can_both_hold, implies
from xunfang.rulebook.model import AllOf, AnyOf, Condition, FactRef, Operator, Test
from xunfang.rules.conditions import holds

SINGLE = frozenset({"n", "word", "flag"})
COMPARISONS = [
    Operator.IS,
    Operator.IS_NOT,
    Operator.AT_LEAST,
    Operator.AT_MOST,
    Operator.ABOVE,
    Operator.BELOW,
]
SEVERAL = [Operator.ANY, Operator.ALL, Operator.NONE]
words = st.sampled_from(["a", "b", "c"])
several = st.lists(words, min_size=1, max_size=2, unique=True).map(tuple)
numbers = st.integers(0, 4)
tests = st.one_of(
    st.builds(Test, st.just("n"), st.sampled_from([Operator.IS, Operator.IS_NOT]), numbers),
    st.builds(
        Test,
        st.just("n"),
        st.sampled_from([Operator.AT_LEAST, Operator.AT_MOST, Operator.ABOVE, Operator.BELOW]),
        numbers,
    ),
    st.builds(Test, st.just("word"), st.sampled_from([Operator.IS, Operator.IS_NOT]), words),
    st.builds(Test, st.just("word"), st.sampled_from([Operator.IN, Operator.ANY, Operator.NONE]), several),
    st.builds(Test, st.just("many"), st.sampled_from([Operator.ANY, Operator.ALL, Operator.NONE]), several),
    st.builds(Test, st.just("flag"), st.just(Operator.IS), st.booleans()),
    st.builds(Test, st.sampled_from(["n", "word", "many", "flag"]), st.just(Operator.KNOWN), st.booleans()),
)
conditions = st.one_of(
    tests,
    st.lists(tests, min_size=1, max_size=3).map(lambda parts: AllOf(tuple(parts))),
    st.lists(tests, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
)
facts = st.fixed_dictionaries(
    {},
    optional={
        "n": numbers,
        "word": words,
        "many": st.lists(words, max_size=3, unique=True),
        "flag": st.booleans(),
    },
)


EVERY_TEST = [
    *(Test("n", operator, value) for operator in COMPARISONS for value in (1, 2, 3)),
    *(Test("word", operator, "a") for operator in (Operator.IS, Operator.IS_NOT)),
    *(Test("word", operator, found) for operator in SEVERAL for found in (("a",), ("a", "b"))),
    *(Test("many", operator, found) for operator in SEVERAL for found in (("a",), ("b",), ("a", "b"))),
    *(Test("flag", Operator.IS, value) for value in (True, False)),
    *(Test(path, Operator.KNOWN, value) for path in ("n", "word", "many", "flag") for value in (True, False)),
]
EVERY_FACT = [
    {"n": n, "word": word, "many": many, "flag": flag}
    for n in (None, 0, 1, 2, 3, 4)
    for word in (None, "a", "b", "c")
    for many in (None, ["a"], ["b"], ["a", "b"], ["c"])
    for flag in (None, True, False)
]


def test_single_tests_tried_against_every_fact() -> None:
    held = {test: {number for number, case in enumerate(EVERY_FACT) if holds(test, case)} for test in EVERY_TEST}
    implied = excluded = 0
    for one, other in product(EVERY_TEST, repeat=2):
        if implies(one, other):
            implied += one != other
            assert held[one] <= held[other], (one, other)
        if not can_both_hold(one, other, SINGLE):
            excluded += 1
            assert not held[one] & held[other], (one, other)
    assert implied > 40
    assert excluded > 20


@given(conditions, conditions, st.lists(facts, min_size=10, max_size=10))
def test_compound_conditions_tried_against_facts(one: Condition, other: Condition, cases: list[dict[str, Any]]) -> None:
    for case in cases:
        if implies(one, other):
            assert holds(other, case) or not holds(one, case), case
        if not can_both_hold(one, other, SINGLE):
            assert not (holds(one, case) and holds(other, case)), case


@given(conditions)
@example(ALWAYS)
def test_everything_implies_itself_and_always(condition: Condition) -> None:
    assert implies(condition, condition)
    assert implies(condition, ALWAYS)


def is_(path: str, value: Any) -> Test:
    return Test(path, Operator.IS, value)


@pytest.mark.parametrize(
    ("stronger", "weaker", "answer"),
    [
        (is_("word", "a"), Test("word", Operator.IN, ("a", "b")), True),
        (Test("word", Operator.IN, ("a", "b")), is_("word", "a"), False),
        (Test("many", Operator.ANY, ("a",)), Test("many", Operator.ANY, ("a", "b")), True),
        (Test("n", Operator.ABOVE, 3), Test("n", Operator.AT_LEAST, 3), True),
        (Test("n", Operator.AT_LEAST, 3), Test("n", Operator.ABOVE, 3), False),
        (Test("n", Operator.BELOW, 3), Test("n", Operator.AT_MOST, 9), True),
        (AllOf((is_("word", "a"), is_("n", 1))), is_("n", 1), True),
        (is_("n", 1), AllOf((is_("word", "a"), is_("n", 1))), False),
        (AnyOf((is_("n", 1), is_("n", 2))), Test("n", Operator.KNOWN, True), True),
        (Test("n", Operator.ABOVE, FactRef("m")), Test("n", Operator.ABOVE, 0), False),
        (Test("n", Operator.ABOVE, FactRef("m", 6.0)), Test("n", Operator.ABOVE, FactRef("m", 3.0)), True),
        (Test("n", Operator.AT_MOST, FactRef("m", 6.0)), Test("n", Operator.AT_MOST, FactRef("m", 3.0)), False),
        (Test("n", Operator.ABOVE, FactRef("m", 6.0)), Test("n", Operator.ABOVE, FactRef("o", 3.0)), False),
        (Test("n", Operator.ABOVE, FactRef("m", 6.0, "a")), Test("n", Operator.ABOVE, FactRef("m", 3.0, "b")), False),
        (is_("flag", True), is_("flag", 1), False),
        (ALWAYS, is_("n", 1), False),
    ],
)
def test_implies(stronger: Condition, weaker: Condition, answer: bool) -> None:
    assert implies(stronger, weaker) is answer


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        (is_("word", "a"), is_("word", "b"), False),
        (is_("word", "a"), is_("word", "a"), True),
        (Test("many", Operator.ANY, ("a",)), Test("many", Operator.ANY, ("b",)), True),
        (Test("n", Operator.AT_LEAST, 5), Test("n", Operator.BELOW, 3), False),
        (Test("n", Operator.AT_LEAST, 3), Test("n", Operator.AT_MOST, 3), True),
        (Test("n", Operator.ABOVE, 3), Test("n", Operator.AT_MOST, 3), False),
        (Test("n", Operator.ABOVE, FactRef("m")), Test("n", Operator.BELOW, 0), True),
        (Test("n", Operator.ABOVE, FactRef("m", 6.0)), Test("n", Operator.AT_MOST, FactRef("m", 6.0)), False),
        (Test("n", Operator.AT_LEAST, FactRef("m", 6.0)), Test("n", Operator.AT_MOST, FactRef("m", 6.0)), True),
        (Test("n", Operator.ABOVE, FactRef("m", 6.0)), Test("n", Operator.AT_MOST, FactRef("o", 3.0)), True),
        (Test("answers.word", Operator.IS, "a"), is_("word", "b"), False),
    ],
)
def test_can_both_hold(one: Condition, other: Condition, answer: bool) -> None:
    assert can_both_hold(one, other, SINGLE) is answer
    assert can_both_hold(other, one, SINGLE) is answer
