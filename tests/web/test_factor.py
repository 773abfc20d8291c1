"""The pages of the second factor: bound by picture or typed key, asked at the sign-in, by keyboard and on a phone."""

import re
from dataclasses import replace
from typing import Any

import pytest
import segno
from conftest import PASSWORD, Town
from flask.testing import FlaskClient
from playwright.sync_api import Browser as Chromium

from web.test_signing_in import enter
from xunfang.access_rules import AccessRules
from xunfang.actions.factors import begin_binding, confirm_binding
from xunfang.desk import Readings
from xunfang.store import Account, Factor, connection
from xunfang.store.onetime import code_at, step_of
from xunfang.web import Site


def want(town: Town, **rules: Any) -> None:
    """Let the deployment go by these rules from now on."""
    town.deployment = replace(town.deployment, access=AccessRules(**rules))
    town.app.extensions["xunfang"] = Site(town.deployment, Readings(town.deployment), town.now, brand="测试平台")


def factor(town: Town, login: str) -> Factor:
    with connection(town.deployment.database) as reader:
        account = reader.first(Account, login=login)
        assert account
        found = reader.find(Factor, account.id)
    assert found
    return found


def bind(town: Town, login: str) -> tuple[str, ...]:
    begin_binding(town.deployment, town.actor(login), PASSWORD, town.at)
    shared = factor(town, login).pending
    codes = confirm_binding(town.deployment, town.actor(login), code_at(shared, step_of(town.at)), town.at)
    town.later(minutes=2)
    return codes


def prove(client: FlaskClient, page: Any, code: str, **more: str) -> Any:
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    return client.post("/login/code", data={**hidden, "entry_code": code, **more})


def test_it_is_bound_with_the_picture_or_the_typed_key(town: Town) -> None:
    browser = town.client("clerk")
    assert browser.post("/second-factor/", {"password": "wrong"}).status_code == 422
    assert browser.post("/second-factor/", {"password": PASSWORD}).status_code == 303
    page = browser.get("/second-factor/").text
    typed = re.search(r'id="typed-key">([A-Z2-7 ]+)<', page)
    assert typed
    shared = typed[1].replace(" ", "")
    drawn = re.search(r"<svg.*?</svg>", page, re.DOTALL)
    assert drawn
    asked = f"otpauth://totp/%E6%B5%8B%E8%AF%95%E5%B9%B3%E5%8F%B0:clerk?secret={shared}&issuer=%E6%B5%8B%E8%AF%95%E5%B9%B3%E5%8F%B0"
    modules = segno.make(asked, error="m", micro=False).matrix
    dark = {(x + 4, y + 4) for y, line in enumerate(modules) for x, module in enumerate(line) if module}  # 4 stay light
    assert {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawn[0])} == dark
    assert f'viewBox="0 0 {len(modules) + 8} {len(modules) + 8}"' in drawn[0]
    assert browser.post("/second-factor/confirm", {"code": "000000"}).status_code == 422
    bound = browser.post("/second-factor/confirm", {"code": code_at(shared, step_of(town.at))})
    codes = re.findall(r"<li>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</li>", bound.text)
    assert len(codes) == 10
    assert "no-store" in bound.headers["Cache-Control"]
    again_shown = browser.get("/second-factor/").text
    assert not any(code in again_shown for code in codes)
    assert shared not in again_shown.replace(" ", "")
    town.later(minutes=1)
    gone = browser.post("/second-factor/unbind", {"code": code_at(shared, step_of(town.at))})
    assert gone.status_code == 303


def test_the_sign_in_asks_and_a_form_behind_it_is_kept(town: Town) -> None:
    bind(town, "worker")
    browser = town.client("worker")
    town.later(hours=13)
    page = browser.post("/forms/clue-report", {"name": "孙桂兰", "submission_id": "a" * 32})
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    asked = browser.client.post("/login", data={**hidden, "login": "worker", "password": PASSWORD})
    assert asked.status_code == 200
    assert "输入验证码" in asked.text
    assert browser.get("/").status_code == 302
    wrong = prove(browser.client, asked, "000000")
    assert wrong.status_code == 401
    assert "孙桂兰" in wrong.text
    shown = prove(browser.client, wrong, code_at(factor(town, "worker").secret, step_of(town.at)))
    assert "孙桂兰" in shown.text
    assert "entry_code" not in shown.text
    assert browser.client.get("/").status_code == 200


def test_before_it_is_bound_no_other_page_opens_once_the_grace_is_over(town: Town) -> None:
    want(town, second_factor="all", second_factor_grace_days=2)
    client = town.app.test_client()
    enter(client, "clerk", PASSWORD)
    assert "以前<a href" in client.get("/").text
    town.later(days=2)
    enter(client, "clerk", PASSWORD)
    for path in ("/", "/cases/", "/inbox/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/second-factor/"
    page = client.get("/second-factor/").text
    assert "本单位要求" in page
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    client.post("/second-factor/", data={"csrf": token[1], "password": PASSWORD})
    shared = factor(town, "clerk").pending
    client.post("/second-factor/confirm", data={"csrf": token[1], "code": code_at(shared, step_of(town.at))})
    assert client.get("/").status_code == 200


def test_another_administrator_takes_it_off(town: Town) -> None:
    bind(town, "clerk")
    with connection(town.deployment.database) as reader:
        account = reader.first(Account, login="clerk")
    assert account
    admin = town.client("admin")
    assert "解除第二验证" in admin.get(f"/accounts/{account.id}").text
    assert admin.post(f"/accounts/{account.id}/second-factor/reset").status_code == 303
    assert "解除第二验证" not in admin.get(f"/accounts/{account.id}").text
    client = town.app.test_client()
    assert enter(client, "clerk", PASSWORD).status_code == 302
    assert "测试admin解除" in client.get("/").text


@pytest.mark.parametrize("width", [360, 1440])
def test_it_is_done_by_keyboard_at_both_widths(browser: Chromium, town: Town, address: str, width: int) -> None:
    def fits() -> bool:
        return (
            int(page.evaluate("document.documentElement.scrollWidth")) <= width
        )  # a phone zooms out for what is wider

    context = browser.new_context(viewport={"width": width, "height": 740}, is_mobile=width == 360)
    page = context.new_page()
    page.goto(f"{address}/login")
    page.focus("#login")
    page.keyboard.type("clerk")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("nav.side")
    page.goto(f"{address}/second-factor/")
    page.focus("#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".factor-picture svg")
    assert fits()
    box = page.locator(".factor-picture svg").bounding_box()
    assert box
    assert 150 <= box["width"] <= 260
    shared = page.inner_text("#typed-key").replace(" ", "")
    page.focus("#confirm-code")
    page.keyboard.type(code_at(shared, step_of(town.at)))
    page.keyboard.press("Enter")
    page.wait_for_selector(".factor-codes")
    assert fits()
    town.later(minutes=1)
    context.clear_cookies()
    page.goto(f"{address}/login")
    page.fill("#login", "clerk")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#code")
    assert page.evaluate("document.activeElement.id") == "code"
    assert fits()
    page.keyboard.type(code_at(shared, step_of(town.at)))
    page.keyboard.press("Enter")
    page.wait_for_selector("nav.side")
    context.close()
