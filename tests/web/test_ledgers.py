"""Ledgers on their pages: what is listed, narrowed, masked, and never a stranger's."""

import hashlib
import re
from datetime import datetime, time, timedelta
from html import unescape
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from conftest import TOWNSHIP, VILLAGE, Town, report_answers
from openpyxl import load_workbook

from xunfang.actions.jobs import handlers
from xunfang.actions.papers import NoticeOrder
from xunfang.desk import circulating, ledger_order, ledgers
from xunfang.store import Attachment, Event, connection
from xunfang.worker import Worker
from xunfang.worker.parts import parts

NAME = report_answers()["name"]
HEADS = re.compile(r'<th scope="col"[^>]*>(?:<a [^>]*>)?([^<]*)')


def show(town: Town, login: str, ledger: str = "clue-ledger", query: str = "") -> str:
    return str(town.client(login).get(f"/ledgers/{ledger}{query}").text)


def test_every_ledger_of_the_county_is_listed_and_opens(town: Town) -> None:
    town.dispatched()
    index = town.client("leader").get("/ledgers/").text
    opened = re.findall(r'href="/ledgers/([a-z-]+)"', index)
    assert {"clue-ledger", "temporary-aid-register"} <= set(opened)
    for ledger in opened:
        page = town.client("leader").get(f"/ledgers/{ledger}")
        assert (page.status_code, ledger in index) == (200, True), ledger
    assert town.client("leader").get("/ledgers/nothing").status_code == 404


def test_a_line_tells_the_case_by_its_labels_masked_and_opens_it(town: Town) -> None:
    task, told = town.dispatched(), report_answers()
    page = show(town, "leader")
    assert HEADS.findall(page)[0] == "线索编号"
    for text in (NAME, told["difficulty"], "医疗救助", "区医保分局", "2026-09-29 08:30", f'href="/cases/{task.case}"'):
        assert text in page
    for secret in (told["id_number"], told["phone"], told["illness"]):
        assert secret not in page
    assert "138****1234" in page


SEES = dict.fromkeys(("leader", "township", "worker", "clerk"), True)
SEES |= dict.fromkeys(("other-worker", "sibling", "teacher", "builder"), False)


@pytest.mark.parametrize("login", SEES)
def test_a_line_is_seen_by_those_who_see_its_case(town: Town, login: str) -> None:
    town.dispatched()
    assert (NAME in show(town, login)) is SEES[login]


def test_a_ledger_is_narrowed_and_no_address_tells_a_name(town: Town) -> None:
    town.dispatched()
    town.report(name="周大福", id_number=None, residence=VILLAGE)
    leader = town.client("leader")

    def narrowed(**asked: str) -> str:
        sent = leader.post("/ledgers/clue-ledger", asked)
        assert sent.status_code == 303
        assert all(name not in unquote(sent.location) for name in (NAME, "周大福"))
        return str(leader.get(sent.location).text)

    found = {
        "name": narrowed(q=NAME), "place": narrowed(place=TOWNSHIP), "elsewhere": narrowed(place="370304103"),
        "since": narrowed(first="2026-09-29"), "before": narrowed(last="2026-09-28"), "ended": narrowed(stands="ended"),
        "open": narrowed(stands="open"), "odd": narrowed(first="nonsense", place="x' or 1=1", stands="y"),
        "as of": narrowed(on="2026-09-28"), "ever": narrowed(first="0001-01-01", last="9999-12-31", on="9999-12-31"),
    }  # fmt: skip
    told = {what: (NAME in re.sub("<input[^>]*>", "", page), "周大福" in page) for what, page in found.items()}
    both, none = (True, True), (False, False)
    assert told == {
        "name": (True, False), "place": both, "elsewhere": none, "since": both, "before": none, "ended": none,
        "open": both, "odd": both, "as of": none, "ever": both,
    }  # fmt: skip


def test_a_wide_ledger_has_shorter_pages_and_loses_no_line_between_them(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"周大{n}" for n in "一二三四五六七"]
    for name in names:
        town.report(name=name, id_number=None)
    whole = show(town, "leader")
    columns = len(HEADS.findall(whole))
    assert min(whole.index(name) for name in names) > 0
    monkeypatch.setattr(ledgers, "_FEWEST", 1)
    monkeypatch.setattr(ledgers, "_CELLS", 3 * columns)
    pages = [show(town, "leader")]
    while on := re.search(r'href="/ledgers/clue-ledger(\?[^"]*after=[^"]+)"', pages[-1]):
        pages.append(show(town, "leader", query=unescape(on[1])))
    shown = [re.findall("周大[一二三四五六七]", page) for page in pages]
    assert [len(dict.fromkeys(each)) for each in shown] == [3, 3, 1]
    assert {name for each in shown for name in each} == {*names}


def test_a_ledger_is_sorted_by_its_heads_and_by_its_filter(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("赵大福", "安大福"):
        town.report(name=name, id_number=None)
    leader = town.client("leader")

    def shown(page: str) -> list[str]:
        return list(dict.fromkeys(re.findall("[赵安]大福", page.split("<tbody>")[1])))

    def head(page: str) -> tuple[str, str]:
        """Return how the column of names says that it is sorted, and where its head leads."""
        sorts, address = re.findall(r'<th scope="col"([^>]*)><a href="([^"]+)"[^>]*>姓名<', page)[0]
        return sorts, unescape(address)

    by_date = show(town, "leader", query=f"?place={TOWNSHIP}")
    assert (shown(by_date), head(by_date)[0]) == (["安大福", "赵大福"], "")
    rising = str(leader.get(head(by_date)[1]).text)
    falling = str(leader.get(head(rising)[1]).text)
    assert [shown(rising), shown(falling)] == [["安大福", "赵大福"], ["赵大福", "安大福"]]
    assert [head(each)[0] for each in (rising, falling)] == [' aria-sort="ascending"', ' aria-sort="descending"']
    assert f"place={TOWNSHIP}" in head(falling)[1]
    assert "身份证号</th>" in rising
    sent = leader.post("/ledgers/clue-ledger", {"sort": "oldest", "place": TOWNSHIP})
    assert shown(leader.get(sent.location).text) == ["赵大福", "安大福"]
    rows = sheet_of(exported(town, "leader", sort="-person.name"))
    assert "排列：按姓名降序" in str(rows[:3])
    assert leader.get("/ledgers/clue-ledger?sort=person.name&after=x").status_code == 400
    monkeypatch.setattr(ledger_order, "MOST_SORTED", 1)
    assert "不能按“姓名”排列" in leader.get(head(by_date)[1]).text


def exported(town: Town, login: str, **asked: str) -> Any:
    return town.client(login).post("/ledgers/clue-ledger/export", asked)


def sheet_of(sent: Any) -> list[list[Any]]:
    sheet = load_workbook(BytesIO(sent.data)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def cell_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == time() else value.strftime("%Y-%m-%d %H:%M")
    return "" if value is None else str(value)


def test_the_sheet_tells_what_the_page_tells(town: Town) -> None:
    town.dispatched()
    town.report(name="周大福", id_number=None, residence=VILLAGE)
    page = show(town, "leader")
    rows = sheet_of(exported(town, "leader"))
    heads = HEADS.findall(page)
    assert [each or above for above, each in zip(*rows[2:4], strict=True)] == ["序号", *heads]
    lines = re.findall(r"<tr>(.*?)</tr>", page.split("<tbody>")[1], re.DOTALL)
    told = [[re.sub("<span.*?</span>|<[^>]*>", "", cell) for cell in re.findall("<td.*?</td>", line)] for line in lines]
    assert [[cell_text(value) for value in row[1:]] for row in rows[4:]] == told
    assert [row[0] for row in rows[4:]] == [1, 2]
    assert "共2条" in rows[1][0]


def test_what_is_taken_along_is_on_record_with_its_hash(town: Town) -> None:
    town.dispatched()
    sent = exported(town, "leader", place=TOWNSHIP)
    (event,) = events(town)
    expected = {"ledger": "clue-ledger", "count": 1, "sha256": hashlib.sha256(sent.data).hexdigest(), "whole": False}
    assert {name: event.told[name] for name in expected} == expected
    assert "域城镇" in event.told["asked"]
    assert "导出台账" in town.client("auditor").get("/audit/").text


def test_numbers_stand_whole_only_for_who_may_reveal_and_says_what_for(town: Town) -> None:
    town.dispatched()
    told, why = report_answers(), "报市民政局月度核对"
    secrets = (told["id_number"], told["phone"], told["illness"])
    assert exported(town, "worker", whole="1", reason=why).status_code == 403
    assert exported(town, "leader", whole="1").status_code == 422
    assert exported(town, "leader", whole="1", reason="工作需要").status_code == 422
    assert not events(town)
    masked, whole = (str(sheet_of(exported(town, "leader", **asked))) for asked in ({}, {"whole": "1", "reason": why}))
    assert [secret in masked for secret in secrets[:2]] == [False, False]
    assert [secret in whole for secret in secrets[:2]] == [True, True]
    assert events(town)[-1].told["reason"] == why


def test_a_stranger_takes_nothing_along(town: Town) -> None:
    town.dispatched()
    assert NAME not in str(sheet_of(exported(town, "sibling")))


def test_more_lines_are_written_by_the_worker_and_wait_a_week(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.dispatched()
    monkeypatch.setattr(circulating, "MOST_LINES", 0)
    leader, why = town.client("leader"), "报市民政局月度核对"
    assert exported(town, "leader", whole="1", reason=why).location.endswith("done=export-long#printed")
    assert ("正在写" in leader.get("/ledgers/").text, events(town)) == (True, [])
    work(town)
    page = leader.get("/ledgers/").text
    (path,) = re.findall(r'action="(/ledgers/exported/[^"]+)"', page)
    sent = leader.post(path)
    assert report_answers()["id_number"] in str(sheet_of(sent))
    (told,) = [event.told for event in events(town)]
    assert (told["reason"], told["count"], told["sha256"]) == (why, 1, hashlib.sha256(sent.data).hexdigest())
    assert [event.name for event in asked(town)] == ["ledger.export_asked", "ledger.export_taken"]
    assert town.client("clerk").post(path).status_code == 404
    assert "台账已导好" in leader.get("/inbox/").text
    work(town, days=8)
    assert (leader.post(path).status_code, path in leader.get("/ledgers/").text) == (404, False)


def test_no_photo_is_a_sheet_or_a_printout(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """They lie beside photos: whoever fetched one as a photo would take numbers along without a trace."""
    town.dispatched()
    town.client("leader").post("/ledgers/clue-ledger/print")
    monkeypatch.setattr(circulating, "MOST_LINES", 0)
    exported(town, "leader", whole="1", reason="报市民政局月度核对")
    for written in (False, True):
        with connection(town.deployment.database) as reader:
            kept = [each.id for each in reader.select(Attachment)]
        assert len(kept) == 2
        assert [town.client("leader").get(f"/photos/{key}").status_code for key in kept] == [404, 404], written
        work(town)


def work(town: Town, days: int = 0) -> None:
    """Let the worker do all that is due some days from now."""

    def now() -> datetime:
        return town.now() + timedelta(days=days)

    own = parts(town.deployment, lambda order: SimpleNamespace(pdf=b"%PDF", pages=1), now)
    worker = Worker(town.deployment.database, own, now)
    while worker.run_next():
        pass


def asked(town: Town) -> list[Event]:
    with connection(town.deployment.database) as reader:
        return [each for each in reader.select(Event) if each.name.startswith("ledger.export_")]


def test_what_is_too_long_to_print_is_refused_in_words(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.dispatched()
    monkeypatch.setattr(circulating, "MOST_LINES", 0)
    sent = town.client("leader").post("/ledgers/clue-ledger/print")
    assert (sent.status_code, "请按区划、日期缩小范围" in sent.text, events(town)) == (422, True, [])


def events(town: Town) -> list[Event]:
    with connection(town.deployment.database) as reader:
        return reader.select(Event, name="ledger.exported")


def test_a_printed_ledger_is_of_whoever_asked_for_it(town: Town) -> None:
    town.dispatched()
    wanted = town.client("leader").post("/ledgers/clue-ledger/print", follow_redirects=True)
    assert "在本页下方“我的打印件和导出件”打开" in wanted.text
    assert "正在打印" in town.client("leader").get("/ledgers/").text
    orders: list[NoticeOrder] = []

    def press(order: NoticeOrder) -> SimpleNamespace:
        orders.append(order)
        return SimpleNamespace(pdf=b"%PDF ledger", pages=2)

    worker = Worker(town.deployment.database, handlers(town.deployment, press, town.now), town.now)
    while worker.run_next():
        pass
    (facts,) = [order.facts["ledger"] for order in orders if order.template == "ledger.html"]
    assert {part["heads"][1] for part in facts["parts"]} == {"线索编号"}
    assert NAME in str(facts)
    assert report_answers()["id_number"] not in str(facts)
    (path,) = re.findall(r'href="(/ledgers/printed/[^"]+)"', town.client("leader").get("/ledgers/").text)
    assert town.client("leader").get(path).data == b"%PDF ledger"
    assert town.client("worker").get(path).status_code == 404
    assert path not in town.client("worker").get("/ledgers/").text
    with connection(town.deployment.database) as reader:
        (printed,) = reader.select(Event, name="ledger.printed")
    assert printed.told["sha256"] == hashlib.sha256(b"%PDF ledger").hexdigest()
    assert "台账已印好" in town.client("leader").get("/inbox/").text


def test_what_is_too_large_to_print_is_refused_in_words(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.dispatched()
    monkeypatch.setattr(circulating, "MOST_CELLS", 10)
    sent = town.client("leader").post("/ledgers/clue-ledger/print")
    assert (sent.status_code, "一次最多印" in sent.text, events(town)) == (422, True, [])
