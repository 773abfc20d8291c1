"""Columns of rows on the change sheet: each is told by its title in a sentence, nothing of it by its key."""

import copy
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from rules.answers import AT
from rules.household import COUNTY, FAMILY, FORM, files_with, with_family
from xunfang.desk.change_papers import paper_of_sheet
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rules.changes import ChangeLine, ChangeSheet, Edition, sheet
from xunfang.rules.changes.form_statements import field_words


@cache
def now() -> Edition:
    return Edition(with_family(), files_with(), "第1版")


def changed(how: Callable[[dict[str, Any]], None]) -> ChangeSheet:
    """The sheet of rules whose family has other columns."""
    family = copy.deepcopy(FAMILY)
    how(family["items"])
    files = files_with(family)
    return sheet(now(), Edition(compile_rulebook(files, COUNTY), files, "第2版"))


def only(found: ChangeSheet) -> ChangeLine:
    """The line of the field; there is no other but those that follow."""
    (line,) = (line for group in found.groups for line in group.lines)
    assert (line.key, line.how, line.about) == ("forms:clue-report.family", "changed", "《困难线索登记表》")
    return line


def some(items: dict[str, Any]) -> None:
    columns = items["properties"]
    columns["tel"] = {"title": "联系电话", "type": "string", "format": "phone", "x-sensitive": "phone"}
    columns["tel"]["x-when"] = {"relation": "child"}
    columns["income"]["title"] = "月收入"
    del columns["school"]
    items["required"].append("tel")


def test_a_column_that_is_new_gone_or_says_something_else_is_one_sentence() -> None:
    line = only(changed(some))
    assert set(line.parts) == {
        "“家庭成员”增加一列“联系电话”：填电话号码，必填，与本人关系为“子女”时才填，按电话号码加密保存",
        "“家庭成员”的“月收入（元）”一列改为“月收入”：填数字，不小于0，不大于1000000，选填",
        "“家庭成员”删去一列“就读学校”",
    }
    assert [each.told for each in line.spots] == list(line.parts), "no key of a column is told besides"
    assert {each.file for each in line.spots} == {FORM}
    assert "“联系电话”：填电话号码，必填" in line.after


def test_another_order_is_a_sentence_of_the_field_and_no_line_of_its_own() -> None:
    def last(items: dict[str, Any]) -> None:
        items["properties"]["name"] = items["properties"].pop("name")

    line = only(changed(last))
    order = "“与本人关系”、“证件号码”、“是否在校”、“就读学校”、“月收入（元）”、“姓名”"
    assert line.parts == (f"“家庭成员”各列的次序改为{order}",)


def test_the_printed_sheet_names_the_columns() -> None:
    (group,) = paper_of_sheet(changed(some), (), "博山区", "", "", AT)["sheet"]["groups"]
    assert sorted(group["lines"][0]["touched"]) == [
        "“家庭成员”删去一列“就读学校”", "“家庭成员”增加一列“联系电话”", "“家庭成员”的“月收入（元）”一列改为“月收入”"
    ]  # fmt: skip


def test_what_is_not_of_a_column_is_told_as_before() -> None:
    family = {**copy.deepcopy(FAMILY), "x-row": "口", "maxItems": 9}
    files = files_with(family)
    line = only(sheet(now(), Edition(compile_rulebook(files, COUNTY), files, "第2版")))
    assert line.parts == ()
    assert len(line.spots) == 2


def test_what_may_be_several_is_counted_as_people_count_it() -> None:
    rules = with_family()
    form = rules.forms["clue-report"]
    told = {name: field_words(rules, form, form.fields[name]) for name in ("family", "photos")}
    assert re.search(r"最多\d+行，", told["family"])
    assert re.search(r"最多\d+张，", told["photos"])


def test_of_rows_the_columns_say_what_is_sealed_and_not_the_whole() -> None:
    rules = with_family()
    form = rules.forms["clue-report"]
    family = form.fields["family"]
    assert family.sensitive
    whole, _, columns = field_words(rules, form, family).partition("。")
    assert "加密" not in whole
    assert "加密" in columns
