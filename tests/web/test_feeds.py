"""Lists of departments on their pages: what is owed, the upload, what was found, the workbook back, undone."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from conftest import Browser, Town, owe

from sheets.books import HEADS, listed, number, patient
from xunfang.actions.jobs import handlers
from xunfang.casework import Delivery
from xunfang.store import DutyPeriod, connection
from xunfang.store.jobs import next_due
from xunfang.worker import Worker

FEED, UNIT = "insured-inpatient-bills", "medical-insurance-bureau"
AWAY = patient(2, address="外地")


@pytest.fixture
def work(town: Town) -> Callable[[], None]:
    def work() -> None:
        worker = Worker(town.deployment.database, handlers(town.deployment, _no_press, town.now), town.now)
        while next_due(town.deployment.database, town.now()):
            worker.run_next()

    return work


def _no_press(_order: object) -> None:
    raise AssertionError("no list is printed")


def upload(browser: Browser, data: bytes, name: str = "三月.xlsx") -> str:
    sent = browser.post(f"/feeds/hand-in/{FEED}", {"file": (io.BytesIO(data), name)})
    assert sent.status_code == 303, sent.text
    return str(sent.location).partition("?")[0]


def version(town: Town, address: str) -> str:
    with connection(town.deployment.database) as reader:
        found = reader.find(Delivery, address.rpartition("/")[2])
    assert found is not None
    return str(found.version)


def do(town: Town, browser: Browser, address: str, verb: str) -> int:
    return int(browser.post(f"{address}/do/{verb}", {"version": version(town, address)}).status_code)


def test_whoever_owes_a_list_sees_it_with_its_template_and_can_say_there_is_none(town: Town) -> None:
    owed, browser = owe(town, FEED, UNIT), town.client("clerk")
    page = browser.get("/feeds/").text
    assert f'href="/duties/{owed.id}"' in page
    assert "本期无新增" in page
    assert 'href="/feeds/#h-insured-inpatient-bills"' in browser.get(f"/duties/{owed.id}").text
    made = openpyxl.load_workbook(io.BytesIO(browser.get(f"/feeds/template/{FEED}").data))
    assert made.sheetnames == ["名单", "填表说明"]
    assert "身份证号" in [cell.value for cell in made["名单"][1]]


def test_a_list_with_errors_is_mended_handed_over_and_taken_in(town: Town, work: Callable[[], None]) -> None:
    owed, browser = owe(town, FEED, UNIT), town.client("clerk")
    address = upload(browser, listed(patient(1), AWAY))
    assert "正在核对" in browser.get(address).text
    work()
    page = browser.get(address).text
    assert "看不出住在哪个镇（街道）" in page
    assert number(1) not in page
    assert "新线索" not in page  # whom it met is for whoever gets it
    back = browser.get(f"{address}/workbook")
    assert "%E4%B8%89%E6%9C%88" in back.headers["Content-Disposition"]
    assert "看不出" in str(openpyxl.load_workbook(io.BytesIO(back.data))["名单"]["I3"].value)
    mended = upload(browser, listed(patient(1), patient(2)))
    work()
    assert do(town, browser, mended, "hand-over") == 303
    with connection(town.deployment.database) as reader:
        fulfilled = reader.find(DutyPeriod, owed.id)
    assert fulfilled
    assert fulfilled.status == "reported"
    leader = town.client("leader")
    assert "新线索 2" in leader.get(mended).text
    assert do(town, leader, mended, "take-in") == 303
    assert '<span class="num">2</span>。本页' in leader.get(mended).text
    assert '<span class="num">2</span>。本页' not in browser.get(mended).text  # how many are known is not the sender's
    work()
    taken = leader.get(mended).text
    assert "整份撤销" in taken
    assert 'href="/cases/' in taken
    assert do(town, leader, mended, "undo") == 303
    work()
    assert "已撤销 2" in leader.get(mended).text


def test_a_word_nobody_knows_is_asked_about_on_the_page(town: Town, work: Callable[[], None]) -> None:
    browser = town.client("clerk")
    address = upload(browser, listed(patient(1), heads=[*HEADS[:5], "就诊机构", *HEADS[6:]]))
    work()
    assert "这一列是什么" in browser.get(address).text
    told = {"version": version(town, address), "column-5": "hospital"}
    assert browser.post(f"{address}/columns", told).status_code == 303
    work()
    assert "已核对1人" in browser.get(address).text


@pytest.mark.parametrize(("data", "words"), [(b"", "是空的"), (b"%PDF-1.4\x00", "不是能识别的表格")])
def test_what_is_no_workbook_is_refused_at_the_door(town: Town, data: bytes, words: str) -> None:
    sent = town.client("clerk").post(f"/feeds/hand-in/{FEED}", {"file": (io.BytesIO(data), "a.xlsx")})
    assert sent.status_code == 422
    assert words in sent.text


def test_a_list_that_does_not_come_is_told_to_whoever_waits_for_it(town: Town) -> None:
    owe(town, FEED, UNIT, "2026-08-01")
    assert "还没有报来的" in town.client("leader").get("/feeds/").text
    assert "还没有报来的" not in town.client("clerk").get("/feeds/").text
