"""A circular 通报 drafted from what is overdue: words to be edited, units to be left out, and the paper it makes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xunfang.actions.deployment import Actor, Deployment
from xunfang.clock import local, local_date
from xunfang.desk.overdue import OverdueUnit, by_unit, due_words
from xunfang.desk.releases import Releases
from xunfang.rules.units import unit_label
from xunfang.store.scoped import scoped

TEMPLATE, LAYOUT = "circular.html", "document"
MARK = "通报稿　待签发"
MOST_TEXT = 2_000
_LISTED = 10
"""So many things of each unit are named on paper; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person makes of a circular: its title, whom it goes to, and what stands before and behind the list."""

    title: str
    to: str
    opening: str
    demand: str


@dataclass(frozen=True, slots=True)
class Circular:
    """What is overdue, by unit, with the words a circular about it begins with."""

    jurisdiction: str
    unit: str
    at: datetime
    units: tuple[OverdueUnit, ...]
    more: bool
    wording: Wording


@dataclass(frozen=True, slots=True)
class CircularReadings:
    """Answers what a circular would say, within the sight of the person who drafts it."""

    deployment: Deployment

    def circular(self, actor: Actor, at: datetime) -> Circular:
        """Return a circular about all that is overdue in sight."""
        rules = Releases(self.deployment.rulebooks, actor.jurisdiction)
        with scoped(self.deployment.database, actor.scope) as reader:
            found, more = reader.overdue(at)
        units = by_unit(found, rules, at)
        unit = unit_label(rules.in_force, actor.unit)
        return Circular(rules.in_force.info.name, unit, at, units, more, _wording(units, unit, at))


def _wording(units: tuple[OverdueUnit, ...], ours: str, at: datetime) -> Wording:
    day = f"{local(at):%Y年%-m月%-d日}"
    count = sum(unit.count for unit in units)
    return Wording(
        title="关于逾期未办结事项的通报",
        to="各有关单位",
        opening=f"截至{day}，共有{count}件事项逾期未办结，涉及{len(units)}个单位，现通报如下：",
        demand=f"请上述单位查明逾期原因，逐件明确责任人和办结时间，尽快办结，并将办理情况书面报{ours}。",
    )


def paper_of_circular(told: Circular, wording: Wording, chosen: Collection[str]) -> dict[str, Any]:
    """Return what the draft says of the chosen units; its number, day and seal come when it is signed off."""
    return {
        "template": TEMPLATE,
        "layout": LAYOUT,
        "mark": MARK,
        "ledger": {"title": wording.title},
        "jurisdiction": {"name": told.jurisdiction},
        "notice": {"label": wording.title, "number": "", "issued_on": "", "copies": []},
        "issuer": {"label": told.unit},
        "unit": {"label": wording.to},
        "task": {"assist": []},
        "circular": {
            "title": wording.title,
            "opening": wording.opening,
            "demand": wording.demand,
            "as_of": local_date(told.at).isoformat(),
            "units": [_unit(unit) for unit in told.units if unit.unit in chosen],
        },
    }


def _unit(unit: OverdueUnit) -> dict[str, Any]:
    items = [f"{item.what}，{due_words(item)}" for item in unit.items[:_LISTED]]
    rest = unit.count - len(items)
    return {"label": unit.label, "count": unit.count, "longest": unit.longest, "named": items, "rest": rest}
