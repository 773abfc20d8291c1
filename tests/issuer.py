"""A little issuer of identities of the tests' own, by OpenID Connect, on this machine: its signatures are real."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "xunfang", "s3cret/with:signs"


@dataclass
class Asked:
    """What a browser came with, until its code is redeemed."""

    nonce: str
    challenge: str
    back: str


@dataclass
class LittleIssuer:
    """Signs everybody in as `person`. `forge` alters the claims, `signed` makes the token of them."""

    now: Callable[[], datetime]
    address: str = ""
    person: str = "p-1001"
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}, auto_kid=False))
    forge: dict[str, Any] = field(default_factory=dict)
    signed: Callable[[dict[str, Any]], str] | None = None
    down: bool = False
    answers: str = ""
    codes: dict[str, Asked] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "end_session_endpoint": f"{self.address}/logout",
        }

    def keys(self) -> Any:
        return KeySet([self.key]).as_dict(private=False)

    def authorize(self, asked: dict[str, str]) -> str:
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = Asked(asked["nonce"], asked["code_challenge"], asked["redirect_uri"])
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str], authorization: str) -> dict[str, Any] | None:
        name, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        asked = self.codes.pop(sent.get("code", ""), None)
        digest = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        right = name == CLIENT and secret == "s3cret%2Fwith%3Asigns"
        if (
            asked is None
            or not right
            or digest.rstrip(b"=").decode() != asked.challenge
            or sent["redirect_uri"] != asked.back
        ):
            return None
        moment = int(self.now().timestamp())
        claims = {"iss": self.address, "aud": CLIENT, "sub": self.person, "iat": moment, "exp": moment + 300}
        claims = {**claims, "nonce": asked.nonce, **self.forge}
        claims = {name: value for name, value in claims.items() if value is not None}
        made = self.signed or (lambda told: jwt.encode({"alg": "RS256", "kid": self.key.kid}, told, self.key))
        return {"token_type": "Bearer", "access_token": "x", "id_token": made(claims)}


class _Handler(BaseHTTPRequestHandler):
    issuer: LittleIssuer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.issuer.seen.append(parts.path)
        if self.issuer.down:
            self._say(503, {})
        elif self.issuer.answers:
            self._send(200, self.issuer.answers.encode())
        elif parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.issuer.authorize(asked))
            self.end_headers()
        else:
            told = {"/.well-known/openid-configuration": self.issuer.metadata, "/jwks": self.issuer.keys}
            self._say(200, told[parts.path]())

    def do_POST(self) -> None:
        self.issuer.seen.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        told = None if self.issuer.down else self.issuer.token(sent, self.headers.get("Authorization", ""))
        self._say(503 if self.issuer.down else 200 if told else 400, told or {"error": "invalid_grant"})

    def _say(self, status: int, told: dict[str, Any]) -> None:
        self._send(status, json.dumps(told).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def issuing(now: Callable[[], datetime]) -> Iterator[LittleIssuer]:
    """Let a little issuer answer on a free port for the length of the block."""
    issuer = LittleIssuer(now)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"issuer": issuer}))
    issuer.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
