"""In a real browser: what a worker on a phone must not lose with a weak signal, nor be told falsely."""

import io
from typing import Any

import pytest
from conftest import Town
from PIL import Image
from playwright.sync_api import Browser, Page, Route
from test_browser import DESK, PHONE, Walk, clues, first_steps, last_steps, report_offline, wait_until

pytestmark = pytest.mark.browser
SAYS = ".photos [role=status]"


def picture(name: str) -> Any:
    made = io.BytesIO()
    Image.new("RGB", (60, 40)).save(made, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": made.getvalue()}


def fill(page: Page) -> None:
    """Fill in on one page all that a report requires."""
    page.fill("[name=found_at]", "2026-09-29T08:30")
    page.select_option("[name=finder_role]", "village-cadre")
    page.fill("[name=name]", "孙桂兰")
    page.check("[name=needs][value=medical]")
    page.fill("[name=illness]", "脑梗死")
    page.check("[name=willing][value=true]")


def sent_while_a_photo_is_held(page: Page) -> tuple[Route, list[str]]:
    """Press send while a photo is still on its way; returns the photo, and the reports that were sent."""
    sent: list[str] = []
    held: list[Route] = []
    page.on("request", lambda one: sent.append(one.post_data or "") if one.url.endswith("/clue-report") else None)
    page.route("**/photos", lambda route: held.append(route))
    page.set_input_files("#f-photos", picture("a.jpg"))
    wait_until(page, lambda: bool(held))
    page.click("[data-send]")
    page.wait_for_selector("#draft-note >> text=照片还在上传", timeout=3000)
    assert sent == []
    return held[0], sent


def test_a_report_waits_for_the_photo_that_is_on_its_way(browser: Browser, town: Town, address: str) -> None:
    walk = Walk(browser, town, address, "worker", DESK)
    page = walk.go("/forms/clue-report")
    fill(page)
    photo, sent = sent_while_a_photo_is_held(page)
    photo.continue_()
    page.wait_for_url("**/forms/sent/**")
    assert ["photos=" in report for report in sent] == [True]
    assert walk.complaints == []


def test_a_report_whose_photo_failed_is_sent_without_it_only_when_asked_again(
    browser: Browser, town: Town, address: str
) -> None:
    page = Walk(browser, town, address, "worker", DESK).go("/forms/clue-report")
    fill(page)
    photo, sent = sent_while_a_photo_is_held(page)
    photo.abort()
    page.wait_for_selector("#draft-note >> text=还没有提交")
    assert sent == []
    page.click("[data-send]")
    page.wait_for_url("**/forms/sent/**")
    assert len(sent) == 1


def test_a_photo_that_failed_is_told_of_in_chinese_though_the_next_went_well(
    browser: Browser, town: Town, address: str
) -> None:
    page = Walk(browser, town, address, "worker", DESK).go("/forms/clue-report")
    gateway = [502]

    def fail_once(route: Route) -> None:
        if gateway:
            route.fulfill(status=gateway.pop(), content_type="text/html", body="<html>Bad Gateway</html>")
        else:
            route.continue_()

    page.route("**/photos", fail_once)
    page.set_input_files("#f-photos", [picture("a.jpg"), picture("b.jpg")])
    page.wait_for_selector(".photo-list li")
    page.wait_for_function(f"!document.querySelector('{SAYS}').textContent.startsWith('正在')")
    assert page.inner_text(SAYS) == "有1张照片没有加上：照片没有传上，请稍后再添加。"


def test_enter_leads_to_the_next_section_and_sends_nothing_before_the_last(
    browser: Browser, town: Town, address: str
) -> None:
    walk = Walk(browser, town, address, "worker", PHONE)
    page = walk.go("/forms/clue-report")
    first_steps(page)
    last_steps(page)
    for _ in range(3):
        page.click("[data-back]")
    page.press("[name=name]", "Enter")
    page.wait_for_function("document.getElementById('progress').textContent.startsWith('第3节')", timeout=3000)
    assert clues(town) == 0
    assert walk.complaints == []


FULL = """() => {
  for (let text = "x".repeat(1 << 20), at = 0; text; at += 1) {
    try { localStorage.setItem("other-" + at, text); } catch (problem) { text = text.slice(0, text.length >> 1); }
  }
}"""


def test_what_the_phone_could_not_keep_is_not_said_to_be_kept(browser: Browser, town: Town, address: str) -> None:
    walk = Walk(browser, town, address, "worker", DESK)
    page = walk.go("/forms/clue-report")
    page.evaluate(FULL)
    walk.context.set_offline(True)
    report_offline(walk, "孙桂兰")
    told = page.inner_text("#draft-note")
    assert "本机也存不下这份填报" in told
    assert "已保存" not in told
    assert "再报一份" not in told, "it would take the only copy away"
    assert page.input_value("[name=name]") == "孙桂兰"


def test_another_report_after_one_that_came_back_begins_empty(browser: Browser, town: Town, address: str) -> None:
    walk = Walk(browser, town, address, "worker", DESK)
    page = walk.go("/forms/clue-report")
    page.fill("[name=name]", "孙桂兰")
    page.fill("[name=phone]", "12")
    page.click("[data-send]")
    page.wait_for_selector("#summary")
    page.fill("[name=phone]", "")
    walk.context.set_offline(True)
    report_offline(walk, "孙桂兰")
    page.click("#draft-note >> text=再报一份")
    assert [page.input_value(f"[name={field}]") for field in ("name", "phone")] == ["", ""]
    assert page.locator("#summary, .wrong").count() == 0


def test_a_draft_that_objects_to_a_publication_leads_back_to_it(browser: Browser, town: Town, address: str) -> None:
    walk = Walk(browser, town, address, "worker", DESK)
    form = "/forms/clue-report?publication=0123abcd"

    def objecting(route: Route) -> None:
        page = route.fetch(url=f"{address}/forms/clue-report")
        route.fulfill(response=page, body=page.text().replace('data-form="clue-report"', f'data-form="{form}"'))

    walk.page.route("**/forms/clue-report?**", objecting)
    page = walk.go(form)
    page.fill("[name=name]", "孙桂兰")
    page.evaluate("""() => {
      const [key, kept] = Object.entries(localStorage).find(each => each[0].startsWith("xunfang-draft:"));
      const refused = JSON.stringify({ ...JSON.parse(kept), refused: true });
      addEventListener("unload", () => localStorage.setItem(key, refused));
    }""")
    walk.go("/")
    page.click("text=打开修改")
    page.wait_for_selector("#draft-note >> text=清除草稿")
    assert page.input_value("[name=name]") == "孙桂兰"
    assert page.url.startswith(f"{address}{form}&draft=")
    assert page.locator(".note.warn a").count() == 0
    page.click("#draft-note >> text=清除草稿")
    page.wait_for_url(f"{address}{form}")
    assert walk.complaints == []
