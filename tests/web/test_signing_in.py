"""Signing in: tokens of their own, the same words for every failure, and a form that outlives its session."""

import re
from dataclasses import replace
from typing import Any

import pytest
from conftest import PASSWORD, Town, report_answers
from flask.testing import FlaskClient

from xunfang.access_rules import PRESETS, AccessRules
from xunfang.desk import Readings
from xunfang.store import Account, transaction
from xunfang.web import Site, create_web


def enter(client: FlaskClient, login: str, password: str, **more: str) -> Any:
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/login").text)
    assert token
    return client.post("/login", data={"csrf": token[1], "login": login, "password": password, **more})


def test_the_right_password_opens_the_queue(town: Town) -> None:
    client = town.app.test_client()
    answer = enter(client, "worker", PASSWORD, next="/forms/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/forms/"
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("xunfang="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert client.get("/").status_code == 200


def test_a_wrong_password_and_an_unknown_login_read_the_same(town: Town) -> None:
    client = town.app.test_client()
    wrong, unknown = enter(client, "worker", "wrong"), enter(client, "nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 401
    told = [re.search(r'role="alert">([^<]+)<', answer.text) for answer in (wrong, unknown)]
    assert told[0]
    assert told[1]
    assert told[0][1] == told[1][1]


def test_signing_in_needs_the_token_of_its_own_page(town: Town) -> None:
    client = town.app.test_client()
    assert client.post("/login", data={"login": "worker", "password": PASSWORD}).status_code == 400


def test_leaving_ends_the_session_on_the_server(town: Town) -> None:
    browser = town.client("worker")
    assert browser.post("/logout").status_code == 302
    assert browser.get("/").status_code == 302


def test_a_form_sent_after_the_session_ended_comes_back_whole_after_signing_in(town: Town) -> None:
    browser = town.client("worker")
    town.later(hours=13)
    typed = {"name": "孙桂兰", "needs": ["medical", "housing"], "submission_id": "a" * 32}
    refused = browser.post("/forms/clue-report", typed)
    assert refused.status_code == 401
    assert 'value="孙桂兰"' in refused.text
    token = re.search(r'name="csrf" value="([^"]+)"', refused.text)
    carried = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', refused.text)
    assert token
    data: dict[str, list[str]] = {}
    for name, value in carried:
        data.setdefault(name, []).append(value)
    again = browser.client.post("/login", data={**data, "login": "worker", "password": PASSWORD})
    assert 'name="name"' in again.text
    assert 'value="孙桂兰"' in again.text
    assert re.search(r'value="housing"[^>]* checked', again.text)
    fresh = re.search(r'name="csrf" value="([^"]+)"', again.text)
    assert fresh
    whole = {**_entries(), "csrf": fresh[1], "submission_id": "a" * 32, "found_at": "2026-09-29T08:30"}
    assert browser.client.post("/forms/clue-report", data=whole).status_code == 303


def _entries() -> dict[str, Any]:
    answers = report_answers()
    return {name: {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
            for name, value in answers.items()}  # fmt: skip


def test_a_first_password_must_be_changed_before_anything_else(town: Town) -> None:
    browser = town.client("admin")
    new = {
        "login": "newcomer",
        "name": "新同事",
        "unit": "service-centre",
        "roles": "clerk",
        "password": "First-Pass-11",
    }
    assert browser.post("/accounts/", new).status_code == 303
    newcomer = town.client("newcomer")
    assert newcomer.get("/").headers["Location"] == "/password/"
    change = {"old": "First-Pass-11", "new": "Second-Pass-22", "again": "Second-Pass-22"}
    assert newcomer.post("/password/", change).status_code == 302
    assert newcomer.get("/").status_code == 200


def test_a_disabled_account_is_out_at_once(town: Town) -> None:
    clerk, admin = town.client("clerk"), town.client("admin")
    change = {"state": "disabled", "roles": "clerk"}
    assert admin.post(f"/accounts/{town.actor('clerk').account}", change).status_code == 303
    assert clerk.get("/").status_code == 302


def test_demo_logins_stand_only_where_the_site_has_them(town: Town) -> None:
    assert "演示账号" not in town.app.test_client().get("/login").text


def test_a_session_in_use_outlives_the_idle_limit_and_an_idle_one_does_not(town: Town) -> None:
    browser = town.client("worker")
    for _ in range(4):
        town.later(minutes=20)
        assert browser.get("/").status_code == 200
    town.later(minutes=31)
    assert browser.get("/").status_code == 302


def test_only_an_account_opened_for_it_sees_the_whole_jurisdiction(town: Town) -> None:
    told, admin = town.report(), town.client("admin")
    common = {"name": "新同事", "unit": "service-centre", "roles": "supervisor", "password": "First-Pass-11"}
    assert admin.post("/accounts/", {**common, "login": "narrow"}).status_code == 303
    assert admin.post("/accounts/", {**common, "login": "wide", "sight": "all"}).status_code == 303
    assert town.actor("narrow").division == ""
    assert town.actor("wide").division == "370304"
    assert told.case


def test_an_account_moves_to_another_unit_with_what_it_sees(town: Town) -> None:
    town.report()
    admin, account = town.client("admin"), town.actor("sibling").account
    old = town.client("sibling")
    page = admin.get(f"/accounts/{account}").text
    assert re.search(r'<option value="township:370304103" selected>', page)
    change = {"name": "测试换岗", "unit": "township:370304102", "roles": ["clerk"], "sight": ""}
    assert admin.post(f"/accounts/{account}", change).status_code == 303
    assert old.get("/cases/").status_code == 302
    moved = town.client("sibling")
    assert "孙桂兰" in moved.get("/cases/").text
    assert "测试换岗" in moved.get("/").text
    assert admin.post(f"/accounts/{account}", {**change, "unit": "courts-of-elsewhere"}).status_code == 422
    refused = admin.post(f"/accounts/{account}", {**change, "roles": []})
    assert refused.status_code == 422
    assert "请至少选择一个角色" in refused.text
    assert admin.post(f"/accounts/{account}", {**change, "sight": "all"}).status_code == 303
    assert town.actor("sibling").division == "370304"
    assert admin.get(f"/accounts/{'0' * 32}").status_code == 404


def test_a_token_known_before_the_sign_in_is_worth_nothing_after_it(town: Town) -> None:
    client = town.app.test_client()
    client.set_cookie("xunfang", "chosen-by-somebody-else")
    enter(client, "worker", PASSWORD)
    fresh = client.get_cookie("xunfang")
    assert fresh
    assert fresh.value != "chosen-by-somebody-else"
    other = town.app.test_client()
    other.set_cookie("xunfang", "chosen-by-somebody-else")
    assert other.get("/").status_code == 302


def test_signing_in_again_in_the_same_browser_ends_the_session_of_before(town: Town) -> None:
    client = town.app.test_client()
    enter(client, "worker", PASSWORD)
    old = client.get_cookie("xunfang")
    assert old
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    assert csrf
    assert client.post("/login", data={"csrf": csrf[1], "login": "worker", "password": PASSWORD}).status_code == 302
    new = client.get_cookie("xunfang")
    assert new
    assert new.value != old.value
    thief = town.app.test_client()
    thief.set_cookie("xunfang", old.value)
    assert thief.get("/").status_code == 302
    assert client.get("/").status_code == 200


def test_a_session_in_constant_use_still_ends_at_its_longest(town: Town) -> None:
    client = town.app.test_client()
    enter(client, "worker", PASSWORD)
    for _ in range(29):
        town.later(minutes=20)
        assert client.get("/").status_code == 200
    town.later(minutes=20)
    assert client.get("/").status_code == 302


def test_typing_keeps_a_session_and_needs_the_pages_token(town: Town) -> None:
    browser = town.client("worker")
    for _ in range(4):
        town.later(minutes=20)
        assert browser.post("/stay").status_code == 204
    assert browser.get("/").status_code == 200
    browser.csrf = "forged"
    assert browser.post("/stay").status_code == 400
    town.later(minutes=31)
    assert browser.post("/stay", headers={"Accept": "application/json"}).status_code == 401


def test_the_deployments_idle_minutes_hold(town: Town) -> None:
    strict = replace(town.deployment, access=AccessRules(idle_minutes=10))
    app = create_web(Site(strict, Readings(strict), town.now, brand="测试平台"))
    client = app.test_client()
    enter(client, "worker", PASSWORD)
    town.later(minutes=9)
    assert client.get("/").status_code == 200
    town.later(minutes=10)
    assert client.get("/").status_code == 302


def test_an_expired_password_leads_to_the_page_that_changes_it(town: Town) -> None:
    town.later(days=89)
    assert town.client("worker").get("/").status_code == 200
    town.later(days=1)
    worker = town.client("worker")
    assert worker.get("/forms/").headers["Location"] == "/password/"
    assert "用满90天" in worker.get("/password/").text
    change = {"old": PASSWORD, "new": "Second-Pass-22", "again": "Second-Pass-22"}
    assert worker.post("/password/", change).status_code == 302
    assert worker.get("/").status_code == 200
    lasting = replace(town.deployment, access=PRESETS["asvs"])
    app = create_web(Site(lasting, Readings(lasting), town.now, brand="测试平台"))
    client = app.test_client()
    enter(client, "clerk", PASSWORD)
    assert client.get("/").status_code == 200


def test_the_security_administrator_sees_who_is_signed_in_and_can_end_it(town: Town) -> None:
    worker, admin = town.client("worker"), town.client("admin")
    account = f"/accounts/{town.actor('worker').account}"
    assert "从未登录" in admin.get(f"/accounts/{town.actor('colleague').account}").text
    page = admin.get(account).text
    assert "2026-09-29 10:00" in page
    assert "有1处登录尚未退出" in page
    assert "2026-09-29 10:00" in admin.get("/accounts/").text
    assert admin.post(f"{account}/sessions/end").status_code == 303
    assert worker.get("/").status_code == 302
    assert "现在没有登录" in admin.get(account).text


def test_the_security_administrator_unlocks(town: Town) -> None:
    client, admin = town.app.test_client(), town.client("admin")
    account = f"/accounts/{town.actor('worker').account}"
    assert "解除锁定" not in admin.get(account).text
    for _ in range(5):
        enter(client, "worker", "wrong")
    assert "请30分钟后再试" in enter(client, "worker", PASSWORD).text
    assert "已锁定" in admin.get("/accounts/").text
    assert '已锁定至 <span class="num">2026-09-29 10:30</span>' in admin.get(account).text
    assert admin.post(f"{account}/unlock").status_code == 303
    assert enter(client, "worker", PASSWORD).status_code == 302
    for login in ("operator", "auditor", "clerk"):
        assert town.client(login).post(f"{account}/unlock").status_code == 403
        assert town.client(login).post(f"{account}/sessions/end").status_code == 403


def test_roles_that_must_lie_in_different_hands_are_told_on_the_page(town: Town) -> None:
    new = {"login": "newcomer", "name": "新同事", "unit": "service-centre", "password": "First-Pass-11"}
    answer = town.client("admin").post("/accounts/", {**new, "roles": ["administrator", "auditor"]})
    assert answer.status_code == 422
    assert "“系统管理员”、“安全审计员”不能给同一个账号" in answer.text


def test_a_form_behind_the_sign_in_is_shown_only_to_whoever_may_open_it(town: Town) -> None:
    """The page shown after signing in goes round the gate: an administrator in the unit of the case sees no case."""
    told, admin = town.report(name="金丝雀"), town.actor("admin").account
    with transaction(town.deployment.database, "") as tx:
        tx.update(Account, {"id": admin}, {"division": "370304"})
    for path in (f"/cases/{told.case}/reveal", f"/cases/{told.case}/print", "/forms/clue-report"):
        answer = enter(town.app.test_client(), "admin", PASSWORD, carried_to=path)
        assert answer.status_code == 302, path
        assert answer.headers["Location"] == "/"
    shown = enter(town.app.test_client(), "leader", PASSWORD, carried_to=f"/cases/{told.case}/reveal")
    assert shown.status_code == 400
    assert told.case in shown.text


@pytest.mark.parametrize("there", ["http://[", "//[::1", "/\t/evil.example", "/ok\\evil", "\x00", "/\u2028evil"])
def test_no_address_after_signing_in_makes_it_stumble_or_leave(town: Town, there: str) -> None:
    answer = town.client("worker").get("/login", query_string={"next": there})
    assert answer.headers["Location"] == "/"
    assert town.app.test_client().get("/login", query_string={"next": there}).status_code == 200
