"""How the papers of a scenario were made by the running system, held against what the scenario says of them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from xunfang.actions.papers import NoticeOrder
from xunfang.prove.scenarios import Failure
from xunfang.rulebook.model import Rulebook, Scenario
from xunfang.rules.units import kind_of
from xunfang.store import Notice


def as_made(rulebook: Rulebook, orders: Iterable[NoticeOrder], notices: Iterable[Notice]) -> dict[str, dict[str, Any]]:
    """Return how each kind of paper was made that came about: in what frame, by whom, under what number."""
    kept = {notice.kind: notice for notice in notices}
    printed = {order.facts["notice"]["kind"]: order for order in orders}
    return {kind: _made(order, kept[kind], rulebook) for kind, order in printed.items()}


def made_otherwise(scenario: Scenario, made: Mapping[str, Mapping[str, Any]]) -> list[Failure]:
    """Return how papers that came about were made otherwise than a scenario says that they are."""
    found = []
    for number, step in enumerate(scenario.steps, 1):
        for kind, wanted in step.get("expect", {}).get("papers", {}).items():
            got = {key: value for key, value in made.get(kind, {}).items() if key in wanted}
            asked = {key: wanted[key] for key in got}
            if asked != got:
                found.append(Failure(number, "papers", asked, got))
    return found


def _made(order: NoticeOrder, notice: Notice, rulebook: Rulebook) -> dict[str, Any]:
    pattern = rulebook.notices[notice.kind].number
    made = {
        "label": order.facts["notice"]["label"],
        "layout": order.layout,
        "brand": order.facts["jurisdiction"]["brand"],
        "to": _addressed(rulebook, notice),
        "copies": [kind_of(unit) for unit in notice.copies],
    }
    if notice.number:
        made["number"] = pattern if _written_as(pattern, notice.number) else notice.number
    return made | ({"seal": kind_of(notice.unit)} if notice.unit else {})


def _addressed(rulebook: Rulebook, notice: Notice) -> str | list[str]:
    if rulebook.notices[notice.kind].units:
        return [kind_of(unit) for unit in notice.addressees]
    return "unit" if notice.addressees else "person"


def _written_as(pattern: str, number: str) -> bool:
    return re.fullmatch(re.sub(r"\\{\w+\\}", ".+", re.escape(pattern)), number) is not None
