"""Signing in by a province's own accounts, against a real little issuer: who is bound enters, nothing forged does."""

import base64
import hmac
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from conftest import PASSWORD, Town
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey

from issuer import CLIENT, SECRET, LittleIssuer, issuing
from web.test_factor import bind, factor, prove
from web.test_signing_in import enter
from xunfang import oidc
from xunfang.actions.identities import bind_identity, bound_identity, unbind_identity
from xunfang.cli.answering import lanes
from xunfang.desk import Readings
from xunfang.errors import Conflict, Invalid
from xunfang.issuers import Issuer, is_safe
from xunfang.oidc import Departure, IssuerAway, Provider
from xunfang.store import Account, Event, Session, connection, transaction
from xunfang.store.onetime import code_at, step_of
from xunfang.web import Site
from xunfang.web.lanes import ENTERING, VOUCHING, lane_of


@pytest.fixture
def there(town: Town) -> Iterator[LittleIssuer]:
    """The issuer, which the town trusts from now on."""
    with issuing(town.now) as little:
        provider = Provider(Issuer(little.address, CLIENT, SECRET, "省统一身份认证"))
        site = Site(
            town.deployment,
            Readings(town.deployment),
            town.now,
            "测试平台",
            address="http://localhost",
            provider=provider,
        )
        town.app.extensions["xunfang"] = site
        yield little


def account(town: Town, login: str) -> Account:
    with connection(town.deployment.database) as reader:
        found = reader.first(Account, login=login)
    assert found
    return found


def bound(town: Town, there: LittleIssuer, login: str = "clerk", name: str = "p-1001") -> None:
    bind_identity(town.deployment, town.actor("admin"), account(town, login).id, there.address, name, town.at)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


def through(address: str) -> str:
    """Return where the issuer sends a browser back to that comes with this address."""
    try:
        build_opener(_Stay).open(address)
    except Exception as redirected:  # urllib calls a redirect that is not followed an error
        return str(redirected.headers["Location"])  # type: ignore[attr-defined]
    raise AssertionError


def come_back(client: FlaskClient, next_: str = "") -> Any:
    away = client.get(f"/login/oidc/?next={next_}")
    assert away.status_code == 302, away.text
    back = urlsplit(through(away.headers["Location"]))
    return client.get(f"{back.path}?{back.query}")


def test_who_is_bound_enters_with_the_rights_of_the_account(town: Town, there: LittleIssuer) -> None:
    bound(town, there)
    client = town.app.test_client()
    assert "用省统一身份认证登录" in client.get("/login").text
    away = client.get("/login/oidc/?next=/cases/")
    asked = parse_qs(urlsplit(away.headers["Location"]).query)
    assert asked["redirect_uri"] == ["http://localhost/login/oidc/back"]
    assert {"state", "nonce", "code_challenge"} <= {*asked}
    back = urlsplit(through(away.headers["Location"]))
    answer = client.get(f"{back.path}?{back.query}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/cases/")
    assert client.get("/cases/").status_code == 200
    assert client.get("/accounts/").status_code == 403
    with connection(town.deployment.database) as reader:
        (session,) = reader.select(Session, account=account(town, "clerk").id)
        signed_in = reader.select(Event, name="account.signed_in")
    assert session.by == "oidc"
    assert [event.told["way"] for event in signed_in] == ["oidc"]
    again = client.get(f"{back.path}?{back.query}")
    assert again.status_code == 401
    assert "不是从本页发起" in again.text


def test_nobody_gets_an_account_by_a_token_alone(town: Town, there: LittleIssuer) -> None:
    there.person = "leader"  # as a login of ours is called
    answer = come_back(town.app.test_client())
    assert answer.status_code == 401
    assert "还没有绑定" in answer.text
    bound(town, there)
    there.person = "p-1001"
    with transaction(town.deployment.database, "") as tx:
        tx.update(Account, {"login": "clerk"}, {"state": "disabled"})
    assert "已停用" in come_back(town.app.test_client()).text
    with connection(town.deployment.database) as reader:
        assert not reader.select(Session)


@pytest.mark.parametrize("how", ["unbound", "bound anew"])
def test_who_is_bound_no_more_is_out_at_once(town: Town, there: LittleIssuer, how: str) -> None:
    bound(town, there)
    client, own, admin = town.app.test_client(), town.app.test_client(), town.actor("admin")
    come_back(client)
    enter(own, "clerk", PASSWORD)
    assert (client.get("/cases/").status_code, own.get("/cases/").status_code) == (200, 200)
    if how == "unbound":
        unbind_identity(town.deployment, admin, account(town, "clerk").id, town.at)
    else:
        bound(town, there, name="p-2002")
    assert (client.get("/cases/").status_code, own.get("/cases/").status_code) == (302, 200)


FORGED: tuple[dict[str, Any], ...] = (
    {"nonce": "another"}, {"nonce": None}, {"aud": "somebody-else"}, {"aud": [CLIENT, "other"]},
    {"aud": [CLIENT, "other"], "azp": "other"}, {"iss": "https://other.example"}, {"exp": 1}, {"exp": None},
    {"iat": 4_000_000_000}, {"sub": None}, {"sub": 5},
)  # fmt: skip


@pytest.mark.parametrize("forge", FORGED, ids=[str(n) for n in range(len(FORGED))])
def test_a_token_with_another_claim_opens_nothing(town: Town, there: LittleIssuer, forge: dict[str, Any]) -> None:
    bound(town, there)
    there.forge = forge
    answer = come_back(town.app.test_client())
    assert answer.status_code == 401
    with connection(town.deployment.database) as reader:
        assert not reader.select(Session)


def _unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none"}, claims)
    head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
    return f"{head}.{body}."


def _by_other_key(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, RSAKey.generate_key(2048))


def _by_public_key(claims: dict[str, Any], public: bytes) -> str:
    """Sign as with a secret that both know, which everybody knows: the key that verifies."""
    parts = ({"alg": "HS256", "kid": "k1"}, claims)
    told = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
    seal = hmac.digest(public, told.encode(), "sha256")
    return f"{told}.{base64.urlsafe_b64encode(seal).rstrip(b'=').decode()}"


@pytest.mark.parametrize("how", ["none", "other key", "shared secret", "garbage", "altered"])
def test_a_token_signed_otherwise_opens_nothing(town: Town, there: LittleIssuer, how: str) -> None:
    bound(town, there)

    def altered(claims: dict[str, Any]) -> str:
        head, body, seal = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, there.key).split(".")
        told = json.loads(base64.urlsafe_b64decode(body + "=="))
        forged = base64.urlsafe_b64encode(json.dumps(told | {"sub": "p-1002"}).encode()).rstrip(b"=").decode()
        return f"{head}.{forged}.{seal}"

    ways: dict[str, Callable[[dict[str, Any]], str]] = {
        "none": _unsigned,
        "other key": _by_other_key,
        "shared secret": lambda claims: _by_public_key(claims, there.key.as_pem(private=False)),
        "garbage": lambda _: "a.b.c",
        "altered": altered,
    }
    there.signed = ways[how]
    answer = come_back(town.app.test_client())
    assert answer.status_code == 401
    assert "不能采信" in answer.text


def test_what_comes_back_must_fit_the_browser_that_went(town: Town, there: LittleIssuer) -> None:
    bound(town, there)
    mine, other = town.app.test_client(), town.app.test_client()
    away = mine.get("/login/oidc/")
    back = urlsplit(through(away.headers["Location"]))
    assert "不是从本页发起" in other.get(f"{back.path}?{back.query}").text
    assert "不是从本页发起" in mine.get(f"{back.path}?{back.query.replace('state=', 'state=x')}").text
    away = mine.get("/login/oidc/")
    stolen = urlsplit(through(away.headers["Location"]))
    other.get("/login/oidc/")
    code = parse_qs(stolen.query)["code"][0]
    away = other.get("/login/oidc/")
    state = parse_qs(urlsplit(away.headers["Location"]).query)["state"][0]
    injected = other.get(f"{stolen.path}?code={code}&state={state}")
    assert injected.status_code == 401  # its verifier is another's
    away = mine.get("/login/oidc/")
    back = urlsplit(through(away.headers["Location"]))
    town.later(minutes=11)
    assert "已经过期" in mine.get(f"{back.path}?{back.query}").text
    away = mine.get("/login/oidc/")
    state = parse_qs(urlsplit(away.headers["Location"]).query)["state"][0]
    assert "没有让您登录" in mine.get(f"/login/oidc/back?error=access_denied&state={state}").text


@pytest.mark.parametrize("answers", ["", "<html>", "[]", '{"issuer": "https://other.example"}', "{}"])
def test_an_issuer_that_is_away_is_told_and_local_accounts_sign_in(
    town: Town, there: LittleIssuer, answers: str
) -> None:
    there.down, there.answers = not answers, answers
    client = town.app.test_client()
    away = client.get("/login/oidc/")
    assert away.status_code == 503
    assert "省统一身份认证现在没有应答或应答有误" in away.text
    assert enter(client, "clerk", PASSWORD).status_code == 302


def test_it_may_go_away_between_there_and_back(town: Town, there: LittleIssuer) -> None:
    bound(town, there)
    client = town.app.test_client()
    back = urlsplit(through(client.get("/login/oidc/").headers["Location"]))
    there.down = True
    assert client.get(f"{back.path}?{back.query}").status_code == 503


def test_one_that_does_not_answer_is_left_alone_for_a_while(town: Town) -> None:
    now = [100.0]
    with issuing(town.now) as little:
        provider = Provider(Issuer(little.address, CLIENT, SECRET), steady=lambda: now[0])
        little.answers = "not JSON"
        for _ in range(3):
            with pytest.raises(IssuerAway):
                provider.address(Departure.new(), "http://localhost/back")
        assert len(little.seen) == 1
        now[0] += oidc.REST_SECONDS
        little.answers = ""
        assert provider.address(Departure.new(), "http://localhost/back").startswith(f"{little.address}/authorize?")


def test_whoever_types_a_password_waits_behind_no_issuer() -> None:
    assert {lane_of("GET", "/login/oidc/"), lane_of("GET", "/login/oidc/back")} == {VOUCHING}
    assert lane_of("POST", "/login") == lane_of("POST", "/login/code") == ENTERING
    assert {VOUCHING, ENTERING} <= lanes().keys()


def test_a_key_that_was_changed_is_asked_for_and_not_too_often(
    town: Town, there: LittleIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound(town, there)
    assert come_back(town.app.test_client()).status_code == 302
    there.key = RSAKey.generate_key(2048, {"kid": "k2"}, auto_kid=False)
    assert come_back(town.app.test_client()).status_code == 401
    assert there.seen.count("/jwks") == 1
    monkeypatch.setattr(oidc, "AGAIN_SECONDS", 0.0)
    assert come_back(town.app.test_client()).status_code == 302
    assert there.seen.count("/jwks") == 2
    assert there.seen.count("/.well-known/openid-configuration") == 1


def test_our_own_second_factor_is_asked_all_the_same(town: Town, there: LittleIssuer) -> None:
    bound(town, there)
    bind(town, "clerk")
    client = town.app.test_client()
    asked = come_back(client, "/inbox/")
    assert "输入验证码" in asked.text
    answer = prove(client, asked, code_at(factor(town, "clerk").secret, step_of(town.at)))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/inbox/")


def test_a_password_that_must_be_changed_is_no_matter_of_whoever_came_by_the_issuer(
    town: Town, there: LittleIssuer
) -> None:
    bound(town, there)
    with transaction(town.deployment.database, "") as tx:
        tx.update(Account, {"login": "clerk"}, {"must_change": True})
    client = town.app.test_client()
    come_back(client)
    assert client.get("/").status_code == 200
    other = town.app.test_client()
    enter(other, "clerk", PASSWORD)
    assert other.get("/").headers["Location"] == "/password/"


def test_signing_out_tells_that_the_issuer_is_still_signed_in(town: Town, there: LittleIssuer) -> None:
    bound(town, there)
    client = town.app.test_client()
    come_back(client)
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    assert token
    left = client.post("/logout", data={"csrf": token[1]})
    assert "省统一身份认证还没有退出" in left.text
    assert f"{there.address}/logout?client_id={CLIENT}" in left.text
    assert client.get("/").status_code == 302
    there.down = True
    town.app.extensions["xunfang"].provider._said = None
    come_again = town.client("clerk")
    assert come_again.post("/logout").status_code == 302


def test_an_administrator_binds_and_unbinds_and_nobody_else(town: Town, there: LittleIssuer) -> None:
    admin, clerk = town.client("admin"), account(town, "clerk").id
    assert admin.post(f"/accounts/{clerk}/identity", {"identity": " "}).status_code == 422
    assert admin.post(f"/accounts/{clerk}/identity", {"identity": "370304195803142241"}).status_code == 303
    assert bound_identity(town.deployment, clerk) == "370304195803142241"
    other = account(town, "teacher").id
    assert admin.post(f"/accounts/{other}/identity", {"identity": "370304195803142241"}).status_code == 409
    assert bound_identity(town.deployment, other) == ""
    assert town.client("clerk").post(f"/accounts/{other}/identity", {"identity": "x"}).status_code == 403
    assert admin.post(f"/accounts/{clerk}/identity/unbind").status_code == 303
    assert admin.post(f"/accounts/{clerk}/identity/unbind").status_code == 409
    assert "还没有绑定" in come_back(town.app.test_client()).text
    with connection(town.deployment.database) as reader:
        names = [event.name for event in reader.select(Event)]
    assert names.count("account.identity_bound") == 1
    assert "account.identity_unbound" in names
    with pytest.raises((Invalid, Conflict)):
        bind_identity(town.deployment, town.actor("admin"), clerk, there.address, "x" * 300, town.at)


def test_without_an_issuer_there_is_no_such_page(town: Town) -> None:
    client = town.app.test_client()
    assert [client.get(f"/login/oidc/{page}").status_code for page in ("", "back")] == [404, 404]
    assert "统一身份认证" not in client.get("/login").text


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://sso.example", True), ("http://127.0.0.1:80/", True), ("http://sso.example", False),
        ("file:///etc/passwd", False), ("ftp://x", False), ("", False), ("https://", False),
    ],
)  # fmt: skip
def test_only_tls_is_asked_but_on_this_machine(url: str, safe: bool) -> None:
    assert is_safe(url) is safe
