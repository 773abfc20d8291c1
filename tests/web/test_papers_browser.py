"""In a real browser: the number of a paper is judged by the kind that is chosen, and not asked for without one."""

import pytest
from conftest import Town
from playwright.sync_api import Browser
from test_browser import PHONE, Walk

pytestmark = pytest.mark.browser


def test_the_kind_of_paper_decides_on_the_page(browser: Browser, town: Town, address: str) -> None:
    walk = Walk(browser, town, address, "worker", PHONE)
    page = walk.go("/forms/clue-report")
    page.fill("[name=found_at]", "2026-09-29T08:30")
    page.select_option("[name=finder_role]", "village-cadre")
    page.click("[data-next]")
    page.fill("[name=name]", "孙桂兰")
    page.fill("[name=id_number]", "E12345678")
    page.click("[data-next]")
    assert "身份证号应为18位，现为9位" in page.inner_text("[data-field=id_number]")
    page.select_option("[name=document]", "any-passport")
    page.click("[data-next]")
    assert page.inner_text("#progress").startswith("第3节")
    page.click("[data-back]")
    page.select_option("[name=document]", "no-document")
    assert not page.is_visible("[name=id_number]")
    assert page.is_visible("[name=no_document_reason]")
    assert walk.complaints == []
