"""Walks through what is read: a director at the dashboard, a ledger beside the same ledger in Excel."""

from datetime import datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Locator
from walking import Hand, Visitors, numbers_in

LEDGER = "主动发现线索台账"


def director_at_the_dashboard(among: Visitors) -> None:
    """The director reads the dashboard: each number opens as many rows, done and not done make the whole."""
    hand = among.of("zhuren")
    hand.menu("指标")
    if hand.page.locator("button:has-text('现在重新统计')").count():  # what others did today is in it
        before = hand.text("main p.muted")
        hand.click("button:has-text('现在重新统计')")
        hand.until_other(before, "main p.muted")
    hand.look("指标")
    board = hand.page.url.partition("?")[0]
    labels, opened = hand.texts(".figure h2"), 0
    assert len(labels) > 4
    for label in labels:
        opened += _numbers_opened(hand, board, label)
    assert opened > 6, "there is something to open"
    counted = next(label for label in labels if _card(hand, board, label).locator(".came a.num").count())
    _by_owner(hand, board, counted)


def _card(hand: Hand, board: str, label: str) -> Locator:
    """Return what the dashboard says of an indicator."""
    if hand.page.url.partition("?")[0] != board:
        hand.page.goto(board)
    return hand.page.locator(f".figure:has(h2 a:text-is('{label}'))")


def _numbers_opened(hand: Hand, board: str, label: str) -> int:
    """Open each number of an indicator; returns how many were opened."""
    shown = [int(text) for text in _card(hand, board, label).locator(".came a.num").all_inner_texts()]
    if not shown:
        return 0
    part, whole = shown
    assert len(_behind(hand, board, label, 0)) == part, label
    every = _behind(hand, board, label, 1)
    assert len(every) == whole, label
    assert sum(row[-1] == "做到" for row in every) == part, label
    rest = _card(hand, board, label).locator(".came a.small")
    if part < whole:
        assert numbers_in(rest.inner_text()) == [whole - part], label
        assert len(_behind(hand, board, label, 2)) == whole - part, label
    else:
        assert rest.count() == 0, label
    return len(shown) + rest.count()


def _behind(hand: Hand, board: str, label: str, place: int) -> list[list[str]]:
    """Return the rows that one of the numbers of an indicator opens."""
    with hand.page.expect_navigation():
        _card(hand, board, label).locator(".came a").nth(place).click()
    if place == 2:
        hand.look(f"{label}没做到的")
    return hand.lines()


def _by_owner(hand: Hand, board: str, label: str) -> None:
    """Open an indicator by unit: what each came to adds up to the whole, and each number opens its rows."""
    hand.page.goto(board)
    hand.click(f".figure h2 a:text-is('{label}')")
    hand.look(f"{label}按单位")
    part, whole = [int(text) for text in hand.texts(".came a.num")]
    address, owners = hand.page.url, hand.lines()
    assert sum(int(row[2]) for row in owners) == part
    assert sum(int(row[3]) for row in owners) == whole
    for n, row in enumerate(owners):
        hand.page.goto(address)
        hand.click(f"main tbody tr:nth-child({n + 1}) td[data-head=应计] a")
        assert len(hand.lines()) == int(row[3]), row


def ledger_in_excel(among: Visitors) -> None:
    """A ledger is taken along as Excel: opened again, its cells say what those of the page say."""
    hand = among.of("paidan")
    hand.menu("台账")
    hand.look("台账目录")
    hand.click(f"main td a:text-is('{LEDGER}')")
    hand.look("台账")
    heads = hand.texts("main thead th")
    ledger, page = hand.page.url, _lines(hand)
    hand.page.goto(ledger)
    hand.unfold("导出 Excel")
    path = hand.download("form[action$='/export'] button")
    book = load_workbook(path)
    sheet = book.worksheets[0]
    _as_a_bureau_circulates(sheet, heads, len(page))
    rows = [list(row) for row in sheet.iter_rows(min_row=5, max_row=4 + len(page))]
    assert [row[0].value for row in rows] == list(range(1, len(page) + 1)), "numbered from the first to the last"
    for line, row in zip(page, rows, strict=True):
        cells = [_told(cell.value) for cell in row[1:]]
        differ = [(head, a, b) for head, a, b in zip(heads, line, cells, strict=True) if a != b]
        assert differ == [], f"{line[0]}: {differ}"
    assert len(book.sheetnames) > 1, "what the ledger is stands on a sheet of its own"
    hand.look("导出以后")


def _lines(hand: Hand) -> list[list[str]]:
    """Return every line of the ledger: what each cell says, without what is only beside it."""
    found = list[list[str]]()
    while True:
        found += hand.page.evaluate(
            """[...document.querySelectorAll("main tbody tr")].map(row => [...row.children].map(cell => {
                 const told = cell.querySelector("a, div"); return told ? told.textContent.trim() : ""; }))"""
        )
        if not hand.page.locator("main p.more a").count():
            return [[" ".join(cell.split()) for cell in line] for line in found]
        hand.click("main p.more a")


def _as_a_bureau_circulates(sheet: Worksheet, heads: list[str], count: int) -> None:
    """Stop unless the sheet is headed, framed and printed as one that a bureau would circulate."""
    top = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=1, max_row=4)]
    assert top[0][0] == LEDGER
    assert f"共{count}条" in str(top[1][0])
    assert [each or above for above, each in zip(top[2], top[3], strict=True)] == ["序号", *heads]
    assert sheet.freeze_panes, "the heads stay in sight"
    assert sheet.print_title_rows, "and stand on every sheet of paper"
    assert sheet.merged_cells.ranges
    assert sheet.page_setup.orientation == "landscape"
    place = heads.index("身份证号") + 2
    numbers = [sheet.cell(row, place).value for row in range(5, 5 + count)]
    assert all(each is None or (isinstance(each, str) and "*" in each) for each in numbers), "text, and masked"
    formulas = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == [], "nothing is reckoned when it is opened"


def _told(value: Any) -> str:
    """Return what a cell says, as a page would."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == time() else value.strftime("%Y-%m-%d %H:%M")
    return "" if value is None else " ".join(str(value).split())
