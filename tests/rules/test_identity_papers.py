"""Identity papers in a form: the kind chosen decides how the number is checked, and whether there is one."""

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from rules.answers import AT, clue
from rules.household import COUNTY, FORM, ROOT, files_with
from xunfang.errors import RulebookError
from xunfang.identity import CHECKS
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.identity_papers import paper_label, paper_words
from xunfang.rules.intake import decide
from xunfang.rules.sample import sample_answers
from xunfang.rules.submission import cleaned


@cache
def rules(layer: str = COUNTY) -> Rulebook:
    return compile_rulebook(read_files(ROOT), layer)


def told(**answers: Any) -> dict[str, str]:
    decision = decide(rules(), "clue-report", clue(**answers), AT)
    return {problem.field: problem.message for problem in decision.problems}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, {}),
        ({"document": "citizen-card"}, {}),
        ({"document": "any-passport", "id_number": "E1234 5678"}, {}),
        ({"document": "any-passport"}, {"id_number": "护照号码应为6至12位字母和数字，如 E12345678，请核对。"}),
        ({"id_number": "E12345678"}, {"id_number": "身份证号应为18位，现为9位，请核对。"}),
        ({"document": "driving"}, {"document": "“证件种类”的选项无效，请重新选择。"}),
        ({"document": "household-book", "id_number": None}, {}),
        ({"document": "no-document", "no_document_reason": "no-registration"}, {}),
        ({"document": "no-document"}, {"no_document_reason": "请选择“没有证件的原因”。"}),
    ],
)
def test_a_number_is_judged_by_the_kind_of_its_paper(answers: dict[str, Any], said: dict[str, str]) -> None:
    assert told(**answers) == said


def test_a_paper_without_a_number_has_none() -> None:
    form = rules().forms["clue-report"]
    assert "id_number" not in cleaned(form, clue(document="no-document"))
    assert cleaned(form, clue(document="any-passport", id_number="e1234 5678"))["id_number"] == "E12345678"


def test_a_number_that_must_be_told_is_not_asked_of_a_paper_without_one() -> None:
    form = rules().forms["subsistence-application"]
    answers = {name: value for name, value in sample_answers(rules(), form).items() if name != "id_number"}
    assert [problem.field for problem in decide(rules(), form.id, answers, AT).problems] == ["id_number"]
    assert decide(rules(), form.id, {**answers, "document": "household-book"}, AT).problems == ()


def test_a_county_that_asks_for_the_plain_number_goes_on() -> None:
    field = rules("141121-wenshui").forms["clue-report"].fields["id_number"]
    assert (field.kind, field.when) == ("resident-id", None)


@pytest.mark.parametrize("check", sorted(CHECKS - {"none"}))
def test_a_sample_is_found_whatever_paper_stands_first(check: str) -> None:
    papers = rules().lists["identity-document"]
    first = {key: entry for key, entry in papers.entries.items() if entry.check == check}
    lists = {**rules().lists, papers.id: replace(papers, entries={**first, **papers.entries})}
    rulebook = replace(rules(), lists=lists)
    assert sample_answers(rulebook, rulebook.forms["clue-report"])["id_number"]


def test_a_number_of_another_paper_bears_its_name() -> None:
    assert paper_label(rules(), "") == paper_label(rules(), "citizen-card") == "身份证号"
    assert paper_label(rules(), "any-passport") == "护照号码"
    assert paper_words(rules(), "any-passport", "E1*******") == "护照E1*******"
    assert paper_words(rules(), "", "370304************") == "370304************"


def with_field(**changes: Any) -> dict[str, str]:
    files = files_with()
    form = json.loads(files[FORM])
    form["properties"]["id_number"] |= changes
    return {**files, FORM: json.dumps(form, ensure_ascii=False, indent=1)}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"x-paper": "sex"}, "证件种类“男”没有写明怎样核对号码"),
        ({"x-paper": "name"}, "“name”不是选证件种类的字段"),
        ({"x-paper": "kind"}, "“kind”不是选证件种类的字段"),
        ({"format": "resident-id"}, "x-paper 只用于证件号码"),
    ],
)
def test_a_mistake_is_named(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(RulebookError) as refused:
        compile_rulebook(with_field(**changes), COUNTY)
    assert said in str(refused.value)


def test_a_check_that_does_not_exist_is_named() -> None:
    files = dict(read_files(ROOT))
    path = f"workflows/{COUNTY}/lists.toml"
    files[path] += '\n[identity-document.driving]\nlabel = "驾驶证"\ncheck = "driving"\n'
    with pytest.raises(RulebookError, match="没有名为“driving”的证件核对方法"):
        compile_rulebook(files, COUNTY)
