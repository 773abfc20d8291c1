"""Photographs every main page at both widths, and as a printed sheet: `make screenshots`.

.venv/bin/python tests/web/screenshots.py FOLDER [PATTERN]
    writes FOLDER/360/*.png, FOLDER/1440/*.png and FOLDER/print/*.{png,pdf}, of the pages whose name fits the pattern
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from playwright.sync_api import Page
from stage import DESK, PHONE, SHEET, Stage, staged

from xunfang.store import Account, Case, Clue, Dispatch, Task

FORM = "clue-report"


def nothing(page: Page) -> None:
    """Leave a page as it came."""


@dataclass(frozen=True)
class Screen:
    """One picture: whose, of which address, and what is done on the page before it is taken."""

    name: str
    login: str
    path: str
    act: Callable[[Page], None] = nothing
    status: int = 200
    printed: bool = False


def explain(page: Page) -> None:
    """Open everything that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")


def forget(page: Page) -> None:
    """Go on, or send, with nothing filled in, and wait for what is wrong."""
    page.locator("[data-next]:visible, [data-send]:visible").first.click()
    page.wait_for_function("document.querySelector('#summary, .field.wrong') !== null")


def come_late(page: Page) -> None:
    """Claim from a page that is older than what it shows."""
    page.evaluate("document.querySelectorAll('[name=version]').forEach(each => { each.value = '0'; })")
    with page.expect_navigation():
        page.locator("form[action*='/claim'] button").first.click()


def look_for_nobody(page: Page) -> None:
    """Look for a person whom no case is about."""
    page.fill("[name=q]", "查无此人")
    with page.expect_navigation():
        page.locator("[role=search] button").first.click()


def mistype(page: Page) -> None:
    """Sign in with a wrong password."""
    page.fill("#login", "anshang")
    page.fill("#password", "wrong")
    with page.expect_navigation():
        page.locator(".entry button").first.click()


def screens(stage: Stage) -> Iterator[Screen]:
    """Yield every main page with the person who sees most of it."""
    yield Screen("sign-in", "", "/login")
    yield Screen("sign-in-refused", "", "/login", mistype)
    for login in ("anshang", "chengdong", "yibao", "paidan", "zhuren", "guanli", "shenji"):
        yield Screen(f"queue-{login}", login, "/", printed=login == "yibao")
    yield Screen("queue-filtered", "yibao", "/?status=open&bucket=late")
    yield from _reporting(stage)
    yield from _casework(stage)
    yield from _desk(stage)
    yield Screen("error-403", "anshang", "/dispatch/", status=403)
    yield Screen("error-404", "yibao", "/nowhere", status=404)
    yield Screen("error-409", *unclaimed(stage), come_late)


def _reporting(stage: Stage) -> Iterator[Screen]:
    yield Screen("intake-list", "anshang", "/forms/")
    yield Screen("intake-form", "anshang", f"/forms/{FORM}")
    yield Screen("intake-form-explained", "chengdong", f"/forms/{FORM}", explain)
    yield Screen("intake-form-wrong", "anshang", f"/forms/{FORM}", forget)
    yield Screen("receipt", "anshang", receipt_of(stage, "anshang"))


def _casework(stage: Stage) -> Iterator[Screen]:
    own = task_of(stage, "yibao")
    case = f"/cases/{own.case}"
    waiting = stage.rows(Dispatch, status="proposed")[0]
    closed = next(case for case in stage.rows(Case) if case.closed_at)
    yield Screen("case", "yibao", case, printed=True)
    yield Screen("case-explained", "yibao", case, explain)
    yield Screen("case-waiting", "zhuren", f"/cases/{waiting.case}")
    yield Screen("case-closed", "zhuren", f"/cases/{closed.id}", printed=True)
    yield Screen("task-form", "yibao", f"/tasks/{own.id}/complete")
    yield Screen("cases", "zhuren", "/cases/")
    yield Screen("cases-none", "zhuren", "/cases/", look_for_nobody)


def task_of(stage: Stage, login: str) -> Task:
    """Return the most pressing open task of somebody's unit, one in hand before one that waits to be claimed."""
    (account,) = stage.rows(Account, login=login)
    tasks = [task for task in stage.rows(Task, unit=account.unit, ended_at=None) if task.case]
    return min(tasks, key=lambda task: (task.status != "claimed", task.due_at))


def receipt_of(stage: Stage, login: str) -> str:
    """Return the address of the receipt of a report that somebody's unit has sent."""
    (account,) = stage.rows(Account, login=login)
    return f"/forms/sent/{stage.rows(Clue, unit=account.unit)[0].submission}"


def _desk(stage: Stage) -> Iterator[Screen]:
    keeper = stage.allowed("accounts.index")
    (worker,) = stage.rows(Account, login="anshang")
    yield Screen("dispatch", "zhuren", "/dispatch/")
    yield Screen("supervision", "zhuren", "/supervision/", printed=True)
    yield Screen("inbox", "yibao", "/inbox/")
    yield Screen("papers", "zhuren", "/papers/")
    yield Screen("rules", "zhuren", "/rules/", printed=True)
    yield Screen("accounts", keeper, "/accounts/")
    yield Screen("account", keeper, f"/accounts/{worker.id}")
    yield Screen("system", stage.allowed("system.index"), "/system/")
    yield Screen("audit", stage.allowed("audit.index"), "/audit/")
    yield Screen("password", "anshang", "/password/")
    for login in ("anshang", "yibao", "zhuren", keeper):
        yield Screen(f"guide-{login}", login, "/guide/", printed=login == "yibao")
    yield Screen("guide-explained", "paidan", "/guide/", explain)


def unclaimed(stage: Stage) -> tuple[str, str]:
    """Return somebody, and the address of a case in which their unit has a task nobody has claimed."""
    people = {stage.rows(Account, login=each)[0].unit: each for each in stage.people if stage.may(each, "claim")}
    task = next(task for task in stage.rows(Task, status="open") if task.case and task.unit in people)
    return people[task.unit], f"/cases/{task.case}"


def opened(stage: Stage, screen: Screen, width: int) -> Page:
    """Return the page of a screen as it is to be seen; one that answers otherwise than it should ends everything."""
    page = stage.page(screen.login, width)
    answer = page.goto(stage.address + screen.path)
    if answer is None or answer.status != screen.status:
        raise SystemExit(f"{screen.name}: {screen.path} answered {answer and answer.status}")
    screen.act(page)
    return page


def take(stage: Stage, screen: Screen, width: int, folder: Path) -> None:
    """Take the picture of a whole page."""
    page = opened(stage, screen, width)
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": height})  # what sticks to the bottom belongs there
    page.screenshot(path=folder / str(width) / f"{screen.name}.png", full_page=True)
    page.close()


def print_out(stage: Stage, screen: Screen, folder: Path) -> None:
    """Keep a page as it leaves the printer, on A4, and a picture of it."""
    page = opened(stage, screen, SHEET)
    page.emulate_media(media="print")
    page.screenshot(path=folder / "print" / f"{screen.name}.png", full_page=True)
    page.pdf(path=folder / "print" / f"{screen.name}.pdf", prefer_css_page_size=True, format="A4")
    page.close()


def main(folder: Path, wanted: str = "*") -> None:
    """Take every picture whose name fits a pattern."""
    for name in (str(PHONE), str(DESK), "print"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    with staged() as stage:
        for screen in (each for each in screens(stage) if fnmatch(each.name, wanted)):
            for width in (PHONE, DESK):
                take(stage, screen, width, folder)
            if screen.printed:
                print_out(stage, screen, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
