"""Reports that are filled in beforehand: figures opened, corrected with a reason, handed in; summed and printed."""

import io
import re
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from conftest import TOWNSHIP, Browser, Town, owe

from xunfang.actions.papers import NoticeOrder
from xunfang.clock import parse
from xunfang.printing.markup import read
from xunfang.printing.rendering import render
from xunfang.store import Account, DutyPeriod, connection, transaction
from xunfang.store.tables import ReportedFigure
from xunfang.worker import Worker
from xunfang.worker.parts import parts

OURS, NEXT = f"township:{TOWNSHIP}", "township:370304103"
ASKED = {"period": "2026-09", "households_visited": "0", "clues_closed": "0", "persons_aided": "0", "money_given": "0",
         "reporter": "钱明"}  # fmt: skip


class Printed:
    """A paper, and what it was to say."""

    pdf, pages = b"%PDF-", 1


@pytest.fixture
def orders(town: Town) -> list[NoticeOrder]:
    """September is over and counted."""
    town.dispatched()
    town.at = parse("2026-10-03T10:00:00+08:00")
    return []


def work(town: Town, orders: list[NoticeOrder]) -> None:
    def press(order: NoticeOrder) -> Printed:
        orders.append(order)
        return Printed()

    worker = Worker(town.deployment.database, parts(town.deployment, press, town.now), town.now)
    while worker.run_next():
        pass


def told_on(order: NoticeOrder) -> str:
    """Return what a paper says, as far as its template may."""
    return "".join(read(render(order.template, order.templates, order.facts, order.layout)).texts())


def hand_in(browser: Browser, owed: DutyPeriod, **answers: str) -> Any:
    address = f"/duties/{owed.id}/hand-in"
    form = browser.get(address).text
    key = re.search(r'name="submission_id" value="(\w+)"', form)
    assert key is not None
    return browser.post(address, {"version": "1", "submission_id": key[1], **ASKED, **answers})


def test_a_report_is_opened_filled_in_corrected_and_summed(town: Town, orders: list[NoticeOrder]) -> None:
    monthly, browser = owe(town, "township-monthly", OURS, "2026-10-01"), town.client("township")
    assert "还没有统计" in browser.get(f"/duties/{monthly.id}/hand-in").text
    assert browser.post(f"/duties/{monthly.id}/count").location == f"/duties/{monthly.id}?done=count"
    work(town, orders)
    form = browser.get(f"/duties/{monthly.id}/hand-in").text
    assert re.search(r'name="clues_found"[^>]*value="1"', form)
    assert re.search(r'name="period"[^>]*value="2026-09"', form)
    assert "看是哪1条" in form
    assert "/ledgers/clue-ledger?first=2026-09-01&amp;last=2026-09-30&amp;on=2026-09-30" in form
    rows = browser.get(f"/duties/{monthly.id}/figures/clues_found").text
    assert ("孙桂兰" in rows, "本期立案的个案" in rows) == (True, True)
    assert "本期统计有数：发现线索数 1" in browser.get(f"/duties/{monthly.id}").text

    typed = {**ASKED, "version": "1", "clues_found": "1", "households_visited": "8", "why-households_visited": "漏录"}
    page = {**typed, "counted_at": "", "was-clues_found": "", "was-households_visited": "7", "recount": "fetch"}
    again = browser.post(f"/duties/{monthly.id}/hand-in", {**page, "clues_found": ""}).text
    assert "发现线索数：未统计 → " in again
    assert "走访户数：7 → " in again
    assert re.search(r'name="clues_found"[^>]*value="1"', again)
    assert re.search(r'name="households_visited"[^>]*value="8"', again)
    assert ("您填的" in again, 'value="漏录"' in again) == (True, True)
    assert "取回统计数" in browser.post(f"/duties/{monthly.id}/hand-in", {**page, "recount": "ask"}).text

    wrong = hand_in(browser, monthly, clues_found="2")
    assert (wrong.status_code, "统计数是1，填的是2" in wrong.text) == (422, True)
    sent = hand_in(browser, monthly, **{"clues_found": "2", "why-clues_found": "一件口头上报，尚未录入"})
    assert sent.status_code == 303
    page = town.client("leader").get(f"/duties/{monthly.id}").text
    assert ("一件口头上报，尚未录入" in page, "更正" in page) == (True, True)
    with connection(town.deployment.database) as reader:
        kept = {row.field: row for row in reader.every(ReportedFigure, period=monthly.id)}
    assert (kept["clues_found"].counted, kept["clues_found"].told, kept["clues_found"].things) == ("1", "2", 1)

    summary, leader = owe(town, "district-monthly", "service-centre", "2026-10-01"), town.client("leader")
    owe(town, "township-monthly", NEXT, "2026-10-01")
    opened = leader.get(f"/duties/{summary.id}/hand-in").text
    assert re.search(r'name="clues_found"[^>]*value="2"', opened)
    assert "八陡镇" in re.search(r'name="returns_missing"[^>]*>([^<]*)', opened)[1]  # type: ignore[index]
    behind = leader.get(f"/duties/{summary.id}/figures/clues_found").text
    assert f'href="/duties/{monthly.id}"' in behind


def test_the_table_of_a_summary_is_shown_taken_along_and_printed(town: Town, orders: list[NoticeOrder]) -> None:
    monthly = owe(town, "township-monthly", OURS, "2026-10-01")
    assert hand_in(town.client("township"), monthly, clues_found="3", money_given="1500.5").status_code == 303
    summary, leader = owe(town, "district-monthly", "service-centre", "2026-10-01"), town.client("leader")
    page = leader.get(f"/duties/{summary.id}/table").text
    assert ("域城镇" in page, "博山区合计" in page, "1500.5" in page) == (True, True, True)
    assert "尚未报来、没有计入的" in page
    exported = leader.post(f"/duties/{summary.id}/table.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(exported.data)).worksheets[0]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["单位", "走访户数", "发现线索数", "办结线索数", "落实救助人数", "发放救助金额"] in lines
    assert ["计量单位", "户", "件", "件", "人", "元"] in lines
    assert ["博山区合计", 0, 3, 0, 0, 1500.5] in lines
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert leader.post(f"/duties/{summary.id}/print").status_code == 303
    assert leader.post("/indicators/bulletin", {"month": "2026-09"}).status_code == 303
    work(town, orders)
    papers = {order.template: told_on(order) for order in orders}
    assert papers.keys() >= {"report-table.html", "bulletin.html"}
    assert "尚未报来" in papers["report-table.html"]


def test_a_circular_is_drafted_signed_off_opened_by_whom_it_names_and_corrected(
    town: Town, orders: list[NoticeOrder]
) -> None:
    with transaction(town.deployment.database, "") as tx:
        leader = next(iter(tx.every(Account, login="leader")))
        works = {"unit": "leading-group-office", "roles": ("supervisor",)}
        tx.insert(replace(leader, id="office", login="office", **works))
    told = {"title": "关于逾期事项的通报", "to": "各单位", "opening": "通报如下：", "demand": "请尽快办结。"}
    told |= {"version": "0"}
    town.later(days=20)
    drafter, chief = town.client("office"), town.client("leader")
    assert chief.get("/circulars/draft").status_code == 404  # another unit issues them
    units = re.findall(r'name="unit" value="([^"]+)"', drafter.get("/circulars/draft").text)
    assert "medical-insurance-bureau" in units
    assert drafter.post("/circulars/draft", told).status_code == 422  # nobody is told of
    page = drafter.post("/circulars/draft", {**told, "unit": units[:1]}).location.partition("?")[0]
    assert "正在印草稿" in drafter.get(page).text
    named = town.client("clerk")
    work(town, orders)
    assert (named.get(page).status_code, named.get(f"{page}.pdf").status_code) == (404, 404)
    assert "关于逾期事项的通报" in chief.get("/signing/").text
    version = re.search(r'name="version" value="(\d+)"', chief.get(page).text)
    assert version is not None
    assert drafter.post(f"{page}/sign-circular", {"version": version[1]}).status_code == 403
    assert chief.post(f"{page}/sign-circular", {"version": version[1]}).status_code == 303
    work(town, orders)
    circular = told_on(orders[-1])
    assert ("关于逾期事项的通报" in circular, "请尽快办结。" in circular) == (True, True)
    assert ("孙桂兰" not in circular, "博救组办通〔2026〕1号" in circular) == (True, True)  # it names no person
    listed = named.get("/circulars/").text
    assert ("博救组办通〔2026〕1号" in listed, 'href="/papers/" aria-current="page"' in listed) == (True, True)
    assert "通报已印发" in named.get("/inbox/").text.replace("博救组办通〔2026〕1号", "")
    assert named.get(f"{page}.pdf").data.startswith(b"%PDF")
    corrects = page.rpartition("/")[2]
    assert "关于更正博救组办通〔2026〕1号的通报" in drafter.get(f"/circulars/draft?corrects={corrects}").text
    assert drafter.post("/circulars/draft", {**told, "corrects": corrects}).status_code == 303


def test_whoever_is_not_concerned_sees_no_figure_and_no_table(town: Town) -> None:
    monthly, sibling = owe(town, "township-monthly", OURS, "2026-10-01"), town.client("sibling")
    for path in ("figures/clues_found", "table"):
        assert sibling.get(f"/duties/{monthly.id}/{path}").status_code == 404
    for path in ("count", "table.xlsx", "print"):
        assert sibling.post(f"/duties/{monthly.id}/{path}").status_code == 404
    assert town.client("township").get(f"/duties/{monthly.id}/figures/reporter").status_code == 404
    assert town.client("township").get(f"/duties/{monthly.id}/figures/nonsense").status_code == 404
