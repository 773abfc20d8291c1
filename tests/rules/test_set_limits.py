"""Limits set for one case by whoever sends it: by a number or a day, bounded, explained, counted anew as they were."""

from dataclasses import replace
from typing import Any

import pytest

from rules.conftest import ROOT
from xunfang.clock import local, parse
from xunfang.errors import RulebookError
from xunfang.rulebook.basis import Basis
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Extension, Rulebook, SetBy
from xunfang.rules.clocks import due_of, recounted, resumed
from xunfang.rules.deadlines import plan_deadline
from xunfang.rules.describe import sentence_of
from xunfang.rules.explain import due_data, due_sentence
from xunfang.rules.extensions import extension_of
from xunfang.worktime import parse_limit

CLAUSE = "BS-二(二)3-5"
START = "2026-03-10T10:00"


def rules(rulebook: Rulebook, at_most: str = "10 workdays") -> Rulebook:
    setting = SetBy("visited_on", parse_limit(at_most), Basis((CLAUSE,)))
    feedback = replace(rulebook.deadlines["feedback"], set_by=setting)
    return replace(rulebook, deadlines={**rulebook.deadlines, "feedback": feedback})


def told(book: Rulebook, answer: Any, start: str = START) -> dict[str, Any]:
    facts = {} if answer is None else {"visited_on": answer}
    return due_data(plan_deadline(book, book.deadlines["feedback"], facts, parse(start)))


def due(clock: dict[str, Any]) -> str:
    return f"{local(due_of(clock)):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("answer", "ends"),
    [
        (2, "03-12 17:30"),
        (8.0, "03-20 17:30"),
        ("2026-03-12", "03-12 23:59"),
        ("2026-03-10", "03-10 23:59"),
        # more than is allowed
        (11, "03-24 17:30"),
        (10**9, "03-24 17:30"),
        ("2026-03-25", "03-24 17:30"),
        ("2028-01-01", "03-24 17:30"),
        # nothing that could be meant: five workdays, as everybody has
        (None, "03-17 17:30"),
        (0, "03-17 17:30"),
        (-3, "03-17 17:30"),
        (2.5, "03-17 17:30"),
        (True, "03-17 17:30"),
        ("2026-03-09", "03-17 17:30"),
        ("尽快", "03-17 17:30"),
    ],
)
def test_what_was_asked_for_holds_within_bounds(rulebook: Rulebook, answer: Any, ends: str) -> None:
    assert due(told(rules(rulebook), answer)) == ends


def test_a_number_counts_what_the_bound_counts(rulebook: Rulebook) -> None:
    assert due(told(rules(rulebook, "48 hours"), 6)) == "03-10 16:00"
    assert due(told(rules(rulebook, "30 days"), 6)) == "03-16 23:59"


def test_the_explanation_says_who_set_it_and_how_far_that_may_go(rulebook: Rulebook) -> None:
    title = next(form.fields["visited_on"].title for form in rulebook.forms.values() if "visited_on" in form.fields)
    by_day, too_long = told(rules(rulebook), "2026-03-12"), told(rules(rulebook), 15)
    assert due_sentence(by_day) == f"期限3月12日前，至3月12日（周四）；由“{title}”所填确定，最长10个工作日。"
    assert f"“{title}”所填为15个工作日，最长10个工作日，按10个工作日计" in due_sentence(too_long)
    assert "set" not in told(rules(rulebook), None)
    book = rules(rulebook)
    assert CLAUSE in plan_deadline(book, book.deadlines["feedback"], {"visited_on": 2}, parse(START)).cites


def test_it_is_stopped_and_counted_anew_as_it_was_set(rulebook: Rulebook) -> None:
    book = rules(rulebook)
    clock = told(book, 4)
    assert due(clock) == "03-16 17:30"
    later = resumed(book, clock, parse("2026-03-11T10:00"), parse("2026-03-13T10:00"))
    again = recounted(book, later, parse(START), parse("2026-03-13T11:00"))
    assert again is not None
    assert due(again) == due(later) == "03-18 17:30"


def test_it_is_extended_as_the_deadline_says(rulebook: Rulebook) -> None:
    book = rules(rulebook)
    extend = Extension("leader", parse_limit("15 workdays"), Basis((CLAUSE,)))
    feedback = book.deadlines["feedback"]
    limits = tuple(replace(each, extend=extend) for each in feedback.limits)
    book = replace(book, deadlines={**book.deadlines, "feedback": replace(feedback, limits=limits)})
    assert extension_of(book, told(book, 4)) == extend


def test_show_says_so(rulebook: Rulebook) -> None:
    line = sentence_of(rules(rulebook), "feedback")
    assert line is not None
    assert "的以所填为准，最长10个工作日" in line.text


def test_a_lower_layer_may_not_allow_more_without_a_clause() -> None:
    files = read_files(ROOT)
    national = "workflows/00-national/deadlines.toml"
    own = "workflows/370304-boshan/deadlines.toml"
    key = '[subsistence-survey]\nset_by = { answer = "visited_on", at_most = "20 workdays" }\n'
    assert "[subsistence-survey]" in files[national]
    with pytest.raises(RulebookError, match="本级允许把期限逐件定到“20 workdays”，上级是“5 workdays”"):
        compile_rulebook({**files, own: files[own] + "\n" + key}, "370304-boshan")
    cited = key.replace(" }", ', cites = ["BS-二(二)3-7"] }')
    compile_rulebook({**files, own: files[own] + "\n" + cited}, "370304-boshan")
