"""One person at one screen of the served demonstration: signs in, clicks, types, reads, and keeps what was seen."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Locator, Page
from stage import MOMENT, PHONE, Stage

from xunfang.clock import local_date

TODAY = local_date(MOMENT).isoformat()
DESK = 1366
PATIENCE = 60_000
"""So many milliseconds a page is waited for at most: other things may be running on the machine."""
TURNS = 120
"""So many times a page is opened anew until the background has done its part."""


@dataclass
class Visitors:
    """Who walks in one walk: everybody signs in once at each width, and pictures are numbered as they are taken."""

    stage: Stage
    walk: str
    folder: Path
    complaints: list[str] = field(default_factory=list)
    _hands: dict[tuple[str, int], "Hand"] = field(default_factory=dict)
    _taken: Any = field(default_factory=lambda: count(1))

    def of(self, login: str, width: int = DESK) -> "Hand":
        """Return somebody at their screen."""
        if (login, width) not in self._hands:
            self._hands[login, width] = self._signed_in(login, width)
        return self._hands[login, width]

    def picture(self, page: Page, word: str) -> None:
        """Keep a whole page as it is seen: what sticks to the bottom of the screen stands at its end."""
        screen, height = page.viewport_size, page.evaluate("document.documentElement.scrollHeight")
        assert screen is not None
        page.set_viewport_size({"width": screen["width"], "height": max(screen["height"], height)})
        page.screenshot(path=self.folder / f"{self.walk}-{next(self._taken)}-{word}.png", full_page=True)
        page.set_viewport_size(screen)

    def stopped(self) -> None:
        """Keep a picture of what everybody had before them when a walk could not go on."""
        for hand in self._hands.values():
            with suppress(Error):
                self.picture(hand.page, "停在这里")

    def leave(self) -> None:
        """Let everybody go."""
        for hand in self._hands.values():
            hand.page.context.close()

    def _signed_in(self, login: str, width: int) -> "Hand":
        context = self.stage.browser.new_context(
            viewport={"width": width, "height": 768 if width > PHONE else 740},
            is_mobile=width == PHONE,
            has_touch=width == PHONE,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        page = context.new_page()
        page.clock.set_fixed_time(MOMENT)
        page.goto(self.stage.address + "/login")
        page.fill("#login", login)
        page.fill("#password", self.stage.people[login].password)
        page.press("#password", "Enter")
        page.wait_for_selector("form.leave")
        return Hand(page, self)


@dataclass
class Hand:
    """One person at one screen: does everything by clicks and by typing."""

    page: Page
    among: Visitors

    def menu(self, label: str) -> None:
        """Open a page of the menu, unfolding the whole of it on a phone."""
        entry = self.page.locator("nav.side a").get_by_text(label, exact=True)
        if not entry.is_visible():
            self.page.click("label[for=whole-menu]")
        self._follow(entry)

    def click(self, what: str) -> None:
        """Click a link or a button that leads on to another page."""
        self._follow(self.page.locator(what).first)

    def unfold(self, label: str) -> None:
        """Open what lies under a heading that can be unfolded."""
        self.page.locator("summary").filter(has_text=label).first.click()

    def fill(self, name: str, text: str) -> None:
        """Type into the field of a form."""
        self.page.fill(f"[name='{name}']:visible", text)

    def tick(self, name: str, value: str) -> None:
        """Choose one of the answers that stand side by side."""
        self.page.locator(f"label.tick:has(input[name='{name}'][value='{value}'])").click()

    def place(self, name: str, above: str, label: str) -> None:
        """Choose a village: first what lies above it."""
        box = self.page.locator(f"[data-field={name}]")
        if (steps := box.locator(".cascade select")).count() > 1:
            steps.first.select_option(label=above)
        box.locator(f"select[name={name}]").select_option(label=label)

    def send(self) -> None:
        """Send the form of the page."""
        self.click("[data-send]:visible")

    def text(self, what: str = "main") -> str:
        """Return what is read on the page, or in the first such part of it."""
        return self.page.locator(what).first.inner_text()

    def texts(self, what: str) -> list[str]:
        """Return what is read in each such part of the page."""
        return [text.strip() for text in self.page.locator(what).all_inner_texts()]

    def number(self, what: str) -> int:
        """Return the whole number that is read in such a part of the page."""
        return int(self.text(what).replace(",", ""))

    def until(self, words: str, what: str = "main") -> None:
        """Look at the page again until the background has done its part and it says so."""
        for _ in range(TURNS):
            if words in self.text(what):
                return
            self.page.wait_for_timeout(500)
            self.page.reload()
        raise AssertionError(f"“{words}” never stood on {self.page.url}:\n{self.text(what)[:500]}")

    def until_other(self, text: str, what: str) -> None:
        """Look at the page again until the background has done its part and it no longer says so."""
        for _ in range(TURNS):
            if self.text(what) != text:
                return
            self.page.wait_for_timeout(500)
            self.page.reload()
        raise AssertionError(f"{self.page.url} still says “{text}”")

    def lines(self) -> list[list[str]]:
        """Return the rows of the table that is shown, and of all the pages after it; ends on the last of them."""
        found = self._rows()
        while (more := self.page.locator("main p.more a")).count():
            self._follow(more.first)
            found += self._rows()
        return found

    def download(self, what: str) -> Path:
        """Return the file that a click brings, kept beside the pictures."""
        with self.page.expect_download() as coming:
            self.page.locator(what).first.click()
        kept = self.among.folder / f"{self.among.walk}-{coming.value.suggested_filename}"
        coming.value.save_as(kept)
        return kept

    def reads(self, *words: str) -> None:
        """Stop unless the page says all of this."""
        text = self.text()
        missing = [each for each in words if each not in text]
        assert not missing, f"{missing} not on {self.page.url}:\n{text[:1500]}"

    def reads_not(self, *words: str) -> None:
        """Stop if the page says any of this."""
        text = self.text()
        assert not (found := [each for each in words if each in text]), f"{found} on {self.page.url}:\n{text[:1500]}"

    def fits(self) -> None:
        """Stop if the page runs beyond the screen."""
        beyond = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond == 0, f"+{beyond}px on {self.page.url}"

    def look(self, word: str) -> None:
        """Keep a picture of the page."""
        self.among.picture(self.page, word)

    def _rows(self) -> list[list[str]]:
        rows = self.page.locator("main tbody tr").all()
        return [[cell.strip() for cell in row.locator("td, th").all_inner_texts()] for row in rows]

    def _follow(self, what: Locator) -> None:
        with self.page.expect_navigation():
            what.click()


def numbers_in(text: str) -> list[int]:
    """Return the whole numbers that stand in a sentence."""
    return [int(each) for each in re.findall(r"\d+", text)]
