"""Nothing a visitor sends makes the site stumble: every variable, argument, field and header, with nasty values."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from itertools import product
from typing import Any, ClassVar
from urllib.parse import quote, quote_plus

import pytest
from conftest import JURISDICTION, ROOT, Browser, Town
from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict

NASTY = (
    "", "0", "-1", "1" * 20, "9" * 400, "1e999", "NaN", "None", "null", "true", "[]", "{}", "../../etc/passwd", "%00",
    "\0", "a\0b", "\x1b[31m", "\r\nSet-Cookie: a=b", "\u202e", "\ufeff", "\ud800", "\udfff\ud800", "😀" * 50,
    "'; DROP TABLE person;--", "\" OR 1=1", "%", "_", "%%%s%n", "{{7*7}}", "${7*7}", "<script>alert(1)</script>",
    "http://[", "//[::1", "//evil.example", "https://evil.example", "\\\\evil", "javascript:alert(1)",
    "=cmd|' /C calc'", "词 " * 2000, "9999-99-99", "99999999999.a", "-9999999999.a", "-.a", ".", ".a", "1.", "1.é", "²",
    "1²", "٣.a", "2026-02-30T99:99", "9999-12-31", "0001-01-01", "A" * 5000,
)  # fmt: skip
WEB = ROOT / "platform" / "xunfang" / "web"
ARGUMENT = re.compile(r"""args\.get(?:list)?\(\s*"([^"]+)\"""")
FIELD = re.compile(r"""form\.get(?:list)?\(\s*f?"([^"{]+)\"""")
HEADERS = ("Cookie", "Origin", "Referer", "Accept", "X-Csrf-Token", "Content-Type", "Host", "Range", "If-None-Match",
           "If-Modified-Since", "X-Forwarded-Host", "X-Forwarded-For", "User-Agent")  # fmt: skip
READ_IN_PARTS = {"Cookie": "xunfang=", **dict.fromkeys(("Origin", "Referer", "Host", "X-Forwarded-Host"), "http://")}
READ_IN_PARTS["Content-Type"] = "multipart/form-data; boundary="
SENT_WITH_FORMS = ("Origin", "X-Csrf-Token", "Content-Type")
OWN_VISITORS = {"accounts": "admin", "system": "operator", "audit": "auditor"}


def names(pattern: re.Pattern[str]) -> list[str]:
    """Return every name that the pages read from a request, as their source says."""
    return sorted({name for path in WEB.rglob("*.py") for name in pattern.findall(path.read_text("utf-8"))})


@cache
def encoded(text: str) -> str:
    """Return a value as an address carries it; a lone surrogate as the bytes some programs make of it."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


_quoted = cache(partial(quote_plus, safe="!$'()*,/:;?@"))
"""A value as forms carry it: one nasty value goes into hundreds of fields of each of hundreds of acts."""


def body(fields: Mapping[str, str | bytes]) -> bytes:
    """Return fields as a form sends them."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in fields.items()).encode()


def paths(app: Flask, value: str) -> Iterator[tuple[str, str, str]]:
    """Yield (endpoint, method, path) of every rule, each variable replaced by a value."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule.endpoint, method, re.sub(r"<[^>]+>", lambda _: value, rule.rule)


class Noted(ImmutableMultiDict[Any, Any]):
    """What came with a request; each name that anybody looks for is noted, "*" where all are gone through."""

    looked_for: ClassVar[set[str]] = set()

    def get(self, key: Any, *more: Any, **named: Any) -> Any:
        self.looked_for.add(key)
        return super().get(key, *more, **named)

    def getlist(self, key: Any, *more: Any, **named: Any) -> Any:
        self.looked_for.add(key)
        return super().getlist(key, *more, **named)

    def __getitem__(self, key: Any) -> Any:
        self.looked_for.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.looked_for.add(str(key))
        return super().__contains__(key)

    def __iter__(self) -> Iterator[Any]:
        self.looked_for.add("*")
        return super().__iter__()

    def items(self, *more: Any, **named: Any) -> Any:
        self.looked_for.add("*")
        return super().items(*more, **named)

    def lists(self) -> Any:
        self.looked_for.add("*")
        return super().lists()


@pytest.fixture
def noting(town: Town, monkeypatch: pytest.MonkeyPatch) -> type[Noted]:
    """Note what the pages of the town look for in what they are sent."""

    class Noting(town.app.request_class):  # type: ignore[misc, name-defined]
        parameter_storage_class = Noted

        @property
        def full_path(self) -> str:
            Noted.looked_for.add("*")
            return str(super().full_path)

    monkeypatch.setattr(town.app, "request_class", Noting)
    return Noted


def looks_for(noting: type[Noted], some: Any) -> bool:
    """Return whether any of these was looked for since this was last asked; what nobody looks for changes nothing."""
    found = bool(noting.looked_for & {*some, "*"})
    noting.looked_for.clear()
    return found


@pytest.fixture(autouse=True)
def _cookies_whatever_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client ask for no whole address to find its cookies: with nasty ones that took a third of all time."""
    monkeypatch.setattr("werkzeug.test.get_current_url", lambda environ: f"http://{environ['SERVER_NAME']}/")


@pytest.fixture
def stumbled(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Collect what went wrong; whatever was logged as an error went wrong as well."""
    found: list[str] = []
    with caplog.at_level(logging.ERROR):
        yield found
    assert found == []
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def visitor(town: Town) -> Callable[[str], Browser]:
    """Return who visits an endpoint: somebody who may."""
    kinds = {kind: town.client(login) for kind, login in OWN_VISITORS.items()}
    kinds["sign-in"] = Browser(town.app.test_client(), "none")
    leader = town.client("leader")
    return lambda endpoint: kinds.get(endpoint.partition(".")[0], leader)


def test_no_variable_of_an_address_makes_it_stumble(town: Town, stumbled: list[str]) -> None:
    browser_of = visitor(town)
    for text in NASTY:
        variable = encoded(text)[:1500] or "%20"
        for (endpoint, method, path), (_, _, plain) in zip(
            paths(town.app, variable), paths(town.app, "x"), strict=True
        ):
            if "x" not in plain.split("/") and "x.pdf" not in plain:
                continue  # no variable in it
            browser = browser_of(endpoint)
            answer = browser.get(path) if method == "GET" else browser.post(path, {"version": 1, "reason": "理由"})
            answer.close()
            if answer.status_code >= 500:
                stumbled.append(f"{method} {endpoint} {text[:40]!r}: {answer.status_code}")


def test_no_argument_makes_a_page_stumble(town: Town, stumbled: list[str], noting: type[Noted]) -> None:
    """All at once, and alone what says where a list or a person goes on, where a page looks for it."""
    task, browser_of, known = town.dispatched(), visitor(town), {*names(ARGUMENT)}
    assert {"after", "bucket", "next", "q"} <= known
    for endpoint, method, path in paths(town.app, task.case):
        noting.looked_for.clear()
        browser = browser_of(endpoint)
        if method != "GET" or endpoint == "static" or browser.get(path).status_code not in (200, 302):
            continue
        found = {*noting.looked_for}
        alone = [[name] for name in ("after", "next") if found & {name, "*"}]
        for text in NASTY:
            for some in (sorted(known | found - {"*"}), *alone):
                answer = browser.get(f"{path}?" + "&".join(f"{name}={encoded(text)}" for name in some))
                if answer.status_code >= 500:
                    stumbled.append(f"{path} {some}={text[:40]!r}: {answer.status_code}")


def test_no_field_makes_an_act_stumble(town: Town, stumbled: list[str], noting: type[Noted]) -> None:
    """Every field nasty, but the token of the page; and again with those sound that are looked at first."""
    task, browser_of = town.dispatched(), visitor(town)
    form = town.deployment.rulebooks.of(JURISDICTION).forms["clue-report"]
    known = {*names(FIELD), "lead-0", "assist-0", *form.fields} - {"csrf"}
    sound = {"version": "1", "reason": "理由充分", "field": "illness"}
    acts = {(end, path) for end, method, path in paths(town.app, task.id) if method == "POST"}
    acts |= {(end, path) for end, method, path in paths(town.app, task.case) if method == "POST" and "case" in end}
    acts |= {("intake.send", "/forms/clue-report")}
    for endpoint, path in sorted(acts - {("sign-in.leave", "/logout"), ("sign-in.enter", "/login")}):
        for text in NASTY:
            sent = {name: text.encode("utf-8", "surrogatepass") for name in known}
            noting.looked_for.clear()
            for data in (sent, {**sent, **sound}):
                browser = browser_of(endpoint)
                filled = body({"csrf": browser.csrf, **data})
                answer = browser.client.post(path, data=filled, content_type="application/x-www-form-urlencoded")
                if answer.status_code >= 500:
                    stumbled.append(f"{path} {text[:40]!r}: {answer.status_code}")
                if not looks_for(noting, sound):
                    break


def test_no_header_makes_the_site_stumble(town: Town, stumbled: list[str]) -> None:
    browsers = town.client("worker"), Browser(town.app.test_client(), "none")
    for text in NASTY:
        value = re.sub(r"[\r\n\0]", "", text.encode("utf-8", "surrogatepass").decode("latin-1"))
        for (name, each), browser in product(_headers(value), browsers):
            method, path = ("POST", "/forms/clue-report") if name in SENT_WITH_FORMS else ("GET", "/inbox/")
            answer = _with(browser, method, path, name, each)
            if answer.status_code >= 500:
                stumbled.append(f"{name}: {each[:60]!r}: {answer.status_code}")


def _headers(value: str) -> Iterator[tuple[str, str]]:
    """Yield every header with a value, and those that are read in parts with the value in the part that is read."""
    for name in HEADERS:
        yield name, value
        if name in READ_IN_PARTS:
            yield name, READ_IN_PARTS[name] + value


def _with(browser: Browser, method: str, path: str, name: str, value: str) -> Any:
    """Send one header exactly as given."""
    environ = {"HTTP_" + name.upper().replace("-", "_") if name != "Content-Type" else "CONTENT_TYPE": value}
    data = b"csrf=x&name=%ff%00" if method == "POST" else None
    return browser.client.open(path, method=method, environ_overrides=environ, data=data)


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe\x00", b"csrf", b"=" * 3000, b"&" * 60_000, b"csrf=%ED%A0%80&name=%00", b"%" * 999, b"a=1;" * 9000],
)
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "application/json"]
)
def test_no_body_makes_the_site_stumble(town: Town, body: bytes, kind: str, stumbled: list[str]) -> None:
    browser = town.client("worker")
    for path in ("/login", "/forms/clue-report", "/photos", "/logout", "/password/"):
        answer = browser.client.post(path, data=body, content_type=kind)
        if answer.status_code >= 500:
            stumbled.append(f"{path}: {answer.status_code}")
