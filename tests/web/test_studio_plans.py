"""The pages of a draft with its lists, its flows as pictures and its duties as a year: each changed as people do."""

import re

import pytest
from conftest import JURISDICTION, Town
from drafts import begun, files, trusting
from werkzeug.test import TestResponse

from xunfang.actions.drafting import Edited, edit_draft
from xunfang.desk.studio.list_uses import uses_of
from xunfang.rulebook.model import Rulebook

LISTS = f"workflows/{JURISDICTION}/lists.toml"


@pytest.fixture(autouse=True)
def _trusting(town: Town) -> None:
    trusting(town)


def begin(town: Town) -> str:
    return begun(town.client("rule-keeper"), "试改") + "/"


def refused(answer: TestResponse) -> str:
    assert answer.status_code in (409, 422), answer.status_code
    return answer.get_data(as_text=True)


def test_an_option_is_added_moved_renamed_retired_and_never_lost(town: Town) -> None:
    town.report()
    browser, at = town.client("rule-keeper"), begin(town)
    url = f"{at}lists/need"
    assert "救助需求" in browser.get(f"{at}lists/").get_data(as_text=True)
    page = browser.get(url).get_data(as_text=True)
    assert "1件" in page, "in how many cases it was chosen"

    def do(how: str, entry: str, **more: str) -> TestResponse:
        found = browser.get(url).get_data(as_text=True).partition(f'name="entry" value="{entry}"')[2]
        digest = re.search(r'name="digest" value="(\w*)"', found)
        seen = digest[1] if digest else ""
        return browser.post(f"{url}/do/{how}", {"entry": entry, "digest": seen, **more})

    assert "请写选项的名称" in refused(do("add", "", label=" "))
    assert "已经有一个选项叫“医疗救助”" in refused(do("add", "", label="医疗救助"))
    assert do("add", "", label="养老\n服务 ", hint="上门照料").status_code == 303
    assert do("add", "", label="法律援助").status_code == 303
    assert 'label = "养老 服务"' in files(town, at, "rule-keeper")[LISTS], "one line"
    assert do("up", "need-2").status_code == 303
    text = files(town, at, "rule-keeper")[LISTS]
    assert text.index("[need.need-2]") < text.index("[need.need-1]")
    assert "不能再往这边移" in refused(do("down", "need-1"))
    assert do("retire", "medical", until="2026-12-31").status_code == 303, "one of a layer above, over it"
    assert '[need.medical]\nlabel = "医疗救助"\nretired = 2026-12-31' in files(town, at, "rule-keeper")[LISTS]
    page = browser.get(url).get_data(as_text=True)
    assert "将停用，用到2026-12-31" in page
    assert do("restore", "medical").status_code == 303
    assert "retired" not in files(town, at, "rule-keeper")[LISTS]
    assert "请选定用到哪一天为止" in refused(do("retire", "need-1", until="年底"))
    late = browser.post(f"{url}/do/rename", {"entry": "need-1", "digest": "0" * 64, "label": "养老"})
    assert "养老" in refused(late)

    block = '["need","counselling"]'
    old = do("remove", "counselling")
    generic = browser.post(f"{at}rules/arrange/{LISTS}", {"how": "remove", "block": block, "whole": "0"})
    for answer in (old, generic):
        assert "不能删去，只能停用" in refused(answer), "somebody may have chosen it"
    assert do("remove", "need-1").status_code == 303, "nobody can have chosen what is only drafted"
    assert "need-1" not in files(town, at, "rule-keeper")[LISTS]
    assert browser.post(f"{at}lists/begin/list", {"label": "上门", "list": "care-way"}).status_code == 303
    assert '[care-way.care-way-1]\nlabel = "上门"' in files(town, at, "rule-keeper")[LISTS]
    assert "已经有这个编号的清单" in refused(
        browser.post(f"{at}lists/begin/list", {"label": "来访", "list": "care-way"})
    )


def test_what_uses_an_option_is_told_by_kind_of_rule(rulebook: Rulebook) -> None:
    medical = uses_of(rulebook, "need", "medical").by_kind
    assert [name for name in medical["分派"] if "医疗救助" in name]
    assert any("用药" in name or "一户同时" in name for name in medical["情景"])
    whole = uses_of(rulebook, "need").by_kind
    assert any("救助需求" in name for name in whole["表单"])
    assert "转办单" in "".join(whole["文书"])
    assert not uses_of(rulebook, "publicity-channel", "wechat").by_kind
    assert uses_of(rulebook, "category").said[0].startswith("表单")


def test_a_flow_is_seen_as_a_picture_and_changed_in_the_table_below_it(town: Town) -> None:
    browser, at = town.client("rule-keeper"), begin(town)
    all_flows = browser.get(f"{at}flows/").get_data(as_text=True)
    assert all_flows.index("困难线索办理") < all_flows.index("由上级维护的") < all_flows.index("最低生活保障审核确认")
    url, path = f"{at}flows/clue", f"workflows/{JURISDICTION}/flows/clue.toml"
    page = browser.get(url).get_data(as_text=True)
    assert '<svg class="drawing" role="img"' in page
    assert 'class="card-state marked"' not in page
    assert "本环节继续办理" in page
    state = "block=%5B%22states%22,%22notify%22%5D&amp;back=flows"
    assert f'{at}rules/edit/{path}?{state}"' in page
    form = browser.get(f"{at}rules/edit/{path}?{state.replace('&amp;', '&')}").get_data(as_text=True)
    assert f'href="{url}"' in form, "back to the picture"
    renamed = files(town, at, "rule-keeper")[path].replace('label = "告知与回访"', 'label = "告知和回访"')
    edit_draft(
        town.deployment, town.actor("rule-keeper"), at.split("/")[2], path,
        lambda _: Edited(renamed, "flow.set", "改名"), town.now(),
    )  # fmt: skip
    page = browser.get(url).get_data(as_text=True)
    assert page.count('class="card-state marked"') == 1
    assert ">告知和回访</text>" in page
    above = browser.get(f"{at}flows/subsistence-application").get_data(as_text=True)
    assert "这个流程由上级维护，本级只能看" in above
    assert ">修改</a>" not in above
    assert browser.get(f"{at}flows/nothing").status_code == 404


def test_duties_are_planned_over_the_coming_year(town: Town) -> None:
    browser, at = town.client("rule-keeper"), begin(town)
    page = browser.get(f"{at}duties/").get_data(as_text=True)
    assert "2026年9月起的一年" in page
    row = page.partition("大额住院费用人员名单")[2].partition("</tr>")[0]
    assert row.count("5日") >= 12, "every month"
    assert "区卫生健康局" in row
    event = page.partition("交通事故致困人员信息")[2].partition("</tr>")[0]
    assert 'colspan="12"' in event
    some = browser.get(f"{at}duties/?unit=traffic-police").get_data(as_text=True)
    assert "交通事故致困人员信息" in some
    assert "大额住院费用人员名单" not in some
    assert browser.get(f"{at}duties/?unit=nobody").get_data(as_text=True) == page, "all of them"
