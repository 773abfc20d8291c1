"""Bounds of dates: not after today, not before what came first, in forms, rows and tasks."""

import copy
from typing import Any

import pytest

from rules.answers import AT, clue
from rules.household import COLUMNS, COUNTY, FAMILY, files_with
from xunfang.errors import RulebookError
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import sentences
from xunfang.rules.intake import decide
from xunfang.rules.sample import sample_answers


def family(**columns: Any) -> dict[str, Any]:
    changed = copy.deepcopy(FAMILY)
    changed["items"]["properties"] = {**COLUMNS, **columns}
    return changed


def born(**bounds: str) -> dict[str, Any]:
    return {"title": "出生日期", "type": "string", "format": "date", **bounds}


@pytest.fixture(scope="module")
def bounded() -> Rulebook:
    columns = family(
        born_on=born(**{"x-not-after": "today", "x-not-before": "1900-01-01"}),
        wed_on={**born(**{"x-not-before": "born_on", "x-not-after": "found_at"}), "title": "结婚日期"},
        asked_at={"title": "询问时间", "type": "string", "format": "date-time", "x-not-before": "found_at"},
    )
    return compile_rulebook(files_with(columns), COUNTY)


ROW = {"name": "吴秀英", "relation": "spouse"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"born_on": "2026-03-10"}, {}),
        ({"born_on": "2026-03-11"}, {"born_on": "“出生日期”不能晚于今天，请核对。"}),
        ({"born_on": "1899-12-31"}, {"born_on": "“出生日期”的年份有误。"}),
        ({"born_on": "1950-01-02", "wed_on": "1950-01-02"}, {}),
        (
            {"born_on": "1950-01-02", "wed_on": "1950-01-01"},
            {"wed_on": "“结婚日期”不能早于“出生日期”（1950-01-02），请核对。"},
        ),
        ({"wed_on": "2026-03-10"}, {}),
        ({"wed_on": "2026-03-11"}, {"wed_on": "“结婚日期”不能晚于“发现时间”（2026-03-10），请核对。"}),
        ({"asked_at": "2026-03-10T08:30"}, {}),
        ({"asked_at": "2026-03-10T08:29"}, {"asked_at": "“询问时间”不能早于“发现时间”（2026-03-10），请核对。"}),
        ({"asked_at": "2026-03-10T00:31+00:00"}, {}),
    ],
)
def test_a_date_lies_within_its_bounds(bounded: Rulebook, row: dict[str, str], said: dict[str, str]) -> None:
    decision = decide(bounded, "clue-report", clue(family=[{**ROW, **row}]), AT)
    told = {problem.field: problem.message for problem in decision.problems}
    assert told == {f"family.0.{name}": f"第1人：{text}" for name, text in said.items()}


def test_a_sample_keeps_them_and_the_sentences_tell_them(bounded: Rulebook) -> None:
    assert sample_answers(bounded, bounded.forms["clue-report"])
    told = next(line.text for part in sentences(bounded) for line in part.lines if "结婚日期" in line.text)
    assert "“出生日期”不早于 1900-01-01 、不晚于今天" in told
    assert "“结婚日期”不早于“出生日期”、不晚于“发现时间”" in told


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (born(**{"x-not-after": "tody"}), "“tody”不是日期或时间字段，不能作“出生日期”的界限"),
        (born(**{"x-not-after": "born_on"}), "“born_on”不是日期或时间字段"),
        (born(**{"x-not-after": "2026-02-30"}), "没有“2026-02-30”这一天"),
        (born(**{"x-not-after": "今天"}), "应为 today、2020-01-01 这样的日期，或者字段名"),
        ({"title": "年龄", "type": "integer", "x-not-after": "today"}, "x-not-after 只用于日期和时间"),
    ],
)
def test_a_bound_that_means_nothing_is_named(column: dict[str, Any], said: str) -> None:
    with pytest.raises(RulebookError) as refused:
        compile_rulebook(files_with(family(born_on=column)), COUNTY)
    assert said in str(refused.value)
