"""What a column of rows touches: once it has to be filled in, and once it is gone; nothing that does not use it."""

from dataclasses import replace
from typing import Any

import pytest

from actions.town import JURISDICTION
from desk.test_form_touches import DEMO, HEAD
from rules.household import files_with, with_family
from xunfang.desk.studio.column_touches import TouchedRows, touched_by_need, touched_by_removal
from xunfang.desk.studio.faces import Drafted
from xunfang.rulebook.conditions import AllOf, Operator, Test
from xunfang.rulebook.model import Column, Rulebook

FORM = "clue-report"
PEOPLE = """
[[cases]]
form = "clue-report"
answers = { name = "甲", family = [{ name = "乙", relation = "child" }] }

[[cases]]
form = "clue-report"
answers = { name = "丙", family = [{ name = "丁", income = 3 }] }

[[cases]]
form = "clue-report"
answers = { name = "戊" }
"""


@pytest.fixture
def bare() -> Rulebook:
    """The rules with nothing in them that stands on the form."""
    nothing: dict[str, Any] = {key: {} for key in ("feeds", "ledgers", "notices", "templates", "routing", "flows")}
    return replace(with_family(), scenarios=(), **nothing)


def rows(rules: Rulebook, demo: str = "") -> TouchedRows:
    files = files_with()
    form = rules.forms[FORM]
    return TouchedRows(Drafted(HEAD, JURISDICTION, {**files, DEMO: demo}, files), rules, form, form.fields["family"])


def gone(rules: Rulebook, column: str, demo: str = "") -> dict[str, list[str]]:
    return {each.label: list(each.names) for each in touched_by_removal(rows(rules, demo), column)}


def test_columns_of_the_same_row_and_sums_are_named(bare: Rulebook) -> None:
    assert gone(bare, "relation") == {}
    assert gone(bare, "studies") == {"同一行": ["就读学校"], "算式": ["行数（“是否在校”）"]}
    assert gone(bare, "income") == {"算式": ["合计（“月收入（元）”）", "最大的（“月收入（元）”）"]}


def test_scenarios_and_people_by_whether_their_rows_tell_it(bare: Rulebook) -> None:
    steps: dict[str, Any] = {
        "填了的": {"submit": FORM, "answers": {"family": [{"name": "甲", "income": 3}]}},
        "有一行没填": {"submit": FORM, "answers": {"family": [{"name": "甲", "income": 3}, {"name": "乙"}]}},
        "要被退回的": {"submit": FORM, "answers": {"family": [{}]}, "expect": {"problems": ["family.0.income"]}},
        "没有家人": {"submit": FORM, "answers": {"name": "甲"}},
        "别的表单": {"submit": "another", "answers": {"family": [{"income": 3}]}},
    }
    one = with_family().scenarios[0]
    rules = replace(bare, scenarios=tuple(replace(one, label=key, steps=(step,)) for key, step in steps.items()))
    assert gone(rules, "income", PEOPLE)["情景"] == ["填了的", "有一行没填"]
    assert gone(rules, "income", PEOPLE)["演示"] == ["丙"]
    needed = {each.label: list(each.names) for each in touched_by_need(rows(rules, PEOPLE), "income")}
    assert needed == {"情景": ["有一行没填"], "演示": ["甲"]}


def test_rules_papers_and_ledgers_that_use_it_are_named_and_no_others(bare: Rulebook) -> None:
    whole = with_family()
    ledger, notice = next(iter(whole.ledgers.values())), next(iter(whole.notices.values()))
    asks = AllOf((Test("clue.family.relation", Operator.ANY, ("child",)),))
    ledgers = {
        "登记家人": replace(ledger, label="登记家人", columns=(Column("clue.family", ""),), where=AllOf(())),
        "按关系": replace(ledger, label="按关系", columns=(Column("clue.name", ""),), where=asks),
    }
    texts = {
        "a.html": "{% for one in case.family | default([]) %}{{ one.relation }}{% endfor %}",
        "b.html": "{% for one in case.family %}{{ one.name }}{% endfor %}{{ case.relation }}",
        "c.html": "{{ case.relation }}",
    }
    notices = {name: replace(notice, label=name, template=name) for name in texts}
    rules = replace(bare, ledgers=ledgers, notices=notices, templates=texts)
    assert gone(rules, "relation") == {"规则": ["台账：按关系"], "文书": ["a.html"], "台账": ["登记家人"]}
