"""An act whose page was outdated, asked for once more with everything that was typed."""

from typing import TYPE_CHECKING, Any

from flask import make_response, render_template, request, url_for

from xunfang.casework import VERBS

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response


def label_of(verb: str) -> str:
    """Return what a verb is called on its button."""
    return VERBS[verb].label if verb in VERBS else "办理"


NOT_CARRIED = frozenset({"csrf", "login", "password", "next", "carried_to", "entry_ticket", "entry_code"})
"""What belongs to the sending of a form, or to the sign-in page that carried it, and not to the act itself."""


def carried() -> list[tuple[str, str]]:
    """Return what was typed into the form of the request, field by field."""
    return [(name, text) for name in request.form if name not in NOT_CARRIED for text in request.form.getlist(name)]


def asks_again(endpoint: str, act: str = "") -> "Callable[..., Response]":
    """Return what shows one act of a page again: one button named `act`, and the reason to be read once more.

    Without a name it is that of the verb in the address.
    """

    def again(**arguments: Any) -> "Response":
        case = request.form.get("case", "") or str(arguments.get("case_id", ""))
        page = render_template(
            "pages/again.html",
            layout="plain.html",
            title="请再确认一次",
            act=act or label_of(str(arguments.get("verb", ""))),
            action=url_for(endpoint, **arguments),
            reason=request.form.get("reason", ""),
            fields=[pair for pair in carried() if pair[0] != "reason"],
            back=url_for("cases.show", case_id=case) if case.isalnum() else url_for("queue.index"),
        )
        return make_response(page, 400)

    return again
