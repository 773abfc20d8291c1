"""Limits, a doubtful clock and a lost file as people meet them: in words, and with nothing lost that was typed."""

import re
import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from conftest import PASSWORD, Browser, Town, report_answers
from flask.testing import FlaskClient

from xunfang.access_rules import AccessRules
from xunfang.actions import operating
from xunfang.actions.operating import PRESENCE_PATIENCE
from xunfang.clock import Uptime
from xunfang.desk import Readings
from xunfang.settings import ip_network
from xunfang.store import Account, Event, Session, Submission, connection, transaction
from xunfang.store.dialects import BUSY_SECONDS
from xunfang.web import Site, create_web
from xunfang.worker import Worker

HIDDEN = re.compile(r'name="csrf" value="([^"]+)"')


def rebuilt(town: Town, *, gateways: tuple[str, ...] = (), **changes: Any) -> Town:
    """Return the same town with other settings."""
    made = replace(town.deployment, **changes)
    networks = tuple(ip_network(each) for each in gateways)
    town.deployment = made
    town.app = create_web(Site(made, Readings(made), town.now, brand="测试平台", gateways=networks))
    return town


def typed(**changes: Any) -> dict[str, Any]:
    answers = {**report_answers(), "found_at": "2026-09-29T08:30", **changes}
    return {
        name: {True: "true", False: "false"}[value] if isinstance(value, bool) else value
        for name, value in answers.items()
    }


def enter(client: FlaskClient, password: str, login: str = "worker", **sent: Any) -> Any:
    token = HIDDEN.search(client.get("/login", **sent).text)
    assert token
    return client.post("/login", data={"csrf": token[1], "login": login, "password": password}, **sent)


def count(town: Town, row: type[Any], **where: Any) -> int:
    with connection(town.deployment.database) as reader:
        return len(reader.select(row, **where))


def test_a_report_over_the_limit_comes_back_whole_with_when_to_send_it(town: Town) -> None:
    rebuilt(town, access=AccessRules(reports_hourly=1))
    browser = town.client("worker")
    assert browser.post("/forms/clue-report", typed()).status_code == 303
    refused = browser.post("/forms/clue-report", typed(name="李秀英", id_number=""))
    assert refused.status_code == 429
    assert 'value="李秀英"' in refused.text
    assert "提交填报已达1次的上限，请9月29日11:01以后再试" in refused.text
    assert browser.post("/forms/clue-report", typed(), headers={"Accept": "application/json"}).status_code == 429
    assert count(town, Submission) == 1
    assert count(town, Event, name="access.limited") == 1


def test_the_old_password_is_asked_for_so_many_times_only(town: Town) -> None:
    browser = town.client("worker")
    wrong = {"old": "wrong", "new": "Second-Pass-22", "again": "Second-Pass-22"}
    assert [browser.post("/password/", wrong).status_code for _ in range(6)] == [422] * 5 + [429]
    assert "输入原密码已达5次的上限" in browser.post("/password/", wrong).text


def test_a_browser_that_entered_before_is_not_held_up_by_its_neighbours(town: Town) -> None:
    own, neighbour = town.app.test_client(), town.app.test_client()
    assert enter(own, PASSWORD).status_code == 302
    mark = own.get_cookie("xunfang-device")
    assert mark is not None
    assert mark.http_only
    for _ in range(6):
        refused = enter(neighbour, "wrong")
    assert "暂时锁定" in refused.text
    assert "暂时锁定" in enter(neighbour, PASSWORD).text
    own.delete_cookie("xunfang")
    assert enter(own, PASSWORD).status_code == 302


FROM = [  # the address of the connection, what it says of where it comes from, another address that must count apart
    ("10.0.0.5", "203.0.113.1", "203.0.113.2", True),
    ("10.0.0.5", "203.0.113.2, 203.0.113.1", "203.0.113.1, 203.0.113.2", True),
    ("10.0.0.5", "x, 203.0.113.1, 10.0.0.6", "x, 203.0.113.2, 10.0.0.6", True),
    ("10.0.0.5", "2001:db8:1:1::1", "2001:db8:1:2::1", True),
    ("10.0.0.5", "2001:db8:1:1::1", "2001:db8:1:1::2", False),
    ("10.0.0.5", "203.0.113.9, nonsense", "203.0.113.8, nonsense", False),
    ("10.0.0.5:443", "203.0.113.1:1001", "203.0.113.2:1001", True),
    ("10.0.0.5:443", "[2001:db8:1:1::1]:1001", "[2001:db8:1:1::1]:1002", False),
    ("198.51.100.7", "203.0.113.1", "203.0.113.2", False),
]


@pytest.mark.parametrize(("peer", "told", "other", "apart"), FROM)
def test_only_our_own_gateways_are_believed_about_where_somebody_is(
    town: Town, peer: str, told: str, other: str, apart: bool
) -> None:
    rebuilt(town, gateways=("10.0.0.0/24",))

    def sent(forwarded: str) -> dict[str, Any]:
        return {"environ_base": {"REMOTE_ADDR": peer}, "headers": {"X-Forwarded-For": forwarded}}

    for _ in range(5):
        enter(town.app.test_client(), "wrong", **sent(told))
    entered = enter(town.app.test_client(), PASSWORD, **sent(other))
    assert entered.status_code == (302 if apart else 401)


def _lock(town: Town) -> sqlite3.Connection:
    other = sqlite3.connect(town.deployment.database.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_reading_never_waits_for_a_presence_mark(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, waited = town.client("worker"), []

    def transaction_noted(database: Any, of: str, patience: float = BUSY_SECONDS) -> Any:
        waited.append(patience)
        return transaction(database, of, patience)

    monkeypatch.setattr(operating, "transaction", transaction_noted)
    town.later(minutes=2)
    held = _lock(town)
    assert browser.get("/").status_code == browser.get("/cases/").status_code == 200
    held.close()
    assert waited == [PRESENCE_PATIENCE] * 2
    assert browser.get("/").status_code == 200
    with connection(town.deployment.database) as reader:
        assert [session.last_seen_at for session in reader.select(Session)] == [town.at]


def test_a_page_refused_while_nothing_can_be_written_asks_to_try_later(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = town.client("clerk")
    monkeypatch.setattr(
        "xunfang.actions.acting.transaction", lambda database, of: transaction(database, of, 0)
    )  # the lock is held for as long as anybody would wait
    held = _lock(town)
    answers = [browser.get("/accounts/"), browser.get(f"/cases/{'0' * 32}")]
    held.close()
    assert [answer.status_code for answer in answers] == [503, 503]
    assert all("系统繁忙" in answer.text for answer in answers)
    assert browser.get("/accounts/").status_code == 403


def _leapt(town: Town, **by: float) -> None:
    """Let the machine be known, and its clock leap."""
    start, begun = town.at, town.at - timedelta(hours=1)
    rebuilt(town, uptime=lambda: Uptime("boot", start - begun))
    Worker(town.deployment.database, {}, town.now, uptime=town.deployment.uptime).sweep()
    town.later(**by)


def test_a_clock_that_leapt_is_told_to_everybody_and_dates_nothing(town: Town) -> None:
    told = town.report()
    start = town.at
    _leapt(town, days=60)
    assert "服务器时间可能不准" in town.app.test_client().get("/login").text
    worker = town.client("worker")
    assert "服务器时间可能不准" in worker.get("/").text
    refused = worker.post("/forms/clue-report", typed(name="李秀英", id_number=""))
    assert refused.status_code == 503
    assert 'value="李秀英"' in refused.text
    assert "突然走快约60天" in refused.text
    leader = town.client("leader")
    decided = leader.post(f"/dispatch/{told.case}", {"version": "1", "lead-0": "medical-insurance-bureau"})
    assert decided.status_code == 503
    assert count(town, Submission) == 1
    town.at = start
    assert worker.get("/").status_code == 302, "a session of the leap ends with it"
    back = town.client("worker")
    assert "服务器时间可能不准" not in back.get("/").text
    assert back.post("/forms/clue-report", typed(name="李秀英", id_number="")).status_code == 303


def test_a_session_in_use_is_not_carried_into_the_future(town: Town) -> None:
    _leapt(town)
    browser, start = town.client("worker"), town.at
    town.later(minutes=20)
    assert browser.get("/").status_code == 200
    town.at = start
    assert browser.get("/").status_code == 200


def test_the_system_administrator_vouches_for_the_clock_they_were_shown(town: Town) -> None:
    _leapt(town, hours=3)
    operator: Browser = town.client("operator")
    page = operator.get("/system/").text
    assert '服务器认为现在是 <strong class="num">2026-09-29 13:00</strong>' in page
    shown = re.search(r'name="shown" value="(\d+)"', page)
    assert shown
    assert town.client("admin").post("/system/clock", {"shown": shown[1]}).status_code == 403
    assert operator.post("/system/clock", {"shown": str(int(shown[1]) - 3600)}).status_code == 409
    for odd in ("", "x", "9" * 20, "-5", "٣"):
        assert operator.post("/system/clock", {"shown": odd}).status_code == 400
    assert operator.post("/system/clock", {"shown": shown[1]}).status_code == 303
    assert "服务器时间" not in operator.get("/system/").text
    assert town.client("worker").post("/forms/clue-report", typed()).status_code == 303


def test_a_password_longer_than_the_sign_in_takes_is_refused(town: Town) -> None:
    browser, long = town.client("worker"), "Aa1-" + "x9Qw" * 40
    change = {"old": PASSWORD, "new": long, "again": long}
    refused = browser.post("/password/", change)
    assert refused.status_code == 422
    assert "不能超过128位" in refused.text
    with connection(town.deployment.database) as reader:
        assert reader.select(Account, login="worker")[0].password_set_at is None
