"""Whose office hours 办公时间 a limit goes by, and what is told of them: a unit's own, or those of the jurisdiction.

Only a limit that ends with office time (workdays, half days, office hours) goes by any. What is told names the office
and the season only where hours differ by unit or by season at all.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xunfang.clock import local, parse
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import own_office, unit_label
from xunfang.worktime import Limit, LimitKind, Office

Told = Mapping[str, Any]
_BY_OFFICE = frozenset({LimitKind.WORKDAYS, LimitKind.HALF_DAYS, LimitKind.OFFICE_HOURS})


def office_of(rulebook: Rulebook, unit: str) -> Office:
    """Return the hours in which a unit is open; "" is the jurisdiction."""
    return own_office(rulebook, unit) or rulebook.info.office


def goes_by_office(limit: Limit) -> bool:
    """Return whether a limit ends with office time."""
    return limit.kind in _BY_OFFICE


def office_told(rulebook: Rulebook, unit: str, due_at: datetime) -> dict[str, str] | None:
    """Return by whose hours, and those of which season, something ends; None where all have the same all the year."""
    own, day = own_office(rulebook, unit), local(due_at).date()
    office = own or rulebook.info.office
    if own is None and not office.seasons:
        return None
    season = office.season_on(day)
    return {
        "unit": unit if own else "",
        "label": unit_label(rulebook, unit) if own else rulebook.info.name,
        "season": season.name if season else "",
        "closes": f"{office.closes_on(day):%H:%M}",
    }


def office_behind(rulebook: Rulebook, told: Told) -> Office:
    """Return the hours that a clock goes by, as its explanation says."""
    return office_of(rulebook, str(told.get("office", {}).get("unit", "")))


def with_office(rulebook: Rulebook, told: Told) -> dict[str, Any]:
    """Return an explanation whose due moment has moved, with the hours of the same unit by which it ends now."""
    kept = {name: value for name, value in told.items() if name != "office"}
    if not ends_with_office(told):
        return kept
    from_unit = str(told.get("office", {}).get("unit", ""))
    office = office_told(rulebook, from_unit, parse(str(told["due_at"])))
    return {**kept, **({"office": office} if office else {})}


def ends_with_office(told: Told) -> bool:
    """Return whether an explained clock ends with office time."""
    return "spans" in told or "工作日" in str(told.get("limit", ""))


def ends_on(office: Office, was: datetime, day: datetime) -> datetime:
    """Return when office time that ended at a moment ends on another day: with the same half of it, by its own hours.

    What ended within office hours ends at the same time of day, at the latest when the office closes.
    """
    before, after = office.halves_on(was.date()), office.halves_on(day.date())
    closings = [closes for _, closes in before]
    if was.time() in closings:
        at = after[-1][1] if was.time() == closings[-1] else after[0][1]
    else:
        at = min(was.time(), after[-1][1])
    return day.replace(hour=at.hour, minute=at.minute, second=at.second)
