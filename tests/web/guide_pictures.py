"""Takes the pictures of docs/guide.md: `make guide`.

.venv/bin/python tests/web/guide_pictures.py    rewrites docs/images/guide/*.png
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paper_guide import IMAGES, PICTURES
from PIL import Image
from playwright.sync_api import Page
from screenshots import FORM, Screen, come_late, nothing, opened, receipt_of, task_of, unclaimed
from stage import DESK, PHONE, Stage, staged

from xunfang.casework import Circular, Delivery, DutyPeriod, Entitlement, Publication, Roll, Sitting
from xunfang.store import Account

COLOURS = 96
LEDGER = "clue-ledger"


@dataclass(frozen=True)
class Picture:
    """One picture: a screen at a width, cut to its top `height`, or to the element `only`."""

    screen: Screen
    width: int = DESK
    height: int = 560
    only: str = ""


def pictures(stage: Stage) -> Iterator[Picture]:
    """Yield the pictures, by the names that the guide gives them."""
    task, keeper = task_of(stage, "yibao"), stage.allowed("accounts.index")
    case, form = f"/cases/{task.case}", f"/forms/{FORM}"
    yield _on_a_phone("report-form", "anshang", form, second_section)
    yield _on_a_phone("report-sent", "anshang", receipt_of(stage, "anshang"), height=420)
    yield Picture(Screen("work-queue", "jiaoti", "/"), height=700)
    yield _on_a_phone("work-phone", "jiaoti", "/")
    yield Picture(Screen("work-case", "yibao", case), height=620)
    yield Picture(Screen("dispatch-page", "zhuren", "/dispatch/"), height=640)
    yield Picture(Screen("supervise-page", "zhuren", "/supervision/"), height=640)
    yield Picture(Screen("papers-page", "zhuren", "/papers/"), height=460)
    yield from _of_the_year(stage)
    yield Picture(Screen("reveal-box", "yibao", case, unfold_reveal), only=".cover")
    yield Picture(Screen("accounts-page", keeper, "/accounts/"), height=460)
    yield Picture(Screen("system-page", stage.allowed("system.index"), "/system/"), height=480)
    yield Picture(Screen("trouble-wrong", "anshang", form, send_nothing), height=420)
    yield Picture(Screen("trouble-late", *unclaimed(stage), come_late), height=380)
    yield Picture(Screen("trouble-signal", "beiyucheng", form, lose_signal), height=380)


def _of_the_year(stage: Stage) -> Iterator[Picture]:
    """Yield the pictures of what recurs: people, duties, lists, meetings, visits, boards, rosters, figures, ledgers."""
    own = stage.rows(DutyPeriod, duty="township-monthly", unit=unit_of(stage, "yucheng"), ended_at=None)
    report = newest(own, "begins_on")
    listed = newest(stage.rows(Delivery, feed="insured-inpatient-bills"), "received_at")
    held = newest(stage.rows(Sitting, status="closed"), "called_at")
    board = newest([row for row in stage.rows(Publication) if row.taken_down_at is None], "posted_at")
    fixed = newest([row for row in stage.rows(Roll) if row.status == "handed"], "month")
    circular = newest([row for row in stage.rows(Circular) if row.issued_at], "issued_at")
    helped = newest(stage.rows(Entitlement, programme="subsistence-allowance", state="granted"), "decided_at")
    yield Picture(Screen("registry-person", "minzheng", f"/people/{helped.person}"), height=720)
    yield Picture(Screen("duties-figures", "yucheng", f"/duties/{report.id}/hand-in"), height=720)
    yield Picture(Screen("duties-list", "yibao", f"/feeds/{listed.id}"), height=640)
    yield Picture(Screen("meetings-held", "minzheng", f"/meetings/{held.id}"), height=720)
    yield _on_a_phone("visits-phone", "beiyucheng", "/visits/")
    yield Picture(Screen("publications-one", "yucheng", f"/publications/{board.id}"), height=520)
    yield Picture(Screen("rolls-one", "minzheng", f"/rolls/{fixed.id}"), height=720)
    yield Picture(Screen("papers-circular", "duban", f"/circulars/{circular.id}"), height=720)
    yield Picture(Screen("indicators-page", "zhuren", "/indicators/"), height=720)
    yield Picture(Screen("indicators-circular", "duban", "/circulars/draft"), height=820)
    yield Picture(Screen("ledgers-one", "paidan", f"/ledgers/{LEDGER}"), height=600)


def newest(rows: list[Any], by: str) -> Any:
    """Return the newest of some rows."""
    return max(rows, key=lambda row: getattr(row, by))


def unit_of(stage: Stage, login: str) -> str:
    """Return the unit somebody works for."""
    return str(stage.rows(Account, login=login)[0].unit)


def _on_a_phone(name: str, login: str, path: str, act: Callable[[Page], None] = nothing, height: int = 700) -> Picture:
    return Picture(Screen(name, login, path, act), PHONE, height)


def second_section(page: Page) -> None:
    """Fill in the first section and go on."""
    page.fill("[name=found_at]", "2026-09-29T08:30")
    page.select_option("[name=finder_role]", "village-cadre")
    page.click("[data-next]")


def send_nothing(page: Page) -> None:
    """Send an empty form."""
    with page.expect_navigation():
        page.click("[data-send]")


def lose_signal(page: Page) -> None:
    """Send a form while there is no signal."""
    page.context.set_offline(True)
    page.click("[data-send]")
    page.wait_for_selector("#draft-note:not([hidden])")


def unfold_reveal(page: Page) -> None:
    """Open the box in which a reason is asked for."""
    page.evaluate("document.querySelector('.cover .act-box').open = true")


def take(stage: Stage, picture: Picture) -> bytes:
    """Return a picture as a small PNG: without the strip that marks a demonstration, in few colours."""
    page = opened(stage, picture.screen, picture.width)
    if picture.only:
        taken = page.locator(picture.only).screenshot()
    else:
        top = page.evaluate("document.querySelector('.demo-strip').getBoundingClientRect().bottom + scrollY")
        clip = {"x": 0, "y": top, "width": picture.width, "height": picture.height}
        taken = page.screenshot(clip=clip, full_page=True)  # type: ignore[arg-type]
    page.close()
    made = io.BytesIO()
    few = Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(made, "PNG", optimize=True)
    return made.getvalue()


def main(folder: Path = IMAGES) -> None:
    """Take every picture, and leave no other in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with staged(whole=True) as stage:
        taken = {each.screen.name: take(stage, each) for each in pictures(stage)}
    if taken.keys() != PICTURES.keys():
        raise SystemExit(f"pictures and captions differ: {taken.keys() ^ PICTURES.keys()}")
    for old in folder.glob("*.png"):
        old.unlink()
    for name, data in taken.items():
        (folder / f"{name}.png").write_bytes(data)


if __name__ == "__main__":
    main()
