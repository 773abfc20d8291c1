"""Verbs as pages ask for them: one address for all verbs on a kind of thing, one way to read what was typed."""

from typing import TYPE_CHECKING

from flask import redirect, request, url_for

from xunfang.casework import VERBS, Asked
from xunfang.casework.verb import Subject
from xunfang.web.access import access_of
from xunfang.web.guard import actor, member, missing
from xunfang.web.views.versions import reason_given, version_given

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

LENGTH = 80
LONGEST_NUMBER = 4


def asked_for(
    verb_id: str, on: Subject, *, task: str = "", case: str = "", paper: str = "", submission: str = ""
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
        paper=paper,
        submission=submission,
        version=version_given() if verb.versioned else 0,
        reason=reason_given() if "reason" in verb.asks else "",
        days=_days_given() if "days" in verb.asks else 0,
        unit=_given("to_unit") if "unit" in verb.asks else _given("addressee") if "addressee" in verb.asks else "",
        way=_given("way") if "way" in verb.asks else "",
        day=_given("day") if "day" in verb.asks else "",
        clue=_given("clue") if "clue" in verb.asks else "",
        number=_given("number").strip() if "number" in verb.asks else "",
    )


def _given(name: str) -> str:
    return request.form.get(name, "")[:LENGTH]


def _days_given() -> int:
    """Return the number of days that was typed, 0 for anything that is none."""
    text = request.form.get("days", "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0


def back_to_case(done: str) -> "Response":
    """Return to the case (or duty) the act was done on, or to the queue, and say what was done."""
    return _back_to("queue.index", done)


def back_to_papers(done: str) -> "Response":
    """Return to the case a paper was found in, or to the list it was found in, and say what was done."""
    return _back_to("papers.index" if access_of("papers.index").allows(member()) else "system.index", done)


def _back_to(page: str, done: str) -> "Response":
    case, duty = request.form.get("case", ""), request.form.get("duty", "")
    if case.isalnum():
        return redirect(url_for("cases.show", case_id=case, done=done), 303)
    if duty.isalnum():
        return redirect(url_for("duties.show", duty_id=duty, done=done), 303)
    return redirect(url_for(page, done=done), 303)
