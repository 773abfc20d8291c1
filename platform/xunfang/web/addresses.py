"""Addresses of the pages: what lies before and after the key of a thing is made once, for the hundreds on a list."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import request, url_for

_STAND_IN = "31415926535897932384"
"""A key that any address takes in the place of another, and none tells by itself."""


def quick_addresses() -> Callable[..., str]:
    """Return a `url_for` for the pages of one application, with which those of one key each are not made anew."""

    @lru_cache(maxsize=1024)
    def around(_root: str, endpoint: str, name: str) -> tuple[str, str]:
        values: dict[str, Any] = {name: _STAND_IN}
        before, _, after = url_for(endpoint, **values).partition(_STAND_IN)
        return before, after

    def address(endpoint: str, **values: Any) -> str:
        if len(values) == 1 and not endpoint.startswith("."):
            ((name, key),) = values.items()
            if type(key) is str and not name.startswith("_") and key.isascii() and key.isalnum():
                before, after = around(request.script_root, endpoint, name)
                return f"{before}{key}{after}"
        return url_for(endpoint, **values)

    return address
