"""A template can name facts and choose words; everything else is refused."""

from typing import Any

import pytest

from xunfang.printing import PrintError
from xunfang.printing.order import plain_facts
from xunfang.printing.rendering import render

FACTS: dict[str, Any] = {"person": {"name": "赵玥琳", "items": "甲"}, "needs": ["医疗", "教育"], "n": 3, "empty": ""}


def fill(text: str, **more: str) -> str:
    return render("x.html", {"x.html": text, **more}, FACTS, "letter")


def refused(text: str) -> PrintError:
    with pytest.raises(PrintError) as caught:
        fill(text)
    return caught.value


def test_facts_filters_and_loops() -> None:
    text = (
        "{{ person.name }}{{ person['items'] }}{% for need in needs %}{{ loop.index }}{{ need }}{% endfor %}{{ n + 1 }}"
    )
    assert fill(text) == "赵玥琳甲1医疗2教育4"


def test_values_without_a_filter_read_as_words() -> None:
    values = {"absent": None, "yes": True, "no": False, "whole": 26800.0, "list": ["甲", None, "乙"], "rows": []}
    text = "{{ absent }}|{{ yes }}|{{ no }}|{{ whole }}|{{ list }}|{{ rows }}"
    assert render("x.html", {"x.html": text}, values, "") == "|是|否|26800|甲、乙|"


def test_clauses_without_a_filter_are_cited_in_full() -> None:
    cites = [{"document": "某方案", "number": "某发〔2021〕2号", "clause": "X-1", "text": "当日上报"}]
    assert (
        render("x.html", {"x.html": "依据：{{ cites }}"}, {"cites": cites}, "")
        == "依据：《某方案》（某发〔2021〕2号）“当日上报”。"
    )


def test_a_layout_is_extended_by_its_name() -> None:
    layouts = {"layouts/letter.html": "函{% block body %}{% endblock %}"}
    assert (
        fill("{% extends layout %}{% block body %}{{ needs | join }}{{ super() }}{% endblock %}", **layouts)
        == "函医疗、教育"
    )


def test_markup_in_a_fact_is_printed_as_it_stands() -> None:
    assert render("x.html", {"x.html": "{{ name }}"}, {"name": "<h1>&"}, "") == "&lt;h1&gt;&amp;"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{{ person.nickname }}", "person.nickname"),
        ("{{ task.due_at }}", "task"),
        ("{% if person.nick %}甲{% endif %}", "person.nick"),
        ("{{ needs[7] }}", "needs.7"),
    ],
)
def test_a_missing_fact_is_named(text: str, named: str) -> None:
    error = refused(text)
    assert error.code == "PLACEHOLDER_MISSING"
    assert f"“{named}”" in error.message


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ person.__class__ }}",
        "{{ person.keys() }}",
        "{{ ''.join(needs) }}",
        "{{ '{0.__class__}'.format(n) }}",
        "{{ self.__init__.__globals__ }}",
        "{{ loop }}",
        "{{ range(9) }}",
        "{{ lipsum() }}",
        "{{ cycler('a') }}",
        "{% set ns = namespace(a=1) %}",
        "{{ person | attr('name') }}",
        "{{ person.name | safe }}",
        "{{ '%s' | format(n) }}",
        "{{ 'a' | center(2000000000) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%0999999999d' % n }}",
        "{{ 10 // 0 }}",
        "{% autoescape false %}{{ person.name }}{% endautoescape %}",
        "{% include 'nowhere.html' %}",
        "{% include '../../../etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% if %}",
        "{{ 甲 乙 }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ n() }}",
        "{{ needs | groupby('x') }}",
        "{{ person }}",
    ],
)
def test_no_way_out_of_the_sandbox(text: str) -> None:
    assert refused(text).code in ("TEMPLATE_BROKEN", "PLACEHOLDER_MISSING", "TEMPLATE_MISSING")


def test_a_syntax_error_names_template_and_line() -> None:
    assert "x.html第2行" in refused("甲\n{% if %}").message


def test_what_a_template_produces_is_bounded() -> None:
    facts = {"long": "甲" * 20_000, "many": list(range(200))}
    with pytest.raises(PrintError) as caught:
        render("x.html", {"x.html": "{% for one in many %}{{ long }}{% endfor %}"}, facts, "")
    assert caught.value.code == "TOO_LARGE"


@pytest.mark.parametrize(
    "value", [object(), {1: "甲"}, {"a": {"b": print}}, float("nan"), b"x", {"甲"}, [[[[object()]]]]]
)
def test_facts_are_plain_or_refused(value: object) -> None:
    with pytest.raises(PrintError) as caught:
        plain_facts({"x": value})
    assert caught.value.code == "FACT_NOT_PLAIN"


def test_invisible_characters_are_taken_out_and_control_characters_refused() -> None:
    assert plain_facts({"x": "赵\u202e玥\u200b琳\ufeff"}) == {"x": "赵玥琳"}
    assert plain_facts({"x": "赵\u2009玥\u202f琳　某"}) == {"x": "赵 玥 琳　某"}
    with pytest.raises(PrintError, match="控制字符"):
        plain_facts({"x": "赵\x07"})


def test_deep_and_long_facts_are_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(20):
        deep = {"x": deep}
    for facts in (deep, {"x": "甲" * 20_001}):
        with pytest.raises(PrintError):
            plain_facts(facts)
