"""Answers that do not go together: told at their field, refused, or taken once somebody says that they are so."""

import json
from datetime import date
from functools import cache
from typing import Any

import pytest

from rules.answers import AT, clue
from rules.household import COUNTY, FORM, ROOT
from xunfang.errors import RulebookError
from xunfang.identity import make_id
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import sentences
from xunfang.rules.intake import Decision, decide

HERS, HIS = make_id("370304", date(1968, 5, 12), 24), make_id("370304", date(1968, 5, 12), 25)


def files_with(*contradictions: dict[str, Any]) -> dict[str, str]:
    files = dict(read_files(ROOT))
    form = json.loads(files[FORM])
    form["x-contradictions"] += contradictions
    return {**files, FORM: json.dumps(form, ensure_ascii=False, indent=1)}


ALONE = {
    "id": "alone",
    "when": {"household_size": 1, "members": {"known": True}},
    "says": "家庭人口是1人，却写了其他家庭成员。",
    "at": "members",
}


@cache
def rules() -> Rulebook:
    return compile_rulebook(files_with(ALONE), COUNTY)


def told(confirmed: tuple[str, ...] = (), **answers: Any) -> Decision:
    return decide(rules(), "clue-report", clue(**answers), AT, confirmed=confirmed)


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({"sex": "female", "id_number": HERS}, []),
        ({"sex": "male", "id_number": HERS}, ["sex"]),
        ({"sex": "female", "id_number": HIS}, ["sex"]),
        ({"sex": "male", "id_number": None}, []),
        ({"sex": "male", "document": "any-passport", "id_number": "E12345678"}, []),
        ({"household_size": 1, "members": "老伴周大山"}, ["members"]),
        ({"household_size": 2, "members": "老伴周大山"}, []),
    ],
)
def test_what_does_not_go_together_is_told_at_its_field(answers: dict[str, Any], fields: list[str]) -> None:
    assert [problem.field for problem in told(**answers).problems] == fields


def test_what_is_only_asked_about_is_taken_once_confirmed_and_recorded() -> None:
    (problem,) = told(sex="male", id_number=HERS).problems
    assert (problem.asks, problem.code) == ("sex-and-number", "CONTRADICTION")
    sure = told(("sex-and-number", "alone"), sex="male", id_number=HERS)
    assert (sure.problems, sure.confirmed) == ((), ("sex-and-number",))
    assert told(("sex-and-number",), sex="female", id_number=HERS).confirmed == ()


def test_what_is_refused_cannot_be_confirmed_away() -> None:
    (problem,) = told(("alone",), household_size=1, members="老伴周大山").problems
    assert (problem.field, problem.asks) == ("members", "")


def test_the_sentences_tell_them() -> None:
    lines = [line.text for part in sentences(rules()) for line in part.lines]
    (form,) = [text for text in lines if "家庭人口是1人，却写了" in text]
    assert "时，不能提交（家庭人口是1人，却写了其他家庭成员）" in form
    assert "时，提醒核对，本人确认后仍可提交（所选性别与身份证号不符，请核对性别和号码）" in form


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"at": "member"}, "本表没有“member”这一项，矛盾无处提示"),
        ({"id": "sex-and-number"}, "矛盾“sex-and-number”写了两次"),
        ({"when": {"household_sise": 1}}, "条件中的“household_sise”不是"),
        ({"when": {"task": {"outcome": "ineligibel"}}}, "填这张表的环节没有办理结果“ineligibel”"),
    ],
)
def test_a_mistake_is_named(change: dict[str, Any], said: str) -> None:
    with pytest.raises(RulebookError) as refused:
        compile_rulebook(files_with({**ALONE, **change}), COUNTY)
    assert said in str(refused.value)
