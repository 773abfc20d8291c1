"""Whose accounts are taken besides our own, as `[oidc]` in config.toml says; what is asked of them is `oidc`."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose accounts are taken, who we are there, and which claim names an account. `label` is what people call it."""

    issuer: str
    client: str
    secret: str = ""
    label: str = "统一身份认证"
    claim: str = "sub"
    scopes: tuple[str, ...] = ("openid",)
    authorities: str = ""  # a file of certificates, where the issuer's own is signed by none that the system knows


def is_safe(url: str) -> bool:
    """Return whether an address may be asked: by TLS, or on this very machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost"))
    )
