"""What a field touches once it has to be filled in: what stands on its form and leaves it open, and nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from actions.town import FILES, JURISDICTION
from xunfang.desk.studio.faces import Drafted, Head
from xunfang.desk.studio.form_touches import touches_of
from xunfang.rulebook.model import Column, Rulebook

FORM, FIELD = "clue-report", "care"
HEAD = Head("x", "试", "draft", "草稿", 1, "", "", moved=False, editable=True, digest="")
DEMO = f"workflows/{JURISDICTION}/demo.toml"
PEOPLE = """
[answers.usual]
name = "甲"

[answers.cared]
name = "乙"
care = true

[[cases]]
form = "clue-report"
base = "usual"

[[cases]]
form = "clue-report"
base = "cared"

[[cases]]
form = "clue-report"
answers = { name = "丙" }

[[cases]]
form = "another"
answers = { name = "丁" }
"""


def touched(rules: Rulebook, demo: str = "") -> dict[str, list[str]]:
    """What a field of the form touches by these rules alone."""
    draft = Drafted(HEAD, JURISDICTION, {**FILES, DEMO: demo}, FILES)
    return {each.label: list(each.names) for each in touches_of(draft, rules, rules.forms[FORM], FIELD)}


@pytest.fixture
def bare(rulebook: Rulebook) -> Rulebook:
    """The rules with nothing in them that stands on the form."""
    return replace(rulebook, scenarios=(), feeds={}, ledgers={}, notices={}, templates={})


def test_nothing_is_told_where_nothing_stands_on_the_form(bare: Rulebook) -> None:
    assert touched(bare) == {}
    assert touched(bare, "[[cases]\n") == {}, "a demonstration that cannot be read is told by the check"


def test_scenarios_that_leave_it_open_are_named_but_not_those_that_expect_to_be_refused(
    bare: Rulebook, rulebook: Rulebook
) -> None:
    steps: dict[str, Any] = {
        "留空的": {"submit": FORM, "answers": {"name": "甲"}},
        "填了的": {"submit": FORM, "answers": {FIELD: True}},
        "要被退回的": {"submit": FORM, "answers": {}, "expect": {"problems": [FIELD]}},
        "别的表单": {"submit": "another", "answers": {}},
    }
    one = rulebook.scenarios[0]
    scenarios = tuple(replace(one, label=label, steps=(step,)) for label, step in steps.items())
    assert touched(replace(bare, scenarios=scenarios)) == {"情景": ["留空的"]}


def test_feeds_that_open_cases_without_it_are_named(bare: Rulebook, rulebook: Rulebook) -> None:
    one = replace(next(iter(rulebook.feeds.values())), columns={}, into={}, sets={}, row_form="")
    feeds = {
        "a": replace(one, label="没有这一列", opens=FORM),
        "b": replace(one, label="有这一列", opens=FORM, columns={FIELD: ("照护",)}),
        "c": replace(one, label="由别的列合成", opens=FORM, into={FIELD: ("note",)}),
        "d": replace(one, label="立别的案", opens="another"),
        "e": replace(one, label="一行就是一张", opens="", row_form=FORM),
    }
    assert touched(replace(bare, feeds=feeds)) == {"部门数据": ["没有这一列", "一行就是一张"]}


def test_ledgers_and_papers_that_show_the_form_but_not_it_are_named(bare: Rulebook, rulebook: Rulebook) -> None:
    ledger, notice = next(iter(rulebook.ledgers.values())), next(iter(rulebook.notices.values()))
    ledgers = {
        label: replace(ledger, label=label, columns=tuple(Column(path, "") for path in columns))
        for label, columns in {
            "没有": ("clue.difficulty",),
            "有": ("clue.difficulty", f"clue.{FIELD}"),
            "不登记": ("person.name", "task.difficulty"),
        }.items()
    }
    texts = {
        "a.html": "{{ case.difficulty }} care",
        "b.html": "{{ case.difficulty }}{% if case.care %}有{% endif %}",
        "c.html": "difficulty",
    }
    notices = {name: replace(notice, label=name, template=name) for name in texts}
    rules = replace(bare, ledgers=ledgers, notices=notices, templates=texts)
    assert touched(rules) == {"台账": ["没有"], "文书": ["a.html"]}


def test_people_of_the_demonstration_who_leave_it_open_are_named(bare: Rulebook) -> None:
    assert touched(bare, PEOPLE) == {"演示": ["甲", "丙"]}
