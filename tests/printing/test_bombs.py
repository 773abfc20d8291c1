"""Templates that would eat the machine: each ends in a sentence within its time, and the next paper is printed."""
# ruff: noqa: E501 - a bomb is read best on one line

import re
import resource
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from printing.orders import order, small
from xunfang.printing import Press, PrintError, press

CPU, START = 2, 15.0
"""Seconds of processor time: what one paper may cost here, and less than what its child may have cost before it."""
ROWS = list(range(400))
HEAVY = {
    # repetition and padding
    "times-text": "{{ 'a' * 10 ** 9 }}",
    "times-number": "{{ 999999999999 * 999999999999 * 999999999999 * 'a' }}",
    "times-list": "{{ [0] * 10 ** 9 }}",
    "text-times-left": "{{ 10 ** 9 * 'a' }}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "power-of-power": "{{ 2 ** (2 ** (2 ** 40)) }}",
    "power-negative": "{{ (-9) ** 9999999 }}",
    "percent-width": "{{ '%0999999999d' % 1 }}",
    "percent-star": "{{ '%*d' % (999999999, 1) }}",
    "percent-precision": "{{ '%.999999999f' % 1.0 }}",
    "format-filter": "{{ '%0999999999d' | format(1) }}",
    "format-method": "{{ '{:>999999999}'.format('a') }}",
    "format-nested": "{{ '{0:{1}}'.format('a', 999999999) }}",
    "center": "{{ 'a' | center(2000000000) }}",
    "center-method": "{{ 'a'.center(2000000000) }}",
    "ljust": "{{ 'a'.ljust(2000000000) }}",
    "zfill": "{{ '1'.zfill(2000000000) }}",
    "indent": "{{ 'a' | indent(2000000000, true) }}",
    "wordwrap": "{{ n | string | wordwrap(1) }}",
    "replace-filter": "{{ ('a' ~ n) | replace('', n) }}",
    "join-method": "{{ ('a' ~ n).join(n) }}",
    "batch": "{{ n | batch(999999999, 'x') | list }}",
    "slice": "{{ n | slice(999999999) | list }}",
    "expandtabs": "{{ '\t'.expandtabs(2000000000) }}",
    "round": "{{ 1.5 | round(999999999) }}",
    "int-base": "{{ '1' | int(0, 999999999) }}",
    "divide-by-nothing": "{{ 1 / 0 }}",
    "modulo-by-nothing": "{{ 1 % 0 }}",
    # ranges and loops
    "range": "{% for a in range(999999999) %}{% endfor %}",
    "range-list": "{{ range(99999999) | list }}",
    "range-of-ranges": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "loops": "{% for a in n %}" * 6 + "{% endfor %}" * 6,
    "loops-that-print": "{% for a in n %}" * 4 + "甲" + "{% endfor %}" * 4,
    "loops-that-grow": "{% for a in n %}{% for b in n %}{{ n ~ n ~ n ~ n }}{% endfor %}{% endfor %}",
    "recursive-loop": "{% for a in n recursive %}{{ loop(n) }}{% endfor %}",
    "loop-of-text": "{% set a = 'aaaaaaaaaaaaaaaa' %}" + "{% set a = a ~ a %}" * 24 + "{% for c in a %}{% for d in a %}{% endfor %}{% endfor %}",
    "doubling": "{% set a = 'aaaaaaaa' %}" + "{% set a = a ~ a %}" * 45 + "{{ a }}",
    "doubling-list": "{% set a = [1] %}" + "{% set a = [a, a] %}" * 30 + "{{ a }}",
    "doubling-dict": "{% set a = {'x': 1} %}" + "{% set a = {'x': a, 'y': a} %}" * 30 + "{{ a.x ~ '' }}",
    # calls
    "macro-in-itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "macros-in-turn": "{% macro a() %}{{ b() }}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
    "macro-that-branches": "{% macro m(x) %}{% if x > 0 %}{{ m(x - 1) }}{{ m(x - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    "caller": "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{% call m() %}甲{% endcall %}{% endcall %}" * 3_000,
    "block-in-itself": "{% block a %}{{ self.a() }}{% endblock %}",
    "super-of-nothing": "{% block a %}{{ super() }}{% endblock %}",
    "extends-itself": "{% extends 'x.html' %}",
    "includes-itself": "{% include 'x.html' %}",
    "imports-itself": "{% import 'x.html' as x %}",
    "from-itself": "{% from 'x.html' import m %}",
    # ways out
    "lipsum": "{{ lipsum(99999) }}",
    "lipsum-globals": "{{ lipsum.__globals__['os'].system('true') }}",
    "cycler": "{{ cycler.__init__.__globals__ }}",
    "joiner": "{{ joiner('a' * 999999999) }}",
    "namespace": "{% set ns = namespace(a='a') %}{% for x in n %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}",
    "attr": "{{ 'a' | attr('__class__') }}",
    "map-attribute": "{{ n | map(attribute='__class__') | list }}",
    "selectattr": "{{ n | selectattr('__class__') | list }}",
    "subclasses": "{{ ''.__class__.__base__.__subclasses__() }}",
    "dict": "{{ dict(a=n) }}",
    "do": "{% do n.append(1) %}",
    "debug": "{% debug %}",
    "xmlattr": "{{ {'a b': 1} | xmlattr }}",
    "pprint": "{{ n | pprint }}",
    "tojson": "{{ n | tojson }}",
    "safe": "{{ '<h1>' | safe }}",
    "autoescape": "{% autoescape false %}{{ '<h1>' }}{% endautoescape %}",
    # parsing
    "deep-brackets": "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
    "deep-ifs": "{% if n %}" * 2_000 + "{% endif %}" * 2_000,
    "long-sum": "{{ 1" + " + 1" * 20_000 + " }}",
    "long-joining": "{{ 'a'" + " ~ 'a'" * 20_000 + " }}",
    # what the layout would choke on
    "nested-divs": "<div>" * 500 + "甲" + "</div>" * 500,
    "colspan": "<table><tr><td colspan='10000000'>甲</td></tr></table>",
    "colspan-in-digits-of-others": "<table><tr><td colspan='٩'>甲</td></tr></table>",
    "rowspan": "<table><tr><td rowspan='65534'>甲</td></tr></table>",
    "flex": "<style>div{display:flex}</style>" + "<div>" * 12 + "甲" + "</div>" * 12,
    "grid": "<style>div{display:inline-GRID}</style>" + "<div>" * 12 + "甲" + "</div>" * 12,
    "columns": "<style>div{columns:9999}</style><div>甲</div>",
    "svg": "<svg><defs><g id='a'><use href='#a'/></g></defs></svg>",
    "many-elements": "<br>" * 6_000,
    "many-pages": "<style>p{break-before:page}</style>" + "<p>甲</p>" * 4_000,
    "tall-page": "<style>p{height:99999999px}</style><p>甲</p>",
    "large-letters": "<style>p{font-size:9999999pt}</style><p>甲乙丙</p>",
    "nested-tables": "<table><tr><td>" * 12 + "甲" + "</td></tr></table>" * 12,
    "long-tables": "<table>" + "<tr>" + "<td>甲</td>" * 20 + "</tr>" * 1 + "</table>" + "{% for a in n %}{% for b in n %}<p>甲</p>{% endfor %}{% endfor %}",
    "entity": "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><p>&a;</p>",
    "broken-picture": "<img src='data:image/png;base64,AAAA'>",
    "missing-picture": "<img src='seal.png'>",
}  # fmt: skip
HARMLESS = {
    "many-pages", "nested-tables", "large-letters", "caller", "super-of-nothing", "entity", "round", "int-base", "long-joining",
    "tall-page",
}  # fmt: skip
"""May also end in a small paper: what counts is that they end."""
CODES = {
    "TOO_HEAVY", "TEMPLATE_BROKEN", "TEMPLATE_MISSING", "PLACEHOLDER_MISSING", "TOO_LARGE", "TOO_LONG", "PRINT_FAILED",
    "GLYPH_MISSING", "PICTURE_BROKEN", "FACT_INVALID",
}  # fmt: skip


@pytest.fixture(scope="module")
def guarded() -> Iterator[Press]:
    thrifty = Press(replace(press.USUAL, cpu=CPU, wall=600.0))  # by processor time: a busy machine changes nothing
    thrifty.print_paper(small("<p>甲</p>"))
    yield thrifty
    thrifty.close()


def spent_by_children() -> float:
    """Return the seconds of processor time that children of this process, now ended, have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _end(guarded: Press, body: str, facts: dict[str, Any]) -> str:
    try:
        return f"{guarded.print_paper(small(body, facts)).pages} pages"
    except PrintError as error:
        return error.code if re.search("[一-鿿]", error.message) else f"not in Chinese: {error.message}"


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_template_ends_in_words_and_the_next_paper_is_printed(guarded: Press, name: str) -> None:
    guarded.warm_up(small("").font_dir, {})
    used = spent_by_children()
    end = _end(guarded, HEAVY[name], {"n": ROWS})
    assert end in CODES or (name in HARMLESS and end.endswith("pages")), end
    assert spent_by_children() - used < CPU + START


def test_after_all_of_them_a_paper_is_printed(press: Press) -> None:
    assert press.print_paper(order("closing-notice")).pages == 2
