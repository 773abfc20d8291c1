"""The cookies: the session's token, that of the sign-in page before there is a session, and the mark of a browser."""

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


DEVICE_SECONDS = 180 * 24 * 3600
"""How long a browser is known from which somebody signed in."""


def _name(which: str, https: bool) -> str:
    return f"__Host-{which}" if https else which


def session_token(cookies: Mapping[str, str], https: bool) -> str:
    """Return the session token a request carries, or ""."""
    return cookies.get(_name("xunfang", https), "")


def presign_token(cookies: Mapping[str, str], https: bool) -> str:
    """Return the token of the sign-in page a request carries, or ""."""
    return cookies.get(_name("xunfang-entry", https), "")


def device_mark(cookies: Mapping[str, str], https: bool) -> str:
    """Return the mark by which a browser is known again, or ""."""
    return cookies.get(_name("xunfang-device", https), "")[:400]


def give_device(response: "Response", mark: str, https: bool) -> None:
    """Hand the browser the mark by which it is known again at the sign-in."""
    response.set_cookie(
        _name("xunfang-device", https),
        mark,
        max_age=DEVICE_SECONDS,
        secure=https,
        httponly=True,
        samesite="Strict",
        path="/",
    )


def new_token() -> str:
    """Return a fresh unguessable token."""
    return secrets.token_urlsafe(24)


def give_session(response: "Response", token: str, https: bool) -> None:
    """Hand the browser a new session and take the sign-in page's token away."""
    response.set_cookie(_name("xunfang", https), token, secure=https, httponly=True, samesite="Lax", path="/")
    response.delete_cookie(_name("xunfang-entry", https), secure=https, httponly=True, samesite="Strict", path="/")


def give_presign(response: "Response", token: str, https: bool) -> None:
    """Hand the browser the token of the sign-in page."""
    response.set_cookie(_name("xunfang-entry", https), token, secure=https, httponly=True, samesite="Strict", path="/")


def take_session(response: "Response", https: bool) -> None:
    """Take the session from the browser."""
    response.delete_cookie(_name("xunfang", https), secure=https, httponly=True, samesite="Lax", path="/")


DEPARTURE_SECONDS = 600
"""How long somebody may take to sign in at an issuer of identities."""


def departure(cookies: Mapping[str, str], https: bool) -> str:
    """Return what a browser was sent to an issuer with, sealed, or ""."""
    return cookies.get(_name("xunfang-oidc", https), "")[:2000]


def give_departure(response: "Response", sealed: str, https: bool) -> None:
    """Let a browser keep what it is sent to an issuer with; it comes back from there by a link of another site."""
    response.set_cookie(
        _name("xunfang-oidc", https),
        sealed,
        max_age=DEPARTURE_SECONDS,
        secure=https,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def take_departure(response: "Response", https: bool) -> None:
    """Take that from the browser again."""
    response.delete_cookie(_name("xunfang-oidc", https), secure=https, httponly=True, samesite="Lax", path="/")
