"""What keeps people from reading or using a page, as axe finds it."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_RUN = "() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
"""What is well is left there: it is many times as much."""


def barriers(page: Page) -> list[str]:
    """Return what is serious or worse, each by its rule and the first place where it stands."""
    page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(_RUN)
    serious = (each for each in found if each["impact"] in ("serious", "critical"))
    return [f"{each['id']}: {each['nodes'][0]['html'][:150]}" for each in serious]
