"""Reading computed fields: a closed grammar, bounded, no code."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunfang.rulebook.expressions import MAX_NODES, ExpressionError, facts_in, parse_expression
from xunfang.rulebook.model import Call, Fact, Negate, Number, Operation


def test_precedence_and_associativity() -> None:
    assert parse_expression("a + b * 2 - 1") == Operation(
        "-", Operation("+", Fact("a"), Operation("*", Fact("b"), Number(2))), Number(1)
    )
    assert parse_expression("a / 12 / b") == Operation("/", Operation("/", Fact("a"), Number(12)), Fact("b"))
    assert parse_expression("-(a + 1)") == Negate(Operation("+", Fact("a"), Number(1)))


def test_calls_and_dotted_facts() -> None:
    assert parse_expression("age(id_number, found_at)") == Call("age", (Fact("id_number"), Fact("found_at")))
    assert parse_expression("x / standards.subsistence") == Operation("/", Fact("x"), Fact("standards.subsistence"))
    assert list(facts_in(parse_expression("max(a, -b, c.d + 1)"))) == ["a", "b", "c.d"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "算式不完整"),
        ("a +", "算式不完整"),
        ("(a", "缺少“)”"),
        ("a b", "“b”出现在不该出现的位置"),
        ("a ÷ b", "不能识别“÷”"),
        ("a ** b", "“*”出现在不该出现的位置"),
        ("eval(a)", "没有函数“eval”"),
        ("__import__(a)", "没有函数“__import__”"),
        ("age(a)", "参数个数不对"),
        ("a.b()", "没有函数"),
        ("a[0]", "不能识别“[”"),
        ("'a'", "不能识别"),
        ("+".join(["a"] * MAX_NODES), "算式过长"),
        ("-" * 99 + "a", None),
        ("(" * 49 + "a" + ")" * 49, None),
    ],
)
def test_refuses(text: str, said: str | None) -> None:
    if said is None:
        assert parse_expression(text)
        return
    with pytest.raises(ExpressionError, match=re.escape(said)):
        parse_expression(text)


@given(st.text("ab1.()+-*/, _", max_size=40))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        assert list(facts_in(parse_expression(text))) is not None
