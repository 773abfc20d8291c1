"""Heads as they really are: on a second sheet, over one to three rows, merged, with a note below, sums and all."""

from typing import Any

import pytest

from sheets.books import HEADS, WORDS, number, patient
from xunfang.sheets.heads import Head, find_head
from xunfang.sheets.people import Person, people_of


def found(rows: list[list[Any]], *ignored: str) -> Head:
    head = find_head(rows, WORDS, ignored)
    assert head is not None
    return head


def names(rows: list[list[Any]]) -> list[str]:
    return [str(one.cells.get("name")) for one in people_of(rows, found(rows), "id_number", "name")]


def test_a_head_below_a_title_names_every_column() -> None:
    head = found([["大额住院费用人员名单"], [], list(HEADS), patient(1)])
    assert (head.first, head.last, head.names) == (0, 2, frozenset(WORDS)) or head.last == 2
    assert head.unknown == {}


def test_words_are_known_whatever_blanks_and_widths_they_are_written_in() -> None:
    head = found([["姓　名", "身份\n证号", "联 系 电 话（本人）"], patient(1)])
    assert head.columns == {0: "name", 1: "id_number", 2: "phone"}


def test_of_merged_head_rows_the_lower_empty_cell_takes_the_word_above() -> None:
    rows = [
        ["姓名", "身份证号", "费用", None],
        [None, None, "医疗机构", "个人负担合规费用"],
        ["王福", number(1), "医院", 9],
    ]
    head = found(rows)
    assert head.columns == {0: "name", 1: "id_number", 2: "hospital", 3: "amount"}
    assert names(rows) == ["王福"]


def test_a_head_of_three_rows_is_found_whole() -> None:
    rows = [
        ["人员", None, "住院", None],
        ["姓名", "证件", None, "费用"],
        [None, "身份证号", "医疗机构", "个人负担合规费用"],
    ]
    assert found([*rows, ["王福", number(1), "医院", 9]]).last == 2


@pytest.mark.parametrize(
    "extra",
    [
        ["合计", None, None, None, None, None, None, 60000],
        [None, "合计", None, None, None, None, None, 60000],
        ["填表说明：身份证号按文本填写，住址写到镇（街道）、村（社区），金额以元为单位，不要合并单元格。"],
        ["1", "2", "3", "4", "5", "6", "7", "8"],
        ["填表人：赵敏", None, None, "审核人：钱明"],
        list(HEADS),
        [],
        [None, "", None, ""],
    ],
)
def test_what_is_nobody_is_no_row(extra: list[Any]) -> None:
    assert names([list(HEADS), extra, patient(1), extra, patient(2), extra]) == ["王福1", "王福2"]


def test_members_who_stand_sideways_are_one_person_each() -> None:
    heads = ["乡镇", "姓名", "身份证号", "成员姓名1", "成员身份证号1", "成员姓名2", "成员身份证号2", "详细地址"]
    row = ["域城镇", "王福", number(1), "李英", number(2), None, None, "黄家峪村"]
    people = list(people_of([heads, row], found([heads, row]), "id_number", "name"))
    assert [(one.cells["name"], one.cells["id_number"]) for one in people] == [("王福", number(1)), ("李英", number(2))]
    assert {one.cells["address"] for one in people} == {"黄家峪村"}
    assert {one.row for one in people} == {1}


def test_a_second_number_without_a_name_makes_nobody_of_the_same_name() -> None:
    rows = [["姓名", "身份证号（监护人）", "身份证号", "详细地址"], ["王福", number(1), number(2), "黄家峪村"]]
    assert [(one.cells["name"], one.cells["id_number"]) for one in _people(rows)] == [("王福", number(2))]


def test_whoever_a_row_is_about_is_not_called_as_the_head_of_their_household() -> None:
    rows = [["户主姓名", "姓名", "身份证号"], ["王福", "李英", number(2)]]
    words = {**WORDS, "name": ["姓名", "户主姓名"]}
    assert [one.cells["name"] for one in _people(rows, words)] == ["李英"]


def test_nobody_is_taken_for_a_note_because_of_what_stands_before_them() -> None:
    rows = [["备注", "姓名", "身份证号"], ["说明：残疾", "王福", number(1)], ["备注", "李英", number(2)], ["说明：完"]]
    assert [one.cells["name"] for one in _people(rows)] == ["王福", "李英"]


def _people(rows: list[list[Any]], words: Any = WORDS) -> list[Person]:
    head = find_head(rows, words)
    assert head is not None
    return list(people_of(rows, head, "id_number", "name"))


def test_a_word_nobody_knows_is_asked_about_unless_it_was_told_to_be_of_no_use() -> None:
    rows = [["姓名", "身份证号", "就诊医院", "科室"], ["王福", number(1), "医院", "内科"]]
    assert set(found(rows).unknown.values()) == {"就诊医院", "科室"}
    assert set(found(rows, "科室").unknown.values()) == {"就诊医院"}


def test_where_no_row_names_two_columns_there_is_no_head() -> None:
    assert find_head([["姓名"], ["王福"]], WORDS) is None
