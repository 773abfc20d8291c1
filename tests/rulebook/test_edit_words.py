"""What an edit did is told in one sentence."""

from typing import Any

import pytest

from rulebook.test_splicing import FORM, ROUTES, ROW, block
from xunfang.rulebook.blocks import blocks_of
from xunfang.rulebook.edit_words import said
from xunfang.rulebook.splicing import AddBlock, MoveBlock, RemoveBlock, SetBlock

PATH = "workflows/x/routing.toml"


def words(key: tuple[str | int, ...], **data: Any) -> str:
    """Return what is said of a block that says some things more, or, with None, less."""
    found = block(ROUTES, key)
    both = {**found.data, **data}
    return said(
        PATH, ROUTES, SetBlock(key, found.digest, {key: each for key, each in both.items() if each is not None})
    )


def test_values_are_told_by_the_names_of_their_keys() -> None:
    assert words(ROW, lead="village") == "改分派行“medical”：主办单位由“bureau”改为“village”。"
    assert words(ROW, lead=None, prints=["a", "b"]) == "改分派行“medical”：去掉主办单位“bureau”；制作的文书写上“a、b”。"
    when = {"needs": {"any": ["medical", "living"]}}
    told = '改分派行“medical”：适用情形由“needs.any = ["medical"]”改为“needs.any = ["medical", "living"]”。'
    assert words(ROW, when=when) == told
    assert words(("clue",), otherwise={"lead": "village"}) == "改分派表“线索”：主办单位由“township”改为“village”。"
    assert words(ROW) == "分派行“medical”没有改动。"


@pytest.mark.parametrize(
    ("splice", "told"),
    [
        (AddBlock(ROW, {"id": "new"}), "加分派行“new”。"),
        (AddBlock(("alert",), {}), "加分派表“alert”。"),
        (RemoveBlock(ROW, ""), "删分派行“medical”。"),
        (RemoveBlock(("clue",), ""), "删分派表“线索”，连同其中的 2 段。"),
        (MoveBlock(ROW, "", 1), "分派行“medical”从第1位移到第2位。"),
        (MoveBlock(ROW, "", -3), "分派行“medical”没有移动。"),
        (SetBlock((), "", {"remove": ["a"]}), "改文件开头：remove写上“a”。"),
    ],
)
def test_every_kind_of_edit_is_told(splice: Any, told: str) -> None:
    assert said(PATH, ROUTES, splice) == told


def test_fields_of_forms_and_files_of_no_kind_are_told_too() -> None:
    form = "forms/x/a.json"
    assert said(form, FORM, RemoveBlock(("properties", "a"), "")) == "删字段“甲”。"
    assert said(form, FORM, SetBlock(("properties", "a"), "", {"title": "丙", "x-sign": True})) == (
        "改字段“甲”：字段名称由“甲”改为“丙”；写在签名栏写上“是”。"
    )
    assert said(form, FORM, SetBlock((), "", {"title": "表"})) == "改表单“表”：去掉必填的字段“a”。"
    assert said("workflows/x/demo.toml", "[[a]]\nx = 1\n", SetBlock(("a", 0), "", {"x": 2})) == (
        "改内容“第1项”：x由“1”改为“2”。"
    )


ROWS = """{"properties": {"family": {"title": "家人", "items": {"required": ["name"], "properties": {
  "name": {"title": "姓名"}, "income": {"title": "收入", "maximum": 9}}}}}}"""
NAME, INCOME = {"title": "姓名"}, {"title": "收入", "maximum": 9}


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ({"required": ["name", "tel"], "properties": {"name": NAME, "income": INCOME,
          "tel": {"title": "电话"}}}, "增加一列“电话”（必填）"),
        ({"required": [], "properties": {"income": INCOME}}, "删去一列“姓名”"),
        ({"required": ["income"], "properties": {"name": NAME, "income": {"title": "年收入", "maximum": 8}}},
         "“姓名”一列，改为可不填；“收入”一列，名称由“收入”改为“年收入”，不大于由“9”改为“8”，改为必填"),
        ({"required": ["name"], "properties": {"income": INCOME, "name": NAME}},
         "各列的次序改为“收入”、“姓名”"),
    ],
)  # fmt: skip
def test_columns_of_rows_are_told_one_by_one_by_their_titles(items: dict[str, Any], told: str) -> None:
    splice = SetBlock(("properties", "family"), "", {"title": "家人", "items": items})
    assert said("forms/x/a.json", ROWS, splice) == f"改字段“家人”：{told}。"


def test_times_are_told_as_people_say_them() -> None:
    text = '[feedback]\nlabel = "反馈"\nlimit = "soft:promptly"\nremind = ["at due"]\n'
    (found,) = [each for each in blocks_of("workflows/x/deadlines.toml", text) if each.key]
    data = {**found.data, "limit": "4 workdays", "remind": ["1 workday before", "at due"]}
    told = said("workflows/x/deadlines.toml", text, SetBlock(found.key, found.digest, data))
    assert told == "改时限“反馈”：期限由“及时”改为“4个工作日”；催办由“到期当日”改为“到期前1个工作日、到期当日”。"
