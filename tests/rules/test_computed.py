"""Computed fields: right where the facts are known, unknown where they are not, and never an exception."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunfang.rulebook.expressions import FUNCTIONS, parse_expression
from xunfang.rulebook.model import Call, Computed, Expression, Fact, Negate, Number, Operation
from xunfang.rules.computed import LARGEST, compute

FACTS: dict[str, Any] = {
    "income": 21600,
    "size": 3,
    "nought": 0,
    "id_number": "370304196805120249",
    "birth_on": "1968-05-12",
    "found_at": "2026-03-10T08:30",
    "later": "2026-05-12",
    "needs": ["medical", "housing"],
    "yes": True,
    "text": "三口人",
    "standards.line": 1060.0,
    "huge": 10**15,
}

KNOWN = [
    ("income / 12 / size", 600),
    ("1 + 2 * 3", 7),
    ("-(size - 5)", 2),
    ("income / 12 / size / standards.line", pytest.approx(0.566, abs=0.001)),
    ("age(id_number, found_at)", 57),
    ("age(id_number, later)", 58),
    ("age(birth_on, later)", 58),
    ("years(birth_on, found_at)", 57),
    ("days(found_at, later)", 63),
    ("min(size, 2)", 2),
    ("max(size, 2, 9)", 9),
    ("round(10 / 3, 2)", 3.33),
    ("round(10 / 3)", 3),
    ("round(2.5)", 3),
    ("round(-2.5)", -3),
    ("round(0.5)", 1),
    ("round(1.005, 2)", 1.01),
    ("round(2.675, 2)", 2.68),
    ("round(1.15 * 3, 1)", 3.5),  # 3.4499999999999997 of the machine
    ("round(1250, 0 - 2)", 1300),
    ("round(size, 20)", 3),
    ("count(needs)", 2),
]
NOT_KNOWN = [
    "income / nought",
    "missing + 1",
    "yes + 1",
    "text * 2",
    "needs / 2",
    "age(text, found_at)",
    "age(id_number, missing)",
    "days(text, later)",
    "count(size)",
    "max(size, missing)",
    "huge * huge",
    "-text",
    "round(size, 1 / nought)",
]


def _value(text: str, facts: dict[str, Any]) -> Any:
    return compute((Computed("it", parse_expression(text)),), dict(facts)).get("it")


@pytest.mark.parametrize(("text", "expected"), KNOWN)
def test_known(text: str, expected: Any) -> None:
    assert _value(text, FACTS) == expected


@pytest.mark.parametrize("text", NOT_KNOWN)
def test_unknown(text: str) -> None:
    assert _value(text, FACTS) is None


def test_a_later_field_may_use_an_earlier_one() -> None:
    fields = (
        Computed("share", parse_expression("income / 12 / size")),
        Computed("ratio", parse_expression("computed.share / standards.line + share - share")),
    )
    facts = dict(FACTS)
    assert compute(fields, facts)["ratio"] == pytest.approx(600 / 1060)
    assert facts["computed.share"] == 600


def _expressions() -> st.SearchStrategy[Expression]:
    leaves = st.one_of(
        st.floats(0, 1e12).map(Number), st.sampled_from([*FACTS, "missing"]).map(lambda name: Fact(str(name)))
    )
    return st.recursive(leaves, _larger, max_leaves=12)


def _larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    def call(name: str) -> st.SearchStrategy[Expression]:
        low, high = FUNCTIONS[name]
        return st.lists(inner, min_size=low, max_size=high).map(lambda parts: Call(name, tuple(parts)))

    return st.one_of(
        inner.map(Negate),
        st.builds(Operation, st.sampled_from("+-*/"), inner, inner),
        st.sampled_from(sorted(FUNCTIONS)).flatmap(call),
    )


_ANSWERS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.lists(st.integers(), max_size=2)
)


@given(_expressions(), st.dictionaries(st.sampled_from(sorted(FACTS)), _ANSWERS))
def test_total(expression: Expression, answers: dict[str, Any]) -> None:
    found = compute((Computed("it", expression),), {**FACTS, **answers}).get("it")
    if isinstance(found, (int, float)) and not isinstance(expression, Fact):
        assert not math.isnan(found)
        assert abs(found) <= LARGEST
