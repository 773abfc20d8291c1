"""The whole texts of policies: where clauses stand in them, and texts of no document."""

from pathlib import Path

import pytest

from xunfang.errors import RulebookError
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.policy_texts import clause_words, laid_out, proposed_id, stands_in, text_path

ROOT = Path(__file__).parents[2]
BOSHAN = "370304-boshan"
TEXT = """
# 工作方案

**1. 摸排。**全面落实走访制度，当日上报，汇总。

乡镇每月汇总。对象包括困难

群众等。
"""


def test_clauses_stand_where_their_words_do() -> None:
    laid = laid_out(
        TEXT, {"a": "全面落实走访制度，当日上报", "b": "当日上报", "d": "对象包括困难群众", "c": "另一句话"}
    )
    assert [passage.words for passage in laid.passages] == [
        "工作方案", "1. 摸排。全面落实走访制度，当日上报，汇总。", "乡镇每月汇总。对象包括困难", "群众等。",
    ]  # fmt: skip
    assert [passage.heading for passage in laid.passages] == [True, False, False, False]
    assert laid.order == ("a", "b", "d")
    assert laid.missing == ("c",)
    first, within = laid.passages[1].segments[1:3]
    assert (first.words, first.clauses, first.begins) == ("全面落实走访制度，", ("a",), ("a",))
    assert (within.words, within.clauses, within.begins) == ("当日上报", ("a", "b"), ("b",))
    assert [segment.clauses for segment in laid.passages[3].segments] == [("d",), ()], "a page ended within it"


def test_words_that_stand_there_twice_are_those_behind_the_clause_before() -> None:
    laid = laid_out(TEXT, {"a": "当日上报", "b": "汇总"})
    assert [passage.begins for passage in laid.passages] == [(), ("a", "b"), (), ()]
    assert laid_out(TEXT, {"a": "乡镇每月", "b": "汇总"}).passages[2].begins == ("a", "b")


@pytest.mark.parametrize(
    ("before", "taken", "id"),
    [
        ("BS-二(二)1-6", ("BS-二(二)1-6", "BS-二(二)1-7"), "BS-二(二)1-8"),
        ("", ("BS-1",), "BS-2"),
        ("", (), "BS-1"),
        ("BS-二(二)2-¶2a", (), "BS-二(二)2-¶2a-2"),
    ],
)
def test_a_new_clause_is_numbered_on(before: str, taken: tuple[str, ...], id: str) -> None:
    assert proposed_id("BS", before, taken) == id


def test_a_text_is_no_rule_and_one_of_no_document_is_said() -> None:
    files = read_files(ROOT)
    path = text_path(BOSHAN, "BS")
    assert all(stands_in(words, files[path]) for id, words in clause_words(files).items() if id.startswith("BS-"))
    with pytest.raises(RulebookError) as refused:
        compile_rulebook({**files, text_path(BOSHAN, "SB"): "原文"}, BOSHAN)
    assert [(each.file, each.code) for each in refused.value.problems] == [(text_path(BOSHAN, "SB"), "FILE_UNKNOWN")]
