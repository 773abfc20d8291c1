"""How far a limit may be extended: the whole is counted from the beginning, and what was given already counts."""

from dataclasses import replace
from typing import Any

import pytest

from xunfang.clock import local, parse
from xunfang.rulebook.basis import NO_BASIS
from xunfang.rulebook.conditions import ALWAYS
from xunfang.rulebook.model import Extension, LimitCase, Rulebook
from xunfang.rulebook.softness import fixed
from xunfang.rules.clocks import due_of, extended, resumed
from xunfang.rules.deadlines import plan_deadline
from xunfang.rules.describe import sentence_of
from xunfang.rules.explain import due_data
from xunfang.rules.extensions import extension_of, workdays_left
from xunfang.worktime import parse_limit

START = parse("2026-09-16T10:00")  # a Wednesday; Sunday 20 September and Saturday 10 October are worked


def told_by(rulebook: Rulebook, limit: str, to: str) -> tuple[Rulebook, dict[str, Any], Extension]:
    rule = Extension("leader", parse_limit(to), NO_BASIS)
    deadline = replace(rulebook.deadlines["feedback"], limits=(LimitCase(ALWAYS, fixed(limit), NO_BASIS, rule),))
    rules = replace(rulebook, deadlines={**rulebook.deadlines, "feedback": deadline})
    told = due_data(plan_deadline(rules, deadline, {}, START))
    found = extension_of(rules, told)
    assert found == rule
    return rules, told, found


@pytest.mark.parametrize(
    ("limit", "to", "left"),
    [
        ("25 workdays", "40 workdays", 15),
        ("30 workdays", "45 workdays", 15),
        # 5 days: Mon 21 September; 15 days: Thu 1 October, off, so the 8th. Workdays between: 22–24, 28–30, 8.
        ("5 days", "15 days", 7),
        # Until Thu 17 September 10:00, and until Sat 19 September 10:00: Friday is the only workday in between.
        ("24 hours", "72 hours", 1),
        ("5 workdays", "5 workdays", 0),
    ],
)
def test_the_whole_goes_as_far_as_the_rule_says(rulebook: Rulebook, limit: str, to: str, left: int) -> None:
    rules, told, rule = told_by(rulebook, limit, to)
    assert workdays_left(rules, told, START, rule) == left


def test_what_was_given_already_counts_and_pauses_do_not(rulebook: Rulebook) -> None:
    rules, told, rule = told_by(rulebook, "5 workdays", "10 workdays")  # to Tue 22 September; at most to Wed 30
    assert workdays_left(rules, told, START, rule) == 5
    longer = extended(rules, told, 2, parse("2026-09-18T10:00"), "王主任", ("EX-1",))
    assert workdays_left(rules, longer, START, rule) == 3
    assert longer["extended"][0]["cites"] == ["EX-1"]
    stopped = resumed(rules, longer, parse("2026-09-18T10:00"), parse("2026-09-23T10:00"))
    assert workdays_left(rules, stopped, START, rule) == 3
    last = extended(rules, stopped, 3, parse("2026-09-24T10:00"), "王主任")
    assert workdays_left(rules, last, START, rule) == 0
    assert local(due_of(last)).date().isoformat() == "2026-10-12"  # three days of the pause on top: 8, 9, 10, then 12


def test_a_clock_whose_limit_the_rules_do_not_know_has_no_rule(rulebook: Rulebook) -> None:
    rules, told, _ = told_by(rulebook, "5 workdays", "10 workdays")
    assert extension_of(rules, {**told, "limit": "7个工作日"}) is None
    assert extension_of(rules, None) is None


def test_the_sentence_says_who_and_how_far(rulebook: Rulebook) -> None:
    rules, _, _ = told_by(rulebook, "25 workdays", "40 workdays")
    told = sentence_of(rules, "feedback")
    assert told is not None
    assert f"限25个工作日内，经{rules.roles['leader'].label}批准可延长至40个工作日" in told.text
