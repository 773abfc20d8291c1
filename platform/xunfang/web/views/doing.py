"""Verbs as pages ask for them: one address for all verbs on a kind of thing, one way to read what was typed."""

from typing import TYPE_CHECKING, Literal

from flask import redirect, request, url_for

from xunfang.casework import VERBS, Asked
from xunfang.web.guard import actor, missing
from xunfang.web.views.versions import reason_given, version_given

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

LENGTH = 80


def asked_for(
    verb_id: str, on: Literal["task", "case", "report"], *, task: str = "", case: str = "", submission: str = ""
) -> Asked:
    """Return a verb with what the page asked for; raises NotFound for a verb that nobody can do to such a thing."""
    verb = VERBS.get(verb_id)
    if verb is None or verb.on != on or verb.who == "machinery" or verb.elsewhere:
        raise missing()
    return Asked(
        verb=verb.id,
        actor=actor(),
        task=task,
        case=case,
        submission=submission,
        version=version_given() if verb.versioned else 0,
        reason=reason_given() if "reason" in verb.asks else "",
        unit=_given("to_unit") if "unit" in verb.asks else "",
        clue=_given("clue") if "clue" in verb.asks else "",
        number=_given("number").strip() if "number" in verb.asks else "",
    )


def _given(name: str) -> str:
    return request.form.get(name, "")[:LENGTH]


def back_to_case(done: str) -> "Response":
    """Return to the case the act was done on, or to the queue, and say what was done."""
    case = request.form.get("case", "")
    if case.isalnum():
        return redirect(url_for("cases.show", case_id=case, done=done), 303)
    return redirect(url_for("queue.index", done=done), 303)
