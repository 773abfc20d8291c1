"""The studio as its people walk it, in a real browser: a need of a county from the first word until it is in force.

One town for all of them, on the real rules, with the confined children that look drafts through.
"""

import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from barriers import barriers
from browsing import serving
from conftest import Person, open_town, report_answers
from conftest import Town as Served
from played import played
from playwright.sync_api import Browser, Page
from test_browser import PHONE, Walk

from actions.town import FILES, JURISDICTION, MEDICAL, VILLAGE, Town
from xunfang.checking.examiner import Examiner
from xunfang.rulebook.compile import compile_rulebook
from xunfang.store import new_id

pytestmark = pytest.mark.browser
WIDTH = 1366
MOST = 60
"""So many clicks, choices and fields a new need takes at most: with its route, limit, paper, field and scenario."""


@dataclass
class Studio:
    """A county whose rules are kept here, its people, and a browser."""

    town: Town
    served: Served
    address: str
    browser: Browser
    hands: dict[str, "Hand"] = field(default_factory=dict)

    def of(self, login: str) -> "Hand":
        """Return somebody at their screen."""
        if login not in self.hands:
            self.hands[login] = Hand(Walk(self.browser, self.served, self.address, login, WIDTH))
        return self.hands[login]

    def work(self) -> None:
        """Let the worker do what waits."""
        self.town.work_until(self.town.at)


@dataclass
class Hand:
    """One person at one screen; counts what they do."""

    walk: Walk
    count: int = 0

    @property
    def page(self) -> Page:
        return self.walk.page

    def click(self, what: str) -> None:
        self.count += 1
        found = self.page.locator(what).first
        if found.evaluate("each => ['A', 'BUTTON'].includes(each.tagName)"):
            with self.page.expect_navigation():  # what is clicked next belongs to the page that comes
                found.click()
        else:
            found.click()

    def fill(self, what: str, text: str) -> None:
        self.count += 1
        self.page.locator(what).first.fill(text)

    def choose(self, what: str, label: str) -> None:
        self.count += 1
        self.page.locator(what).first.select_option(label=label)

    def tick(self, label: str) -> None:
        self.click(f"label.tick:has-text('{label}'):visible")

    def tab(self, label: str) -> None:
        self.click(f"nav.switch a:text-is('{label}')")

    def save(self) -> None:
        self.click("main .block-form button.primary:visible")

    def text(self, what: str = "main") -> str:
        return self.page.locator(what).first.inner_text()


@contextmanager
def county(folder: Path, browser: Browser) -> Iterator[Studio]:
    """Serve a county to a browser, with what looks drafts through."""
    town, served = played(folder)
    examiner = Examiner()
    site = served.app.extensions["xunfang"]
    served.app.extensions["xunfang"] = replace(site, examiner=examiner)
    with serving(served.app) as address:
        yield Studio(town, served, address, browser)
    examiner.close()
    town.database.close()


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Studio]:
    with county(tmp_path_factory.mktemp("studio"), browser) as studio:
        yield studio


def begin(hand: Hand, title: str) -> str:
    """Begin a change set from the front page and return its address."""
    hand.page.goto(hand.walk.address)
    hand.click("nav a:text-is('规则修改')")
    if not hand.page.is_visible("#c-title"):
        hand.click("summary:text-is('开始一份改动单')")
    hand.fill("#c-title", title)
    hand.click("button:text-is('开始')")
    return hand.page.url.partition("?")[0]


def add_option(hand: Hand) -> None:
    hand.tab("清单")
    hand.click("main a:text-is('救助需求')")
    hand.click("summary:text-is('增加一个选项')")
    hand.fill("#a-label", "居家照护")
    hand.click("button:text-is('增加')")


def add_limit(hand: Hand) -> None:
    hand.tab("期限")
    hand.click("a:text-is('新增时限')")
    hand.fill("[name=label]", "居家照护上门")
    hand.fill("[name=limit]", "3个工作日")
    hand.fill("[name=from]", "任务下达")
    hand.fill("[name=cites]", "BS-二(二)3-7")
    hand.save()


def add_paper(hand: Hand) -> None:
    hand.tab("文书")
    hand.click("summary:text-is('新增一种文书')")
    hand.fill("#n-label", "居家照护联系单")
    hand.choose("#n-model", "线索转办单")
    hand.fill("#n-number", "博社救护〔{year}〕{n}号")
    hand.click("button:text-is('新增')")


def add_route(hand: Hand) -> None:
    hand.tab("分派")
    hand.click("a:text-is('新增一行')")
    hand.choose("[name='when:fact']", "救助需求")
    hand.page.wait_for_selector("details.picks")
    hand.tick("居家照护")
    hand.choose("[name=lead]", "区民政局")
    hand.choose("[name=deadline]", "居家照护上门")
    hand.choose("[name=prints]", "居家照护联系单")
    hand.fill("[name=cites]", "BS-二(二)3-9")
    hand.save()


def add_field(hand: Hand) -> None:
    hand.tab("表单")
    hand.click("a:text-is('困难线索登记表')")
    hand.click("summary:text-is('增加一项')")
    hand.fill("#a-title", "照护情况")
    hand.choose("#a-section", "困难与需求")
    hand.click("button:text-is('加上')")
    hand.click("[aria-label='照护情况：修改']")
    hand.click("label.tick:has([name=shown][value=when])")
    hand.click("summary:text-is('救助需求')")
    hand.tick("居家照护")
    hand.click("label.tick:has([name=required])")
    hand.click("button:text-is('存入改动单')")


def try_it(hand: Hand) -> None:
    """Try it on the sample that stands there, and keep that as a scenario."""
    hand.tab("试一试")
    hand.click("li:has-text('困难线索登记表') a:text-is('填好示例')")
    hand.tick("基本生活救助")
    hand.tick("居家照护")
    hand.fill("[data-field^=item] input", "失能，需要上门照料")
    hand.click("[data-send]")
    assert "居家照护上门，3个工作日" in hand.text("#outlook")
    assert "居家照护联系单" in hand.text("#outlook")
    hand.fill("#label", "居家照护由区民政局三个工作日内办理")
    hand.click("button:text-is('存为情景')")


def hand_in(studio: Studio, hand: Hand) -> None:
    """Let a draft pass the gates and hand it in."""
    studio.town.later(minutes=1)
    if not hand.page.is_visible("button:text-is('检查全部')"):
        hand.tab("改动单")
    hand.click("button:text-is('检查全部')")
    studio.work()
    hand.page.wait_for_selector("button:text-is('送复核')")  # the page looks again by itself
    hand.click("button:text-is('送复核')")


def approve(hand: Hand) -> None:
    """Come from the inbox, look at the sheet, and approve."""
    hand.page.goto(hand.walk.address + "/inbox/")
    hand.click("button:text-is('规则改动待复核')")
    hand.click("a:text-is('看改动说明')")
    hand.tab("改动单")
    hand.click("button:text-is('复核通过')")


def publish(hand: Hand) -> None:
    if hand.page.is_visible("text=今后由网站维护"):
        hand.tick("今后由网站维护")
    hand.click("button:text-is('发布')")


@contextmanager
def a_colleague_at_work(studio: Studio) -> Iterator[list[int]]:
    """Let a village open pages all the while and send one report; yields what they were answered."""
    answers, done = list[int](), threading.Event()
    client = studio.served.client("village")
    cookie = client.client.get_cookie("xunfang")
    assert cookie
    told = {
        **report_answers(),
        "residence": VILLAGE,
        "found_at": "2026-03-10T08:30",
        "willing": "true",
        "consent": "true",
    }
    told = {**told, "csrf": client.csrf, "submission_id": new_id()}

    def ask(path: str, data: Any = None) -> None:
        body = urllib.parse.urlencode(data, doseq=True).encode() if data else None
        request = urllib.request.Request(studio.address + path, body, {"Cookie": f"xunfang={cookie.value}"})
        with urllib.request.urlopen(request) as answer:
            answers.append(answer.status)

    def work() -> None:
        ask("/forms/clue-report")
        ask("/forms/clue-report", told)
        while not done.is_set():
            for path in ("/", "/forms/", "/forms/clue-report", "/inbox/"):
                ask(path)

    colleague = threading.Thread(target=work)
    colleague.start()
    try:
        yield answers
    finally:
        done.set()
        colleague.join()


def test_a_need_with_its_route_limit_paper_and_scenario_is_in_force_in_ten_minutes(studio: Studio) -> None:
    editor, reviewer = studio.of("editor"), studio.of("reviewer")
    at = begin(editor, "增加居家照护需求")
    for step in (add_option, add_limit, add_paper, add_route, add_field, try_it):
        step(editor)
    hand_in(studio, editor)
    approve(reviewer)
    editor.page.goto(at)
    with a_colleague_at_work(studio) as answers:
        publish(editor)
    assert "已经发布" in editor.text("main")
    assert set(answers) == {200}
    assert len(answers) > 4
    assert editor.count + reviewer.count <= MOST
    assert editor.walk.complaints == reviewer.walk.complaints == []
    form = studio.of("village").walk.go("/forms/clue-report")
    assert form.is_visible("label:has-text('居家照护')"), "nobody has started anything anew"


UNIT = "财政局"


def edit_unit(hand: Hand, label: str) -> None:
    """Open the form of a unit and type another name."""
    hand.tab("其他规则")
    hand.click("main a:text-is('承办单位')")
    hand.click(f"a:has-text('{label}')")


def test_a_rejected_review_says_what_where_and_why(studio: Studio) -> None:
    editor, reviewer = studio.of("editor"), studio.of("reviewer")
    at = begin(editor, "财政局改名")
    edit_unit(editor, UNIT)
    editor.fill("[name=label]", "区财政金融局")
    editor.save()
    hand_in(studio, editor)
    reviewer.page.goto(at)
    assert "对照“改动说明”" in reviewer.text(".now")
    reviewer.tab("改动说明")
    reviewer.click("summary:text-is('对这一条写意见')")
    reviewer.fill("textarea[name=text]:visible", "三定方案上是“区财政和金融局”。")
    reviewer.click("button:text-is('写上'):visible")
    reviewer.tab("改动单")
    reviewer.click("summary:text-is('退回修改')")
    reviewer.fill("#why-return-change-set", "名称与三定方案不一致。")
    reviewer.click("button:has-text('确认退回')")
    assert "等规则维护员改好" in reviewer.text(".now")

    editor.page.goto(editor.walk.address + "/inbox/")
    editor.click("button:text-is('规则改动退回修改')")
    assert "名称与三定方案不一致。" in editor.text()
    assert "按退回的理由和意见改好" in editor.text(".now")
    editor.click("a:text-is('对改动说明里的一条')")
    assert "三定方案上是“区财政和金融局”。" in editor.text("tr:target")
    edit_unit(editor, "区财政金融局")
    editor.fill("[name=label]", "区财政和金融局")
    editor.save()
    hand_in(studio, editor)
    approve(reviewer)
    assert "复核通过" in reviewer.text("#gates")


def test_two_at_one_rule_see_one_another_and_lose_nothing(studio: Studio) -> None:
    first, second = studio.of("editor"), studio.of("second-editor")
    at = begin(first, "民政局的电话")
    edit_unit(first, "区民政局")
    second.page.goto(first.page.url)
    first.fill("[name=label]", "区民政局（机关）")
    first.save()
    second.fill("[name=label]", "区民政和社会工作局")
    second.save()
    assert "刚被别人改过" in second.text()
    assert "现在是：区民政局（机关）" in second.text("form.block-form")
    assert second.page.input_value("[name=label]") == "区民政和社会工作局"
    second.save()
    assert "已存入改动单" in second.text("[role=status], .flash, body")
    second.page.goto(at)
    assert second.text().count("民政") >= 2
    assert "测试editor" in second.text()
    assert "测试second-editor" in second.text()


def test_two_drafts_of_one_rule_are_told_before_either_is_published(studio: Studio) -> None:
    first, second = studio.of("editor"), studio.of("second-editor")
    one = begin(first, "残联改名")
    edit_unit(first, "区残联")
    first.fill("[name=label]", "区残疾人联合会")
    first.save()
    other = begin(second, "慈善总会改名")
    edit_unit(second, "区慈善总会")
    second.fill("[name=label]", "区慈善总会（本部）")
    second.save()
    second.tab("改动单")
    assert "残联改名：承办单位" in second.text()
    first.page.goto(one)
    hand_in(studio, first)
    approve(studio.of("reviewer"))
    publish(studio.of("reviewer"))
    second.page.goto(other)
    assert "先并入现行规则" in second.text(".now")
    second.click("button:text-is('并入现行规则')")
    edit_unit(second, "区慈善总会（本部）")
    second.click("a:has-text('承办单位')")
    assert "区残疾人联合会" in second.text(), "the other change is in this draft now"


def test_a_province_is_told_which_city_its_draft_would_break(browser: Browser, tmp_path: Path) -> None:
    province, city = "62-gansu", "6205-tianshui"
    people = [Person("shengji", "provincial-civil-affairs", ("rule-editor",), jurisdiction=province)]
    books = {each: compile_rulebook(FILES, each) for each in (province, city)}
    served = open_town(tmp_path, books, people)
    with serving(served.app) as address:
        hand = Hand(Walk(browser, served, address, "shengji", WIDTH))
        begin(hand, "快速核实定为一个工作日")
        hand.tab("其他规则")
        hand.click("main a:text-is('辖区的基本情况')")
        hand.click("a:has-text('没有数字的词')")
        hand.fill("[value=快速] + input", "1个工作日")
        hand.save()
        hand.tab("改动单")
        hand.click("button:text-is('检查全部')")
        assert "会使1个下级辖区的规则不能用：天水市" in hand.text("#gates")
        assert "放宽为“3个工作日”" in hand.text("#gates")
        assert "“检查”没有通过" in hand.text(".now")
        assert not hand.page.is_visible("button:text-is('送复核')")
    served.deployment.database.close()


def test_what_was_tried_out_is_carried_to_the_installation_in_use(studio: Studio, tmp_path: Path) -> None:
    editor = studio.of("editor")
    begin(editor, "医保分局改名")
    edit_unit(editor, "区医保分局")
    editor.fill("[name=label]", "区医疗保障分局")
    editor.save()
    editor.tab("改动单")
    with editor.page.expect_download() as package:
        editor.page.click("a:text-is('下载改动包')")
    with county(tmp_path, studio.browser) as real:
        hand = real.of("editor")
        hand.page.goto(real.address + "/studio/")
        hand.click("summary:text-is('导入改动包')")
        hand.page.set_input_files("#c-package", package.value.path())
        hand.click("button:text-is('导入')")
        assert "取自改动包" in hand.text()
        hand.tab("改动说明")
        assert "区医疗保障分局" in hand.text()
        hand_in(real, hand)
        approve(real.of("reviewer"))
        publish(real.of("reviewer"))
        real.town.deployment.rulebooks.renew()
        assert real.town.deployment.rulebooks.of(JURISDICTION).units[MEDICAL].label == "区医疗保障分局"
    assert studio.town.deployment.rulebooks.of(JURISDICTION).units[MEDICAL].label == "区医保分局"


def fields_shown(hand: Hand) -> list[str]:
    """Return the ids of the fields of a form in their order on the page."""
    return [str(each.get_attribute("id")) for each in hand.page.locator(".studio-fields > li").all()]


def test_a_field_is_dragged_to_its_place_and_that_is_kept(studio: Studio) -> None:
    hand = studio.of("editor")
    at = begin(hand, "换个次序")
    hand.page.goto(f"{at}/forms/clue-report")
    before, rows = fields_shown(hand), hand.page.locator("ul[data-drag]").first.locator("li[data-place]")
    grip = rows.nth(2).locator(".drag-handle")
    grip.scroll_into_view_if_needed()
    held, first = grip.bounding_box(), rows.nth(0).bounding_box()
    assert held
    assert first
    mouse = hand.page.mouse
    mouse.move(held["x"] + held["width"] / 2, held["y"] + held["height"] / 2)
    mouse.down()
    mouse.move(first["x"] + 60, first["y"] + first["height"] + 9, steps=3)
    hand.page.wait_for_selector("li.dragged")
    mouse.move(first["x"] + 60, first["y"] + 3, steps=3)
    hand.page.wait_for_selector("li.drop-before")
    with hand.page.expect_navigation():
        mouse.up()
    assert fields_shown(hand) == [before[2], *before[:2], *before[3:]]
    hand.page.goto(at)
    assert "上移" in hand.text("#h-edits + ul li")


_AT = """([css, text]) => { const at = document.activeElement, told = at.getAttribute("aria-label") || "";
  return at.matches(css) && (!text || at.innerText.trim() === text || told.startsWith(text)); }"""


def reach(hand: Hand, css: str, text: str = "") -> None:
    """Press Tab until something has the focus."""
    for _ in range(300):
        hand.page.keyboard.press("Tab")
        if hand.page.evaluate(_AT, [css, text]):
            return
    raise AssertionError(f"no Tab leads to {css} {text} on {hand.page.url}")


def enter(hand: Hand, css: str, text: str = "") -> None:
    """Go to something by Tab, past what stands over every page, and press Enter there."""
    reach(hand, "a", "跳到正文")
    hand.page.keyboard.press("Enter")
    reach(hand, css, text)
    with hand.page.expect_navigation():
        hand.page.keyboard.press("Enter")


def arrow_to(hand: Hand, css: str, label: str) -> None:
    """Go to a list by Tab and to one of its entries by the arrows."""
    reach(hand, css)
    for _ in range(400):
        if hand.page.evaluate("document.activeElement.selectedOptions[0].label") == label:
            return
        hand.page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow leads to {label}")


def test_a_draft_is_made_and_handed_in_by_keyboard_alone(studio: Studio) -> None:
    hand = studio.of("editor")
    keys = hand.page.keyboard
    hand.page.goto(f"{studio.address}/studio/")
    if not hand.page.is_visible("#c-title"):
        reach(hand, "summary", "开始一份改动单")
        keys.press("Enter")
    reach(hand, "#c-title")
    keys.type("只用键盘")
    with hand.page.expect_navigation():
        keys.press("Enter")
    enter(hand, "nav.switch a", "期限")
    enter(hand, "a", "修改拟办分派")
    reach(hand, "[name=limit]")
    keys.press("Control+a")
    keys.type("4个工作日")
    with hand.page.expect_navigation():
        keys.press("Enter")
    assert "已存入改动单" in hand.text("body")
    enter(hand, "nav.switch a", "分派")
    enter(hand, "a", "新增一行")
    arrow_to(hand, "[name='when:fact']", "救助需求")
    with hand.page.expect_navigation():  # the choices of what was chosen are shown, and one goes on from there
        keys.press("Tab")
    reach(hand, "input[value=family-survey]")
    keys.press("Space")
    arrow_to(hand, "[name=lead]", "区民政局")
    reach(hand, "[name=cites]")
    keys.type("BS-二(二)3-9")
    with hand.page.expect_navigation():
        keys.press("Enter")
    assert "已存入改动单" in hand.text("body")
    enter(hand, "nav.switch a", "改动单")
    studio.town.later(minutes=1)
    enter(hand, "button", "检查全部")
    assert "没有问题" in hand.text("#gates")
    studio.work()
    hand.page.wait_for_selector("button:text-is('送复核')")  # the page looks again by itself
    enter(hand, "button", "送复核")
    assert "等待复核" in hand.text()


def test_a_chinese_input_method_loses_and_doubles_nothing(studio: Studio) -> None:
    hand = studio.of("editor")
    begin(hand, "用输入法")
    hand.tab("期限")
    hand.click("a.small-button:has-text('修改')")
    field = hand.page.locator("[name=label]")
    was = field.input_value()
    field.press("End")
    typing = hand.page.context.new_cdp_session(hand.page)
    for letters in ("n", "ni", "ni'b"):
        typing.send(
            "Input.imeSetComposition", {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)}
        )
    typing.send("Input.insertText", {"text": "拟办"})
    assert field.input_value() == f"{was}拟办"
    hand.save()
    assert f"{was}拟办" in hand.text()


def test_a_county_half_made_is_there_when_the_browser_is_opened_again(studio: Studio) -> None:
    walk = studio.of("editor").walk
    page = walk.go("/studio/new-county/")
    told = {"name": "临淄区", "code": "370305", "pinyin": "linzi", "word": "临"}
    for name, text in told.items():
        page.fill(f"[name={name}]", text)
    page.click("button:text-is('下一步：区划')")
    page.fill("[name=list]", "370305001,闻韶街道")
    page.locator("[name=list]").blur()
    other = page.context.new_page()
    other.goto(f"{studio.address}/studio/new-county/")
    other.wait_for_selector("h2:text-is('区划')")
    assert other.input_value("[name=list]") == "370305001,闻韶街道"
    assert other.locator("[name=pinyin]").input_value() == "linzi"
    other.click("summary:text-is('从头开始')")
    other.click("a:text-is('确认从头开始')")
    assert other.input_value("[name=pinyin]") == ""
    assert not other.evaluate("Object.keys(localStorage).some(each => each.endsWith(':new-county'))")
    other.close()


OWN = f"workflows/{JURISDICTION}"
OF_A_DRAFT = (
    "", "/sheet/", "/clauses/", "/flows/", "/flows/clue", "/duties/", "/divisions/", "/lists/", "/lists/need",
    "/forms/", "/forms/clue-report", "/forms/clue-report/field/remarks",
    "/forms/rigid-expense-application/field/members", "/forms/rigid-expense-application/field/members/column/name",
    "/routing/", "/deadlines/?limit=feedback&start=2026-09-29T10:00", "/papers/", "/papers/transfer-slip", "/trial/",
    "/trial/clue-report", "/rules/", f"/rules/file/{OWN}/units.toml",
    f"/rules/edit/{OWN}/units.toml?block=%5B%22finance%22%5D",
    f"/rules/edit/{OWN}/routing.toml?block=%5B%22clue%22,%22rows%22,0%5D",
    f"/rules/edit/{OWN}/deadlines.toml?block=%5B%22new%22%5D&new=yes",
    "/files", f"/text?path={OWN}/units.toml", "/text?path=workflows/00-national/units.toml",
)  # fmt: skip
OF_ROLES = (
    ("editor", "/studio/"), ("reviewer", "/studio/versions/"), ("reviewer", "/inbox/"), ("village", "/"),
    ("township", "/"), ("doctor", "/"), ("leader", "/dispatch/"), ("centre", "/cases/"),
    ("supervisor", "/supervision/"),
    ("duty", "/"), ("admin", "/accounts/"), ("operator", "/system/"), ("auditor", "/audit/"), ("centre", "/people/"),
)  # fmt: skip


def amiss(page: Page) -> list[str]:
    """Return what keeps somebody from reading or using a page, and how far it runs beyond a phone."""
    assert "没有找到" not in page.inner_text("h1"), page.url
    page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true; })")
    found = barriers(page)
    page.set_viewport_size({"width": PHONE, "height": 740})
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.set_viewport_size({"width": WIDTH, "height": 768})
    return [*found, *([f"+{beyond}px on a phone"] if beyond else [])]


def test_every_page_of_the_studio_and_of_each_role_reads_for_everybody(studio: Studio) -> None:
    editor = studio.of("editor")
    at = begin(editor, "看一看各页").removeprefix(studio.address)
    edit_unit(editor, "区农业农村局")
    editor.fill("[name=label]", "区农业农村和乡村振兴局")
    editor.save()
    found = [f"{path} {what}" for path in OF_A_DRAFT for what in amiss(editor.walk.go(at + path))]
    found += [f"{login} {path} {what}" for login, path in OF_ROLES for what in amiss(studio.of(login).walk.go(path))]
    assert found == []
