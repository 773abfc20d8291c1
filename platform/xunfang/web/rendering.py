"""What every template knows: the person, the brand, fresh asset addresses, and dates as people write them."""

import hashlib
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app, g, request, url_for

from xunfang.desk.moments import day, moment, short_moment
from xunfang.desk.studio.said_problems import file_said, words_said
from xunfang.errors import Refused
from xunfang.web.access import CASEWORK, INBOX
from xunfang.web.addresses import quick_addresses
from xunfang.web.cells import cell_writer
from xunfang.web.guard import member_or_none, site
from xunfang.web.looks import look
from xunfang.web.menu import MENU
from xunfang.web.wording import DONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from xunfang.desk.faces import AlertRow
    from xunfang.errors import Problem
    from xunfang.rulebook.model import Rulebook
    from xunfang.web.site import Member

STATIC = Path(__file__).parent / "static"


def install_rendering(app: "Flask") -> None:
    """Give the templates of the application what they all need."""
    app.context_processor(_everywhere)
    marks = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:10] for path in STATIC.iterdir()}
    address = lru_cache(maxsize=64)(lambda _root, name: url_for("static", filename=name, v=marks[name]))
    app.jinja_env.globals |= {
        "asset": lambda name: address(request.script_root, name),
        "url_for": quick_addresses(),
    }
    app.jinja_env.filters.update(day=day, moment=moment, short_moment=short_moment, look=look, cell_writer=cell_writer)
    app.jinja_env.filters.update(
        rule_words=lambda text: words_said(_own_rules(), text), rule_file=lambda path: file_said(_own_rules(), path)
    )


def _own_rules() -> "Rulebook":
    person = member_or_none()
    assert person
    return site().rulebook(person.jurisdiction)


def _everywhere() -> dict[str, Any]:
    person = member_or_none()
    brand, hotline = site().spoken()
    known: dict[str, Any] = {"demo": site().demo, "brand": brand, "hotline": hotline, "member": person}
    known["doubtful"] = _doubtful()
    if person is None:
        return known
    rulebook = site().rulebook(person.jurisdiction)
    return known | {
        "csrf": g.visit.csrf,
        "now": site().now(),
        "brand": rulebook.info.brand or rulebook.info.name,
        "place": rulebook.info.name,
        "hotline": rulebook.info.hotline,
        "digest": rulebook.digest,
        "unread": _unread(person) if INBOX.allows(person) else None,
        "rules_held": _rules_held(person),
        "whole_menu": partial(current_app.extensions[MENU].of, person, rulebook),
        "alerts_on": _alerts_on(person) if CASEWORK.allows(person) else (),
        "done": DONE.get(request.args.get("done", ""), ""),
    }


def _rules_held(person: "Member") -> "tuple[Problem, ...]":
    """Return what is wrong in the rule files, for whoever administers or operates: nobody else notices."""
    if not (person.may("operate") or person.may("administer")):
        return ()
    return site().deployment.rulebooks.problems.get(person.jurisdiction, ())


def _unread(person: "Member") -> int | None:
    """Return how many messages are unread; None, so that the page itself still comes, where that cannot be read."""
    with suppress(Refused):
        return site().readings.unread(person.actor)
    return None


def _alerts_on(person: "Member") -> "Sequence[AlertRow]":
    """Return the events that are on where the person works; none, so that the page comes, where that can't be read."""
    with suppress(Refused):
        return site().readings.alerts_on(person.actor, site().now())
    return ()


def _doubtful() -> bool:
    """Return whether every page must say that the server's clock may be wrong; where that cannot be read, none does."""
    try:
        return bool(site().readings.clock_doubt(site().now()))
    except Exception:  # a page of an error must come out whatever failed
        return False
