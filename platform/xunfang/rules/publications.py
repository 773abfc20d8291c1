"""Publications 公示: what a board may tell of somebody, and of what; nothing else ever comes to stand there."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xunfang.clock import local
from xunfang.identity import mask_name
from xunfang.rulebook.model import Flow, Programme, Rulebook, State, UnitRef
from xunfang.rules.entitlements import cents
from xunfang.rules.flow import home_of
from xunfang.rules.labels import answer_text, task_forms
from xunfang.rules.units import duty_phone, unit_id, unit_label

WEBSITE = "website"
BOARDS = {"village-board": "村级公示栏", "township-board": "乡级公示栏", WEBSITE: "网站"}
_LEVELS = {"village-board": "village", "township-board": "township"}
Facts = Mapping[str, Any]


def place_of(rulebook: Rulebook, board: str, residence: str) -> str:
    """Return the division on whose board something about somebody hangs who lives there."""
    level = _LEVELS.get(board, "")
    return (rulebook.divisions.ancestor(residence, level) if level else "") or rulebook.code


def words_of(
    rulebook: Rulebook, flow: Flow, state: State, name: str, facts: Facts, places: Mapping[str, str]
) -> dict[str, str]:
    """Return what stands on the board, by name: from names, places and amounts alone, masked where all can see it."""
    public = state.publishes == WEBSITE
    to = _asked(rulebook, flow, state, places)
    programme = _programme(rulebook, flow, facts)
    found = {
        "name": mask_name(name) if public else name,
        "place": _place(rulebook, places["residence"], public=public),
        "matter": flow.label,
        "programme": programme.label if programme else "",
        "amount": _amount(programme, facts),
        "members": _members(programme, facts),
        "more": _told(rulebook, flow, state, facts),
        "to": unit_label(rulebook, to),
        "phone": duty_phone(rulebook, to) or rulebook.info.hotline,
    }
    return {key: value for key, value in found.items() if value}


def _asked(rulebook: Rulebook, flow: Flow, state: State, places: Mapping[str, str]) -> str:
    """Return the unit to which one objects: that of the state, or where the flow begins."""
    return (
        unit_id(rulebook, UnitRef(state.unit, state.unit_of), places) if state.unit else home_of(rulebook, flow, places)
    )


def _place(rulebook: Rulebook, residence: str, *, public: bool) -> str:
    level = "township" if public else "village"
    code = rulebook.divisions.ancestor(residence, level) or residence
    return rulebook.divisions.label(code, below=rulebook.code) if code in rulebook.divisions else ""


def _programme(rulebook: Rulebook, flow: Flow, facts: Facts) -> Programme | None:
    """Return the programme that a flow may grant, where there is one alone or what was told names it."""
    told = str(facts.get("programme") or "")
    granted = {outcome.grants for state in flow.states.values() for outcome in state.outcomes.values()} - {""}
    named = {each for each in granted if not each.startswith("$")}
    known = named if len(named) == 1 else {told}
    return rulebook.programmes.get(next(iter(known)))


def _amount(programme: Programme | None, facts: Facts) -> str:
    names = programme.held.amount if programme else ()
    told = next((found for name in names if (found := cents(facts.get(name))) is not None), None)
    return f"{told / 100:.2f}".removesuffix(".00") + "元" if told is not None else ""


def _told(rulebook: Rulebook, flow: Flow, state: State, facts: Facts) -> str:
    """Return what a state posts of what was filled in, each by the title of its field."""
    opening = (rulebook.forms[form] for form in flow.opens_on if form in rulebook.forms)
    forms = [*task_forms(rulebook, flow), *opening]
    fields = {name: field for form in reversed(forms) for name, field in form.fields.items() if not field.sensitive}
    given = [fields[name] for name in state.posts if name in fields and facts.get(name) not in (None, "", [], ())]
    return "；".join(f"{field.title}：{answer_text(rulebook, field, facts[field.name])}" for field in given)


def _members(programme: Programme | None, facts: Facts) -> str:
    names = programme.held.members if programme else ()
    told = next((facts[name] for name in names if isinstance(facts.get(name), int)), None)
    return f"{told}人" if told is not None else ""


def level_of(board: str) -> str:
    """Return of which divisions each has a list of its own of who is helped now: those that have such a board."""
    return _LEVELS.get(board, "township")


def helped_words(board: str, name: str, members: int, cents: int | None) -> dict[str, str]:
    """Return what a board may tell of one who is helped now: the name, how many are covered, and how much.

    Where all can see it, the name is masked.
    """
    found = {
        "name": mask_name(name) if board == WEBSITE else name,
        "members": f"{members}人" if members else "",
        "amount": f"{cents / 100:.2f}".removesuffix(".00") + "元" if cents is not None else "",
    }
    return {key: value for key, value in found.items() if value}


def digest_of(told: Mapping[str, str], board: str, posted_at: datetime, until: datetime | None) -> str:
    """Return the digest of what was posted, where and for how long."""
    body = [dict(told), board, posted_at.isoformat(), until.isoformat() if until else ""]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def objection_words(told: Mapping[str, str], until: datetime | None) -> str:
    """Return the first line of what is posted: to whom and until when one may object."""
    phone = f"（电话：{told['phone']}）" if told.get("phone") else ""
    to = f"{told.get('to', '承办单位')}{phone}"
    if until is None:
        return f"对公示内容有异议的，请向{to}提出。"
    return f"对公示内容有异议的，请在{local(until):%Y年%-m月%-d日}以前（含当日）向{to}提出。"
