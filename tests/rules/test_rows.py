"""Rows 逐行填写: every row is a small form, judged by its own words; a column can be counted and summed."""

import copy
from typing import Any

import pytest

from rules.answers import AT, clue
from rules.household import COUNTY, FAMILY, files_with, with_family
from xunfang.errors import RulebookError
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.conditions import Operator, Test
from xunfang.rules.conditions import holds
from xunfang.rules.describe import sentences
from xunfang.rules.facts import facts_of
from xunfang.rules.intake import decide
from xunfang.rules.labels import answer_text, label_of
from xunfang.rules.sample import sample_answers
from xunfang.rules.submission import cleaned

SON = {"name": "周小川", "relation": "child", "studies": True, "school": "石马中学", "income": 0}
WIFE = {"name": "吴秀英", "relation": "spouse", "studies": False, "income": 800.5}


def told(family: Any) -> dict[str, str]:
    decision = decide(with_family(), "clue-report", clue(family=family), AT)
    return {problem.field: problem.message for problem in decision.problems}


def test_good_rows_are_accepted_and_a_sample_has_some() -> None:
    assert told([SON, WIFE]) == {}
    assert len(sample_answers(with_family(), with_family().forms["clue-report"])["family"]) == 2


@pytest.mark.parametrize(
    ("family", "field", "message"),
    [
        ([WIFE, {"name": "周小川"}], "family.1.relation", "第2人：请选择“与本人关系”。"),
        ([{**SON, "school": ""}], "family.0.school", "第1人：请填写“就读学校”。"),
        ([WIFE, {**SON, "relation": "\ud800"}], "family.1.relation", "第2人：“与本人关系”的内容无法识别，请重新填写。"),
        ([{**WIFE, "income": -1}], "family.0.income", "第1人：“月收入（元）”不能小于 0。"),
        (
            [{**WIFE, "id_number": "37030419680512024"}],
            "family.0.id_number",
            "第1人：身份证号应为18位，现为17位，请核对。",
        ),
        ([{**WIFE, "hobby": "下棋"}], "family.0.hobby", "第1人：本表没有“hobby”这一项。"),
        ([WIFE] * 4, "family", "“家庭成员”至多填 3 行。"),
        ("老伴", "family", "“家庭成员”填写有误。"),
        (["老伴"], "family", "“家庭成员”填写有误。"),
    ],
)
def test_says(family: Any, field: str, message: str) -> None:
    assert told(family) == {field: message}


def test_empty_rows_and_what_a_row_does_not_show_are_left_out() -> None:
    form = with_family().forms["clue-report"]
    given = [{"name": "", "relation": ""}, {**WIFE, "school": "石马中学"}, {}]
    assert cleaned(form, {"family": given})["family"] == [WIFE]
    assert "family" not in cleaned(form, {"family": [{}]})


def test_columns_are_summed_and_counted_and_unknown_where_a_row_says_nothing() -> None:
    rulebook = with_family()
    form = rulebook.forms["clue-report"]
    _, found = facts_of(rulebook, form, clue(family=[SON, WIFE]), AT)
    assert (found["family_income"], found["pupils"], found["best"]) == (800.5, 1, 800.5)
    silent = {name: value for name, value in WIFE.items() if name != "income"}
    _, found = facts_of(rulebook, form, clue(family=[SON, silent]), AT)
    assert "family_income" not in found
    assert found["pupils"] == 1
    assert "family_income" not in facts_of(rulebook, form, clue(), AT)[1]


def test_a_rule_reads_a_column_as_all_that_stands_in_it() -> None:
    files = files_with()
    path = f"workflows/{COUNTY}/routing.toml"
    row = '[[clue.rows]]\nid = "orphans"\nwhen.family.relation.any = ["child"]\nlead = "education-sports-bureau"\n'
    row += 'cites = ["BS-二(二)3-9"]\n'
    rulebook = compile_rulebook({**files, path: f"{files[path]}\n{row}"}, COUNTY)
    leads = [
        [proposal.lead for proposal in decide(rulebook, "clue-report", clue(family=family), AT).proposals]
        for family in ([WIFE], [WIFE, SON])
    ]
    assert "education-sports-bureau" not in leads[0]
    assert "education-sports-bureau" in leads[1]
    (line,) = [text for text in described(rulebook) if "家庭成员的“与本人关系”" in text]
    assert "子女" in line


def test_a_rule_reads_a_column_of_several_choices_as_all_that_were_chosen_in_any_row() -> None:
    family = broken(needs={"title": "需求", "type": "array", "items": {"x-list": "need"}})
    rulebook = compile_rulebook(files_with(family), COUNTY)
    told = clue(family=[{**WIFE, "needs": ["living"]}, SON, {**SON, "needs": ["medical", "living"]}])
    facts, _ = facts_of(rulebook, rulebook.forms["clue-report"], told, AT)
    assert holds(Test("family.needs", Operator.ANY, ("medical",)), facts)
    assert not holds(Test("family.needs", Operator.ANY, ("housing",)), facts)


def described(rulebook: Any) -> list[str]:
    return [line.text for section in sentences(rulebook) for line in section.lines]


def test_in_words_and_on_paper_each_row_has_every_column() -> None:
    rulebook = with_family()
    field = rulebook.forms["clue-report"].fields["family"]
    assert label_of(rulebook, field, [WIFE])[0] == {
        "name": "吴秀英", "relation": "配偶", "id_number": "", "studies": False, "school": "", "income": 800.5,
    }  # fmt: skip
    assert answer_text(rulebook, field, [SON]).startswith(
        "（姓名：周小川，与本人关系：子女，是否在校：是，就读学校：石马中学"
    )
    asked = next(text for text in described(rulebook) if "逐人填写" in text)
    assert "“家庭成员”逐人填写“姓名”（必填）、“与本人关系”（必填）" in asked
    assert "“是否在校”为是时，须填“就读学校”" in asked


def broken(**changes: Any) -> dict[str, Any]:
    family = copy.deepcopy(FAMILY)
    family["items"]["properties"] |= changes
    return family


@pytest.mark.parametrize(
    ("family", "computed", "said"),
    [
        (None, {"twice": "family.income * 2"}, "算式中的“family.income”有若干行，不是一个数"),
        (None, {"all": "sum(family.incone)"}, "算式中的“family.incone”既不是本表单的字段"),
        (broken(school={"title": "学校", "type": "string"}), {}, "文字字段缺少字数上限"),
        (
            broken(age={"title": "年龄", "type": "integer", "x-when": {"urgency": "emergency"}}),
            {},
            "条件中的“urgency”不是表单",
        ),
        ({**FAMILY, "items": {"x-list": "relation"}}, {}, "x-row 只用于逐行填写的字段"),
    ],
)
def test_a_mistake_in_rows_is_named(family: Any, computed: Any, said: str) -> None:
    with pytest.raises(RulebookError) as refused:
        compile_rulebook(files_with(family, computed), COUNTY)
    assert said in str(refused.value)


def test_a_rule_that_compares_a_column_like_one_value_is_refused() -> None:
    files = files_with()
    path = f"workflows/{COUNTY}/routing.toml"
    row = '[[clue.rows]]\nid = "poor"\nwhen.family.income.below = 100\nlead = "civil-affairs"\npractice = "试"\n'
    with pytest.raises(RulebookError) as refused:
        compile_rulebook({**files, path: f"{files[path]}\n{row}"}, COUNTY)
    assert "“family.income”有若干行，不能用“below”比较" in str(refused.value)
