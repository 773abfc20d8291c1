"""The whole path on the real command: a village reports on a phone, and in the end a refusal stands on paper."""

import io
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request
from pypdf import PdfReader

from web.browsing import chromium
from xunfang import clock
from xunfang.identity import make_id

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
PASSWORD = "Xunfang#2021"
VILLAGE, LEADER, BUREAU = "beiyucheng", "zhuren", "yibao"
PHONE, DESK = 360, 1440
NAME = "路遥知"
NUMBER = make_id("370304", date(1949, 5, 7), 772)
UNBORN = make_id("370304", date(2990, 1, 1), 225)
"""A number that is right but for its date."""
STARTING, PRINTING = 60, 60  # seconds at most


@dataclass
class Site:
    """The running command, seen through one browser; every address asked for is remembered."""

    address: str
    browser: Browser
    asked: set[str] = field(default_factory=set)

    def enter(self, login: str, width: int) -> Page:
        """Sign in with the keyboard, as on the first morning."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 740}, locale="zh-CN", is_mobile=width < 700
        )
        context.on("request", lambda request: self.asked.add(request.url))
        page = context.new_page()
        page.goto(f"{self.address}/login")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.click("button.wide")
        page.wait_for_selector("form.leave")
        return page


def deployment_in(folder: Path) -> Path:
    """Return the settings of a deployment with the county's files, whose data stay in the folder."""
    for name in ("forms", "workflows", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    for year in folder.glob("workflows/*/demo-year.toml"):  # the month is enough to walk through, and loads fast
        year.unlink()
    (folder / "var").mkdir()
    if (ROOT / "var" / "fonts").is_dir():
        (folder / "var" / "fonts").symlink_to(ROOT / "var" / "fonts")
    settings = (ROOT / "config.toml").read_text(encoding="utf-8").splitlines()
    alone = ['serves = ["370304-boshan"]' if line.startswith("serves") else line for line in settings]
    (folder / "config.toml").write_text("\n".join(alone), encoding="utf-8")  # one county's month loads fast
    return folder / "config.toml"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving_demo(folder: Path) -> Iterator[str]:
    """Run `xunfang serve --demo` and yield its address once it says that it has started."""
    config, port = deployment_in(folder), free_port()
    command = [sys.executable, "-m", "xunfang", "--config", str(config), "serve", "--demo", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
    with (folder / "said").open("w+") as said:
        running = subprocess.Popen(command, env=environment, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()
            running.wait(timeout=40)


def wait_until_up(page: Page, address: str, folder: Path) -> None:
    for _ in range(STARTING * 4):
        try:
            if page.request.get(f"{address}/healthz").ok:
                return
        except Exception:  # not listening yet
            page.wait_for_timeout(250)
    pytest.fail((folder / "said").read_text())


def report(page: Page, address: str) -> tuple[str, Request]:
    """Report a clue step by step, wrong at first; return its number and the send that was accepted."""
    sends: list[Request] = []
    page.on("request", lambda request: sends.append(request) if request.method == "POST" else None)
    page.goto(f"{address}/forms/clue-report")
    page.fill("[name=found_at]", f"{clock.local(clock.now() - timedelta(minutes=20)):%Y-%m-%dT%H:%M}")
    page.select_option("[name=finder_role]", "village-cadre")
    page.click("[data-next]")
    page.fill("[name=name]", NAME)
    page.fill("[name=id_number]", NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"))
    page.click("[data-next]")
    assert "校验码不符" in page.inner_text("#e-id_number")  # the phone knows before there is a signal
    page.fill("[name=id_number]", UNBORN)  # and this the server alone
    page.click("[data-next]")
    page.click("[data-next]")
    assert not page.is_visible("[name=illness]")
    page.check("[name=needs][value=medical]")
    page.fill("[name=illness]", "冠心病住院，自付约一万元。")
    page.fill("[name=difficulty]", "独居，子女在外地，住院费用借了亲戚的钱。")
    page.check("[name=willing][value=true]")
    page.click("[data-next]")
    page.click("[data-send]")
    page.wait_for_selector("#summary")
    page.click('#summary a[href="#f-id_number"]')
    assert "身份证号" in page.inner_text("[data-field=id_number]")
    assert page.input_value("[name=name]") == NAME
    assert page.input_value("[name=illness]").startswith("冠心病")
    page.fill("[name=id_number]", NUMBER)
    while page.is_visible("[data-next]"):
        page.click("[data-next]")
    page.dblclick("[data-send]")
    page.wait_for_url(re.compile("/forms/sent/"))
    return page.inner_text(".receipt-number"), [each for each in sends if "/forms/clue-report" in each.url][-1]


def send_again(page: Page, address: str, sent: Request) -> None:
    """Send the very same report once more, as a phone does that never heard the answer: still one clue."""
    kind = sent.headers["content-type"]
    answer = page.request.post(sent.url, data=sent.post_data_buffer, headers={"Content-Type": kind})
    assert answer.ok
    page.goto(f"{address}/forms/")
    assert page.locator("tr", has_text=NAME).count() == 1


def confirm(page: Page, address: str) -> None:
    page.goto(f"{address}/dispatch/")
    card = page.locator("article", has_text=NAME)
    card.locator("summary", has_text="为什么这样拟办").click()
    assert "博政办字〔2021〕27号" in card.inner_text()
    assert card.locator("select").first.input_value() == "medical-insurance-bureau"
    card.locator("button", has_text="确认分派").click()
    page.wait_for_url(re.compile("done=confirm-dispatch"))
    assert page.locator("article", has_text=NAME).count() == 0


def open_case(page: Page, address: str, number: str) -> None:
    """Find the task in the queue and its case by the receipt, open it and read why it is due then."""
    page.goto(f"{address}/?bucket=later")
    row = page.locator("tr", has_text=NAME)
    assert "待签收" in row.inner_text()
    assert "剩余5个工作日" in row.inner_text()
    row.locator("a").first.click()
    page.wait_for_url(re.compile("/cases/"))
    file = page.url.partition("#")[0]
    assert number in page.inner_text("[aria-labelledby=h-found]")
    page.goto(f"{address}/cases/")
    page.fill("[name=q]", number.lower())
    page.click("form[role=search] button")
    page.locator("main tbody tr", has_text=NAME).locator("a").first.click()
    page.wait_for_url(file)
    task = page.locator("article.task", has_text="区医保分局")
    task.locator("summary", has_text="这个期限怎么算出来的").click()
    assert task.locator(".days li:not(.skipped)").count() == 5
    assert "5个工作日内向区社会救助综合服务中心反馈调查处理情况" in task.inner_text()
    assert NUMBER not in page.content()
    assert re.search(r"370304\*{12}", page.inner_text("main"))


def refuse(page: Page) -> None:
    """Claim the task and complete it: the household does not qualify."""
    page.locator("button", has_text="签收").click()
    page.wait_for_url(re.compile("done=claim"))
    page.locator("a", has_text="填写反馈并办结").click()
    page.fill("[name=visited_on]", clock.local_date(clock.now()).isoformat())
    page.fill("[name=findings]", "入户核实，费用已由医保报销，家庭存款较多。")
    page.check("[name=willing][value=true]")
    page.check("[name=eligible][value=false]")
    page.select_option("[name=refusal_reason]", index=1)
    page.check("[name=outcome][value=ineligible]")
    with page.expect_navigation():
        page.click("[data-send]")
    assert "done=complete" in page.url, page.inner_text("main")


def sign_off(page: Page, address: str) -> None:
    """Read the draft that waits for the leader, and sign it."""
    row = page.locator("main tbody tr", has_text="不予救助告知书").filter(has_text=NAME)
    for _ in range(PRINTING * 2):
        page.goto(f"{address}/signing/")
        if row.count():
            break
        page.wait_for_timeout(500)
    draft = page.request.get(address + str(row.locator("a").first.get_attribute("href")))
    assert draft.headers["content-type"] == "application/pdf"
    row.locator("input[type=checkbox]").check()
    page.click("main button.primary")
    page.wait_for_url(re.compile("done=sign-off"))
    assert row.count() == 0


def printed(page: Page, label: str) -> str:
    """Return the address of a paper of the case, as soon as the worker has made it."""
    paper = page.locator("#papers div", has_text=label)
    for _ in range(PRINTING * 2):
        if paper.filter(has_text="已制成").count():
            return str(paper.locator("a", has_text=label).first.get_attribute("href"))
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail(page.inner_text("#papers"))


def check_paper(page: Page, address: str) -> None:
    """The refusal stands on paper, with its remedies, and is the same file whenever it is opened."""
    path = printed(page, "不予救助告知书")
    first, second = (page.request.get(address + path) for _ in range(2))
    assert first.headers["content-type"] == "application/pdf"
    assert first.body() == second.body()
    pages = PdfReader(io.BytesIO(first.body())).pages
    text = re.sub(r"\s+", "", "".join(each.extract_text() for each in pages))
    for words in (NAME, "60日内", "行政复议", "6个月内", "行政诉讼"):
        assert words in text, words


STEPS = (
    "上报线索", "建立个案", "提出拟办意见", "批示同意拟办意见", "下达任务", "签收", "办结", "签发文书：不予救助告知书",
    "文书制成：不予救助告知书", "打开文书：不予救助告知书",
)  # fmt: skip


def check_timeline(page: Page) -> None:
    page.reload()
    told = page.inner_text(".timeline")
    assert [step for step in STEPS if step not in told] == []
    assert re.findall(r"[a-z]+[-_.][a-z]+", told) == []


def test_from_the_phone_in_the_village_to_the_refusal_on_paper(tmp_path: Path) -> None:
    folder = tmp_path / "deployment"
    folder.mkdir()
    with serving_demo(folder) as address, chromium(tmp_path) as browser:
        wait_until_up(browser.new_page(), address, folder)
        site = Site(address, browser)
        village = site.enter(VILLAGE, PHONE)
        number, sent = report(village, address)
        send_again(village, address, sent)
        confirm(site.enter(LEADER, DESK), address)
        bureau = site.enter(BUREAU, DESK)
        open_case(bureau, address, number)
        refuse(bureau)
        sign_off(site.enter(LEADER, DESK), address)
        check_paper(bureau, address)
        check_timeline(bureau)
    assert {url for url in site.asked if not url.startswith((f"{address}/", "blob:"))} == set()
