"""Sign-in by OpenID Connect 统一身份认证: a province's own accounts, by the authorization code flow with PKCE.

What an issuer says of a person is believed when a signature of its keys, its name, ours, the moment and our nonce are
right. It says who somebody is; what they may do here is never taken from it.
"""

import base64
import hashlib
import json
import secrets
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import ClaimsOption

from xunfang.errors import NotSignedIn, Refused
from xunfang.issuers import Issuer, is_safe
from xunfang.locks import Lock

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "ES384", "RS512", "ES512", "EdDSA")
"""Signatures by keys that the issuer alone has; none of a shared secret, and never none at all."""
SECONDS = 5.0
MOST_BYTES = 1_000_000
KEPT_SECONDS = 3600.0
"""How long what an issuer says of itself is gone by without asking again."""
AGAIN_SECONDS = 60.0
"""How long, at least, between two looks for a key that was not there."""
REST_SECONDS = 15.0
"""An issuer that did not answer is not asked again for so long: nobody waits behind it meanwhile."""
LEEWAY = 60
_WANTED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class IssuerAway(Refused):
    """The issuer did not answer, or not as it should; local accounts sign in all the same."""

    status = 503
    code = "ISSUER_AWAY"


@dataclass(frozen=True, slots=True)
class Departure:
    """What a browser is sent away with, and what must come back or fit: `state`, `nonce` and the PKCE verifier."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "Departure":
        """Return one that nobody can guess."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """Follow nothing: an issuer answers where it says it does."""
        return


class Provider:
    """One issuer at work; threads may share it."""

    def __init__(self, issuer: Issuer, steady: Callable[[], float] = time.monotonic) -> None:
        self.issuer = issuer
        self._steady = steady
        context = ssl.create_default_context(cafile=issuer.authorities or None)
        self._opener = build_opener(_NoRedirect, HTTPSHandler(context=context))
        self._lock = Lock()
        self._said: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._rests_until = 0.0

    def address(self, departure: Departure, back: str) -> str:
        """Return where a browser goes to sign in; raises IssuerAway."""
        digest = hashlib.sha256(departure.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.issuer.client,
            "redirect_uri": back,
            "scope": " ".join(self.issuer.scopes),
            "state": departure.state,
            "nonce": departure.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return _with(str(self._metadata()["authorization_endpoint"]), asked)

    def leaving(self, back: str) -> str:
        """Return where a browser leaves the issuer too, "" where it knows no such place; raises IssuerAway."""
        end = str(self._metadata().get("end_session_endpoint") or "")
        return _with(end, {"client_id": self.issuer.client, "post_logout_redirect_uri": back}) if end else ""

    def account(self, code: str, departure: Departure, back: str, at: datetime) -> str:
        """Return what the issuer calls whoever came back with a code; raises NotSignedIn, IssuerAway."""
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": self.issuer.client,
            "code_verifier": departure.verifier,
        }
        answer = self._ask(str(self._metadata()["token_endpoint"]), sent)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise _not_believed()
        claims = self._claims(token, departure, at)
        found = claims.get(self.issuer.claim)
        if not isinstance(found, str) or not found.strip():
            raise NotSignedIn(
                f"{self.issuer.label}没有说明您是谁（缺少 {self.issuer.claim}），请联系系统管理员。", "CLAIM_MISSING"
            )
        return found.strip()

    def _claims(self, token: str, departure: Departure, at: datetime) -> Mapping[str, Any]:
        try:
            claims = self._decoded(token).claims
            essential: ClaimsOption = {"essential": True}
            registry = jwt.JWTClaimsRegistry(
                now=int(at.timestamp()),
                leeway=LEEWAY,
                iss={"essential": True, "value": self.issuer.issuer},
                aud={"essential": True, "value": self.issuer.client},
                sub=essential,
                exp=essential,
                iat=essential,
                nonce={"essential": True, "value": departure.nonce},
            )
            registry.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise _not_believed() from error
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if claims.get("azp", self.issuer.client) != self.issuer.client or (len(audience) > 1 and "azp" not in claims):
            raise _not_believed()
        return claims

    def _decoded(self, token: str) -> jwt.Token:
        """Return a token whose signature is right; keys are asked for anew once when none of those known made it."""
        try:
            return jwt.decode(token, self._key_set(fresh=False), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            return jwt.decode(token, self._key_set(fresh=True), algorithms=ALGORITHMS)

    def _metadata(self) -> Mapping[str, Any]:
        with self._lock:
            if self._said and self._steady() - self._said[0] < KEPT_SECONDS:
                return self._said[1]
        said = self._ask(f"{self.issuer.issuer.rstrip('/')}/.well-known/openid-configuration")
        if said.get("issuer") != self.issuer.issuer or not all(is_safe(str(said.get(name, ""))) for name in _WANTED):
            raise self._away()
        with self._lock:
            self._said = self._steady(), said
        return said

    def _key_set(self, *, fresh: bool) -> KeySet:
        with self._lock:
            age = self._steady() - self._keys[0] if self._keys else KEPT_SECONDS
            if self._keys and age < (AGAIN_SECONDS if fresh else KEPT_SECONDS):
                return self._keys[1]
        said: Any = self._ask(str(self._metadata()["jwks_uri"]))
        try:
            found = KeySet.import_key_set(said)
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise self._away() from error
        with self._lock:
            self._keys = self._steady(), found
        return found

    def _ask(self, url: str, form: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the JSON an address answers; a code that it does not take is no failure of the issuer."""
        if self._steady() < self._rests_until:
            raise self._away()
        headers = {"Accept": "application/json"}
        if form and self.issuer.secret:
            pair = f"{quote(self.issuer.client, safe='')}:{quote(self.issuer.secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        request = Request(url, urlencode(form).encode() if form else None, headers)
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                told = json.loads(answer.read(MOST_BYTES))
        except HTTPError as error:
            if form and error.code in (400, 401, 403):
                raise _not_believed() from None
            raise self._away() from None
        except (URLError, OSError, ValueError):
            self._rests_until = self._steady() + REST_SECONDS
            raise self._away() from None
        if not isinstance(told, dict):
            raise self._away()
        return told

    def _away(self) -> IssuerAway:
        return IssuerAway(
            f"{self.issuer.label}现在没有应答或应答有误，不能用它登录，请稍后再试；有本系统用户名和密码的，可以直接登录。"
        )


def _with(url: str, asked: Mapping[str, str]) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(asked)}"


def _not_believed() -> NotSignedIn:
    return NotSignedIn("这次统一身份认证的结果不能采信（可能已过期或不是本系统发起的），请重新登录。", "TOKEN_REFUSED")
