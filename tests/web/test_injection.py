"""Markup in every free text of form, reason and name: on no page does it become more than text, in a real browser."""

import re

import pytest
from browsing import serving
from conftest import Town
from playwright.sync_api import Browser, Page, Request

from xunfang.actions.handling import return_task, transfer
from xunfang.actions.reading import reveal
from xunfang.store import Account, Dispatch, Job, Message, Notice, connection, new_id, transaction

MARKUP = "\"'><img src=x onerror=window.hit=1><script>window.hit=2</script><svg onload=window.hit=3>{{7*7}}</textarea>"
SHORT = '"><b onclick=hit(1)>伤'
VISITORS = ("worker", "township", "clerk", "leader", "admin", "operator", "auditor")
MOST_PAGES = 80
INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=\"|<[^>]*=\"javascript:", re.I)


@pytest.fixture
def hostile(town: Town) -> Town:
    """A town in which whoever could write something wrote markup."""
    long = dict.fromkeys(("members", "difficulty", "illness", "remarks"), MARKUP)
    task = town.dispatched(name=SHORT, address=SHORT, finder_name=SHORT, **long)
    town.dispatched(name=SHORT, id_number=None, difficulty=MARKUP)
    at, deployment = town.now(), town.deployment
    transfer(deployment, town.actor("clerk"), task.id, task.version, "township:370304102", MARKUP, at)
    lead = next(each for each in town.tasks(task.case) if each.unit == "township:370304102" and each.role == "lead")
    reveal(deployment, town.actor("township"), task.case, "illness", MARKUP, at)
    return_task(deployment, town.actor("township"), lead.id, lead.version, MARKUP, at)
    _write_where_no_form_reaches(town, task.case)
    return town


def _write_where_no_form_reaches(town: Town, case: str) -> None:
    """Names of staff, messages, and errors that printing and the worker leave."""
    common = {"jurisdiction": "370304-boshan", "case": case}
    with transaction(town.deployment.database, "") as tx:
        for login in VISITORS:
            unit = town.actor(login).unit
            tx.update(Account, {"login": login}, {"name": MARKUP})
            tx.insert(
                Message(
                    id=new_id(), key=new_id(), unit=unit, kind="urge", title=MARKUP, body=MARKUP, at=town.at, **common
                )
            )
        tx.insert(
            Notice(id=new_id(), key=new_id(), task="", kind="transfer-slip", unit="service-centre", wanted_at=town.at,
                   number=MARKUP, status="failed", error=MARKUP, **common)
        )  # fmt: skip
        tx.insert(
            Job(id=new_id(), kind=MARKUP, key=new_id(), payload={}, jurisdiction="370304-boshan", run_at=town.at,
                status="parked", last_error=MARKUP)
        )  # fmt: skip


class Crawl:
    """One person who follows every link of every page; what should not be is remembered."""

    def __init__(self, browser: Browser, town: Town, address: str, login: str) -> None:
        self.town, self.address, self.login = town, address, login
        self.wrong: list[str] = []
        self.seen: set[str] = set()
        self.context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        cookie = town.client(login).client.get_cookie("xunfang")
        assert cookie
        self.context.add_cookies([{"name": "xunfang", "value": cookie.value, "url": address}])
        self.context.on("request", self._look_where)
        self.page: Page = self.context.new_page()
        self.page.on("dialog", lambda dialog: (self._note("a dialog"), dialog.dismiss()))
        self.page.on("pageerror", lambda problem: self._note(f"an error: {problem}"))
        self.page.on("console", lambda said: self._note(said.text) if "Content Security Policy" in said.text else None)

    def _note(self, what: str) -> None:
        self.wrong.append(f"{self.login} {self.page.url}: {what}")

    def _look_where(self, request: Request) -> None:
        """Note whoever asks elsewhere than of the site, where `chromium` finds nobody."""
        if not request.url.startswith((f"{self.address}/", "blob:")):
            self._note(f"asks elsewhere: {request.url}")

    def walk(self) -> None:
        """Visit the first page and whatever is linked from there."""
        waiting = ["/"]
        while waiting and len(self.seen) < MOST_PAGES:
            path = waiting.pop(0)
            shape = re.sub(r"[0-9a-f]{32}", "*", path.partition("?")[0])
            if shape in self.seen:
                continue
            self.seen.add(shape)
            waiting += self._visit(path)
        self.context.close()

    def _visit(self, path: str) -> list[str]:
        answer = self.page.goto(self.address + path)
        assert answer
        if found := INLINE.search(_outside_texts(answer.text())):
            self._note(f"inline: {found[0]}")
        self.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        if self.page.evaluate("window.hit") is not None:
            self._note("markup ran")
        if made := self.page.evaluate(FOREIGN):
            self._note(f"markup became {made}")
        links = self.page.evaluate(LINKS)
        return [
            link.partition("#")[0]
            for link in links
            if link.startswith("/") and ".pdf" not in link and "photos" not in link
        ]


LINKS = """Array.from(document.querySelectorAll('a[href]:not([download])'), each => each.getAttribute('href'))"""

FOREIGN = """Array.from(document.querySelectorAll('img[src=x], svg[onload], b[onclick], script:not([src]), [onerror]'),
             each => each.outerHTML.slice(0, 80)).join(' ')"""


def _outside_texts(page: str) -> str:
    """Return the page without escaped texts: an attribute's value holds no quotation mark of its own."""
    return re.sub(r'(value|title|aria-label|alt|content)="[^"]*"', "", page)


@pytest.mark.browser
@pytest.mark.slow
def test_markup_stays_text_on_every_page_and_nothing_is_asked_elsewhere(browser: Browser, hostile: Town) -> None:
    wrong, seen = [], set()
    with serving(hostile.app) as address:
        for login in VISITORS:
            crawl = Crawl(browser, hostile, address, login)
            crawl.walk()
            wrong += crawl.wrong
            seen |= crawl.seen
    assert wrong == []
    for page in (
        "/cases/*",
        "/tasks/*/complete",
        "/dispatch/",
        "/inbox/",
        "/papers/",
        "/system/",
        "/accounts/*",
        "/supervision/",
        "/audit/",
        "/guide/",
    ):
        assert page in seen, f"the crawl never came to {page}"


@pytest.mark.browser
@pytest.mark.slow
def test_markup_that_comes_back_in_a_form_stays_text(browser: Browser, hostile: Town) -> None:
    """Typed and refused, looked for and not found: the pages that repeat what was sent."""
    with serving(hostile.app) as address:
        crawl = Crawl(browser, hostile, address, "leader")
        crawl.page.goto(f"{address}/cases/")
        crawl.page.fill("[name=q]", MARKUP[:50])
        crawl.page.press("[name=q]", "Enter")
        crawl.page.wait_for_url("**find=*")
        assert crawl.page.evaluate(FOREIGN) == ""
        assert crawl.page.input_value("[name=q]") == MARKUP[:50]
        crawl._visit(f"/rules/?q={MARKUP.replace('#', '')}")
        crawl._visit(f"/?urgency={MARKUP}&unit={MARKUP}&bucket={MARKUP}&done={MARKUP}")
        crawl._visit(f"/login?next=/{MARKUP}")
        wrong = crawl.wrong
        crawl.context.close()
    assert wrong == []


def test_the_markup_really_stands_where_people_write(hostile: Town) -> None:
    with connection(hostile.deployment.database) as reader:
        case = reader.select(Dispatch)[0].case
    page = hostile.client("township").get(f"/cases/{case}").text
    assert "&lt;img src=x onerror=window.hit=1&gt;" in page
    assert MARKUP not in page
