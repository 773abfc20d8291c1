"""Response headers: nothing from outside, nothing inline, nothing about persons in any cache."""

from typing import TYPE_CHECKING

from flask import request

from xunfang.steps import reached
from xunfang.web.origin import within

if TYPE_CHECKING:
    from flask import Flask, Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
PAPER_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""For PDF files: the browser's own viewer brings inline style along; there is nothing of ours in it."""

FRAMING_POLICY = f"{POLICY}; frame-src 'self'"
"""For a page that shows one of the site's own papers in a frame."""

STATIC_SECONDS = 30 * 24 * 3600

FIXED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def install_headers(app: "Flask", https: bool) -> None:
    """Put the security headers on every response of the application."""

    def add(response: "Response") -> "Response":
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        response.headers["Cache-Control"] = _cache()
        _stay_within(response)
        reached("answer.ready")
        return response

    app.after_request(add)


OUTWARD = frozenset({"oidc.go"})
"""Addresses that send a browser elsewhere on purpose: to whom the settings name."""


def _stay_within(response: "Response") -> None:
    """Take the host out of a redirect: where a slash was missing, werkzeug names the one that the request named."""
    location = response.headers.get("Location", "")
    if location and location != within(location) and request.endpoint not in OUTWARD:
        response.headers["Location"] = within(location)
        response.set_data(b"")


def _cache() -> str:
    if request.endpoint == "static" and "v" in request.args:
        return f"public, max-age={STATIC_SECONDS}, immutable"
    return "no-cache" if request.endpoint == "static" else "no-store"
