"""The menu: what is opened each day first, the rest under headings, each page once and only for those who may."""

import re

import pytest
from conftest import PEOPLE, Town

from xunfang.web.menu import DAILY, GROUPED, MENU, MOST_DAILY

ENTRY = re.compile(r'<li><a href="([^"]+)"[^>]*>([^<]+)</a></li>')


def menu(town: Town, login: str, path: str = "/") -> tuple[list[str], list[str], list[str]]:
    """Return what stands in somebody's menu: labels of each day, headings, all addresses."""
    page = town.client(login).get(path, follow_redirects=True).text
    side = page.split('<nav class="side"')[1].split("</nav>")[0]
    daily = side.split('class="daily"')[1].split("</ul>")[0]
    return (
        [label for _, label in ENTRY.findall(daily)],
        re.findall(r'<p id="menu-\d+">([^<]+)</p>', side),
        [address for address, _ in ENTRY.findall(side)],
    )


def test_every_page_of_the_menu_has_its_place(town: Town) -> None:
    views = town.app.extensions[MENU].views
    shown = {view.endpoint for view in views.values() if type(view).in_menu}
    assert shown == GROUPED | {"queue"}
    assert {each.endpoint for each in DAILY} <= shown


@pytest.mark.parametrize("login", sorted(PEOPLE))
def test_whatever_stands_in_the_menu_opens_and_stands_there_once(town: Town, login: str) -> None:
    daily, _, addresses = menu(town, login)
    assert 1 <= len(daily) <= MOST_DAILY or login in ("admin", "operator", "auditor")
    assert len(addresses) == len(set(addresses))
    browser = town.client(login)
    assert [path for path in addresses if browser.get(path).status_code != 200] == []


def test_what_is_first_follows_what_somebody_does(town: Town) -> None:
    assert menu(town, "worker")[0] == ["待办", "填报", "走访"]
    assert menu(town, "clerk")[0] == ["待办", "填报", "部门报送", "个案"]
    assert menu(town, "leader")[0] == ["待办", "拟办分派", "待签发", "填报", "走访"]
    assert menu(town, "admin")[:2] == (["账号管理", "期初导入", "规则说明"], [])


def test_headings_stand_only_over_something(town: Town) -> None:
    assert menu(town, "clerk")[1][:2] == ["走访与任务", "个案与档案"]
    assert menu(town, "admin", "/accounts/")[1] == []


def test_on_a_phone_the_folded_menu_says_where_one_is(town: Town) -> None:
    page = town.client("clerk").get("/ledgers/").text
    assert re.search(r'<label for="whole-menu" class="here"><span class="unseen">[^<]+</span>台账</label>', page)
    assert '<label for="whole-menu">全部</label>' in town.client("clerk").get("/").text
