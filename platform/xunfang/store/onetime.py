"""One-time codes 动态验证码 of authenticator apps: RFC 6238 as every app knows it: SHA-1, 30 seconds, 6 digits."""

import base64
import hmac
import os
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

SPAN_SECONDS = 30
DIGITS = 6
DRIFT = 1
"""So many spans before and after are taken too: clocks of phones differ, and typing takes its time."""
_SECRET = 20
"""As long as the hash, which RFC 4226 recommends."""


def new_shared() -> str:
    """Return a new secret to be shared with an app, as it is typed: 32 letters and digits."""
    return base64.b32encode(os.urandom(_SECRET)).decode()


def code_at(shared: str, step: int) -> str:
    """Return the code of a span, counted from 1970."""
    return HOTP(base64.b32decode(shared), DIGITS, SHA1()).generate(step).decode()


def step_of(at: datetime) -> int:
    """Return the span in which a moment lies."""
    return int(at.timestamp()) // SPAN_SECONDS


def step_shown(shared: str, code: str, at: datetime, after: int) -> int | None:
    """Return the span whose code this is, of those around a moment and later than one, None when it is of none."""
    now = step_of(at)
    steps = range(max(now - DRIFT, after + 1), now + DRIFT + 1)
    found = [step for step in steps if hmac.compare_digest(code_at(shared, step).encode(), code.encode())]
    return found[0] if found else None
