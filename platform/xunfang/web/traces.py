"""A line in the journal for each request: which page, how it ended, how long it took, whose it was; never its content.

Pages are named by endpoint. The id of a request goes out with the answer, so that somebody can tell it on the phone.
"""

import secrets
import time
from typing import TYPE_CHECKING

from flask import g, request

from xunfang.journal import note
from xunfang.web.guard import RULELESS, member_or_none
from xunfang.web.measures import METHODS, NOWHERE

if TYPE_CHECKING:
    from flask import Flask, Response


def request_id() -> str:
    """Return the id of the request in hand."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    return str(g.request_id)


def install_traces(app: "Flask") -> None:
    """Note every request of the application, but those of which there are many and that tell nothing."""

    def end(response: "Response") -> "Response":
        response.headers["X-Request-Id"] = request_id()
        endpoint = request.url_rule.endpoint if request.url_rule else NOWHERE
        if endpoint not in RULELESS or response.status_code >= 400:
            _note(endpoint, response.status_code)
        return response

    app.after_request(end)


def _note(endpoint: str, status: int) -> None:
    person = member_or_none()
    note(
        "request",
        g.get("outcome") or ("ok" if status < 400 else f"HTTP_{status}"),
        ms=(time.perf_counter() - g.get("begun", time.perf_counter())) * 1000,
        jurisdiction=person.jurisdiction if person else "",
        account=person.account if person else "",
        request=request_id(),
        endpoint=endpoint,
        method=request.method if request.method in METHODS else "other",
        status=status,
    )
