"""Behind a gateway: no address is built from Host, and what the gateway does wrong is told as such."""

from dataclasses import replace
from typing import Any

import pytest
from conftest import Town

from xunfang.web import create_web

EVIL = "evil.example"


def _behind(town: Town, **settings: object) -> None:
    """Let the site stand behind a gateway with these settings."""
    town.app = create_web(replace(town.app.extensions["xunfang"], **settings))


PATHS = ("/cases", "/forms", "/papers", "/inbox", "/rules", "/login", "/", "/nothing", "/tasks/x/complete", "/healthz")
HOSTS = (EVIL, f"{EVIL}:8080", "EVIL.EXAMPLE", "<b>evil.example", "evil.example/@x", "evil.example#")


def test_a_host_that_somebody_made_up_is_never_echoed(town: Town) -> None:
    visitor = town.app.test_client(use_cookies=False)
    for headers in (_cookie(town, "leader"), {}):
        for path in PATHS:
            for host in HOSTS:
                answer = visitor.get(path, headers={**headers, "Host": host, "X-Forwarded-Host": EVIL})
                assert answer.status_code < 500, (path, host)
                assert "evil" not in f"{answer.headers}{answer.text}".lower(), (path, host)


@pytest.mark.parametrize("https", [True, False])
def test_redirects_stay_within_the_site(town: Town, https: bool) -> None:
    _behind(town, https=https)
    client = town.app.test_client()
    assert client.get("/cases?find=x").headers["Location"] == "/cases/?find=x"
    assert client.get("/").headers["Location"].startswith("/login?")
    for odd in ("//evil.example/cases", "/%2fevil.example", "/\\evil.example"):
        location = client.get(odd).headers.get("Location", "/")
        assert location[0] == "/"
        assert location[1:2] not in ("/", "\\")


def _cookie(town: Town, login: str) -> dict[str, str]:
    """Return the header that a browser of somebody sends, whatever it calls the host."""
    found = town.client(login).client.get_cookie("xunfang")
    assert found is not None
    return {"Cookie": f"xunfang={found.value}"}


def _leave(town: Town, **headers: str) -> Any:
    """Sign somebody out by the page of the site itself, with these headers."""
    browser = town.client("worker")
    found = browser.client.get_cookie("xunfang")
    assert found is not None
    return town.app.test_client(use_cookies=False).post(
        "/logout", data={"csrf": browser.csrf}, headers={**headers, "Cookie": f"xunfang={found.value}"}
    )


def test_a_gateway_that_rewrites_host_is_told_as_what_it_is(town: Town) -> None:
    before = town.events()
    answer = _leave(town, Origin="https://xunfang.example", Host="127.0.0.1:8600")
    assert answer.status_code == 400
    assert "address" in answer.text
    assert "停留时间" not in answer.text
    assert "xunfang.example" not in answer.text
    assert town.events() == before


def test_with_the_address_named_the_gateway_may_write_any_host(town: Town) -> None:
    _behind(town, address="https://xunfang.example")
    for given in ("https://xunfang.example", "https://XUNFANG.example:443", None):
        headers = {"Host": "10.0.0.7:8600", **({"Origin": given} if given else {})}
        assert _leave(town, **headers).status_code == 302
    for given in ("https://evil.example", "http://xunfang.example", "http://10.0.0.7:8600", "null"):
        headers = {"Host": "10.0.0.7:8600", "Origin": given}
        assert _leave(town, **headers).status_code == 400


def test_a_gateway_that_hands_host_on_needs_no_address(town: Town) -> None:
    for origin, host in (("https://a.example", "a.example"), ("https://a.example", "a.example:443"),
                         ("http://a.example:8600", "a.example:8600")):  # fmt: skip
        answer = _leave(town, Origin=origin, Host=host)
        assert answer.status_code == 302, (origin, host)


def test_http_where_https_is_promised_is_told(town: Town) -> None:
    _behind(town, https=True)
    client = town.app.test_client()
    answer = client.post("/login", data={"login": "clerk"}, headers={"Origin": "http://localhost"})
    assert answer.status_code == 400
    assert "https" in answer.text
    assert "停留时间" not in answer.text


def test_a_page_of_another_site_learns_nothing_about_the_gateway(town: Town) -> None:
    browser = town.client("worker")
    browser.csrf = "guessed"
    answer = browser.post("/logout", headers={"Origin": f"https://{EVIL}"})
    assert answer.status_code == 400
    assert "address" not in answer.text
