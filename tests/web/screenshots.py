"""Photographs every menu page of a running demonstration, as each of its logins, at both widths.

.venv/bin/python tests/web/screenshots.py http://127.0.0.1:8000 FOLDER
"""

import sys
import tempfile
from pathlib import Path

from browsing import chromium
from playwright.sync_api import Browser, Page

WIDTHS = (360, 1440)


def photograph(browser: Browser, address: str, folder: Path, width: int) -> None:
    """Sign in as every demo login in turn and photograph what its menu leads to, and the first case it finds."""
    page = _screen(browser, width)
    page.goto(f"{address}/login")
    page.screenshot(path=folder / f"sign-in-{width}.png", full_page=True)
    for place in range(page.locator(".demo-logins form").count()):
        page = _screen(browser, width)
        page.goto(f"{address}/login")
        form = page.locator(".demo-logins form").nth(place)
        login = form.locator("[name=login]").input_value()
        form.locator("button").click()
        page.wait_for_load_state()
        _walk(page, address, folder, f"{login}-{{}}-{width}.png")
        page.context.close()


def _walk(page: Page, address: str, folder: Path, name: str) -> None:
    paths = [link.get_attribute("href") or "/" for link in page.locator(".side a").all()]
    for path in paths:
        page.goto(address + path)
        page.screenshot(path=folder / name.format(path.strip("/") or "queue"), full_page=True)
    case = page.goto(f"{address}/cases/") and page.locator("td a").first
    if case and case.count():
        case.click()
        page.wait_for_load_state()
        page.screenshot(path=folder / name.format("case"), full_page=True)


def _screen(browser: Browser, width: int) -> Page:
    viewport = {"width": width, "height": 800}
    return browser.new_context(viewport=viewport, is_mobile=width < 700, locale="zh-CN").new_page()  # type: ignore[arg-type]


if __name__ == "__main__":
    target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    with chromium(Path(tempfile.mkdtemp())) as started:
        for each in WIDTHS:
            photograph(started, sys.argv[1].rstrip("/"), target, each)
