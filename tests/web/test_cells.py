"""Cells are written as a template would: what people typed is escaped, what says nothing stays an empty cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from xunfang.web.cells import cell_writer

HEADS = ("姓名", '<"头">', "a&b")
ONE_BY_ONE = (
    '{% for head, value in pairs %}{% if value %}<td data-head="{{ head }}"><div>{{ value }}</div></td>'
    "{% else %}<td></td>{% endif %}{% endfor %}"
)


@pytest.mark.parametrize(
    "values",
    [("甲", "乙", "丙"), ("", "", ""), ("<script>alert('&')</script>", "", "\n\t"), ('"', "&amp;", "</td>")],
)
def test_a_row_is_what_a_template_makes_of_it(values: tuple[str, ...]) -> None:
    template = Environment(autoescape=True).from_string(ONE_BY_ONE)
    assert cell_writer(HEADS)(values) == template.render(pairs=list(zip(HEADS, values, strict=True)))


TYPED = st.text(
    st.one_of(st.sampled_from("<>&\"'/\n;"), st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
)


@given(st.lists(st.tuples(TYPED, TYPED), max_size=5))
def test_whatever_was_typed_is_what_a_template_makes_of_it(pairs: list[tuple[str, str]]) -> None:
    template = Environment(autoescape=True).from_string(ONE_BY_ONE)
    heads, values = [head for head, _ in pairs], [value for _, value in pairs]
    assert cell_writer(heads)(values) == template.render(pairs=pairs)


def test_a_table_of_one_column_has_no_others() -> None:
    assert cell_writer(())(()) == ""


def test_a_row_that_does_not_fit_its_heads_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        cell_writer(HEADS)(("甲",))
