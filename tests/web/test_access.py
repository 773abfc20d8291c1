"""Shut by default: every address is declared, nobody gets in unseen, and a role reaches only what it may."""

import re

import pytest
from conftest import PEOPLE, Town
from flask import Flask

from xunfang.web import create_web
from xunfang.web.access import ACCESS, UndeclaredAddressError, check_declared

PUBLIC = {"static", "sign-in.page", "sign-in.enter", "sign-in.prove", "oidc.go", "oidc.back"}
PUBLIC |= {
    f"public-notices.{name}" for name in ("board", "one", "helped", "helped_one")
}  # posted for all to see, masked
MONITORS = {"health.lives", "health.ready", "health.figures"}


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    """Return every (endpoint, method, path) there is, its variables filled with something harmless."""
    found = []
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "0" * 32, rule.rule)
        found += [(rule.endpoint, method, path) for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}]
    return sorted(found)


def test_only_the_sign_in_page_and_what_monitors_ask_are_public() -> None:
    assert {endpoint for endpoint, access in ACCESS.items() if access.public} == PUBLIC | MONITORS
    assert {endpoint for endpoint, access in ACCESS.items() if access.monitors} == MONITORS


@pytest.fixture
def apart(town: Town) -> Town:
    """The site in an application of its own, which may be added to."""
    town.app = create_web(town.app.extensions["xunfang"])
    return town


def test_an_undeclared_address_stops_the_application(apart: Town) -> None:
    apart.app.add_url_rule("/forgotten", "forgotten", lambda: "open to all")
    with pytest.raises(UndeclaredAddressError, match="forgotten"):
        check_declared(apart.app)


def test_an_undeclared_address_stays_shut_even_if_it_is_served(apart: Town) -> None:
    apart.app.add_url_rule("/forgotten", "forgotten", lambda: "open to all")
    assert apart.client("admin").get("/forgotten").status_code == 403
    assert apart.app.test_client().get("/forgotten").status_code == 302


def test_nobody_gets_anywhere_without_signing_in(town: Town) -> None:
    client = town.app.test_client()
    seen = 0
    for endpoint, method, path in addresses(town.app):
        if endpoint in PUBLIC | MONITORS:
            continue
        answer = client.open(path, method=method)
        assert answer.status_code == (302 if method == "GET" else 401), (endpoint, method)
        seen += 1
    assert seen > 30


@pytest.mark.parametrize("login", sorted(PEOPLE))
def test_a_role_reaches_only_what_the_table_opens(town: Town, login: str) -> None:
    acts = town.actor(login).acts
    browser = town.client(login)
    for endpoint, method, path in addresses(town.app):
        if endpoint in PUBLIC | MONITORS or endpoint == "sign-in.leave":
            continue
        allowed = not ACCESS[endpoint].acts or bool(ACCESS[endpoint].acts & acts)
        answer = browser.get(path) if method == "GET" else browser.post(path)
        assert (answer.status_code == 403) == (not allowed), (endpoint, login, answer.status_code)
        assert answer.status_code < 500, (endpoint, login)


def test_the_menu_shows_only_what_can_be_opened(town: Town) -> None:
    worker, leader = town.client("worker").get("/").text, town.client("leader").get("/").text
    assert "拟办分派" in leader
    assert "拟办分派" not in worker
    assert "账号管理" not in leader


def test_every_answer_carries_the_security_headers(town: Town) -> None:
    for path in ("/login", "/no-such-page", "/healthz"):
        headers = town.app.test_client().get(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_sibling_township_never_sees_the_person(town: Town) -> None:
    told = town.report(name="金丝雀")
    sibling = town.client("sibling")
    assert sibling.get(f"/cases/{told.case}").status_code == 404
    found = sibling.post("/cases/", {"q": "金丝雀"}).headers["Location"]
    for path in ("/", "/cases/", found, "/papers/", "/inbox/"):
        page = sibling.get(path)
        assert page.status_code == 200
        assert "金丝雀" not in page.text.replace('value="金丝雀"', "")
    assert "金丝雀" in town.client("township").get("/cases/").text


@pytest.mark.parametrize("there", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x"])
def test_signing_in_never_leads_elsewhere(town: Town, there: str) -> None:
    answer = town.client("worker").get("/login", query_string={"next": there})
    assert answer.headers["Location"] == "/"


OFFICES = {"admin": "/accounts/", "operator": "/system/", "auditor": "/audit/"}


@pytest.mark.parametrize("login", OFFICES)
def test_each_of_the_three_administrators_has_one_page_and_sees_no_person(town: Town, login: str) -> None:
    told = town.report(name="金丝雀")
    browser = town.client(login)
    assert browser.get("/").headers["Location"] == OFFICES[login]
    for path in (f"/cases/{told.case}", "/cases/", "/inbox/", "/papers/", *(set(OFFICES.values()) - {OFFICES[login]})):
        assert browser.get(path).status_code == 403
    page = browser.get(OFFICES[login])
    assert page.status_code == 200
    assert "金丝雀" not in page.text


def test_who_only_keeps_rules_begins_there_and_sees_no_message_of_their_unit(town: Town) -> None:
    told = town.report(name="金丝雀")
    leader, keeper = town.client("leader"), town.client("rule-keeper")
    assert told.case in leader.get("/inbox/").text
    assert keeper.get("/").headers["Location"] == "/studio/"
    inbox = keeper.get("/inbox/")
    assert inbox.status_code == 200
    assert told.case not in inbox.text
    assert "金丝雀" not in inbox.text
    assert keeper.get(f"/cases/{told.case}").status_code == 403
