"""The columns of a field that is answered row by row, by buttons: each command, what it touches, who was first."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Town
from drafts import EDITOR, begun, drafting, files
from flask import Flask
from werkzeug.test import TestResponse

from actions.town import FILES, JURISDICTION
from rules.household import FORM, files_with
from xunfang.casework.change_sets import text_digest
from xunfang.rulebook.blocks import blocks_of
from xunfang.rulebook.model import Rulebook

FAMILY = ("properties", "family")


class Desk:
    """An editor before a draft of the report form, whose family is told row by row."""

    def __init__(self, town: Town) -> None:
        self.town, self.browser = town, town.client("editor")
        self.at = begun(self.browser, "家庭成员的列")
        self.form = f"{self.at}/forms/clue-report"
        written = {"path": FORM, "text": files_with()[FORM], "digest": text_digest(FILES[FORM])}
        assert self.browser.post(f"{self.at}/write", data=written).status_code == 303

    def page(self, path: str = "/field/family") -> str:
        return self.browser.get(f"{self.form}{path}").get_data(as_text=True)

    def digest(self) -> str:
        return next(each.digest for each in blocks_of(FORM, self.text()) if each.key == FAMILY)

    def text(self) -> str:
        return files(self.town, self.at, "editor")[FORM]

    def columns(self) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = json.loads(self.text())["properties"]["family"]["items"]["properties"]
        return found

    def do(self, command: str, **told: object) -> TestResponse:
        posted = {"name": "family", "digest": self.digest(), **told}
        return self.browser.post(f"{self.form}/do/{command}", data=posted)

    def last(self) -> str:
        """What the list of edits says of the last one."""
        return self.browser.get(self.at).get_data(as_text=True).partition("改动经过")[2].partition("<li")[2][:500]


@pytest.fixture
def desk(tmp_path: Path, rulebook: Rulebook, web: Flask) -> Iterator[Desk]:
    with drafting(tmp_path, rulebook, web, EDITOR) as town:
        yield Desk(town)


def test_columns_are_added_changed_moved_and_taken_away_and_told_by_their_names(desk: Desk) -> None:
    page = desk.page()
    for words in ("每人填哪几列", "月收入（元）", "添加一人", 'name="family.0.income"'):
        assert words in page
    added = desk.do("column-add", title="联系电话", kind="phone", column="tel", required="yes", hint="能打通的")
    assert added.headers["Location"].endswith("/field/family?done=edit-draft#c-tel")
    assert "“家庭成员”增加一列“联系电话”（电话，必填）" in desk.last()
    picked = {"title": "就读学校", "column": "school", "shown": "when", "pick": ["relation=child", "studies=true"]}
    assert desk.do("column-set", **picked).status_code == 303
    assert desk.columns()["school"]["x-when"] == {"relation": "child", "studies": True}
    assert "“就读学校”一列，显示的情形由““是否在校”为是”改为“" in desk.last().replace("‘", "“").replace("’", "”")
    assert desk.do("column-move", column="tel", way="up", by="2").status_code == 303
    assert list(desk.columns())[-3:] == ["tel", "school", "income"]
    shown = desk.page()
    assert "电话，必填" in shown
    assert 'name="family.0.tel"' in shown, "the preview has the new column"
    assert 'name="family.0.tel"' in desk.page(""), "and so has that of the form"
    used = shown.partition('id="c-income"')[2].partition("</li>")[0]
    assert "算式3" in used or "算式2" in used
    assert desk.do("column-remove", column="id_number").status_code == 303
    assert "“家庭成员”删去一列“证件号码”" in desk.last()
    sheet = desk.browser.get(f"{desk.at}/sheet/").get_data(as_text=True)
    assert "“家庭成员”" in sheet


def test_a_condition_that_is_not_on_the_page_stays_whatever_else_is_changed(desk: Desk) -> None:
    form = json.loads(desk.text())
    form["properties"]["remarks"]["x-when"] = {"name": "张三"}
    form["properties"]["family"]["items"]["properties"]["income"]["x-when"] = {"name": "张三"}
    written = {"path": FORM, "text": json.dumps(form, ensure_ascii=False, indent=1), "digest": text_digest(desk.text())}
    assert desk.browser.post(f"{desk.at}/write", data=written).status_code == 303
    for path in ("/field/remarks", "/field/family/column/income"):
        assert 'value="keep" checked' in desk.page(path)
    assert desk.do("column-set", column="income", title="收入", hint="税后", shown="keep").status_code == 303
    assert desk.columns()["income"]["x-when"] == {"name": "张三"}


def test_a_form_that_cannot_be_read_is_told_and_what_was_typed_is_kept(desk: Desk) -> None:
    digest = desk.digest()
    typed = {"name": "family", "digest": digest, "title": "联系电话", "kind": "phone", "hint": "能打通的"}
    for text, told in (('{"properties": {', "现在读不出来：第1行"), ('{\n"required": 5}', "“required”要写成")):
        written = {"path": FORM, "text": text, "digest": text_digest(desk.text())}
        assert desk.browser.post(f"{desk.at}/write", data=written).status_code == 303
        page = desk.page("")
        assert "这个文件读不出来" in page
        assert "增加一" not in page, "nothing can be added before it is mended"
        for command in ("add", "set", "column-add", "column-set"):
            refused = desk.browser.post(f"{desk.form}/do/{command}", data=typed)
            assert refused.status_code == 422
            page = refused.get_data(as_text=True)
            for words in (told, 'value="联系电话"', 'value="能打通的"', "<details open><summary>增加一项"):
                assert words in page
        refused = desk.browser.post(f"{desk.form}/do/section", data={"section": "联系方式"})
        assert refused.status_code == 422
        assert 'value="联系方式"' in refused.get_data(as_text=True)
        for command in ("move", "remove"):
            assert desk.browser.post(f"{desk.form}/do/{command}", data=typed).status_code == 422
        assert desk.text() == text
    inherited = f"{desk.at}/forms/rigid-expense-application/do/set"
    assert desk.browser.post(inherited, data={**typed, "name": "members"}).status_code == 409


def test_what_is_refused_comes_back_with_everything_typed(desk: Desk) -> None:
    before = desk.text()
    empty = desk.do("column-add", title="", kind="phone", hint="能打通的", required="yes")
    assert empty.status_code == 422
    page = empty.get_data(as_text=True)
    for words in (
        "请写明这一项叫什么。",
        'value="能打通的"',
        '<option value="phone" selected>',
        "<details open><summary>增加一列",
    ):
        assert words in page
    twice = desk.do("column-set", column="school", title="姓名", hint="全称", shown="keep")
    assert twice.status_code == 422
    page = twice.get_data(as_text=True)
    assert "已经有一列叫“姓名”了" in page
    assert 'value="全称"' in page
    late = desk.do("column-set", column="school", title="学校", most="80", shown="always", digest="0" * 64)
    assert late.status_code == 409
    page = late.get_data(as_text=True)
    for words in (
        "刚被别人改过",
        "现在是：就读学校",
        "现在是：50",
        "现在是：“是否在校”为是时才问",
        'value="学校"',
        f'name="digest" value="{desk.digest()}"',
    ):
        assert words in page
    gone = desk.do("column-set", column="hobby", title="爱好", hint="下棋")
    assert gone.status_code == 409
    assert 'value="爱好"' in gone.get_data(as_text=True), "to be added anew"
    many = desk.do("set", title="家庭成员", section="household", least="9", most_rows="3")
    assert many.status_code == 422
    assert "最少的行数比最多的还多" in many.get_data(as_text=True)
    assert desk.text() == before


def test_what_a_layer_above_writes_is_read_only(desk: Desk) -> None:
    form = f"{desk.at}/forms/rigid-expense-application"
    page = desk.browser.get(f"{form}/field/members").get_data(as_text=True)
    assert "这一项由上级维护，本级只看。" in page
    assert "与申请人关系" in page
    assert "column-" not in page
    assert "这一列由上级维护" in desk.browser.get(f"{form}/field/members/column/relation").get_data(as_text=True)
    told = {"name": "members", "digest": "", "title": "电话", "kind": "phone"}
    refused = desk.browser.post(f"{form}/do/column-add", data=told)
    assert refused.status_code == 409
    assert "由上级维护" in refused.get_data(as_text=True)
    assert desk.browser.get(f"{form}/field/name/column/x").status_code == 404
    overlaid = desk.browser.post(f"{form}/do/add", data={"name": "members", "title": "另记", "kind": "text"})
    assert overlaid.status_code == 422
    page = overlaid.get_data(as_text=True)
    assert "编号“members”全国已经用了，是“" in page.partition("<details open><summary>编号")[2], "where it can be seen"
    assert 'value="另记"' in page


def test_what_is_said_over_a_layer_above_is_given_back_to_it(desk: Desk) -> None:
    path = f"forms/{JURISDICTION}/rigid-expense-application.json"
    name = {"items": {"properties": {"name": {"title": "全名", "type": "string", "maxLength": 20}}}}
    text = json.dumps({"properties": {"members": name}}, ensure_ascii=False)
    form = f"{desk.at}/forms/rigid-expense-application"
    assert desk.browser.post(f"{form}/do/add", data={"title": "另记", "kind": "text"}).status_code == 303
    digest = text_digest(files(desk.town, desk.at, "editor")[path])
    written = {"path": path, "text": text, "digest": digest}
    assert desk.browser.post(f"{desk.at}/write", data=written).status_code == 303
    whole, field = (desk.browser.get(f"{form}{at}").get_data(as_text=True) for at in ("", "/field/members"))
    assert "：恢复上级的写法" in whole
    assert "：删去" not in whole
    assert 'aria-label="全名：恢复上级的写法"' in field
    assert "本级另写" in field
    digest = next(each.digest for each in blocks_of(path, text) if each.key)
    told = {"name": "members", "column": "name", "digest": digest}
    assert desk.browser.post(f"{form}/do/column-remove", data=told).status_code == 303
    assert "“全名”一列恢复上级的写法" in desk.last()
    left = files(desk.town, desk.at, "editor")[path]
    assert json.loads(left) == {"properties": {"members": {"items": {"properties": {}}}}}
    told = {"name": "members", "title": "成员", "digest": blocks_of(path, left)[1].whole}
    assert desk.browser.post(f"{form}/do/remove", data=told).status_code == 303
    assert "“成员”恢复上级的写法" in desk.last()


def test_a_change_set_that_was_given_up_takes_no_columns(desk: Desk) -> None:
    digest, before = desk.digest(), desk.text()
    version = desk.browser.get(desk.at).get_data(as_text=True).partition('name="version" value="')[2].partition('"')[0]
    given_up = {"version": version, "reason": "不改了"}
    assert desk.browser.post(f"{desk.at}/do/withdraw-change-set", data=given_up).status_code == 303
    refused = desk.do("column-add", title="联系电话", kind="phone", digest=digest)
    assert refused.status_code == 409
    assert desk.text() == before
    assert "增加一列" not in desk.page()
