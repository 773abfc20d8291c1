import pytest

from printing.orders import LAYERS, LAYOUTS, ROOT, facts, templates
from xunfang.printing import PrintError, unknown_placeholders

FACTS = {"person": {"name": "甲", "residence": {"label": "乙"}}, "case": {}, "needs": ["丙"]}


def unknown(text: str) -> list[tuple[int, str]]:
    return unknown_placeholders("x.html", {"x.html": text}, FACTS)


def test_a_wrong_name_is_found_with_its_line_even_where_it_would_not_be_printed() -> None:
    text = "{{ person.name }}\n{% if needs %}{{ person.nmae | trim }}{% else %}\n{{ household.size }}{% endif %}"
    assert unknown(text) == [(2, "person.nmae"), (3, "household.size")]


def test_names_of_the_template_itself_and_names_only_asked_about_are_no_facts() -> None:
    assert (
        unknown(
            "{% extends layout %}{% set a = 1 %}{% for need in needs %}{{ need }}{{ loop.index }}{{ a }}{% endfor %}"
        )
        == []
    )
    assert unknown("{% if case.seal is defined and case.seal %}{{ case.seal }}{% endif %}") == []


def test_what_no_rules_at_all_have_is_found_even_where_it_is_asked_about() -> None:
    assert unknown("{% if person.seal is defined and person.seal %}{{ person.seal }}{% endif %}") == [
        (1, "person.seal")
    ]


def test_a_template_that_cannot_be_read_says_where() -> None:
    with pytest.raises(PrintError, match="第2行"):
        unknown("甲\n{% if %}")


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
def test_the_countys_own_templates_name_only_known_facts(kind: str) -> None:
    texts = templates()
    for layer in LAYERS:
        assert unknown_placeholders(f"parent/{layer}/{kind}.html", texts, facts(kind)) == []


def test_every_layout_names_only_known_facts() -> None:
    for path in sorted((ROOT / "templates/00-national/layouts").glob("*.html")):
        assert unknown_placeholders(f"layouts/{path.name}", templates(), facts("transfer-slip")) == []


def test_a_template_nested_beyond_measure_is_refused_in_words() -> None:
    deep = "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}"
    with pytest.raises(PrintError, match="嵌套过深"):
        unknown_placeholders("x.html", {"x.html": deep}, {})
