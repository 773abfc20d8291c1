"""In a real browser, on a phone: who is due, one tap to the form, the visit counted; the list printed across."""

import re

import pytest
from conftest import VILLAGE, Town
from playwright.sync_api import Browser
from test_browser import PHONE, Walk
from test_visits import owes_visit

pytestmark = pytest.mark.browser


def test_a_visit_from_the_list_to_the_form_and_back(browser: Browser, town: Town, address: str) -> None:
    owes_visit(town)
    walk = Walk(browser, town, address, "worker", PHONE)
    page = walk.go("/visits/print")
    boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", page.pdf(prefer_css_page_size=True))
    assert [float(width) > float(height) for width, height in boxes] == [True]
    walk.go("/visits/")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    link = page.get_by_role("link", name="填走访记录：孙桂兰")
    link.focus()
    page.keyboard.press("Enter")
    assert page.input_value("[name=visited_on]") == "2026-09-29"
    page.click("[data-next]")
    assert page.input_value("[name=name]") == "孙桂兰"
    assert page.input_value("[name=residence]") == VILLAGE
    page.click("[data-next]")
    page.check("[name=found_difficulty][value=false]")
    page.click("[data-send]")
    page.wait_for_url("**/visits/?done=visit")
    assert "没有要走访的人" in page.inner_text("main")
    page.click("text=已完成")
    assert "孙桂兰" in page.inner_text("main")
    assert walk.complaints == []
