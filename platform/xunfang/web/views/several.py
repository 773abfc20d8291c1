"""Several at once: what was ticked on a list, and the page that says what became of each."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from flask import request, url_for

from xunfang.actions.auditing import MISSED, REFUSED, note_refusal
from xunfang.actions.several import MOST, Picked, try_each
from xunfang.casework import Verb
from xunfang.desk.faces import SeveralRow
from xunfang.errors import NotAllowed, NotFound, Refused
from xunfang.web.faults import told
from xunfang.web.guard import actor, member, site
from xunfang.web.views.secure import SecureView

PICKED = re.compile(r"([0-9A-Za-z]{1,64})(?::([0-9]{1,9}))?", re.ASCII)
LISTS = {"queue": "queue.index", "supervision": "supervision.index", "dispatch": "dispatch.index"}
"""Where several can be ticked, and where the result leads back to."""

Known = Callable[[Sequence[str]], dict[str, tuple[str, str]]]


def do_several(view: SecureView, verb: Verb, do: Callable[[Picked], None], known: Known) -> str:
    """Do a verb to everything that was ticked; return the page that says what was done, and why the rest was not.

    `known` says of the things in sight which case they belong to, and what they are called.
    """
    tried = try_each(_picked(), do)
    for each in tried:
        _leave_trace(each.refusal)
    names = known([each.id for each in tried])
    rows = [SeveralRow(*names.get(each.id, ("", "")), told(each.refusal) if each.refusal else "") for each in tried]
    back = url_for(LISTS.get(request.form.get("list", ""), "queue.index"))
    words: dict[str, Any] = {"title": f"{verb.name}结果", "verb": verb, "rows": rows, "back": back}
    return str(view.render("pages/several.html", **words))


def _picked() -> list[Picked]:
    """Return what was ticked, each "key" or "key:version"; raises Refused for what no page of ours sends."""
    found = []
    for text in request.form.getlist("picked")[: MOST * 4]:
        parts = PICKED.fullmatch(text)
        if parts is None:
            raise Refused("页面不完整，请刷新后再试一次。")
        found.append(Picked(parts[1], int(parts[2] or "0")))
    return found


def _leave_trace(refusal: Refused | None) -> None:
    """Note what was out of reach, as for one alone: many at once is no way to look for things unseen."""
    what = MISSED if isinstance(refusal, NotFound) else REFUSED if isinstance(refusal, NotAllowed) else ""
    if what and request.endpoint:
        note_refusal(site().deployment, actor(), request.endpoint, site().now(), what)


def tasks_named(ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return of each of these tasks in sight its case, and what a person calls it."""
    return site().readings.names_of(member().actor, tasks=ids)


def cases_named(ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return of each of these cases in sight its key, and what a person calls it."""
    return site().readings.names_of(member().actor, cases=ids)
