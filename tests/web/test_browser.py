"""In a real browser: the phone form step by step, a dead signal, drafts, and every page at both widths."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from barriers import barriers
from conftest import TOWNSHIP, Town, owe
from geometry import overlaps, small_targets
from PIL import Image
from playwright.sync_api import Browser, Page

from xunfang.store import Clue, Person, connection

pytestmark = pytest.mark.browser
PHONE, DESK = 360, 1440


class Walk:
    """One person at one screen; whatever the console says, or is fetched from outside, is remembered."""

    def __init__(self, browser: Browser, town: Town, address: str, login: str, width: int) -> None:
        self.address, self.complaints = address, []
        self.context = browser.new_context(
            viewport={"width": width, "height": 740}, locale="zh-CN", is_mobile=width < 700
        )
        if login:
            cookie = town.client(login).client.get_cookie("xunfang")
            assert cookie
            self.context.add_cookies([{"name": "xunfang", "value": cookie.value, "url": address}])
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda problem: self.complaints.append(str(problem)))
        self.page.on("request", self._note)

    complaints: list[str]

    def _note(self, request: Any) -> None:
        if not request.url.startswith((self.address, "blob:")):
            self.complaints.append(request.url)

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page


def clues(town: Town) -> int:
    with connection(town.deployment.database) as reader:
        return len(reader.select(Clue))


def first_steps(page: Page) -> None:
    """Fill the first two sections as somebody on a phone does."""
    page.fill("[name=found_at]", "2026-09-29T08:30")
    page.select_option("[name=finder_role]", "village-cadre")
    page.click("[data-next]")
    page.fill("[name=name]", "孙桂兰")
    page.click("[data-next]")
    page.click("[data-next]")


def last_steps(page: Page) -> None:
    page.check("[name=needs][value=medical]")
    page.fill("[name=illness]", "脑梗死")
    page.check("[name=willing][value=true]")
    page.click("[data-next]")


def test_a_report_goes_step_by_step_on_a_phone(browser: Browser, town: Town, address: str) -> None:
    walk = Walk(browser, town, address, "worker", PHONE)
    page = walk.go("/forms/clue-report")
    assert page.inner_text("#progress").startswith("第1节，共5节")
    assert not page.is_visible("[name=name]")
    page.click("[data-next]")
    assert "请填写“发现时间”" in page.inner_text("[data-field=found_at]")
    first_steps(page)
    assert not page.is_visible("[name=illness]")
    last_steps(page)
    page.click("[data-send]")
    page.wait_for_url(re.compile("/forms/sent/"))
    assert "博救〔2026〕1号" in page.inner_text(".receipt")
    assert clues(town) == 1
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert walk.complaints == []


def test_a_village_is_picked_in_two_steps(browser: Browser, town: Town, address: str) -> None:
    page = Walk(browser, town, address, "leader", DESK).go("/forms/clue-report")
    box = page.locator("[data-field=residence]")
    assert box.locator("select").count() == 2
    box.locator("select").first.select_option(label="白塔镇")
    offered = box.locator("[name=residence] option").all_inner_texts()
    assert len(offered) < 60
    assert page.evaluate("document.querySelector('[name=residence]').options[1].value").startswith("370304103")


def test_what_was_typed_survives_leaving_the_page(browser: Browser, town: Town, address: str) -> None:
    walk = Walk(browser, town, address, "worker", DESK)
    page = walk.go("/forms/clue-report")
    page.fill("[name=name]", "孙桂兰")
    page.check("[name=needs][value=medical]")
    page.fill("[name=illness]", "脑梗死")
    walk.go("/")
    walk.go("/forms/")
    assert "有草稿" in page.inner_text("[data-form-link=clue-report]")
    walk.go("/forms/clue-report")
    assert walk.complaints == []
    assert page.input_value("[name=name]") == "孙桂兰"
    assert page.input_value("[name=illness]") == "脑梗死"
    page.click(".leave button")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_report_without_signal_is_kept_and_sent_once(browser: Browser, town: Town, address: str) -> None:
    walk = Walk(browser, town, address, "worker", PHONE)
    page = walk.go("/forms/clue-report")
    first_steps(page)
    last_steps(page)
    walk.context.set_offline(True)
    page.click("[data-send]")
    page.wait_for_selector("#draft-note:not([hidden])")
    assert "没有信号" in page.inner_text("#draft-note")
    assert clues(town) == 0
    walk.context.set_offline(False)
    page.wait_for_url(re.compile("/forms/sent/"))
    assert clues(town) == 1


def report_offline(walk: Walk, name: str) -> None:
    """Fill in a report whose page is open, and send it where there is no signal."""
    page = walk.page
    page.fill("[name=found_at]", "2026-09-29T08:30")
    page.select_option("[name=finder_role]", "village-cadre")
    page.fill("[name=name]", name)
    page.check("[name=needs][value=medical]")
    page.fill("[name=illness]", "脑梗死")
    page.check("[name=willing][value=true]")
    page.click("[data-send]")
    page.wait_for_selector("#draft-note:not([hidden])")


def reported(town: Town) -> set[str]:
    with connection(town.deployment.database) as reader:
        return {person.name for person in reader.select(Person)}


def wait_until(page: Page, test: Callable[[], bool]) -> None:
    for _ in range(100):
        if test():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came about")


def test_a_second_report_never_takes_the_place_of_one_that_waits(browser: Browser, town: Town, address: str) -> None:
    walk = Walk(browser, town, address, "worker", DESK)
    page = walk.go("/forms/clue-report")
    walk.context.set_offline(True)
    report_offline(walk, "孙桂兰")
    page.click("#draft-note >> text=再报一份")
    assert page.input_value("[name=name]") == ""
    report_offline(walk, "孙桂芝")
    assert page.evaluate("Object.keys(localStorage).length") == 2
    assert clues(town) == 0
    walk.context.set_offline(False)
    wait_until(page, lambda: clues(town) == 2)
    assert reported(town) == {"孙桂兰", "孙桂芝"}
    page.wait_for_url(re.compile("/forms/sent/"))
    page.wait_for_function("Object.keys(localStorage).length === 0")
    assert walk.complaints == []


def test_two_pages_of_one_form_keep_two_drafts(browser: Browser, town: Town, address: str) -> None:
    walk = Walk(browser, town, address, "worker", DESK)
    first = walk.go("/forms/clue-report")
    first.fill("[name=name]", "孙桂兰")
    second = walk.context.new_page()
    second.goto(address + "/forms/clue-report")
    assert second.input_value("[name=name]") == "", "the other page is still at it"
    second.fill("[name=name]", "孙桂芝")
    first.close(run_before_unload=True)
    second.goto(address + "/forms/")
    second.goto(address + "/forms/clue-report")
    assert second.input_value("[name=name]") == "孙桂芝"
    second.click("#draft-note >> text=继续填")
    assert second.input_value("[name=name]") == "孙桂兰"
    second.fill("[name=difficulty]", "药费较多")
    second.click("#draft-note >> text=另填一份")
    assert second.input_value("[name=name]") == ""
    kept = second.evaluate("Object.values(localStorage).map(JSON.parse).map(d => Object.fromEntries(d.entries))")
    assert {(each["name"], each["difficulty"]) for each in kept} == {("孙桂兰", "药费较多"), ("孙桂芝", "")}
    assert walk.complaints == []


def test_what_waits_of_one_account_stays_when_another_signs_in(browser: Browser, town: Town, address: str) -> None:
    walk = Walk(browser, town, address, "worker", DESK)
    page = walk.go("/forms/clue-report")
    walk.context.set_offline(True)
    report_offline(walk, "孙桂兰")
    cookie = town.client("township").client.get_cookie("xunfang")
    assert cookie
    walk.context.add_cookies([{"name": "xunfang", "value": cookie.value, "url": address}])
    page.close()
    walk.context.set_offline(False)
    walk.page = page = walk.context.new_page()
    walk.go("/forms/clue-report")
    assert page.input_value("[name=name]") == ""
    page.fill("[name=name]", "别人")
    assert clues(town) == 0
    assert page.evaluate("Object.keys(localStorage).length") == 2


def test_a_draft_of_an_earlier_version_is_found_again(browser: Browser, town: Town, address: str) -> None:
    walk = Walk(browser, town, address, "worker", DESK)
    page = walk.go("/forms/")
    old = """const a = document.body.getAttribute("data-account");
        const draft = {submission: "0123456789abcdef0123456789abcdef", entries: [["name", "孙桂兰"]], at: Date.now()};
        localStorage.setItem(`xunfang-draft:${a}:clue-report`, JSON.stringify(draft))"""
    page.evaluate(old)
    walk.go("/forms/clue-report")
    assert page.input_value("[name=name]") == "孙桂兰"
    assert page.evaluate("Object.keys(localStorage).length") == 1


def test_a_task_is_completed_with_one_press(browser: Browser, town: Town, address: str) -> None:
    task = town.dispatched()
    walk = Walk(browser, town, address, "clerk", DESK)
    page = walk.go(f"/tasks/{task.id}/complete")
    page.fill("[name=visited_on]", "2026-09-29")
    page.fill("[name=findings]", "入户核实，情况属实。")
    page.check("[name=eligible][value=true]")
    page.select_option("[name=programme]", "medical-aid")
    page.check("[name=outcome][value=special-aid]")
    page.click("[data-send]")
    page.wait_for_url(re.compile("done=complete"))
    assert "已办结" in page.inner_text("main")
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert walk.complaints == []


def test_problems_named_by_the_server_lead_to_their_fields(browser: Browser, town: Town, address: str) -> None:
    page = Walk(browser, town, address, "worker", DESK).go("/forms/clue-report")
    page.fill("[name=name]", "孙桂兰")
    page.fill("[name=phone]", "12")
    page.click("[data-send]")
    page.wait_for_selector("#summary")
    assert page.evaluate("document.activeElement.id") == "summary"
    assert page.input_value("[name=name]") == "孙桂兰"
    page.click('#summary a[href="#f-phone"]')
    assert page.evaluate("document.activeElement.name") == "phone"


def test_a_photo_is_shrunk_and_attached(browser: Browser, town: Town, address: str) -> None:
    made = io.BytesIO()
    Image.effect_noise((2400, 1800), 60).save(made, "JPEG", quality=95)
    walk = Walk(browser, town, address, "worker", DESK)
    page = walk.go("/forms/clue-report")
    sent: list[int] = []
    page.on(
        "request", lambda each: sent.append(len(each.post_data_buffer or b"")) if each.url.endswith("/photos") else 0
    )
    page.set_input_files("#f-photos", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()})
    page.wait_for_selector(".photo-list input[name=photos]", state="attached")
    assert sent[0] < len(made.getvalue()) / 2
    assert walk.complaints == []


def test_the_guide_of_a_village_worker_fits_two_screens_of_a_phone(browser: Browser, town: Town, address: str) -> None:
    walk = Walk(browser, town, address, "worker", PHONE)
    page = walk.go("/")
    assert page.is_visible("[data-first-visit]")
    page.click("header .help")
    assert page.evaluate("document.querySelector('.guide').getBoundingClientRect().bottom") <= 2 * 740
    walk.go("/")
    assert not page.is_visible("[data-first-visit]")
    assert walk.complaints == []


def pages_of(town: Town) -> list[tuple[str, str]]:
    task = town.dispatched()
    town.report("other-worker", name="李长河", id_number=None, needs=["education"], illness=None, schooling="初二",
                residence="370304001001")  # fmt: skip
    bills = owe(town, "insured-inpatient-bills", "medical-insurance-bureau").id
    report = owe(town, "township-monthly", f"township:{TOWNSHIP}").id
    return [
        ("", "/login"), ("worker", "/"), ("clerk", "/"), ("worker", "/forms/"), ("worker", "/forms/clue-report"),
        ("leader", "/dispatch/"), ("clerk", f"/cases/{task.case}"), ("clerk", f"/tasks/{task.id}/complete"),
        ("leader", "/supervision/"), ("leader", "/cases/"), ("clerk", "/inbox/"), ("leader", "/papers/"),
        ("admin", "/accounts/"), ("operator", "/system/"), ("admin", "/password/"), ("clerk", "/nowhere"),
        ("clerk", "/rules/"), ("auditor", "/audit/"), ("admin", f"/accounts/{town.actor('clerk').account}"),
        ("worker", "/guide/"), ("leader", "/guide/"), ("admin", "/guide/"),
        ("leader", "/duties/"), ("clerk", f"/duties/{bills}"), ("clerk", f"/duties/{bills}/hand-in"),
        ("leader", f"/duties/{report}"), ("township", f"/duties/{report}/hand-in"),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_fits_its_width_reads_for_everybody_and_overlaps_nowhere(
    browser: Browser, town: Town, address: str, width: int
) -> None:
    found = []
    pages, walks = pages_of(town), dict[str, Walk]()
    for login, path in pages:
        if login not in walks:
            walks[login] = Walk(browser, town, address, login, width)
        walk = walks[login]
        page = walk.go(path)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        small = small_targets(page) if width == PHONE else []
        found += [f"{path} {what}" for what in [*barriers(page), *walk.complaints, *overlaps(page), *small]]
        found += [f"{path} +{beyond}px"] if beyond else []
    for walk in walks.values():
        walk.context.close()
    assert found == []


@pytest.mark.slow
def test_a_long_outcome_wraps_on_a_phone(browser: Browser, town: Town, address: str) -> None:
    town.dispatched()
    page = Walk(browser, town, address, "leader", PHONE).go("/cases/")
    page.evaluate("document.querySelector('.t-state .tag').textContent = '符合条件，纳入相应救助范围；'.repeat(4)")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    assert page.evaluate("document.querySelector('.t-person').getBoundingClientRect().width") > PHONE / 3


OUTLINED = """() => {
  const style = getComputedStyle(document.activeElement);
  const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return [document.activeElement.outerHTML.slice(0, 90), seen];
}"""


@pytest.mark.slow
def test_every_control_is_reached_by_keyboard_and_shows_it(browser: Browser, town: Town, address: str) -> None:
    task = town.dispatched()
    for login, path in (("clerk", "/"), ("clerk", f"/cases/{task.case}"), ("leader", "/dispatch/")):
        page = Walk(browser, town, address, login, DESK).go(path)
        wanted = page.evaluate(
            "[...document.querySelectorAll('a[href], button, select, textarea, summary, input:not([type=hidden])')]"
            ".filter(each => each.checkVisibility() && !each.disabled).length"
        )
        reached = set()
        for _ in range(wanted + 2):
            page.keyboard.press("Tab")
            html, outlined = page.evaluate(OUTLINED)
            if html.startswith("<body"):
                break
            assert outlined, html
            reached.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        assert len(reached) == wanted, path


def test_the_eye_for_overlaps_sees_them(browser: Browser) -> None:
    page = browser.new_context(viewport={"width": PHONE, "height": 740}).new_page()
    page.set_content("<p>甲的电话</p><p style='margin-top:-30px'>13805331234</p><button style='height:9px'>办</button>")
    assert overlaps(page) == ["甲的电话 ✕ 13805331234"]
    assert small_targets(page)
    page.set_content("<p>甲的电话</p><p>13805331234</p><button style='height:44px'>办</button>")
    assert overlaps(page) + small_targets(page) == []


def test_typing_tells_the_server_at_most_every_five_minutes_and_silence_never(
    browser: Browser, town: Town, address: str
) -> None:
    walk = Walk(browser, town, address, "worker", DESK)
    told: list[int] = []
    walk.page.on("response", lambda answer: told.append(answer.status) if answer.url.endswith("/stay") else None)
    walk.page.clock.install()
    page = walk.go("/forms/clue-report")
    page.clock.fast_forward("04:00")
    page.type("[name=name]", "孙桂")
    assert told == []
    page.clock.fast_forward("02:00")
    page.wait_for_timeout(200)
    assert told == [], "nobody has typed since"
    with page.expect_response(lambda answer: answer.url.endswith("/stay")):
        page.type("[name=name]", "兰")
    page.type("[name=name]", "芳")
    page.wait_for_timeout(200)
    assert told == [204]
    assert walk.complaints == []


def test_a_wrong_number_is_told_before_the_next_section(browser: Browser, town: Town, address: str) -> None:
    page = Walk(browser, town, address, "worker", PHONE).go("/forms/clue-report")
    page.fill("[name=found_at]", "2026-09-29T08:30")
    page.select_option("[name=finder_role]", "village-cadre")
    page.click("[data-next]")
    page.fill("[name=name]", "孙桂兰")
    page.fill("[name=id_number]", "37030419580314")
    page.click("[data-next]")
    assert page.inner_text("#progress").startswith("第2节")
    assert "现为14位" in page.inner_text("#e-id_number")
    page.fill("[name=id_number]", "")
    page.click("[data-next]")
    assert page.inner_text("#progress").startswith("第3节")


def test_a_report_left_without_a_signal_is_called_to_mind_on_every_page(
    browser: Browser, town: Town, address: str
) -> None:
    walk = Walk(browser, town, address, "worker", PHONE)
    page = walk.go("/forms/clue-report")
    first_steps(page)
    last_steps(page)
    walk.context.set_offline(True)
    page.click("[data-send]")
    page.wait_for_selector("#draft-note:not([hidden])")
    walk.context.set_offline(False)
    page.close()
    page = walk.page = walk.context.new_page()
    page.goto(address)
    page.click("text=打开并发送")
    page.wait_for_url("**/forms/sent/**")
    assert clues(town) == 1
